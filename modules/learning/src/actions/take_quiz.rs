//! A learner takes a quiz.

use chrono::TimeDelta;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{AttemptId, EnrolmentId, QuestionId};
use plenum_members_api::MembersRead;
use serde_json::json;

use super::{LearningError, complete::settle, goes_on, learn::enter};
use crate::{
    domain::{
        course::Content,
        paper::{Paper, Replies, in_time},
        question::Reply,
    },
    jobs::expire_attempt::ExpireAttempt,
    store::{
        attempts::{self, Attempt, AttemptState},
        enrolments::{self, Enrolment},
        lessons::{self, Lesson},
        questions,
    },
};

/// How beginning ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// This attempt is open: a new one, or the one that was.
    Open(AttemptId),
    /// All attempts are made.
    NoneLeft,
    /// Something before it is not done yet.
    Locked,
}

/// How saving an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// Kept.
    Done,
    /// Too late: it does not count.
    TimeOver,
    /// The attempt is over.
    NotOpen,
}

/// Begins an attempt, or finds the one that is open.
///
/// # Errors
/// [`LearningError`].
pub async fn start_attempt(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    enrolment: &Enrolment,
    lesson: &Lesson,
) -> Result<Start, LearningError> {
    let Content::Quiz { rules, .. } = &lesson.content else { return Err(LearningError::State("not_a_quiz")) };
    let Some((enrolment, mut progress)) = enter(tx, enrolment, lesson).await? else {
        return Ok(Start::Locked);
    };
    let now = tx.now();
    let made = attempts::of(tx, enrolment.id, lesson.id).await?;
    if let Some(open) = made.iter().find(|attempt| attempt.state == AttemptState::Open) {
        if in_time(open.expires_at, now) {
            return Ok(Start::Open(open.id));
        }
        finish(tx, members, open.clone(), AttemptState::Expired).await?;
    }
    let number = made.last().map_or(0, |last| last.number);
    if rules.attempts_left(number, progress.extra_attempts) == Some(0) {
        return Ok(Start::NoneLeft);
    }
    let bank = questions::of_lesson(tx, lesson.id).await?;
    if bank.is_empty() {
        return Err(LearningError::State("quiz_empty"));
    }
    let id = AttemptId::new();
    let asked = bank.into_iter().map(|kept| (kept.id.uuid(), kept.question)).collect();
    // The random half of the id is the seed.
    let seed = id.uuid().as_u64_pair().1;
    let attempt = Attempt {
        id,
        enrolment: enrolment.id,
        lesson: lesson.id,
        number: number + 1,
        state: AttemptState::Open,
        started_at: now,
        expires_at: rules.deadline(now),
        submitted_at: None,
        paper: Paper::draw(asked, rules.clone(), seed),
        replies: Replies::new(),
        score: None,
    };
    attempts::insert(tx, &attempt).await?;
    if let Some(end) = attempt.expires_at {
        // The deadline itself is still in time.
        plenum_jobs::enqueue_at(tx, &ExpireAttempt { attempt: id }, end + TimeDelta::seconds(1)).await?;
    }
    progress.seen_at = now;
    enrolments::keep_progress(tx, enrolment.id, &progress).await?;
    let enrolment = enrolments::lock(tx, enrolment.id).await?;
    settle(tx, members, enrolment).await?;
    Ok(Start::Open(id))
}

/// Keeps an answer. After the time limit it is refused, and the attempt ends with what was answered before.
///
/// # Errors
/// [`LearningError`].
pub async fn save_answer(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    id: AttemptId,
    question: QuestionId,
    reply: Reply,
) -> Result<Save, LearningError> {
    let mut attempt = locked(tx, id).await?;
    let asked = attempt.paper.questions.iter().find(|asked| asked.id == question.uuid());
    let asked = asked.ok_or(LearningError::NotFound)?;
    if attempt.state != AttemptState::Open {
        let late = attempt.state == AttemptState::Expired;
        return Ok(if late { Save::TimeOver } else { Save::NotOpen });
    }
    if !in_time(attempt.expires_at, tx.now()) {
        finish(tx, members, attempt, AttemptState::Expired).await?;
        return Ok(Save::TimeOver);
    }
    asked.question.takes(&reply).map_err(|fault| LearningError::Field(fault.path, fault.reason))?;
    attempt.replies.insert(question.uuid(), reply);
    attempts::update(tx, &attempt).await?;
    Ok(Save::Done)
}

/// Hands an attempt in. One that is over stays as it ended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn submit_attempt(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    id: AttemptId,
) -> Result<(), LearningError> {
    let attempt = locked(tx, id).await?;
    if attempt.state != AttemptState::Open {
        return Ok(());
    }
    let in_time = in_time(attempt.expires_at, tx.now());
    let state = if in_time { AttemptState::Submitted } else { AttemptState::Expired };
    Ok(finish(tx, members, attempt, state).await?)
}

/// Ends an attempt whose time is over, though its learner does not come back. One that is over stays as it ended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn expire_attempt(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    id: AttemptId,
) -> Result<(), StoreError> {
    let Some(attempt) = attempts::by_id(tx, id).await? else { return Ok(()) };
    enrolments::lock(tx, attempt.enrolment).await?;
    let Some(attempt) = attempts::by_id(tx, id).await? else { return Ok(()) };
    if attempt.state != AttemptState::Open || in_time(attempt.expires_at, tx.now()) {
        return Ok(());
    }
    finish(tx, members, attempt, AttemptState::Expired).await
}

async fn locked(tx: &mut TenantTx, id: AttemptId) -> Result<Attempt, LearningError> {
    let attempt = attempts::by_id(tx, id).await?.ok_or(LearningError::NotFound)?;
    let enrolment = enrolments::lock(tx, attempt.enrolment).await?;
    if !goes_on(&enrolment) {
        return Err(LearningError::NotFound);
    }
    attempts::by_id(tx, id).await?.ok_or(LearningError::NotFound)
}

/// Grades an open attempt; passing does the lesson.
async fn finish(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    mut attempt: Attempt,
    state: AttemptState,
) -> Result<(), StoreError> {
    let now = tx.now();
    let score = attempt.paper.score(&attempt.replies);
    attempt.state = state;
    attempt.score = Some(score);
    attempt.submitted_at = match attempt.expires_at {
        Some(end) if state == AttemptState::Expired => Some(end),
        _ => Some(now),
    };
    attempts::update(tx, &attempt).await?;
    plenum_audit::record(tx, "learning.finish_attempt", attempt.id, json!({ "percent": score.percent }))
        .await?;
    let enrolment = enrolments::lock(tx, attempt.enrolment).await?;
    if score.passed {
        let done = enrolments::progress(tx, enrolment.id).await?;
        if let Some(mut progress) = done.into_iter().find(|one| one.lesson == attempt.lesson) {
            progress.seen_at = now;
            progress.done_at = progress.done_at.or(Some(now));
            enrolments::keep_progress(tx, enrolment.id, &progress).await?;
        }
    }
    settle(tx, members, enrolment).await
}

/// Grants a learner one more attempt at a quiz of their course.
///
/// # Errors
/// [`LearningError`].
pub async fn grant_attempt(
    tx: &mut TenantTx,
    enrolment: EnrolmentId,
    lesson: &Lesson,
) -> Result<(), LearningError> {
    let enrolment = enrolments::lock(tx, enrolment).await?;
    let found = lessons::by_id(tx, lesson.id).await?.ok_or(LearningError::NotFound)?;
    if found.course != enrolment.course || !matches!(found.content, Content::Quiz { .. }) {
        return Err(LearningError::NotFound);
    }
    let done = enrolments::progress(tx, enrolment.id).await?;
    let mut progress =
        done.into_iter().find(|one| one.lesson == lesson.id).ok_or(LearningError::State("not_started"))?;
    progress.extra_attempts += 1;
    enrolments::keep_progress(tx, enrolment.id, &progress).await?;
    plenum_audit::record(tx, "learning.grant_attempt", enrolment.id, json!({})).await?;
    Ok(())
}
