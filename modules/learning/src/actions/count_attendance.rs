//! Who was long enough at a webinar has done its lesson.

use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{EnrolmentId, LessonId};
use plenum_meetings_api::MeetingsRead;
use plenum_members_api::MembersRead;

use super::{complete::settle, goes_on};
use crate::{
    domain::{
        course::{Content, webinar_end},
        progress,
    },
    store::{enrolments, lessons},
};

/// How counting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It is counted.
    Done,
    /// The webinar ends later, at this moment: it was put off.
    Later(DateTime<Utc>),
}

/// Counts the time that a learner spent in the room of a webinar that is over; half of it does the lesson. Counted
/// again, nothing changes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count_attendance(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    meetings: &dyn MeetingsRead,
    enrolment: EnrolmentId,
    lesson: LessonId,
) -> Result<Counted, StoreError> {
    let Some(lesson) = lessons::by_id(tx, lesson).await? else { return Ok(Counted::Done) };
    let Content::Webinar { starts_at: Some(start), minutes, .. } = &lesson.content else {
        return Ok(Counted::Done);
    };
    let end = webinar_end(*start, *minutes);
    if tx.now() < end {
        return Ok(Counted::Later(end));
    }
    let enrolment = enrolments::lock(tx, enrolment).await?;
    let entered = enrolments::progress(tx, enrolment.id).await?;
    let entered = entered.into_iter().find(|one| one.lesson == lesson.id && one.done_at.is_none());
    let learner = members.by_ids(tx, &[enrolment.member]).await?.into_iter().next();
    let account = learner.and_then(|learner| learner.account);
    let (Some(mut progress), Some(account), true) = (entered, account, goes_on(&enrolment)) else {
        return Ok(Counted::Done);
    };
    let spent = meetings.time_in_room(tx, lesson.id.uuid(), account, *start, end).await?;
    if progress::attended(spent, *minutes) {
        progress.done_at = Some(tx.now());
        enrolments::keep_progress(tx, enrolment.id, &progress).await?;
        settle(tx, members, enrolment).await?;
    }
    Ok(Counted::Done)
}
