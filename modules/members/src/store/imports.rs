//! Imports.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_files::FileId;
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::ImportId;
use plenum_tenancy::store::units;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::import::{Layout, Report};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The file cannot be read.
    Unreadable,
    /// A trial run was made, nothing is added.
    Checked,
    /// It is being added, or waits for its turn.
    Committing,
    /// It is added.
    Done,
    /// It could not be added; nothing of it is there.
    Failed,
    /// It was put away.
    Discarded,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Checked => "checked",
            Self::Committing => "committing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Discarded => "discarded",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        Ok(match text {
            "unreadable" => Self::Unreadable,
            "checked" => Self::Checked,
            "committing" => Self::Committing,
            "done" => Self::Done,
            "failed" => Self::Failed,
            "discarded" => Self::Discarded,
            other => return Err(StoreError::Value { what: "state of an import", value: other.to_owned() }),
        })
    }
}

/// The layout with what the page shows beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ShownLayout {
    pub(crate) layout: Layout,
    /// A few values of each column of the mapping.
    pub(crate) samples: Vec<Vec<String>>,
}

/// An import.
#[derive(Debug, Clone)]
pub(crate) struct ImportRecord {
    pub(crate) id: ImportId,
    pub(crate) file: FileId,
    pub(crate) file_name: String,
    pub(crate) scope: Vec<Uuid>,
    pub(crate) state: State,
    pub(crate) unreadable: Option<String>,
    pub(crate) layout: Option<ShownLayout>,
    pub(crate) report: Option<Report>,
    pub(crate) done: i32,
    pub(crate) total: i32,
    pub(crate) created_by: Option<AccountId>,
    pub(crate) created_at: DateTime<Utc>,
}

/// An import and the place that governs it.
#[derive(Debug, Clone)]
pub(crate) struct PlacedImport {
    pub(crate) import: ImportRecord,
    place: Place,
}

impl Resource for PlacedImport {
    type Id = ImportId;

    async fn find(tx: &mut TenantTx, id: ImportId) -> Result<Option<Self>, StoreError> {
        let Some(import) = by_id(tx, id).await? else { return Ok(None) };
        let Some(first) = import.scope.first() else { return Ok(None) };
        let unit = units::by_id(tx, (*first).into()).await?;
        Ok(unit.map(|unit| Self { import, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    file_id: Uuid,
    file_name: String,
    scope_units: Vec<Uuid>,
    state: String,
    unreadable: Option<String>,
    layout: Option<String>,
    report: Option<String>,
    done: i32,
    total: i32,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for ImportRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            file: row.file_id.into(),
            file_name: row.file_name,
            scope: row.scope_units,
            state: State::read(&row.state)?,
            unreadable: row.unreadable,
            layout: read_json("layout of an import", row.layout)?,
            report: read_json("report of an import", row.report)?,
            done: row.done,
            total: row.total,
            created_by: row.created_by.map(AccountId::from),
            created_at: row.created_at,
        })
    }
}

/// Read from text: the order of a report's units would be lost in a [`Value`].
fn read_json<T: DeserializeOwned>(
    what: &'static str,
    stored: Option<String>,
) -> Result<Option<T>, StoreError> {
    stored
        .map(|text| {
            serde_json::from_str(&text).map_err(|error| StoreError::Value { what, value: error.to_string() })
        })
        .transpose()
}

fn text_of(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))
}

/// One import.
pub(crate) async fn by_id(tx: &mut TenantTx, id: ImportId) -> Result<Option<ImportRecord>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, file_id, file_name, scope_units, state, unreadable, layout::text AS layout,
                  report::text AS report, done, total, created_by, created_at
             FROM members.import
            WHERE tenant_id = $1 AND id = $2"#,
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(ImportRecord::try_from).transpose()
}

/// The state of an import that is there, kept by others until the transaction ends.
pub(crate) async fn lock(tx: &mut TenantTx, id: ImportId) -> Result<State, StoreError> {
    let tenant = tx.tenant().uuid();
    let state = sqlx::query_scalar!(
        "SELECT state FROM members.import WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    State::read(&state)
}

/// A page of imports that one of these units governs (`None`: any), newest first.
pub(crate) async fn page(
    tx: &mut TenantTx,
    units: Option<&[Uuid]>,
    before: Option<ImportId>,
    limit: i64,
) -> Result<Vec<ImportRecord>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id, file_id, file_name, scope_units, state, unreadable, layout::text AS layout,
                  report::text AS report, done, total, created_by, created_at
             FROM members.import
            WHERE tenant_id = $1
              AND ($2::uuid[] IS NULL OR scope_units[1] = ANY ($2))
              AND ($3::uuid IS NULL OR id < $3)
            ORDER BY id DESC
            LIMIT $4"#,
        tenant,
        units,
        before.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(ImportRecord::try_from).collect()
}

/// What an import begins as.
#[derive(Debug)]
pub(crate) struct NewImport<'a> {
    pub(crate) id: ImportId,
    pub(crate) file: FileId,
    pub(crate) file_name: &'a str,
    pub(crate) scope: &'a [Uuid],
    pub(crate) state: State,
    pub(crate) unreadable: Option<&'a str>,
    pub(crate) layout: Option<&'a ShownLayout>,
    /// A report is needed from the beginning where the state says so.
    pub(crate) report: Option<&'a Report>,
    pub(crate) total: i32,
}

/// Adds an import.
pub(crate) async fn insert(tx: &mut TenantTx, new: &NewImport<'_>) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let created_by = tx.viewer().account().map(TypedId::uuid);
    let layout = new.layout.map(text_of).transpose()?;
    let report = new.report.map(text_of).transpose()?;
    sqlx::query!(
        "INSERT INTO members.import
             (tenant_id, id, file_id, file_name, scope_units, state, unreadable, layout, report, total, created_by,
              created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9::text::json, $10, $11, $12)",
        tenant,
        new.id.uuid(),
        new.file.uuid(),
        new.file_name,
        new.scope,
        new.state.as_str(),
        new.unreadable,
        layout,
        report,
        new.total,
        created_by,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps the result of a trial run.
pub(crate) async fn keep_check(
    tx: &mut TenantTx,
    id: ImportId,
    layout: &ShownLayout,
    report: Option<&Report>,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let (layout, report) = (text_of(layout)?, report.map(text_of).transpose()?);
    sqlx::query!(
        "UPDATE members.import SET layout = $3::text::json, report = $4::text::json
          WHERE tenant_id = $1 AND id = $2 AND state = 'checked'",
        tenant,
        id.uuid(),
        layout,
        report
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Moves an import to another state; begins its progress anew.
pub(crate) async fn move_to(
    tx: &mut TenantTx,
    id: ImportId,
    state: State,
    scope: &[Uuid],
    error: Option<&str>,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.import SET state = $3, scope_units = $4, error = $5, done = 0
          WHERE tenant_id = $1 AND id = $2 AND state <> 'done'",
        tenant,
        id.uuid(),
        state.as_str(),
        scope,
        error
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps how far a commit has come. Nothing is lost with it, so nobody waits for the disk.
pub(crate) async fn keep_progress(
    tx: &mut TenantTx,
    id: ImportId,
    done: i32,
    total: i32,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(r#"SELECT set_config('synchronous_commit', 'off', true) AS "set!""#)
        .fetch_one(tx.conn())
        .await?;
    sqlx::query!(
        "UPDATE members.import SET done = $3, total = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'committing'",
        tenant,
        id.uuid(),
        done,
        total
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Says that all of it is there: the last statement on an import.
pub(crate) async fn finish(
    tx: &mut TenantTx,
    id: ImportId,
    report: &Report,
    total: i32,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let report = text_of(report)?;
    sqlx::query!(
        "UPDATE members.import
            SET state = 'done', report = $3::text::json, done = $4, total = $4, error = NULL, finished_at = $5
          WHERE tenant_id = $1 AND id = $2 AND state = 'committing'",
        tenant,
        id.uuid(),
        report,
        total,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The counts of a report for the audit: no names of units, no people.
pub(crate) fn audited(report: &Report, requested_by: Option<AccountId>) -> Value {
    serde_json::json!({
        "requested_by": requested_by.map(TypedId::global),
        "rows": report.rows,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "rejected": report.rejected.values().sum::<u64>(),
    })
}
