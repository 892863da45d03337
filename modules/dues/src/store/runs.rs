//! Chargings of months.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_dues_api::ChargeRunId;
use plenum_kernel::{Money, TypedId, UnitId};
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::read_month;
use crate::domain::{charge::Summary, month::Month};

/// A charging.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: ChargeRunId,
    /// The unit; all below it too.
    pub unit: UnitId,
    /// The month.
    pub month: Month,
    /// How it ended; nothing yet while it waits.
    pub summary: Summary,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was done.
    pub finished_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    unit_id: Uuid,
    month: NaiveDate,
    charged: i32,
    total: i64,
    charged_before: i32,
    exempt: i32,
    without_rate: i32,
    without_salary: i32,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Run {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            unit: row.unit_id.into(),
            month: read_month(row.month)?,
            summary: Summary {
                charged: row.charged,
                total: Money::from_kopecks(row.total),
                charged_before: row.charged_before,
                exempt: row.exempt,
                without_rate: row.without_rate,
                without_salary: row.without_salary,
            },
            created_at: row.created_at,
            finished_at: row.finished_at,
        })
    }
}

/// A charging and its place, for permits.
#[derive(Debug, Clone)]
pub struct PlacedRun {
    /// The charging.
    pub run: Run,
    place: Place,
}

impl Resource for PlacedRun {
    type Id = ChargeRunId;

    async fn find(tx: &mut TenantTx, id: ChargeRunId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query_as!(
            Row,
            "SELECT id, unit_id, month, charged, total, charged_before, exempt, without_rate, without_salary,
                    created_at, finished_at
               FROM dues.charge_run
              WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(run) = row.map(Run::try_from).transpose()? else { return Ok(None) };
        let Some(unit) = units::by_id(tx, run.unit).await? else { return Ok(None) };
        Ok(Some(Self { run, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// A page of the chargings of these units, the latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    units: &[Uuid],
    after: Option<ChargeRunId>,
    limit: i64,
) -> Result<Vec<Run>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, unit_id, month, charged, total, charged_before, exempt, without_rate, without_salary, created_at,
                finished_at
           FROM dues.charge_run
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
    .map(Run::try_from)
    .collect()
}

/// Asks for a charging; the one that waits already when the same was asked for before, and whether this is a new one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn request(
    tx: &mut TenantTx,
    unit: UnitId,
    month: Month,
) -> Result<(ChargeRunId, bool), StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let id = ChargeRunId::new();
    let done = sqlx::query!(
        "INSERT INTO dues.charge_run (tenant_id, id, unit_id, month, state, created_by, created_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
         ON CONFLICT (tenant_id, unit_id, month) WHERE state = 'waiting' DO NOTHING",
        tenant,
        id.uuid(),
        unit.uuid(),
        month.first_day(),
        by.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        return Ok((id, true));
    }
    let waiting = sqlx::query_scalar!(
        "SELECT id FROM dues.charge_run WHERE tenant_id = $1 AND unit_id = $2 AND month = $3 AND state = 'waiting'",
        tenant,
        unit.uuid(),
        month.first_day()
    )
    .fetch_optional(tx.conn())
    .await?;
    // Done between the two statements: ask again.
    Ok((waiting.ok_or(StoreError::Rows { expected: 1, found: 0 })?.into(), false))
}

/// Locks a charging until the end of the transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lock(tx: &mut TenantTx, id: ChargeRunId) -> Result<Option<Run>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, unit_id, month, charged, total, charged_before, exempt, without_rate, without_salary, created_at,
                finished_at
           FROM dues.charge_run
          WHERE tenant_id = $1 AND id = $2
            FOR UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Run::try_from)
    .transpose()
}

/// Writes down how a charging ended.
///
/// # Errors
/// [`StoreError::Rows`] when it had ended before.
pub async fn finish(tx: &mut TenantTx, id: ChargeRunId, summary: Summary) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE dues.charge_run
            SET state = 'done', charged = $3, total = $4, charged_before = $5, exempt = $6, without_rate = $7,
                without_salary = $8, finished_at = $9
          WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'",
        tenant,
        id.uuid(),
        summary.charged,
        summary.total.kopecks(),
        summary.charged_before,
        summary.exempt,
        summary.without_rate,
        summary.without_salary,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
