//! Sessions of bodies.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_bodies_api::{BodyId, SessionId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_files::FileId;
use plenum_kernel::TypedId;
use uuid::Uuid;

use super::unknown;
use crate::{
    domain::{quorum::Quorum, session::SessionState},
    store::bodies::{self, Body},
};

/// A session of a body.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The body.
    pub body: BodyId,
    /// Its number within the body.
    pub number: i32,
    /// What it is called.
    pub title: String,
    /// When it is to start.
    pub starts_at: DateTime<Utc>,
    /// Where it stands.
    pub state: SessionState,
    /// When it was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// How many were present when it was opened, and how many had to be.
    pub quorum_at_opening: Option<(i32, i32)>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Whether the minutes are being made.
    pub minutes_pending: bool,
    /// The minutes.
    pub minutes: Option<FileId>,
}

/// A session with its body: what permits are given for.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// The session.
    pub session: Session,
    /// Its body.
    pub body: Body,
}

impl Resource for Sitting {
    type Id = SessionId;

    async fn find(tx: &mut TenantTx, id: SessionId) -> Result<Option<Self>, StoreError> {
        let Some(session) = by_id(tx, id).await? else { return Ok(None) };
        Ok(bodies::by_id(tx, session.body).await?.map(|body| Self { session, body }))
    }

    fn place(&self) -> Place {
        self.body.place().clone()
    }
}

struct Row {
    id: Uuid,
    body_id: Uuid,
    number: i32,
    title: String,
    starts_at: DateTime<Utc>,
    state: String,
    opened_at: Option<DateTime<Utc>>,
    present_at_opening: Option<i32>,
    required_present: Option<i32>,
    closed_at: Option<DateTime<Utc>>,
    cancel_reason: Option<String>,
    minutes_state: String,
    minutes_file_id: Option<Uuid>,
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            body: row.body_id.into(),
            number: row.number,
            title: row.title,
            starts_at: row.starts_at,
            state: SessionState::read(&row.state).map_err(unknown)?,
            opened_at: row.opened_at,
            quorum_at_opening: row.present_at_opening.zip(row.required_present),
            closed_at: row.closed_at,
            cancel_reason: row.cancel_reason,
            minutes_pending: row.minutes_state == "pending",
            minutes: row.minutes_file_id.map(FileId::from),
        })
    }
}

/// One session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: SessionId) -> Result<Option<Session>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, number, title, starts_at, state, opened_at, present_at_opening,
                required_present, closed_at, cancel_reason, minutes_state, minutes_file_id
           FROM bodies.session
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Session::try_from)
    .transpose()
}

/// One session, locked until the end of the transaction: every step of its proceedings takes this lock, so that steps
/// follow one another.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: SessionId) -> Result<Session, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, number, title, starts_at, state, opened_at, present_at_opening,
                required_present, closed_at, cancel_reason, minutes_state, minutes_file_id
           FROM bodies.session
          WHERE tenant_id = $1 AND id = $2
            FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(StoreError::Rows { expected: 1, found: 0 })?
    .try_into()
}

/// A page of sessions of these bodies, the latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    of: &[BodyId],
    states: Option<&[SessionState]>,
    after: Option<(DateTime<Utc>, SessionId)>,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    let tenant = tx.tenant().uuid();
    let of: Vec<Uuid> = of.iter().map(|id| id.uuid()).collect();
    let states: Option<Vec<String>> =
        states.map(|states| states.iter().map(|state| state.as_str().to_owned()).collect());
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, number, title, starts_at, state, opened_at, present_at_opening,
                required_present, closed_at, cancel_reason, minutes_state, minutes_file_id
           FROM bodies.session
          WHERE tenant_id = $1
            AND body_id = ANY($2)
            AND ($3::text[] IS NULL OR state = ANY($3))
            AND ($4::timestamptz IS NULL OR (starts_at, id) < ($4, $5::uuid))
          ORDER BY starts_at DESC, id DESC
          LIMIT $6",
        tenant,
        &of,
        states.as_deref(),
        after.map(|(at, _)| at),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Session::try_from)
    .collect()
}

/// The sessions of a body that have not opened yet.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn scheduled_of(tx: &mut TenantTx, body: BodyId) -> Result<Vec<SessionId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT id FROM bodies.session WHERE tenant_id = $1 AND body_id = $2 AND state = 'scheduled' ORDER BY id LIMIT 200",
        tenant,
        body.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(SessionId::from)
    .collect())
}

/// Adds a session under the body's next number; the body must be locked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    body: BodyId,
    title: &str,
    starts_at: DateTime<Utc>,
) -> Result<SessionId, StoreError> {
    let id = SessionId::new();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO bodies.session (tenant_id, id, body_id, number, title, starts_at, state, minutes_state, created_at)
         VALUES ($1, $2, $3,
                 (SELECT coalesce(max(number), 0) + 1 FROM bodies.session WHERE tenant_id = $1 AND body_id = $3),
                 $4, $5, 'scheduled', 'none', $6)",
        tenant,
        id.uuid(),
        body.uuid(),
        title,
        starts_at,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    Ok(id)
}

/// Calls a session off.
///
/// # Errors
/// [`StoreError::Rows`] when it is not scheduled.
pub async fn cancel(tx: &mut TenantTx, id: SessionId, reason: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE bodies.session SET state = 'cancelled', cancel_reason = $3
          WHERE tenant_id = $1 AND id = $2 AND state = 'scheduled'",
        tenant,
        id.uuid(),
        reason
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Opens a session.
///
/// # Errors
/// [`StoreError::Rows`] when it is not scheduled.
pub async fn open(tx: &mut TenantTx, id: SessionId, quorum: Quorum) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.session
            SET state = 'open', opened_at = $3, present_at_opening = $4, required_present = $5
          WHERE tenant_id = $1 AND id = $2 AND state = 'scheduled'",
        tenant,
        id.uuid(),
        now,
        i32::try_from(quorum.present).unwrap_or(i32::MAX),
        i32::try_from(quorum.required).unwrap_or(i32::MAX)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Closes a session; its minutes are to be made.
///
/// # Errors
/// [`StoreError::Rows`] when it is not open.
pub async fn close(tx: &mut TenantTx, id: SessionId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.session SET state = 'closed', closed_at = $3, minutes_state = 'pending'
          WHERE tenant_id = $1 AND id = $2 AND state = 'open'",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps the minutes.
///
/// # Errors
/// [`StoreError::Rows`] when they are not awaited.
pub async fn keep_minutes(tx: &mut TenantTx, id: SessionId, file: FileId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE bodies.session SET minutes_state = 'ready', minutes_file_id = $3
          WHERE tenant_id = $1 AND id = $2 AND minutes_state = 'pending'",
        tenant,
        id.uuid(),
        file.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
