//! Members are invited to a course by a link, and follow it.

use chrono::TimeDelta;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_identity::token;
use plenum_learning_api::{EnrolmentId, InvitationId};
use plenum_members_api::Member;
use serde_json::json;

use super::{LearningError, enrol::enrol_one};
use crate::{
    domain::course::CourseState,
    permissions::Enrol,
    store::{
        courses::{self, PlacedCourse},
        enrolments,
        invitations::{self, Invitation},
        lessons::Placed,
    },
};

/// Makes a link to a published course.
///
/// # Errors
/// [`LearningError`].
pub async fn invite(
    tx: &mut TenantTx,
    permit: Permit<Enrol, PlacedCourse>,
    days: Option<i32>,
) -> Result<Invitation, LearningError> {
    if days.is_some_and(|days| !(1..=365).contains(&days)) {
        return Err(LearningError::Field("days", "out_of_range"));
    }
    let course = courses::lock(tx, permit.resource().course.id).await?;
    if course.state != CourseState::Published {
        return Err(LearningError::State("not_published"));
    }
    if invitations::of_course(tx, course.id).await?.len() >= 100 {
        return Err(LearningError::Field("course", "too_many"));
    }
    let now = tx.now();
    let invitation = Invitation {
        id: InvitationId::new(),
        course: course.id,
        token: token::generate(),
        created_at: now,
        expires_at: days.map(|days| now + TimeDelta::days(days.into())),
        closed_at: None,
        uses: 0,
    };
    invitations::insert(tx, &invitation).await?;
    plenum_audit::record(tx, "learning.invite", invitation.id, json!({})).await?;
    Ok(invitation)
}

/// Closes a link.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn close_invitation(
    tx: &mut TenantTx,
    permit: Permit<Enrol, Placed<Invitation>>,
) -> Result<(), StoreError> {
    let id = permit.resource().it.id;
    invitations::close(tx, id).await?;
    plenum_audit::record(tx, "learning.close_invitation", id, json!({})).await
}

/// Enrols the member who follows a link; none when the link is unknown, closed or out of date.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn accept_invitation(
    tx: &mut TenantTx,
    member: &Member,
    token: &str,
) -> Result<Option<EnrolmentId>, StoreError> {
    let now = tx.now();
    let Some(invitation) = invitations::by_token(tx, token).await?.filter(|one| one.is_open(now)) else {
        return Ok(None);
    };
    let Some(course) = courses::by_id(tx, invitation.course).await? else { return Ok(None) };
    if course.state != CourseState::Published {
        return Ok(None);
    }
    if let Some(id) = enrol_one(tx, &course, member, None).await? {
        invitations::used(tx, invitation.id).await?;
        plenum_audit::record(tx, "learning.accept_invitation", id, json!({})).await?;
    }
    Ok(enrolments::of(tx, course.id, member.id).await?.map(|enrolment| enrolment.id))
}
