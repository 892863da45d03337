//! Somebody enters the room of a webinar.

use chrono::TimeDelta;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::MembersRead;
use plenum_sfu::{Part, RoomToken};
use plenum_tenancy::store::tenants;
use plenum_turn::RelayAccess;

use super::{complete::settle, learn::enter};
use crate::{
    Webinars,
    domain::course::{Content, room_is_open, webinar_end},
    jobs::count_attendance::CountAttendance,
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
    /// The token that opens the room, and how the media server is reached when no direct way leads to it.
    Admitted(String, Option<RelayAccess>),
    /// The room is not open now, or the lesson is locked.
    NotOpen,
}

/// Lets an author or an enrolled learner in. When it is over, a learner's time in the room is counted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn join_webinar(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    webinars: &Webinars,
    enrolment: Option<&Enrolment>,
    is_author: bool,
    lesson: &Lesson,
    name: String,
) -> Result<JoinWebinar, StoreError> {
    let Some(account) = tx.viewer().account() else { return Ok(JoinWebinar::NotOpen) };
    let Content::Webinar { starts_at, minutes, .. } = &lesson.content else {
        return Ok(JoinWebinar::NotOpen);
    };
    let (now, Some(start)) = (tx.now(), *starts_at) else { return Ok(JoinWebinar::NotOpen) };
    if !room_is_open(*starts_at, *minutes, now) {
        return Ok(JoinWebinar::NotOpen);
    }
    if let Some(enrolment) = enrolment {
        match enter(tx, enrolment, lesson).await? {
            Some((enrolment, mut progress)) => {
                let first = progress.done_at.is_none();
                progress.seen_at = now;
                enrolments::keep_progress(tx, enrolment.id, &progress).await?;
                if first {
                    let job = CountAttendance { enrolment: enrolment.id, lesson: lesson.id };
                    plenum_jobs::enqueue_at(tx, &job, webinar_end(start, *minutes).max(now)).await?;
                }
                settle(tx, members, enrolment).await?;
            }
            None if !is_author => return Ok(JoinWebinar::NotOpen),
            None => {}
        }
    }
    let tenant = tx.tenant();
    let organization = tenants::by_id(tx.conn(), tenant).await?.map(|one| one.name).unwrap_or_default();
    let token = RoomToken {
        scope: tenant.uuid(),
        room: lesson.id.uuid(),
        participant: account.uuid(),
        name,
        label: organization,
        part: Part::Person,
        expires_at: (now + TOKEN_LIFETIME).timestamp(),
    };
    let relay = webinars.relays.access(account.uuid(), now);
    Ok(JoinWebinar::Admitted(token.sign(&webinars.token_key), relay))
}
