//! A certificate is revoked.

use plenum_db::{Permit, TenantTx};
use serde_json::json;

use super::LearningError;
use crate::{
    domain::course,
    permissions::Grade,
    store::{
        certificates::{self, Certificate},
        lessons::Placed,
    },
};

/// Revokes it for a reason; its number stays taken, and the check says that it is not valid.
///
/// # Errors
/// [`LearningError`].
pub async fn revoke_certificate(
    tx: &mut TenantTx,
    permit: Permit<Grade, Placed<Certificate>>,
    reason: &str,
) -> Result<(), LearningError> {
    let reason = course::required(reason, 1_000).map_err(|reason| LearningError::Field("reason", reason))?;
    let id = permit.resource().it.id;
    let certificate = certificates::lock(tx, id).await?.ok_or(LearningError::NotFound)?;
    if certificate.revoked_at.is_some() {
        return Err(LearningError::State("revoked"));
    }
    certificates::revoke(tx, id, &reason).await?;
    plenum_audit::record(tx, "learning.revoke_certificate", id, json!({})).await?;
    Ok(())
}
