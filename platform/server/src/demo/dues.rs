//! Dues of the demonstration: rates, salaries, exemptions, half a year of charges and of payments, and debts.

use chrono::{Datelike, NaiveDate};
use plenum_authz::Viewer;
use plenum_db::{Access, Db, TenantTx};
use plenum_dues::setup::{
    Charge, Ground, MANAGE, Manage, Method, Month, NewExemption, NewPayment, Record, Tariff, carry_out,
    charge_month, charged, declare_salary, grant_exemption, has_rates, record_payment, set_rate,
};
use plenum_kernel::{AccountId, Money, TenantId, TypedId};
use plenum_members::RegisterReads;
use plenum_members_api::{Audience, Member, MembersRead};
use plenum_tenancy::store::{
    tenants,
    units::{self, Unit},
};
use uuid::Uuid;

use super::{ORGANIZATIONS, role};
use crate::app::progress;

/// So many months before the present one are charged.
const MONTHS: u32 = 6;
/// The most members of one organization that pay dues here.
const MOST: i64 = 1_000;

/// Gives a treasurer to each organization and makes half a year of dues, unless there are any.
pub(super) async fn seed(db: &Db, treasurer: AccountId) -> anyhow::Result<()> {
    for organization in &ORGANIZATIONS {
        let mut tx = db.global(None).await?;
        let Some(tenant) = tenants::by_slug(&mut tx, organization.slug).await? else { continue };
        drop(tx);
        let mut tx = open(db, tenant.id).await?;
        let today = tx.now().date_naive();
        let root = units::root(&mut tx).await?;
        role(&mut tx, treasurer, "treasurer", &root).await?;
        let members = RegisterReads.select(&mut tx, &Audience::default(), None, MOST).await?;
        let first = Month::of(today).and_then(|now| now.earlier(MONTHS));
        let (Some(first), false) = (first, members.is_empty()) else { continue };
        // The rate is set first and stands for the rest: all of it is one transaction.
        if has_rates(&mut tx).await? {
            continue;
        }
        progress(&format!("seeding dues of {}", organization.short_name));
        terms(&mut tx, &root, &members, first).await?;
        for back in 0..MONTHS {
            let Some(month) = first.later(back) else { continue };
            charge(&mut tx, &root, month, today).await?;
        }
        payments(&mut tx, &members, first, today).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn open(db: &Db, tenant: TenantId) -> anyhow::Result<TenantTx> {
    Ok(db.tenant(&Viewer::system(tenant, "demo"), MANAGE, Access::Write).await?)
}

/// One percent of the salary; the first primary organization decided for a fixed sum. Every 17th member is exempt, every
/// 23rd has not declared a salary.
async fn terms(tx: &mut TenantTx, root: &Unit, members: &[Member], first: Month) -> anyhow::Result<()> {
    let permit = tx.permit::<Manage, Unit>(root.id).await?;
    set_rate(tx, permit, Tariff::Percent(100), first).await?;
    if let Some(primary) = units::page(tx, Some(root.id), None, 1).await?.pop() {
        let permit = tx.permit::<Manage, Unit>(primary.id).await?;
        set_rate(tx, permit, Tariff::Fixed(Money::from_kopecks(35_000)), first).await?;
    }
    for (index, member) in (0_i64..).zip(members) {
        let permit = tx.permit::<Manage, Unit>(member.unit).await?;
        if index % 17 == 5 {
            let ground = if index % 2 == 0 { Ground::Pensioner } else { Ground::ParentalLeave };
            let new = NewExemption { ground, from: first, until: None, note: None };
            grant_exemption(tx, permit, member, new).await?;
        } else if index % 23 != 11 {
            let salary = Money::from_kopecks(3_200_000 + index * 37 % 90 * 50_000);
            declare_salary(tx, permit, member, salary, first).await?;
        }
    }
    Ok(())
}

async fn charge(tx: &mut TenantTx, root: &Unit, month: Month, today: NaiveDate) -> anyhow::Result<()> {
    let permit = tx.permit::<Charge, Unit>(root.id).await?;
    let run = charge_month(tx, permit, month, today).await?;
    // Carried out here and now: the worker finds it done.
    carry_out(tx, &RegisterReads, run, today).await?;
    Ok(())
}

/// Most pay every second month what is charged; some are late, and every ninth does not pay at all.
async fn payments(
    tx: &mut TenantTx,
    members: &[Member],
    first: Month,
    today: NaiveDate,
) -> anyhow::Result<()> {
    for (index, member) in members.iter().enumerate() {
        if index % 9 == 4 {
            continue;
        }
        let due = charged(tx, member.id).await?;
        for pair in due.chunks(2) {
            let Some((month, _)) = pair.last() else { continue };
            let late = index % 5 == 3 && first.later(MONTHS - 2).is_some_and(|from| *month >= from);
            let sum: Money = pair.iter().map(|(_, sum)| *sum).sum();
            let paid_on = month.first_day().with_day(25).filter(|day| *day <= today);
            let (Some(paid_on), false) = (paid_on, late) else { continue };
            let (method, reference) = match index % 3 {
                0 => (Method::Payroll, None),
                1 => (Method::Bank, Some(format!("ПП-{}-{}", paid_on.format("%y%m"), index + 1))),
                _ => (Method::Cash, Some(format!("ПКО-{}", index + 1))),
            };
            let permit = tx.permit::<Record, Unit>(member.unit).await?;
            // The same at every seeding of the same member and month.
            let seed = (member.id.uuid().as_u128() << 16)
                | u128::from(month.first_day().num_days_from_ce().unsigned_abs());
            let new =
                NewPayment { sum, paid_on, method, reference, note: None, request: Uuid::from_u128(seed) };
            record_payment(tx, permit, member, new, today).await?;
        }
    }
    Ok(())
}
