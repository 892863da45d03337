//! One member is charged for one month, anew when the earlier charge was taken back.

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::LedgerEntryId;
use plenum_members_api::Member;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::{is_too_late, lock},
    domain::{
        Fault,
        charge::{Verdict, decide},
        ledger::{Entry, Kind},
        month::Month,
        terms::rate_of,
    },
    permissions::Charge,
    store::{
        entries::{self, Keys},
        terms,
    },
};

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// Charged.
    Done,
    /// A charge for the month stands.
    Before,
    /// Nothing is to be paid.
    Exempt,
    /// No rate.
    NoRate,
    /// No declared salary.
    NoSalary,
}

/// Why it was refused.
#[derive(Debug, thiserror::Error)]
pub enum ChargeMemberError {
    /// The month cannot be charged yet.
    #[error("the month cannot be charged")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Charges.
///
/// # Errors
/// [`ChargeMemberError`].
pub async fn charge_member(
    tx: &mut TenantTx,
    permit: Permit<Charge, Unit>,
    member: &Member,
    month: Month,
    today: NaiveDate,
) -> Result<Charged, ChargeMemberError> {
    if is_too_late(month, today) {
        return Err(ChargeMemberError::Input(Fault::new("month", "in_the_future")));
    }
    lock(tx, member).await?;
    let all = entries::of_member(tx, member.id).await?;
    let of_month = all.iter().filter(|entry| entry.kind == Kind::Charge && entry.month == month);
    let (taken_back, charged): (Vec<&Entry>, Vec<&Entry>) =
        of_month.partition(|entry| entry.reverses.is_some());
    if charged.len() > taken_back.len() {
        return Ok(Charged::Before);
    }
    let rates = terms::rates_by(tx, month).await?;
    let rate = rate_of(&rates, &permit.resource().path, month);
    let salary = terms::salaries(tx, &[member.id], month).await?.get(&member.id).map(|salary| salary.sum);
    let exempt = !terms::exempt(tx, &[member.id], month).await?.is_empty();
    let (rate, sum) = match decide(rate, salary, exempt) {
        Verdict::Charge { rate, sum } => (rate, sum),
        Verdict::Exempt => return Ok(Charged::Exempt),
        Verdict::NoRate => return Ok(Charged::NoRate),
        Verdict::NoSalary => return Ok(Charged::NoSalary),
    };
    let entry = Entry {
        id: LedgerEntryId::new(),
        member: member.id,
        unit: member.unit,
        kind: Kind::Charge,
        month,
        sum: -sum,
        entered_on: today,
        reverses: None,
        reason: None,
        rate: Some(rate),
        method: None,
        reference: None,
        note: None,
        entered_by: tx.viewer().account(),
        entered_at: tx.now(),
    };
    let round = i32::try_from(taken_back.len()).unwrap_or(i32::MAX);
    entries::append(tx, &entry, Keys { round, ..Keys::default() }).await?;
    plenum_audit::record(tx, "dues.charge_member", member.id, json!({ "entry": entry.id.to_string() }))
        .await?;
    Ok(Charged::Done)
}
