//! Enrolments and progress.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, EnrolmentId, EnrolmentStatus, LessonId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::{lessons::Placed, unknown};

/// A member's enrolment in a course.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The course.
    pub course: CourseId,
    /// The learner.
    pub member: MemberId,
    /// The learner's name when enrolled.
    pub full_name: String,
    /// How far they are.
    pub state: EnrolmentStatus,
    /// By when the course is to be done.
    pub due_at: Option<DateTime<Utc>>,
    /// Since when.
    pub enrolled_at: DateTime<Utc>,
    /// When something was last done.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When all was done.
    pub completed_at: Option<DateTime<Utc>>,
}

impl Enrolment {
    /// Whether there is something left to do.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, EnrolmentStatus::Enrolled | EnrolmentStatus::InProgress)
    }
}

impl Resource for Placed<Enrolment> {
    type Id = EnrolmentId;

    async fn find(tx: &mut TenantTx, id: EnrolmentId) -> Result<Option<Self>, StoreError> {
        let enrolment = by_id(tx, id).await?;
        Self::of(tx, enrolment).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

/// The stored word.
#[must_use]
pub fn state_text(state: EnrolmentStatus) -> &'static str {
    match state {
        EnrolmentStatus::Enrolled => "enrolled",
        EnrolmentStatus::InProgress => "in_progress",
        EnrolmentStatus::Completed => "completed",
        EnrolmentStatus::Withdrawn => "withdrawn",
    }
}

fn read_state(text: &str) -> Result<EnrolmentStatus, StoreError> {
    use EnrolmentStatus::{Completed, Enrolled, InProgress, Withdrawn};
    [Enrolled, InProgress, Completed, Withdrawn]
        .into_iter()
        .find(|state| state_text(*state) == text)
        .ok_or_else(|| unknown("state of an enrolment", text))
}

struct Row {
    id: Uuid,
    course_id: Uuid,
    member_id: Uuid,
    full_name: String,
    state: String,
    due_at: Option<DateTime<Utc>>,
    enrolled_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Enrolment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            course: row.course_id.into(),
            member: row.member_id.into(),
            full_name: row.full_name,
            state: read_state(&row.state)?,
            due_at: row.due_at,
            enrolled_at: row.enrolled_at,
            last_seen_at: row.last_seen_at,
            completed_at: row.completed_at,
        })
    }
}

/// One enrolment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: EnrolmentId) -> Result<Option<Enrolment>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, course_id, member_id, full_name, state, due_at, enrolled_at, last_seen_at, completed_at
           FROM learning.enrolment WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Enrolment::try_from)
    .transpose()
}

/// Locks an enrolment until the end of the transaction: what one learner does in a course follows one another.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: EnrolmentId) -> Result<Enrolment, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_scalar!(
        "SELECT id FROM learning.enrolment WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// A member's enrolment in a course.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of(
    tx: &mut TenantTx,
    course: CourseId,
    member: MemberId,
) -> Result<Option<Enrolment>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, course_id, member_id, full_name, state, due_at, enrolled_at, last_seen_at, completed_at
           FROM learning.enrolment WHERE tenant_id = $1 AND course_id = $2 AND member_id = $3",
        tenant,
        course.uuid(),
        member.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Enrolment::try_from)
    .transpose()
}

/// A page of a member's enrolments that are not withdrawn, the newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_member(
    tx: &mut TenantTx,
    member: MemberId,
    after: Option<EnrolmentId>,
    limit: i64,
) -> Result<Vec<Enrolment>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, course_id, member_id, full_name, state, due_at, enrolled_at, last_seen_at, completed_at
           FROM learning.enrolment
          WHERE tenant_id = $1 AND member_id = $2 AND state <> 'withdrawn' AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC
          LIMIT $4",
        tenant,
        member.uuid(),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Enrolment::try_from)
    .collect()
}

/// A page of a course's learners by name, in these states and with these letters in the name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    course: CourseId,
    states: &[EnrolmentStatus],
    search: &str,
    after: Option<(&str, EnrolmentId)>,
    limit: i64,
) -> Result<Vec<Enrolment>, StoreError> {
    let tenant = tx.tenant().uuid();
    let states: Vec<String> = states.iter().map(|state| state_text(*state).to_owned()).collect();
    let (name, id) = after.unzip();
    sqlx::query_as!(
        Row,
        "SELECT id, course_id, member_id, full_name, state, due_at, enrolled_at, last_seen_at, completed_at
           FROM learning.enrolment
          WHERE tenant_id = $1 AND course_id = $2 AND state = ANY($3) AND strpos(lower(full_name), lower($4)) > 0
            AND ($5::text IS NULL OR (full_name, id) > ($5, $6))
          ORDER BY full_name, id
          LIMIT $7",
        tenant,
        course.uuid(),
        &states,
        search,
        name,
        id.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Enrolment::try_from)
    .collect()
}

/// How many learn or have learned in a course.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx, course: CourseId) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM learning.enrolment
            WHERE tenant_id = $1 AND course_id = $2 AND state <> 'withdrawn'"#,
        tenant,
        course.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(count)
}

/// Enrols a member, or takes them back who were withdrawn. None when they are enrolled already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn enrol(
    tx: &mut TenantTx,
    course: CourseId,
    member: MemberId,
    full_name: &str,
    due_at: Option<DateTime<Utc>>,
) -> Result<Option<EnrolmentId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let id = sqlx::query_scalar!(
        "INSERT INTO learning.enrolment AS e
             (tenant_id, id, course_id, member_id, full_name, state, due_at, enrolled_at)
         VALUES ($1, $2, $3, $4, $5, 'enrolled', $6, $7)
         ON CONFLICT (tenant_id, course_id, member_id) DO UPDATE
             SET state = CASE WHEN e.last_seen_at IS NULL THEN 'enrolled' ELSE 'in_progress' END,
                 due_at = excluded.due_at, full_name = excluded.full_name, enrolled_at = excluded.enrolled_at
           WHERE e.state = 'withdrawn'
         RETURNING id",
        tenant,
        EnrolmentId::new().uuid(),
        course.uuid(),
        member.uuid(),
        full_name,
        due_at,
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(id.map(EnrolmentId::from))
}

/// Keeps how far a learner is.
///
/// # Errors
/// [`StoreError::Rows`] when the enrolment is gone.
pub async fn update(tx: &mut TenantTx, enrolment: &Enrolment) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE learning.enrolment SET state = $3, last_seen_at = $4, completed_at = $5
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        enrolment.id.uuid(),
        state_text(enrolment.state),
        enrolment.last_seen_at,
        enrolment.completed_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// What a learner did with a lesson.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The lesson.
    pub lesson: LessonId,
    /// Where the video goes on.
    pub position_s: i32,
    /// How many seconds of it were played.
    pub watched_s: i32,
    /// Attempts beyond the limit.
    pub extra_attempts: i32,
    /// When it was last open.
    pub seen_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// What a learner did with the lessons of a course.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn progress(tx: &mut TenantTx, enrolment: EnrolmentId) -> Result<Vec<Progress>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT lesson_id, position_s, watched_s, extra_attempts, seen_at, done_at FROM learning.progress
          WHERE tenant_id = $1 AND enrolment_id = $2 LIMIT 1000",
        tenant,
        enrolment.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let read = rows.into_iter().map(|row| Progress {
        lesson: row.lesson_id.into(),
        position_s: row.position_s,
        watched_s: row.watched_s,
        extra_attempts: row.extra_attempts,
        seen_at: row.seen_at,
        done_at: row.done_at,
    });
    Ok(read.collect())
}

/// Keeps what a learner did with a lesson. What is done stays done.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_progress(
    tx: &mut TenantTx,
    enrolment: EnrolmentId,
    progress: &Progress,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO learning.progress AS p
             (tenant_id, enrolment_id, lesson_id, position_s, watched_s, extra_attempts, seen_at, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, enrolment_id, lesson_id) DO UPDATE
             SET position_s = excluded.position_s, watched_s = excluded.watched_s,
                 extra_attempts = excluded.extra_attempts, seen_at = excluded.seen_at,
                 done_at = coalesce(p.done_at, excluded.done_at)",
        tenant,
        enrolment.uuid(),
        progress.lesson.uuid(),
        progress.position_s,
        progress.watched_s,
        progress.extra_attempts,
        progress.seen_at,
        progress.done_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
