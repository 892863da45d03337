//! Recordings.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_files::FileId;
use plenum_kernel::TypedId;
use plenum_meetings_api::{Recorded, RecordingId};
use uuid::Uuid;

/// What became of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is a film.
    Ready(Reel),
    /// Nobody was there, so that nothing was recorded.
    Empty,
    /// The film could not be made; the pieces are kept.
    Failed,
}

/// A film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reel {
    pub(crate) file: FileId,
    pub(crate) seconds: i32,
    pub(crate) bytes: i64,
}

/// A recording of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) id: RecordingId,
    pub(crate) session: SessionId,
    pub(crate) started_at: DateTime<Utc>,
    /// None while it is made.
    pub(crate) stopped_at: Option<DateTime<Utc>>,
    /// Of the film, in percent.
    pub(crate) progress: i16,
    /// None until it is known.
    pub(crate) outcome: Option<Outcome>,
    /// The last day on which it is kept.
    pub(crate) kept_until: NaiveDate,
    pub(crate) removed_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    session_id: Uuid,
    started_at: DateTime<Utc>,
    stopped_at: Option<DateTime<Utc>>,
    progress: i16,
    outcome: Option<String>,
    film_id: Option<Uuid>,
    film_seconds: Option<i32>,
    film_bytes: Option<i64>,
    kept_until: NaiveDate,
    removed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Recording {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reel = row.film_id.zip(row.film_seconds).zip(row.film_bytes);
        let outcome = match (row.outcome.as_deref(), reel) {
            (None, _) => None,
            (Some("ready"), Some(((file, seconds), bytes))) => {
                Some(Outcome::Ready(Reel { file: file.into(), seconds, bytes }))
            }
            (Some("empty"), _) => Some(Outcome::Empty),
            (Some("failed"), _) => Some(Outcome::Failed),
            (Some(other), _) => {
                return Err(StoreError::Value { what: "recording outcome", value: other.to_owned() });
            }
        };
        Ok(Self {
            id: row.id.into(),
            session: row.session_id.into(),
            started_at: row.started_at,
            stopped_at: row.stopped_at,
            progress: row.progress,
            outcome,
            kept_until: row.kept_until,
            removed_at: row.removed_at,
        })
    }
}

/// One recording.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn by_id(tx: &mut TenantTx, id: RecordingId) -> Result<Option<Recording>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, session_id, started_at, stopped_at, progress, outcome, film_id, film_seconds, film_bytes,
                kept_until, removed_at
           FROM meetings.recording
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Recording::try_from).transpose()
}

/// One recording, locked until the end of the transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn lock(tx: &mut TenantTx, id: RecordingId) -> Result<Option<Recording>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, session_id, started_at, stopped_at, progress, outcome, film_id, film_seconds, film_bytes,
                kept_until, removed_at
           FROM meetings.recording
          WHERE tenant_id = $1 AND id = $2
            FOR UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Recording::try_from).transpose()
}

/// The recordings of a session, the oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn of_session(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Recording>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, session_id, started_at, stopped_at, progress, outcome, film_id, film_seconds, film_bytes,
                kept_until, removed_at
           FROM meetings.recording
          WHERE tenant_id = $1 AND session_id = $2
          ORDER BY started_at, id
          LIMIT 100",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Recording::try_from).collect()
}

/// From when to when a session was recorded.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn spans(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Recorded>, StoreError> {
    let all = of_session(tx, session).await?;
    Ok(all
        .into_iter()
        .map(|one| Recorded { started_at: one.started_at, stopped_at: one.stopped_at })
        .collect())
}

/// The recording that is being made of a session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn now(tx: &mut TenantTx, session: SessionId) -> Result<Option<RecordingId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id FROM meetings.recording WHERE tenant_id = $1 AND session_id = $2 AND stopped_at IS NULL",
        tenant,
        session.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(id.map(RecordingId::from))
}

/// Begins a recording; `None` when one is being made already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn begin(
    tx: &mut TenantTx,
    session: SessionId,
    kept_until: NaiveDate,
) -> Result<Option<RecordingId>, StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let id = RecordingId::new();
    let begun = sqlx::query!(
        "INSERT INTO meetings.recording (tenant_id, id, session_id, started_by, started_at, kept_until)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, session_id) WHERE stopped_at IS NULL DO NOTHING",
        tenant,
        id.uuid(),
        session.uuid(),
        by.map_or(Uuid::nil(), TypedId::uuid),
        now,
        kept_until
    )
    .execute(tx.conn())
    .await?;
    Ok((begun.rows_affected() == 1).then_some(id))
}

/// Ends the recording that is being made of a session: which one that was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn stop(tx: &mut TenantTx, session: SessionId) -> Result<Option<RecordingId>, StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let id = sqlx::query_scalar!(
        "UPDATE meetings.recording SET stopped_at = greatest($3, started_at), stopped_by = $4
          WHERE tenant_id = $1 AND session_id = $2 AND stopped_at IS NULL
         RETURNING id",
        tenant,
        session.uuid(),
        now,
        by.map(TypedId::uuid)
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(id.map(RecordingId::from))
}

/// Writes how much of the film is made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn progress(tx: &mut TenantTx, id: RecordingId, percent: i16) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE meetings.recording SET progress = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        percent
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Writes what became of it; none: the film is made once more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn settle(
    tx: &mut TenantTx,
    id: RecordingId,
    outcome: Option<Outcome>,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let (word, reel) = match outcome {
        None => (None, None),
        Some(Outcome::Ready(reel)) => (Some("ready"), Some(reel)),
        Some(Outcome::Empty) => (Some("empty"), None),
        Some(Outcome::Failed) => (Some("failed"), None),
    };
    sqlx::query!(
        "UPDATE meetings.recording
            SET outcome = $3, film_id = $4, film_seconds = $5, film_bytes = $6,
                progress = CASE WHEN $3 = 'ready' THEN 100 ELSE 0 END
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        word,
        reel.map(|reel| reel.file.uuid()),
        reel.map(|reel| reel.seconds),
        reel.map(|reel| reel.bytes)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps it until another day.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn keep(tx: &mut TenantTx, id: RecordingId, until: NaiveDate) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE meetings.recording SET kept_until = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        until
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes that it is not kept any more. The film's id stays until its bytes are gone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn remove(tx: &mut TenantTx, id: RecordingId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE meetings.recording SET removed_at = $3 WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Where an item of the agenda begins in a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) recording: RecordingId,
    pub(crate) title: String,
    pub(crate) at_seconds: i32,
}

/// Writes the chapters of a film, in their order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn mark(
    tx: &mut TenantTx,
    id: RecordingId,
    titles: &[String],
    at_seconds: &[i32],
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO meetings.recording_chapter (tenant_id, recording_id, position, title, at_seconds)
         SELECT $1, $2, c.position::integer, c.title, c.at_seconds
           FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS c (title, at_seconds, position)",
        tenant,
        id.uuid(),
        titles,
        at_seconds
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(titles.len()).unwrap_or(u64::MAX))
}

/// The chapters of all films of a session, in their order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn marks(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Mark>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        "SELECT c.recording_id, c.title, c.at_seconds
           FROM meetings.recording_chapter c
           JOIN meetings.recording r ON r.tenant_id = c.tenant_id AND r.id = c.recording_id
          WHERE c.tenant_id = $1 AND r.session_id = $2
          ORDER BY c.recording_id, c.position
          LIMIT 5000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Mark { recording: row.recording_id.into(), title: row.title, at_seconds: row.at_seconds })
    .collect())
}
