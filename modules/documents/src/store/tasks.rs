//! Resolutions and tasks.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_bodies_api::{MeasureId, SessionId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_documents_api::{DocumentId, TaskId};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use super::{unknown, views};
use crate::{domain::task::TaskState, permissions};

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The document that it is about.
    pub document: Option<DocumentId>,
    /// The resolution that gave it.
    pub resolution: Option<Uuid>,
    /// The session and the measure that a body adopted.
    pub measure: Option<(SessionId, MeasureId)>,
    /// Where it comes from, in words.
    pub source: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub assignee: AccountId,
    /// Who accepts it.
    pub controller: Option<AccountId>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: TaskState,
    /// What the assignee reported last.
    pub report: String,
    /// What the controller said last.
    pub remark: String,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it was accepted.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A task that the viewer sees: as assignee or controller, or with its document. Others do not find it.
#[derive(Debug, Clone)]
pub struct SharedTask {
    /// The task.
    pub task: Task,
    place: Place,
}

impl Resource for SharedTask {
    type Id = TaskId;

    async fn find(tx: &mut TenantTx, id: TaskId) -> Result<Option<Self>, StoreError> {
        let Some(task) = by_id(tx, id).await? else { return Ok(None) };
        let me = tx.viewer().account();
        let concerned = me.is_none() || me == Some(task.assignee) || me == task.controller;
        if !concerned {
            let eyes = views::Eyes::of(tx).await?;
            let seen = match task.document {
                Some(document) => views::sees(tx, &eyes, document).await?,
                None => {
                    let root = root(tx).await?;
                    tx.allows(permissions::VIEW, &root)
                }
            };
            if !seen {
                return Ok(None);
            }
        }
        let place = tx.place_let_in(permissions::TAKE_PART);
        Ok(Some(Self { task, place }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

pub(crate) async fn root(tx: &mut TenantTx) -> Result<Place, StoreError> {
    Ok(Place::of_units(&plenum_tenancy::store::units::root(tx).await?.path))
}

struct Row {
    id: Uuid,
    document_id: Option<Uuid>,
    resolution_id: Option<Uuid>,
    session_id: Option<Uuid>,
    measure_id: Option<Uuid>,
    source: String,
    text: String,
    assignee_id: Uuid,
    controller_id: Option<Uuid>,
    due_on: Option<NaiveDate>,
    state: String,
    report: String,
    remark: String,
    created_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Task {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            document: row.document_id.map(DocumentId::from),
            resolution: row.resolution_id,
            measure: row.session_id.map(SessionId::from).zip(row.measure_id.map(MeasureId::from)),
            source: row.source,
            text: row.text,
            assignee: row.assignee_id.into(),
            controller: row.controller_id.map(AccountId::from),
            due_on: row.due_on,
            state: TaskState::read(&row.state).map_err(unknown)?,
            report: row.report,
            remark: row.remark,
            created_at: row.created_at,
            closed_at: row.closed_at,
        })
    }
}

/// One task, whoever looks.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: TaskId) -> Result<Option<Task>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, resolution_id, session_id, measure_id, source, text, assignee_id, controller_id, due_on,
                state, report, remark, created_at, closed_at
           FROM documents.task
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Task::try_from)
    .transpose()
}

/// Locks a task until the end of the transaction, and reads it as it is now.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: TaskId) -> Result<Task, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM documents.task WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// The tasks of a document in the order in which they were given, at most 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Task>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, resolution_id, session_id, measure_id, source, text, assignee_id, controller_id, due_on,
                state, report, remark, created_at, closed_at
           FROM documents.task
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY id
          LIMIT 200",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Task::try_from)
    .collect()
}

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskView {
    /// The viewer's own.
    Mine,
    /// Those that the viewer controls.
    Controlled,
    /// Mine, controlled, and for those who see the whole organization's documents all.
    All,
}

/// Which tasks.
#[derive(Debug, Clone)]
pub struct WantedTasks {
    /// Whose.
    pub view: TaskView,
    /// Only those that are not accepted.
    pub open: bool,
    /// Only those whose day is before this one and that are not accepted.
    pub overdue_on: Option<NaiveDate>,
    /// Whether the viewer sees all tasks of the organization.
    pub sees_all: bool,
}

/// A page of tasks: the most urgent first, then those without a day.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    wanted: &WantedTasks,
    after: Option<(NaiveDate, TaskId)>,
    limit: i64,
) -> Result<Vec<Task>, StoreError> {
    let (tenant, me) = (tx.tenant().uuid(), tx.viewer().account().map(TypedId::uuid));
    let (mine, controlled, all) = match wanted.view {
        TaskView::Mine => (true, false, false),
        TaskView::Controlled => (false, true, false),
        TaskView::All => (true, true, wanted.sees_all),
    };
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, resolution_id, session_id, measure_id, source, text, assignee_id, controller_id, due_on,
                state, report, remark, created_at, closed_at
           FROM documents.task
          WHERE tenant_id = $1
            AND ($2 AND assignee_id = $5 OR $3 AND controller_id = $5 OR $4)
            AND (NOT $6 OR state <> 'accepted')
            AND ($7::date IS NULL OR (state <> 'accepted' AND due_on < $7))
            AND ($8::date IS NULL OR (coalesce(due_on, '9999-12-31'), id) > ($8, $9::uuid))
          ORDER BY coalesce(due_on, '9999-12-31'), id
          LIMIT $10",
        tenant,
        mine,
        controlled,
        all,
        me,
        wanted.open,
        wanted.overdue_on,
        after.map(|(due, _)| due),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Task::try_from)
    .collect()
}

/// Adds a resolution.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_resolution(
    tx: &mut TenantTx,
    document: DocumentId,
    author: AccountId,
    text: &str,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO documents.resolution (tenant_id, id, document_id, author_id, text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant,
        id,
        document.uuid(),
        author.uuid(),
        text,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    Ok(id)
}

/// A resolution.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// Its id.
    pub id: Uuid,
    /// Who gave it.
    pub author: AccountId,
    /// What it says.
    pub text: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The resolutions on a document in order, at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resolutions(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Resolution>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, author_id, text, created_at
           FROM documents.resolution
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY id
          LIMIT 100",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Resolution {
            id: row.id,
            author: row.author_id.into(),
            text: row.text,
            created_at: row.created_at,
        })
        .collect())
}

/// Adds a task; false when its measure has become one before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, task: &Task) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let done = sqlx::query!(
        "INSERT INTO documents.task
             (tenant_id, id, document_id, resolution_id, session_id, measure_id, source, text, assignee_id,
              controller_id, due_on, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (tenant_id, measure_id) WHERE measure_id IS NOT NULL DO NOTHING",
        tenant,
        task.id.uuid(),
        task.document.map(TypedId::uuid),
        task.resolution,
        task.measure.map(|(session, _)| session.uuid()),
        task.measure.map(|(_, measure)| measure.uuid()),
        task.source,
        task.text,
        task.assignee.uuid(),
        task.controller.map(TypedId::uuid),
        task.due_on,
        task.state.as_str(),
        task.created_at
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Links the tasks of a session to its minutes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn link(tx: &mut TenantTx, session: SessionId, document: DocumentId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.task SET document_id = $3
          WHERE tenant_id = $1 AND session_id = $2 AND document_id IS NULL",
        tenant,
        session.uuid(),
        document.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what changed on a task.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn update(tx: &mut TenantTx, task: &Task) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.task SET state = $3, report = $4, remark = $5, closed_at = $6
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        task.id.uuid(),
        task.state.as_str(),
        task.report,
        task.remark,
        task.closed_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
