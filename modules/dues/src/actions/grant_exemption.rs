//! A member is excused from paying for a time.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::ExemptionId;
use plenum_members_api::Member;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::lock,
    domain::{
        Fault,
        month::Month,
        optional,
        terms::{Exemption, Ground},
    },
    permissions::Manage,
    store::terms,
};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// An exemption to be granted.
#[derive(Debug, Clone)]
pub struct NewExemption {
    /// Why.
    pub ground: Ground,
    /// The first month.
    pub from: Month,
    /// The last month; `None` is for good.
    pub until: Option<Month>,
    /// What is to be known besides; needed when the ground is another than the named ones.
    pub note: Option<String>,
}

/// Why it was not granted.
#[derive(Debug, thiserror::Error)]
pub enum GrantExemptionError {
    /// A field cannot be taken.
    #[error("the exemption cannot be taken")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Grants it. Months that are charged already stay charged.
///
/// # Errors
/// [`GrantExemptionError`].
pub async fn grant_exemption(
    tx: &mut TenantTx,
    permit: Permit<Manage, Unit>,
    member: &Member,
    new: NewExemption,
) -> Result<Exemption, GrantExemptionError> {
    debug_assert_eq!(permit.resource().id, member.unit);
    let note =
        optional("input.note", new.note.as_deref(), LONGEST_NOTE).map_err(GrantExemptionError::Input)?;
    if new.until.is_some_and(|until| until < new.from) {
        return Err(GrantExemptionError::Input(Fault::new("input.until", "before_start")));
    }
    if new.ground == Ground::Other && note.is_none() {
        return Err(GrantExemptionError::Input(Fault::new("input.note", "empty")));
    }
    lock(tx, member).await?;
    let exemption = Exemption {
        id: ExemptionId::new(),
        member: member.id,
        ground: new.ground,
        from: new.from,
        until: new.until,
        note,
    };
    terms::insert_exemption(tx, &exemption).await?;
    plenum_audit::record(tx, "dues.grant_exemption", member.id, json!({ "from": new.from.to_string() }))
        .await?;
    Ok(exemption)
}
