//! The policy of the whole installation: what every crate checks in, merged.

use plenum_authz::{Policy, PolicyError};

/// The policy files by name.
pub const FILES: &[(&str, &str)] = &[
    ("platform/tenancy", plenum_tenancy::POLICY),
    ("platform/identity", plenum_identity::POLICY),
    ("platform/audit", crate::audit_log::POLICY),
    ("platform/files", plenum_files::POLICY),
    ("modules/members", plenum_members::POLICY),
    ("modules/bodies", plenum_bodies::POLICY),
    ("modules/meetings", plenum_meetings::POLICY),
    ("modules/learning", plenum_learning::POLICY),
    ("modules/chat", plenum_chat::POLICY),
    ("modules/documents", plenum_documents::POLICY),
    ("modules/mailings", plenum_mailings::POLICY),
    ("modules/dues", plenum_dues::POLICY),
];

/// Loads it.
///
/// # Errors
/// [`PolicyError`] naming the line that is wrong.
pub async fn load() -> Result<Policy, PolicyError> {
    Policy::load(FILES).await
}
