//! One file per verb.

pub mod add_measure;
pub mod add_seat;
pub mod cancel_session;
pub mod cast_ballot;
pub mod close_session;
pub mod close_vote;
pub mod create_body;
pub mod open_notice;
pub mod open_session;
pub mod open_vote;
pub mod record_decision;
pub mod remove_measure;
pub mod remove_seat;
pub mod schedule_session;
pub mod take_agenda_item;

use plenum_bodies_api::SessionId;
use plenum_db::{StoreError, TenantTx};
use plenum_live::Topic;
use plenum_meetings_api::MeetingsRead;

use crate::{
    domain::quorum::Quorum,
    store::{
        seats::{self, Seat},
        sessions::Sitting,
    },
};

/// How a step of the proceedings ended, when it was allowed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Done, or done before.
    Done,
    /// Too few are present.
    NoQuorum,
    /// The session, the item or the vote is in another state.
    WrongState,
    /// A vote is open: close it first.
    VoteOpen,
}

/// Tells everyone who watches the session that it has news.
async fn tell(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), session);
    plenum_live::touch(tx, &topic).await
}

/// The seats of the roll whose holders are in the room.
pub(crate) async fn present_seats(
    tx: &mut TenantTx,
    meetings: &dyn MeetingsRead,
    session: SessionId,
) -> Result<(Vec<Seat>, Vec<Seat>), StoreError> {
    let roll = seats::of_session(tx, session).await?;
    let presence = meetings.presence(tx, session).await?;
    let present = roll
        .iter()
        .filter(|seat| presence.iter().any(|someone| someone.present && someone.account == seat.account))
        .cloned()
        .collect();
    Ok((roll, present))
}

/// The session's quorum now.
async fn quorum(
    tx: &mut TenantTx,
    meetings: &dyn MeetingsRead,
    sitting: &Sitting,
) -> Result<Quorum, StoreError> {
    let (roll, present) = present_seats(tx, meetings, sitting.session.id).await?;
    let count = |list: &[Seat]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    Ok(Quorum::count(sitting.body.quorum, count(&roll), count(&present)))
}
