//! A learner goes on: opens lessons, watches, completes.

use plenum_db::{StoreError, TenantTx};
use plenum_members_api::MembersRead;

use super::{complete::settle, goes_on, way};
use crate::{
    domain::{
        course::{Content, webinar_end},
        progress::{self, LessonState},
    },
    store::{
        courses,
        enrolments::{self, Enrolment, Progress},
        lessons::Lesson,
        watching,
    },
};

/// How a step of a learner ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearnStep {
    /// Done, or done before.
    Done,
    /// Something before it is not done yet.
    Locked,
    /// This lesson is done otherwise: by watching, by passing, by being there.
    NotByHand,
}

/// Locks the enrolment and finds what was done with a lesson that is not locked.
pub(super) async fn enter(
    tx: &mut TenantTx,
    enrolment: &Enrolment,
    lesson: &Lesson,
) -> Result<Option<(Enrolment, Progress)>, StoreError> {
    let enrolment = enrolments::lock(tx, enrolment.id).await?;
    let Some(course) = courses::by_id(tx, lesson.course).await? else { return Ok(None) };
    let way = way(tx, &course, Some(&enrolment)).await?;
    let at = way.lessons.iter().position(|one| one.id == lesson.id);
    let locked = at.is_none_or(|at| way.states[at] == LessonState::Locked);
    if locked || !goes_on(&enrolment) {
        return Ok(None);
    }
    let done = way.progress.into_iter().find(|one| one.lesson == lesson.id);
    let now = tx.now();
    let progress = done.unwrap_or(Progress {
        lesson: lesson.id,
        position_s: 0,
        watched_s: 0,
        extra_attempts: 0,
        seen_at: now,
        done_at: None,
    });
    Ok(Some((enrolment, progress)))
}

/// Completes a lesson that is done by reading; a video of unknown length too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn complete_lesson(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    enrolment: &Enrolment,
    lesson: &Lesson,
) -> Result<LearnStep, StoreError> {
    let Some((enrolment, mut progress)) = enter(tx, enrolment, lesson).await? else {
        return Ok(LearnStep::Locked);
    };
    if progress.done_at.is_some() {
        return Ok(LearnStep::Done);
    }
    let by_hand = match &lesson.content {
        Content::Text { .. } | Content::File { .. } => true,
        Content::Video { duration_s, .. } => {
            duration_s.is_none_or(|duration| progress::watched(progress.watched_s, duration))
        }
        Content::Quiz { .. } => false,
        // Who was enrolled when it was over could not be there; the others are counted.
        Content::Webinar { starts_at, minutes, .. } => {
            starts_at.is_some_and(|start| enrolment.enrolled_at >= webinar_end(start, *minutes))
        }
    };
    if !by_hand {
        return Ok(LearnStep::NotByHand);
    }
    progress.seen_at = tx.now();
    progress.done_at = Some(tx.now());
    enrolments::keep_progress(tx, enrolment.id, &progress).await?;
    settle(tx, members, enrolment).await?;
    Ok(LearnStep::Done)
}

/// Keeps where a video goes on, and counts what was watched.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn save_position(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    enrolment: &Enrolment,
    lesson: &Lesson,
    seconds: i32,
) -> Result<LearnStep, StoreError> {
    let Content::Video { duration_s, .. } = &lesson.content else { return Ok(LearnStep::NotByHand) };
    let Some((enrolment, mut progress)) = enter(tx, enrolment, lesson).await? else {
        return Ok(LearnStep::Locked);
    };
    let now = tx.now();
    // The first report comes when the film has run as long as it takes to the next one.
    let first = !enrolments::progress(tx, enrolment.id).await?.iter().any(|one| one.lesson == lesson.id);
    let passed = if first { progress::TELLING_S } else { (now - progress.seen_at).num_seconds() };
    let (from, played) = (progress.position_s, progress::played(progress.position_s, seconds, passed));
    progress.position_s = seconds;
    progress.seen_at = now;
    enrolments::keep_progress(tx, enrolment.id, &progress).await?;
    if played > 0 {
        progress.watched_s = watching::keep(tx, enrolment.id, lesson.id, from, from + played).await?;
    }
    if duration_s.is_some_and(|duration| progress::watched(progress.watched_s, duration)) {
        progress.done_at = progress.done_at.or(Some(now));
    }
    enrolments::keep_progress(tx, enrolment.id, &progress).await?;
    settle(tx, members, enrolment).await?;
    Ok(LearnStep::Done)
}
