//! A person names a substitute for a period, or takes that back.

use chrono::NaiveDate;
use plenum_db::{Permit, TenantTx};
use plenum_documents_api::SubstituteId;
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, of_organization, person},
    domain::Fault,
    permissions::TakePart,
    store::substitutes::{self, Substitute},
};

/// Names the viewer's substitute.
///
/// # Errors
/// [`Refused::Faults`] for oneself, for somebody of another organization, or for a period that is past or turned round.
pub async fn name_substitute(
    tx: &mut TenantTx,
    desk: &Desk,
    substitute: AccountId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
) -> Result<SubstituteId, Refused> {
    let me = person(tx)?;
    if substitute == me {
        return Err(Fault::new("input.substitute", "oneself").into());
    }
    if ends_on < starts_on || ends_on < desk.day(tx.now()) || (ends_on - starts_on).num_days() > 366 {
        return Err(Fault::new("input.endsOn", "not_a_period").into());
    }
    of_organization(tx, substitute, "input.substitute".to_owned()).await?;
    let id = substitutes::insert(tx, me, substitute, &desk.period(starts_on, ends_on)).await?;
    let detail = json!({ "substitute": substitute, "starts_on": starts_on, "ends_on": ends_on });
    plenum_audit::record(tx, "documents.name_substitute", id, detail).await?;
    Ok(id)
}

/// Ends the viewer's substitution now.
///
/// # Errors
/// [`Refused::Store`] when it has ended.
pub async fn end_substitute(tx: &mut TenantTx, permit: Permit<TakePart, Substitute>) -> Result<(), Refused> {
    let id = permit.resource().id;
    substitutes::end(tx, id).await?;
    plenum_audit::record(tx, "documents.end_substitute", id, json!({})).await?;
    Ok(())
}
