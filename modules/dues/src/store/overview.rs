//! Sums over many members: takings of units, months, debtors.

use chrono::NaiveDate;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{Money, TypedId, UnitId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::read_month;
use crate::domain::month::Month;

/// What came together in a unit itself, those below it not counted, or in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takings<K> {
    /// The unit or the month.
    pub of: K,
    /// How many members' charges stand.
    pub members: i64,
    /// Charged, what was taken back subtracted.
    pub charged: Money,
    /// Paid, likewise.
    pub paid: Money,
}

/// The takings of each of these units in one month; units without any are left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_unit(
    tx: &mut TenantTx,
    units: &[Uuid],
    month: Month,
) -> Result<Vec<Takings<UnitId>>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT unit_id,
                  coalesce(sum(CASE WHEN kind <> 'charge' THEN 0 WHEN reverses_id IS NULL THEN 1 ELSE -1 END), 0)
                      AS "members!",
                  coalesce(-sum(kopecks) FILTER (WHERE kind = 'charge'), 0)::bigint AS "charged!",
                  coalesce(sum(kopecks) FILTER (WHERE kind = 'payment'), 0)::bigint AS "paid!"
             FROM dues.entry
            WHERE tenant_id = $1 AND unit_id = ANY ($2) AND month = $3
            GROUP BY unit_id"#,
        tenant,
        units,
        month.first_day()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Takings {
            of: row.unit_id.into(),
            members: row.members,
            charged: Money::from_kopecks(row.charged),
            paid: Money::from_kopecks(row.paid),
        })
        .collect())
}

/// The takings of these units together, month by month from `from` to `until`, both included.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_month(
    tx: &mut TenantTx,
    units: &[Uuid],
    from: Month,
    until: Month,
) -> Result<Vec<Takings<Month>>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        r#"SELECT month,
                  coalesce(sum(CASE WHEN kind <> 'charge' THEN 0 WHEN reverses_id IS NULL THEN 1 ELSE -1 END), 0)
                      AS "members!",
                  coalesce(-sum(kopecks) FILTER (WHERE kind = 'charge'), 0)::bigint AS "charged!",
                  coalesce(sum(kopecks) FILTER (WHERE kind = 'payment'), 0)::bigint AS "paid!"
             FROM dues.entry
            WHERE tenant_id = $1 AND unit_id = ANY ($2) AND month BETWEEN $3 AND $4
            GROUP BY month
            ORDER BY month"#,
        tenant,
        units,
        from.first_day(),
        until.first_day()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(Takings {
            of: read_month(row.month)?,
            members: row.members,
            charged: Money::from_kopecks(row.charged),
            paid: Money::from_kopecks(row.paid),
        })
    })
    .collect()
}

/// A member who owes something for months that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debtor {
    /// Who.
    pub member: MemberId,
    /// Their unit now.
    pub unit: UnitId,
    /// How much they owe for those months.
    pub debt: Money,
    /// For how many of them at least something is owed.
    pub months: i32,
    /// The first of them.
    pub since: Month,
}

/// The debtors of these units with at least so many months overdue, the largest debt first, after one of them. The rule
/// is that of [`overdue`](crate::domain::ledger::overdue): a test compares the two.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn debtors(
    tx: &mut TenantTx,
    units: &[Uuid],
    current: Month,
    months_at_least: i32,
    after: Option<(Money, MemberId)>,
    limit: i64,
) -> Result<Vec<Debtor>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        r#"WITH mine AS MATERIALIZED (
               SELECT e.member_id, a.unit_id, e.kind, e.month, e.kopecks
                 FROM dues.account a
                 JOIN dues.entry e ON e.tenant_id = a.tenant_id AND e.member_id = a.member_id
                WHERE a.tenant_id = $1 AND a.unit_id = ANY ($2)),
           paid AS (
               SELECT member_id, sum(kopecks) AS paid FROM mine WHERE kind = 'payment' GROUP BY member_id),
           charged AS (
               SELECT member_id, unit_id, month, -sum(kopecks) AS charged
                 FROM mine
                WHERE kind = 'charge' AND month < $3
                GROUP BY member_id, unit_id, month),
           running AS (
               SELECT c.member_id, c.unit_id, c.month, c.charged, coalesce(p.paid, 0) AS paid,
                      sum(c.charged) OVER (PARTITION BY c.member_id ORDER BY c.month) AS so_far,
                      sum(c.charged) OVER (PARTITION BY c.member_id) AS together
                 FROM charged c
                 LEFT JOIN paid p ON p.member_id = c.member_id),
           debtor AS (
               SELECT member_id, unit_id, (together - paid)::bigint AS debt, count(*)::int AS months,
                      min(month) AS since
                 FROM running
                WHERE so_far > paid AND charged > 0 AND together > paid
                GROUP BY member_id, unit_id, together, paid)
           SELECT member_id AS "member_id!", unit_id AS "unit_id!", debt AS "debt!", months AS "months!",
                  since AS "since!"
             FROM debtor
            WHERE months >= $4 AND ($5::bigint IS NULL OR debt < $5 OR (debt = $5 AND member_id > $6))
            ORDER BY debt DESC, member_id
            LIMIT $7"#,
        tenant,
        units,
        current.first_day(),
        months_at_least,
        after.map(|(debt, _)| debt.kopecks()),
        after.map(|(_, member)| member.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(Debtor {
            member: row.member_id.into(),
            unit: row.unit_id.into(),
            debt: Money::from_kopecks(row.debt),
            months: row.months,
            since: read_month(row.since)?,
        })
    })
    .collect()
}

/// How many members of these units owe something for months before `current`, and how much together.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn debt(tx: &mut TenantTx, units: &[Uuid], current: Month) -> Result<(i64, Money), StoreError> {
    let tenant = tx.tenant().uuid();
    let before: NaiveDate = current.first_day();
    let row = sqlx::query!(
        r#"WITH owed AS (
               SELECT -sum(e.kopecks) FILTER (WHERE e.kind = 'payment' OR e.month < $3) AS debt
                 FROM dues.account a
                 JOIN dues.entry e ON e.tenant_id = a.tenant_id AND e.member_id = a.member_id
                WHERE a.tenant_id = $1 AND a.unit_id = ANY ($2)
                GROUP BY a.member_id)
           SELECT count(*) AS "debtors!", coalesce(sum(debt), 0)::bigint AS "debt!" FROM owed WHERE debt > 0"#,
        tenant,
        units,
        before
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.debtors, Money::from_kopecks(row.debt)))
}
