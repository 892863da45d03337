//! Enqueueing, and the worker's statements.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{TypedId, id_types};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub(crate) const CHANNEL: &str = "plenum_jobs";

id_types! {
    /// A piece of work.
    JobId = "Job";
}

/// A kind of work: its payload holds ids, no personal data.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `module.verb`; stored, so it never changes.
    const KIND: &'static str;
}

/// Adds a job to the viewer's tenant, due at once; it runs when and only when the transaction commits.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn enqueue<J: Job>(tx: &mut TenantTx, job: &J) -> Result<JobId, StoreError> {
    let now = tx.now();
    enqueue_at(tx, job, now).await
}

/// Adds a job to the viewer's tenant that is due at a moment, within some 15 seconds; it runs when and only when the
/// transaction commits.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn enqueue_at<J: Job>(
    tx: &mut TenantTx,
    job: &J,
    run_at: DateTime<Utc>,
) -> Result<JobId, StoreError> {
    let id = JobId::new();
    let payload =
        serde_json::to_value(job).map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))?;
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO jobs.job (tenant_id, id, kind, payload, state, run_at, created_at)
         VALUES ($1, $2, $3, $4, 'due', $5, $6)",
        tenant,
        id.uuid(),
        J::KIND,
        payload,
        run_at,
        now
    )
    .execute(tx.conn())
    .await?;
    tx.signal(CHANNEL, &tenant.simple().to_string()).await?;
    Ok(id)
}

pub(crate) struct Claimed {
    pub(crate) id: JobId,
    pub(crate) kind: String,
    pub(crate) payload: Value,
    pub(crate) attempt: i32,
}

/// Jobs of an organization are done one after the other in each of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// What somebody waits for.
    Quick,
    /// What takes minutes or hours.
    Slow,
}

/// Claims the oldest due job of a lane; `slow` are the kinds of the slow one; another worker's live claim is passed over. In a suspended tenant there is none: its jobs
/// wait until it is resumed.
pub(crate) async fn claim(
    tx: &mut TenantTx,
    node: &str,
    for_: TimeDelta,
    lane: Lane,
    slow: &[String],
) -> Result<Option<Claimed>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let row = sqlx::query!(
        "UPDATE jobs.job
            SET claimed_until = $3, claimed_by = $4, attempts = attempts + 1
          WHERE tenant_id = $1
            AND id = (SELECT id
                        FROM jobs.job
                       WHERE tenant_id = $1
                         AND state = 'due'
                         AND run_at <= $2
                         AND (kind = ANY($5)) = $6
                         AND (claimed_until IS NULL OR claimed_until < $2)
                       ORDER BY run_at, id
                       LIMIT 1
                         FOR UPDATE SKIP LOCKED)
            AND EXISTS (SELECT FROM tenancy.tenant WHERE id = $1 AND suspended_at IS NULL)
         RETURNING id, kind, payload, attempts",
        tenant,
        now,
        now + for_,
        node,
        slow,
        lane == Lane::Slow
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Claimed {
        id: JobId::from(row.id),
        kind: row.kind,
        payload: row.payload,
        attempt: row.attempts,
    }))
}

pub(crate) async fn extend(tx: &mut TenantTx, id: JobId, for_: TimeDelta) -> Result<(), StoreError> {
    let (tenant, until) = (tx.tenant().uuid(), tx.now() + for_);
    sqlx::query!(
        "UPDATE jobs.job SET claimed_until = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'due'",
        tenant,
        id.uuid(),
        until
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

pub(crate) async fn finish(
    tx: &mut TenantTx,
    id: JobId,
    state: &'static str,
    error: Option<&str>,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE jobs.job
            SET state = $3, last_error = $4, finished_at = $5, claimed_until = NULL, claimed_by = NULL
          WHERE tenant_id = $1 AND id = $2 AND state = 'due'",
        tenant,
        id.uuid(),
        state,
        error,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

pub(crate) async fn retry(
    tx: &mut TenantTx,
    id: JobId,
    run_at: DateTime<Utc>,
    error: &str,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE jobs.job
            SET run_at = $3, last_error = $4, claimed_until = NULL, claimed_by = NULL
          WHERE tenant_id = $1 AND id = $2 AND state = 'due'",
        tenant,
        id.uuid(),
        run_at,
        error
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Voids the claims that a server left behind when it died.
pub(crate) async fn release(tx: &mut TenantTx, node: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE jobs.job SET claimed_until = NULL, claimed_by = NULL
          WHERE tenant_id = $1 AND state = 'due' AND claimed_by = $2",
        tenant,
        node
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many jobs of the transaction's tenant a worker has in hand now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn in_hand(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM jobs.job
            WHERE tenant_id = $1 AND state = 'due' AND claimed_until >= $2"#,
        tenant,
        now
    )
    .fetch_one(tx.conn())
    .await?)
}
