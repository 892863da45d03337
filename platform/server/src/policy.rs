//! The policy of the whole installation: what every crate checks in, merged.

use plenum_authz::{Catalogue, Policy, PolicyError};

/// The policy files by name.
pub const FILES: &[(&str, &str)] = &[
    ("platform/tenancy", plenum_tenancy::POLICY),
    ("platform/identity", plenum_identity::POLICY),
    ("platform/oidc", plenum_oidc::POLICY),
    ("platform/audit", crate::audit_log::POLICY),
    ("platform/federation", plenum_federation::POLICY),
    ("platform/exports", plenum_exports::POLICY),
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

/// The words of all permissions of which roles are built.
#[must_use]
pub fn catalogue() -> Catalogue {
    Catalogue::new(&[
        plenum_tenancy::permissions::CATALOGUE,
        plenum_identity::permissions::CATALOGUE,
        plenum_oidc::permissions::CATALOGUE,
        crate::audit_log::CATALOGUE,
        plenum_federation::permissions::CATALOGUE,
        plenum_exports::permissions::CATALOGUE,
        plenum_files::permissions::CATALOGUE,
        plenum_members::CATALOGUE,
        plenum_bodies::CATALOGUE,
        plenum_meetings::CATALOGUE,
        plenum_learning::CATALOGUE,
        plenum_chat::CATALOGUE,
        plenum_documents::CATALOGUE,
        plenum_mailings::CATALOGUE,
        plenum_dues::CATALOGUE,
    ])
}
