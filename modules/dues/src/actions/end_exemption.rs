//! An exemption gets another end.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_members_api::MemberId;
use serde_json::json;

use crate::{
    domain::{Fault, month::Month},
    permissions::Manage,
    store::terms::{self, PlacedExemption},
};

/// Why it did not.
#[derive(Debug, thiserror::Error)]
pub enum EndExemptionError {
    /// The month is before the exemption began.
    #[error("the exemption cannot end then")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets its last month; the month before its first one withdraws it whole. Returns whose it is.
///
/// # Errors
/// [`EndExemptionError`].
pub async fn end_exemption(
    tx: &mut TenantTx,
    permit: Permit<Manage, PlacedExemption>,
    until: Month,
) -> Result<MemberId, EndExemptionError> {
    let exemption = &permit.resource().exemption;
    if exemption.from.earlier(1).is_none_or(|withdrawn| until < withdrawn) {
        return Err(EndExemptionError::Input(Fault::new("until", "before_start")));
    }
    terms::end_exemption(tx, exemption.id, until).await?;
    plenum_audit::record(tx, "dues.end_exemption", exemption.member, json!({ "until": until.to_string() }))
        .await?;
    Ok(exemption.member)
}
