//! Lists written into files.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, FileId, TypedId};
use plenum_members_api::MemberExportId;
use plenum_tenancy::store::units;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::filters::List;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// A workbook.
    Xlsx,
    /// A text table.
    Csv,
}

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportState {
    /// It is being written, or waits for its turn.
    Running,
    /// The file is there.
    Done,
    /// It could not be written.
    Failed,
}

impl Format {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }
}

/// An export.
#[derive(Debug, Clone)]
pub(crate) struct Export {
    pub(crate) id: MemberExportId,
    pub(crate) format: Format,
    pub(crate) list: List,
    pub(crate) scope: Option<Vec<Uuid>>,
    pub(crate) state: ExportState,
    pub(crate) done: i32,
    pub(crate) total: i32,
    pub(crate) file: Option<FileId>,
    pub(crate) created_by: AccountId,
    pub(crate) created_at: DateTime<Utc>,
}

/// An export, governed by the root: who exports sees only their own, unless they keep the whole register.
#[derive(Debug, Clone)]
pub(crate) struct PlacedExport {
    pub(crate) export: Export,
    place: Place,
}

impl Resource for PlacedExport {
    type Id = MemberExportId;

    async fn find(tx: &mut TenantTx, id: MemberExportId) -> Result<Option<Self>, StoreError> {
        let Some(export) = by_id(tx, id).await? else { return Ok(None) };
        // One's own list is where one's own scope begins.
        let own = tx.viewer().account() == Some(export.created_by);
        let first = export.scope.as_deref().unwrap_or_default().first().filter(|_| own).copied();
        let unit = match first {
            Some(unit) => units::by_id(tx, unit.into()).await?,
            None => Some(units::root(tx).await?),
        };
        Ok(unit.map(|unit| Self { export, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    format: String,
    wanted: serde_json::Value,
    scope_units: Option<Vec<Uuid>>,
    state: String,
    done: i32,
    total: i32,
    file_id: Option<Uuid>,
    created_by: Uuid,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Export {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            format: if row.format == "csv" { Format::Csv } else { Format::Xlsx },
            list: serde_json::from_value(row.wanted)
                .map_err(|error| StoreError::Sql(sqlx::Error::Decode(Box::new(error))))?,
            scope: row.scope_units,
            state: match row.state.as_str() {
                "running" => ExportState::Running,
                "done" => ExportState::Done,
                "failed" => ExportState::Failed,
                _ => return Err(StoreError::Value { what: "export's state", value: row.state }),
            },
            done: row.done,
            total: row.total,
            file: row.file_id.map(FileId::from),
            created_by: row.created_by.into(),
            created_at: row.created_at,
        })
    }
}

/// One export.
pub(crate) async fn by_id(tx: &mut TenantTx, id: MemberExportId) -> Result<Option<Export>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, format, wanted, scope_units, state, done, total, file_id, created_by, created_at
           FROM members.export
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Export::try_from)
    .transpose()
}

/// Exports newest first, after one of them; with an account, only its own.
pub(crate) async fn page(
    tx: &mut TenantTx,
    by: Option<AccountId>,
    after: Option<MemberExportId>,
    limit: i64,
) -> Result<Vec<Export>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, format, wanted, scope_units, state, done, total, file_id, created_by, created_at
           FROM members.export
          WHERE tenant_id = $1
            AND ($2::uuid IS NULL OR created_by = $2)
            AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC
          LIMIT $4",
        tenant,
        by.map(TypedId::uuid),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Export::try_from)
    .collect()
}

/// Keeps a new one.
pub(crate) async fn insert(
    tx: &mut TenantTx,
    id: MemberExportId,
    format: Format,
    list: &List,
    scope: Option<&[Uuid]>,
    total: i32,
    by: AccountId,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let wanted =
        serde_json::to_value(list).map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))?;
    sqlx::query!(
        "INSERT INTO members.export (tenant_id, id, format, wanted, scope_units, state, total, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8)",
        tenant,
        id.uuid(),
        format.as_str(),
        wanted,
        scope,
        total,
        by.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes how far it is.
pub(crate) async fn keep_progress(
    tx: &mut TenantTx,
    id: MemberExportId,
    done: i32,
    total: i32,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.export SET done = $3, total = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
        tenant,
        id.uuid(),
        done,
        total
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes the file, or without one that there is none.
pub(crate) async fn finish(
    tx: &mut TenantTx,
    id: MemberExportId,
    file: Option<FileId>,
    rows: i32,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.export
            SET state = CASE WHEN $3::uuid IS NULL THEN 'failed' ELSE 'done' END, file_id = $3, done = $4, total = $4
          WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
        tenant,
        id.uuid(),
        file.map(TypedId::uuid),
        rows
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
