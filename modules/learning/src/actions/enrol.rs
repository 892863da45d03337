//! Members are enrolled, and withdrawn.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_learning_api::{EnrolmentId, EnrolmentStatus, MemberEnrolled};
use plenum_members_api::{Audience, Member, MembersRead};
use serde_json::json;

use super::LearningError;
use crate::{
    domain::course::CourseState,
    jobs::{
        announce::Announce,
        remind::{Remind, ReminderKind},
    },
    permissions::Enrol,
    store::{
        courses::{self, Course, PlacedCourse},
        enrolments::{self, Enrolment},
        lessons::Placed,
    },
};

/// How many members are read at once.
const PAGE: i64 = 500;
/// The most that one enrolment takes.
const MOST: i64 = 20_000;

/// How many were enrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// Newly.
    pub added: i32,
    /// Before.
    pub already: i32,
}

/// How many members are meant by several audiences together; each excludes the one before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    audiences: &[Audience],
) -> Result<i64, StoreError> {
    let mut all = 0;
    for audience in audiences {
        all += members.count_selected(tx, audience).await?;
    }
    Ok(all)
}

/// Enrols all who are meant in a published course; who is enrolled already stays so.
///
/// # Errors
/// [`LearningError`].
pub async fn enrol(
    tx: &mut TenantTx,
    permit: Permit<Enrol, PlacedCourse>,
    members: &dyn MembersRead,
    audiences: &[Audience],
    due_at: Option<DateTime<Utc>>,
) -> Result<Enrolled, LearningError> {
    let course = courses::lock(tx, permit.resource().course.id).await?;
    if course.state != CourseState::Published {
        return Err(LearningError::State("not_published"));
    }
    if due_at.is_some_and(|due| due <= tx.now()) {
        return Err(LearningError::Field("dueAt", "in_the_past"));
    }
    if count(tx, members, audiences).await? > MOST {
        return Err(LearningError::Field("audience", "too_many"));
    }
    let enrolled = enrol_all(tx, members, &course, audiences, due_at).await?;
    plenum_audit::record(tx, "learning.enrol", course.id, json!({ "added": enrolled.added })).await?;
    Ok(enrolled)
}

/// Enrols all who are meant, and tells those who were not on the course before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn enrol_all(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    course: &Course,
    audiences: &[Audience],
    due_at: Option<DateTime<Utc>>,
) -> Result<Enrolled, StoreError> {
    let mut enrolled = Enrolled::default();
    for audience in audiences {
        let mut after = None;
        loop {
            let page = members.select(tx, audience, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for member in &page {
                match enrol_one(tx, course, member, due_at).await? {
                    Some(enrolment) => {
                        plenum_jobs::enqueue(tx, &Announce { enrolment }).await?;
                        enrolled.added += 1;
                    }
                    None => enrolled.already += 1,
                }
            }
        }
    }
    Ok(enrolled)
}

/// Enrols one member, by default with the course's own term; none when they are enrolled already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn enrol_one(
    tx: &mut TenantTx,
    course: &Course,
    member: &Member,
    due_at: Option<DateTime<Utc>>,
) -> Result<Option<EnrolmentId>, StoreError> {
    let now = tx.now();
    let due_at = due_at.or_else(|| course.default_days.map(|days| now + TimeDelta::days(days.into())));
    let Some(id) = enrolments::enrol(tx, course.id, member.id, &member.full_name, due_at).await? else {
        return Ok(None);
    };
    if let Some(due_at) = due_at {
        for kind in [ReminderKind::Soon, ReminderKind::Today] {
            let at = kind.moment(due_at);
            if at > now {
                plenum_jobs::enqueue_at(tx, &Remind { enrolment: id, due_at, kind }, at).await?;
            }
        }
    }
    tx.publish(&MemberEnrolled { enrolment: id, course: course.id, member: member.id }).await?;
    Ok(Some(id))
}

/// Enrols the member who asks, in a published course that is open to all.
///
/// # Errors
/// [`LearningError`].
pub async fn enrol_self(
    tx: &mut TenantTx,
    course: Course,
    member: Member,
) -> Result<EnrolmentId, LearningError> {
    if course.state != CourseState::Published || !course.self_enrol {
        return Err(LearningError::State("not_open"));
    }
    enrol_one(tx, &course, &member, None).await?;
    let enrolment = enrolments::of(tx, course.id, member.id).await?.ok_or(LearningError::NotFound)?;
    plenum_audit::record(tx, "learning.enrol_self", enrolment.id, json!({})).await?;
    Ok(enrolment.id)
}

/// Takes a learner off the course; what is completed stays.
///
/// # Errors
/// [`LearningError`].
pub async fn withdraw(
    tx: &mut TenantTx,
    permit: Permit<Enrol, Placed<Enrolment>>,
) -> Result<(), LearningError> {
    let mut enrolment = enrolments::lock(tx, permit.resource().it.id).await?;
    match enrolment.state {
        EnrolmentStatus::Withdrawn => return Ok(()),
        EnrolmentStatus::Completed => return Err(LearningError::State("completed")),
        EnrolmentStatus::Enrolled | EnrolmentStatus::InProgress => {}
    }
    enrolment.state = EnrolmentStatus::Withdrawn;
    enrolments::update(tx, &enrolment).await?;
    plenum_audit::record(tx, "learning.withdraw", enrolment.id, json!({})).await?;
    Ok(())
}
