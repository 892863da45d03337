//! Exports.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, FileId, TypedId, id_types};

id_types! {
    /// An export of everything that an organization has.
    TenantExportId = "TenantExport";
}

/// Where an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is written, or waits to be.
    Running,
    /// It is offered.
    Ready,
    /// It could not be written.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// Its days are over.
    Expired,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        [Self::Running, Self::Ready, Self::Failed, Self::Cancelled, Self::Expired]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::Value { what: "state of an export", value: text.to_owned() })
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) tables_done: i32,
    pub(crate) tables_total: i32,
    pub(crate) files_done: i64,
    pub(crate) files_total: i64,
    /// Rows written.
    pub(crate) rows: i64,
}

/// An export.
#[derive(Debug, Clone)]
pub(crate) struct Export {
    pub(crate) id: TenantExportId,
    pub(crate) state: State,
    pub(crate) ordered_by: AccountId,
    pub(crate) ordered_at: DateTime<Utc>,
    pub(crate) file: FileId,
    pub(crate) attempts: i32,
    pub(crate) progress: Progress,
    pub(crate) size_bytes: Option<i64>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// The latest exports, newest first.
pub(crate) async fn latest(tx: &mut TenantTx, limit: i64) -> Result<Vec<Export>, StoreError> {
    read(tx, None, limit).await
}

/// One export.
pub(crate) async fn by_id(tx: &mut TenantTx, id: TenantExportId) -> Result<Option<Export>, StoreError> {
    Ok(read(tx, Some(id), 1).await?.pop())
}

async fn read(tx: &mut TenantTx, id: Option<TenantExportId>, limit: i64) -> Result<Vec<Export>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, state, ordered_by, ordered_at, file_id, attempts, tables_done, tables_total, files_done,
                files_total, row_count, size_bytes, finished_at, expires_at
           FROM exports.tenant_export
          WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2)
          ORDER BY ordered_at DESC, id DESC
          LIMIT $3",
        tenant,
        id.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Export {
                id: row.id.into(),
                state: State::read(&row.state)?,
                ordered_by: row.ordered_by.into(),
                ordered_at: row.ordered_at,
                file: row.file_id.into(),
                attempts: row.attempts,
                progress: Progress {
                    tables_done: row.tables_done,
                    tables_total: row.tables_total,
                    files_done: row.files_done,
                    files_total: row.files_total,
                    rows: row.row_count,
                },
                size_bytes: row.size_bytes,
                finished_at: row.finished_at,
                expires_at: row.expires_at,
            })
        })
        .collect()
}

/// Adds an order; false when one runs already.
pub(crate) async fn insert(
    tx: &mut TenantTx,
    id: TenantExportId,
    file: FileId,
    by: AccountId,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let added = sqlx::query!(
        "INSERT INTO exports.tenant_export (tenant_id, id, state, ordered_by, ordered_at, file_id)
         VALUES ($1, $2, 'running', $3, $4, $5)
         ON CONFLICT (tenant_id) WHERE state = 'running' DO NOTHING",
        tenant,
        id.uuid(),
        by.uuid(),
        now,
        file.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Counts one more attempt, and keeps nothing of the progress of the one before.
pub(crate) async fn attempt(tx: &mut TenantTx, id: TenantExportId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE exports.tenant_export
            SET attempts = attempts + 1, tables_done = 0, files_done = 0, row_count = 0
          WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
        tenant,
        id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps how far it is; false when it is not wanted any more.
pub(crate) async fn advance(
    tx: &mut TenantTx,
    id: TenantExportId,
    progress: &Progress,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let done = sqlx::query!(
        "UPDATE exports.tenant_export
            SET tables_done = $3, tables_total = $4, files_done = $5, files_total = $6, row_count = $7
          WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
        tenant,
        id.uuid(),
        progress.tables_done,
        progress.tables_total,
        progress.files_done,
        progress.files_total,
        progress.rows
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says that it is offered, until a moment; false when it is not wanted any more.
pub(crate) async fn finish(
    tx: &mut TenantTx,
    id: TenantExportId,
    size_bytes: i64,
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "UPDATE exports.tenant_export
            SET state = 'ready', size_bytes = $3, finished_at = $4, expires_at = $5
          WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
        tenant,
        id.uuid(),
        size_bytes,
        now,
        expires_at
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends it without a file, or its offer; false when it is not in the state `from`.
pub(crate) async fn end(
    tx: &mut TenantTx,
    id: TenantExportId,
    from: State,
    to: State,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "UPDATE exports.tenant_export
            SET state = $4, finished_at = coalesce(finished_at, $5)
          WHERE tenant_id = $1 AND id = $2 AND state = $3",
        tenant,
        id.uuid(),
        from.as_str(),
        to.as_str(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The files of all exports, in order.
pub(crate) async fn files(tx: &mut TenantTx) -> Result<Vec<uuid::Uuid>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT file_id FROM exports.tenant_export WHERE tenant_id = $1 ORDER BY file_id",
        tenant
    )
    .fetch_all(tx.conn())
    .await?)
}
