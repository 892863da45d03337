//! Rates, declared salaries, exemptions.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_dues_api::{ExemptionId, RateId};
use plenum_kernel::{Money, TypedId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units;
use plenum_vault::Sealed;
use uuid::Uuid;

use super::{read_month, sealed};
use crate::domain::{
    month::Month,
    terms::{Exemption, Ground, Rate, Tariff},
};

/// A declared salary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salary {
    /// How much a month.
    pub sum: Money,
    /// From when.
    pub valid_from: Month,
}

fn rate(id: Uuid, unit: Uuid, kind: &str, value: i64, from: NaiveDate) -> Result<Rate, StoreError> {
    let tariff = match kind {
        "percent" => u16::try_from(value).ok().map(Tariff::Percent),
        "fixed" => Some(Tariff::Fixed(Money::from_kopecks(value))),
        _ => None,
    };
    let tariff =
        tariff.ok_or_else(|| StoreError::Value { what: "rate", value: format!("{kind} {value}") })?;
    Ok(Rate { id: id.into(), unit: unit.into(), tariff, valid_from: read_month(from)? })
}

/// The latest rate of each unit that has one by this month: at most one for a unit.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rates_by(tx: &mut TenantTx, month: Month) -> Result<Vec<Rate>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT DISTINCT ON (unit_id) id, unit_id, kind, value, valid_from
           FROM dues.rate
          WHERE tenant_id = $1 AND valid_from <= $2
          ORDER BY unit_id, valid_from DESC, id DESC",
        tenant,
        month.first_day()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| rate(row.id, row.unit_id, &row.kind, row.value, row.valid_from))
    .collect()
}

/// Whether any rate was ever set.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn any_rate(tx: &mut TenantTx) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM dues.rate WHERE tenant_id = $1) AS "any!""#, tenant)
        .fetch_one(tx.conn())
        .await?)
}

/// A page of the rates of these units, the latest set first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rates(
    tx: &mut TenantTx,
    units: &[Uuid],
    after: Option<RateId>,
    limit: i64,
) -> Result<Vec<Rate>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id, unit_id, kind, value, valid_from
           FROM dues.rate
          WHERE tenant_id = $1 AND unit_id = ANY ($2) AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC
          LIMIT $4",
        tenant,
        units,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| rate(row.id, row.unit_id, &row.kind, row.value, row.valid_from))
    .collect()
}

/// Adds a rate.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_rate(tx: &mut TenantTx, rate: &Rate) -> Result<(), StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let (kind, value) = match rate.tariff {
        Tariff::Percent(hundredths) => ("percent", i64::from(hundredths)),
        Tariff::Fixed(sum) => ("fixed", sum.kopecks()),
    };
    sqlx::query!(
        "INSERT INTO dues.rate (tenant_id, id, unit_id, kind, value, valid_from, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant,
        rate.id.uuid(),
        rate.unit.uuid(),
        kind,
        value,
        rate.valid_from.first_day(),
        by.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The salaries declared by these members that hold in a month.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn salaries(
    tx: &mut TenantTx,
    members: &[MemberId],
    month: Month,
) -> Result<HashMap<MemberId, Salary>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = members.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (member_id) member_id, id, kopecks, kopecks_sealed, valid_from
           FROM dues.salary
          WHERE tenant_id = $1 AND member_id = ANY ($2) AND valid_from <= $3
          ORDER BY member_id, valid_from DESC, id DESC",
        tenant,
        &ids,
        month.first_day()
    )
    .fetch_all(tx.conn())
    .await?;
    let mut salaries = HashMap::with_capacity(rows.len());
    for row in rows {
        let sum = sealed::salary(tx, row.member_id, row.id, row.kopecks, row.kopecks_sealed).await?;
        salaries.insert(row.member_id.into(), Salary { sum, valid_from: read_month(row.valid_from)? });
    }
    Ok(salaries)
}

/// Writes a declared salary down.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_salary(tx: &mut TenantTx, member: MemberId, salary: Salary) -> Result<(), StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let id = Uuid::now_v7();
    let sum = sealed::seal_salary(tx, member.uuid(), id, salary.sum).await?;
    sqlx::query!(
        "INSERT INTO dues.salary (tenant_id, member_id, id, kopecks_sealed, valid_from, declared_by, declared_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant,
        member.uuid(),
        id,
        sum.as_bytes(),
        salary.valid_from.first_day(),
        by.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

fn ground_text(ground: Ground) -> &'static str {
    match ground {
        Ground::Pensioner => "pensioner",
        Ground::ParentalLeave => "parental_leave",
        Ground::Student => "student",
        Ground::Unemployed => "unemployed",
        Ground::Other => "other",
    }
}

fn read_ground(text: &str) -> Result<Ground, StoreError> {
    Ok(match text {
        "pensioner" => Ground::Pensioner,
        "parental_leave" => Ground::ParentalLeave,
        "student" => Ground::Student,
        "unemployed" => Ground::Unemployed,
        "other" => Ground::Other,
        other => return Err(StoreError::Value { what: "ground", value: other.to_owned() }),
    })
}

/// An exemption and the unit of its member, for permits.
#[derive(Debug, Clone)]
pub struct PlacedExemption {
    /// The exemption.
    pub exemption: Exemption,
    place: Place,
}

impl Resource for PlacedExemption {
    type Id = ExemptionId;

    async fn find(tx: &mut TenantTx, id: ExemptionId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            "SELECT x.id, x.member_id, x.ground, x.from_month, x.until_month, x.note, x.note_sealed,
                    a.unit_id
               FROM dues.exemption x
               JOIN dues.account a ON a.tenant_id = x.tenant_id AND a.member_id = x.member_id
              WHERE x.tenant_id = $1 AND x.id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(unit) = units::by_id(tx, row.unit_id.into()).await? else { return Ok(None) };
        let exemption = Exemption {
            id: row.id.into(),
            member: row.member_id.into(),
            ground: read_ground(&row.ground)?,
            from: read_month(row.from_month)?,
            until: row.until_month.map(read_month).transpose()?,
            note: sealed::note(tx, row.member_id, row.id, row.note, row.note_sealed).await?,
        };
        Ok(Some(Self { exemption, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// The exemptions of a member, the latest first; at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn exemptions(tx: &mut TenantTx, member: MemberId) -> Result<Vec<Exemption>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, member_id, ground, from_month, until_month, note, note_sealed
           FROM dues.exemption
          WHERE tenant_id = $1 AND member_id = $2
          ORDER BY from_month DESC, id DESC
          LIMIT 100",
        tenant,
        member.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let mut exemptions = Vec::with_capacity(rows.len());
    for row in rows {
        exemptions.push(Exemption {
            id: row.id.into(),
            member: row.member_id.into(),
            ground: read_ground(&row.ground)?,
            from: read_month(row.from_month)?,
            until: row.until_month.map(read_month).transpose()?,
            note: sealed::note(tx, row.member_id, row.id, row.note, row.note_sealed).await?,
        });
    }
    Ok(exemptions)
}

/// Which of these members an exemption excuses from a month.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn exempt(
    tx: &mut TenantTx,
    members: &[MemberId],
    month: Month,
) -> Result<HashSet<MemberId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = members.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_scalar!(
        "SELECT DISTINCT member_id
           FROM dues.exemption
          WHERE tenant_id = $1
            AND member_id = ANY ($2)
            AND from_month <= $3
            AND (until_month IS NULL OR until_month >= $3)",
        tenant,
        &ids,
        month.first_day()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(MemberId::from).collect())
}

/// Adds an exemption.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_exemption(tx: &mut TenantTx, new: &Exemption) -> Result<(), StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let note = sealed::seal_note(tx, new).await?;
    sqlx::query!(
        "INSERT INTO dues.exemption (tenant_id, id, member_id, ground, from_month, until_month, note_sealed,
                                     created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant,
        new.id.uuid(),
        new.member.uuid(),
        ground_text(new.ground),
        new.from.first_day(),
        new.until.map(Month::first_day),
        note.as_ref().map(Sealed::as_bytes),
        by.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Sets the last month of an exemption.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn end_exemption(tx: &mut TenantTx, id: ExemptionId, until: Month) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE dues.exemption SET until_month = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        until.first_day()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
