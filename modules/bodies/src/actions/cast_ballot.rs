//! A member votes.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_meetings_api::MeetingsRead;
use serde_json::json;

use crate::{
    actions::{present_seats, tell},
    domain::choice::Choice,
    permissions::TakePart,
    store::votes::{self, PlacedVote},
};

/// How it ended, when it was allowed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// Cast, or corrected.
    Done,
    /// The vote is closed: nothing changes any more.
    Closed,
    /// The caller's seat is not in the room, or there is no such seat on the roll.
    NotPresent,
}

/// Casts the ballot of the caller's seat, or corrects it until the vote is closed. Whatever is clicked or resent, a
/// seat has one ballot.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn cast_ballot(
    tx: &mut TenantTx,
    permit: Permit<TakePart, PlacedVote>,
    meetings: &dyn MeetingsRead,
    choice: Choice,
) -> Result<Cast, StoreError> {
    let vote = &permit.resource().vote;
    let account = tx.viewer().account();
    let (_, present) = present_seats(tx, meetings, vote.session).await?;
    let Some(seat) = present.into_iter().find(|seat| Some(seat.account) == account) else {
        return Ok(Cast::NotPresent);
    };
    if !votes::hold_open(tx, vote.id).await? {
        return Ok(Cast::Closed);
    }
    votes::cast(tx, vote.id, seat.id, choice).await?;
    plenum_audit::record(tx, "bodies.cast_ballot", vote.id, json!({ "seat": seat.id })).await?;
    tell(tx, vote.session).await?;
    Ok(Cast::Done)
}
