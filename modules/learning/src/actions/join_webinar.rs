//! Somebody enters the room of a webinar.

use chrono::TimeDelta;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::MembersRead;
use plenum_sfu::RoomToken;
use plenum_tenancy::store::tenants;

use super::{complete::settle, learn::enter};
use crate::{
    Webinars,
    domain::course::{Content, room_is_open},
    store::{
        enrolments::{self, Enrolment},
        lessons::Lesson,
    },
};

/// How long a token opens the door.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinWebinar {
    /// The token that opens the room.
    Admitted(String),
    /// The room is not open now, or the lesson is locked.
    NotOpen,
}

/// Lets an author or an enrolled learner in; a learner who enters has done the lesson.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn join_webinar(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    webinars: &Webinars,
    enrolment: Option<&Enrolment>,
    lesson: &Lesson,
    name: String,
) -> Result<JoinWebinar, StoreError> {
    let Some(account) = tx.viewer().account() else { return Ok(JoinWebinar::NotOpen) };
    let Content::Webinar { starts_at, minutes, .. } = &lesson.content else {
        return Ok(JoinWebinar::NotOpen);
    };
    let now = tx.now();
    if !room_is_open(*starts_at, *minutes, now) {
        return Ok(JoinWebinar::NotOpen);
    }
    if let Some(enrolment) = enrolment {
        let Some((enrolment, mut progress)) = enter(tx, enrolment, lesson).await? else {
            return Ok(JoinWebinar::NotOpen);
        };
        progress.seen_at = now;
        progress.done_at = progress.done_at.or(Some(now));
        enrolments::keep_progress(tx, enrolment.id, &progress).await?;
        settle(tx, members, enrolment).await?;
    }
    let tenant = tx.tenant();
    let organization = tenants::by_id(tx.conn(), tenant).await?.map(|one| one.name).unwrap_or_default();
    let token = RoomToken {
        scope: tenant.uuid(),
        room: lesson.id.uuid(),
        participant: account.uuid(),
        name,
        label: organization,
        expires_at: (now + TOKEN_LIFETIME).timestamp(),
    };
    Ok(JoinWebinar::Admitted(token.sign(&webinars.token_key)))
}
