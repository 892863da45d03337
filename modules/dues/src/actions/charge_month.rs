//! A month is charged to all members of a unit and of those below it.

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::ChargeRunId;
use plenum_kernel::{Money, UnitId};
use plenum_members_api::{Audience, Member, MemberId, MembersRead};
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::{AT_ONCE, is_too_late},
    domain::{
        Fault,
        charge::{Summary, Verdict, decide},
        month::Month,
        terms::{Rate, rate_of},
    },
    jobs::ChargeMonth,
    permissions::{Charge, View},
    store::{
        accounts,
        entries::{self, NewCharge},
        runs, terms,
        tree::Tree,
    },
};

/// Why a charging was not begun.
#[derive(Debug, thiserror::Error)]
pub enum ChargeMonthError {
    /// The month cannot be charged yet.
    #[error("the month cannot be charged")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for a charging, which a job carries out. Asked for again before that, it is the same one.
///
/// # Errors
/// [`ChargeMonthError`].
pub async fn charge_month(
    tx: &mut TenantTx,
    permit: Permit<Charge, Unit>,
    month: Month,
    today: NaiveDate,
) -> Result<ChargeRunId, ChargeMonthError> {
    if is_too_late(month, today) {
        return Err(ChargeMonthError::Input(Fault::new("month", "in_the_future")));
    }
    let unit = permit.resource().id;
    let (run, is_new) = runs::request(tx, unit, month).await?;
    if is_new {
        plenum_jobs::enqueue(tx, &ChargeMonth { run }).await?;
        plenum_audit::record(tx, "dues.charge_month", unit, json!({ "month": month.to_string() })).await?;
    }
    Ok(run)
}

/// Carries a charging out, once: every member of the unit who was never charged for the month is charged, or counted
/// among those who are not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn carry_out(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    run: ChargeRunId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let Some(run) = runs::lock(tx, run).await? else { return Ok(()) };
    if run.finished_at.is_some() {
        return Ok(());
    }
    let mut summary = Summary::default();
    walk(tx, members, run.unit, run.month, Some(today), &mut summary).await?;
    runs::finish(tx, run.id, summary).await
}

/// What a charging would come to, without charging.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn preview(
    tx: &mut TenantTx,
    permit: Permit<View, Unit>,
    members: &dyn MembersRead,
    month: Month,
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    walk(tx, members, permit.resource().id, month, None, &mut summary).await?;
    Ok(summary)
}

/// Goes through the members by the page; `on` is the day of booking, without it nothing is booked.
async fn walk(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    unit: UnitId,
    month: Month,
    on: Option<NaiveDate>,
    summary: &mut Summary,
) -> Result<(), StoreError> {
    let audience = Audience { units: vec![unit], ..Audience::default() };
    let rates = terms::rates_by(tx, month).await?;
    let tree = Tree::load(tx).await?;
    let mut after: Option<MemberId> = None;
    loop {
        let page = members.select(tx, &audience, after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        let charges = judge(tx, &page, &rates, &tree, month, summary).await?;
        if let Some(on) = on {
            let charged = book(tx, &charges, month, on).await?;
            // Whom somebody else charged meanwhile was charged before.
            summary.charged_before += count(charges.len() - charged.len());
            summary.charged += count(charged.len());
            summary.total = [summary.total, charged.iter().map(|(_, sum)| *sum).sum()].into_iter().sum();
        } else {
            summary.charged += count(charges.len());
            summary.total =
                [summary.total, charges.iter().map(|charge| charge.sum).sum()].into_iter().sum::<Money>();
        }
        if i64::try_from(page.len()).unwrap_or(AT_ONCE) < AT_ONCE {
            return Ok(());
        }
    }
}

/// Who of a page is to be charged; the others are counted.
async fn judge(
    tx: &mut TenantTx,
    page: &[Member],
    rates: &[Rate],
    tree: &Tree,
    month: Month,
    summary: &mut Summary,
) -> Result<Vec<NewCharge>, StoreError> {
    let ids: Vec<MemberId> = page.iter().map(|member| member.id).collect();
    let charged = entries::charged(tx, &ids, month).await?;
    let exempt = terms::exempt(tx, &ids, month).await?;
    let salaries = terms::salaries(tx, &ids, month).await?;
    let mut charges = Vec::new();
    for member in page {
        if charged.contains(&member.id) {
            summary.charged_before += 1;
            continue;
        }
        let rate = rate_of(rates, tree.path(member.unit), month);
        let salary = salaries.get(&member.id).map(|salary| salary.sum);
        match decide(rate, salary, exempt.contains(&member.id)) {
            Verdict::Charge { rate, sum } => {
                charges.push(NewCharge { member: member.id, unit: member.unit, rate, sum });
            }
            Verdict::Exempt => summary.exempt += 1,
            Verdict::NoRate => summary.without_rate += 1,
            Verdict::NoSalary => summary.without_salary += 1,
        }
    }
    Ok(charges)
}

async fn book(
    tx: &mut TenantTx,
    charges: &[NewCharge],
    month: Month,
    on: NaiveDate,
) -> Result<Vec<(MemberId, Money)>, StoreError> {
    let places: Vec<_> = charges.iter().map(|charge| (charge.member, charge.unit)).collect();
    accounts::open(tx, &places).await?;
    entries::charge(tx, month, on, charges).await
}

fn count(many: usize) -> i32 {
    i32::try_from(many).unwrap_or(i32::MAX)
}
