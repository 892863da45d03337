//! Attempts at quizzes.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{AttemptId, EnrolmentId, LessonId};
use serde_json::Value;
use uuid::Uuid;

use super::{from_json, to_json, unknown};
use crate::domain::paper::{Paper, Replies, Score};

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptState {
    /// Answers are taken.
    Open,
    /// Handed in.
    Submitted,
    /// Ended by the time limit; what was answered before counts.
    Expired,
}

impl AttemptState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submitted => "submitted",
            Self::Expired => "expired",
        }
    }
}

/// An attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Whose.
    pub enrolment: EnrolmentId,
    /// The quiz.
    pub lesson: LessonId,
    /// 1, 2, 3…
    pub number: i32,
    /// Where it stands.
    pub state: AttemptState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The end of the time limit.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Its questions and rules.
    pub paper: Paper,
    /// What was answered.
    pub replies: Replies,
    /// How it ended.
    pub score: Option<Score>,
}

struct Row {
    id: Uuid,
    enrolment_id: Uuid,
    lesson_id: Uuid,
    number: i32,
    state: String,
    started_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    paper: Value,
    answers: Value,
    earned: Option<i32>,
    percent: Option<i32>,
    passed: Option<bool>,
}

impl TryFrom<Row> for Attempt {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = [AttemptState::Open, AttemptState::Submitted, AttemptState::Expired]
            .into_iter()
            .find(|state| state.as_str() == row.state)
            .ok_or_else(|| unknown("state of an attempt", &row.state))?;
        let score = match (row.earned, row.percent, row.passed) {
            (Some(earned), Some(percent), Some(passed)) => Some(Score { earned, percent, passed }),
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            enrolment: row.enrolment_id.into(),
            lesson: row.lesson_id.into(),
            number: row.number,
            state,
            started_at: row.started_at,
            expires_at: row.expires_at,
            submitted_at: row.submitted_at,
            paper: from_json("paper", row.paper)?,
            replies: from_json("answers", row.answers)?,
            score,
        })
    }
}

/// One attempt.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, enrolment_id, lesson_id, number, state, started_at, expires_at, submitted_at, paper, answers,
                earned, percent, passed
           FROM learning.attempt WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Attempt::try_from)
    .transpose()
}

/// The attempts of a learner at a quiz in order, the last 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of(
    tx: &mut TenantTx,
    enrolment: EnrolmentId,
    lesson: LessonId,
) -> Result<Vec<Attempt>, StoreError> {
    let tenant = tx.tenant().uuid();
    let mut all = sqlx::query_as!(
        Row,
        "SELECT id, enrolment_id, lesson_id, number, state, started_at, expires_at, submitted_at, paper, answers,
                earned, percent, passed
           FROM learning.attempt
          WHERE tenant_id = $1 AND enrolment_id = $2 AND lesson_id = $3
          ORDER BY number DESC
          LIMIT 200",
        tenant,
        enrolment.uuid(),
        lesson.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Attempt::try_from)
    .collect::<Result<Vec<_>, _>>()?;
    all.reverse();
    Ok(all)
}

/// The best result of a learner in any quiz of the course, per cent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn best(tx: &mut TenantTx, enrolment: EnrolmentId) -> Result<Option<i32>, StoreError> {
    let tenant = tx.tenant().uuid();
    let best = sqlx::query_scalar!(
        "SELECT max(percent) FROM learning.attempt WHERE tenant_id = $1 AND enrolment_id = $2",
        tenant,
        enrolment.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(best)
}

/// Begins an attempt.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, attempt: &Attempt) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let (paper, answers) = (to_json("paper", &attempt.paper)?, to_json("answers", &attempt.replies)?);
    sqlx::query!(
        "INSERT INTO learning.attempt (tenant_id, id, enrolment_id, lesson_id, number, state, started_at, expires_at,
                                       paper, answers)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        tenant,
        attempt.id.uuid(),
        attempt.enrolment.uuid(),
        attempt.lesson.uuid(),
        attempt.number,
        attempt.state.as_str(),
        attempt.started_at,
        attempt.expires_at,
        paper,
        answers
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps the answers, and how it ended.
///
/// # Errors
/// [`StoreError::Rows`] when it is over already.
pub async fn update(tx: &mut TenantTx, attempt: &Attempt) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let answers = to_json("answers", &attempt.replies)?;
    sqlx::query!(
        "UPDATE learning.attempt
            SET state = $3, submitted_at = $4, answers = $5, earned = $6, percent = $7, passed = $8
          WHERE tenant_id = $1 AND id = $2 AND state = 'open'",
        tenant,
        attempt.id.uuid(),
        attempt.state.as_str(),
        attempt.submitted_at,
        answers,
        attempt.score.map(|score| score.earned),
        attempt.score.map(|score| score.percent),
        attempt.score.map(|score| score.passed)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
