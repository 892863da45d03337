//! The chair closes a vote.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_meetings_api::MeetingsRead;
use serde_json::json;

use crate::{
    actions::{Step, present_seats, tell},
    permissions::Preside,
    store::{
        sessions,
        votes::{self, PlacedVote},
    },
};

/// Closes the vote; those in the room who have not voted are recorded as such, and the result can be seen.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn close_vote(
    tx: &mut TenantTx,
    permit: Permit<Preside, PlacedVote>,
    meetings: &dyn MeetingsRead,
) -> Result<Step, StoreError> {
    let vote = &permit.resource().vote;
    let session = sessions::lock(tx, vote.session).await?;
    let still_open = votes::of_session(tx, session.id)
        .await?
        .iter()
        .any(|other| other.id == vote.id && other.closed_at.is_none());
    if !still_open {
        return Ok(Step::Done);
    }
    let (_, present) = present_seats(tx, meetings, session.id).await?;
    let present: Vec<_> = present.into_iter().map(|seat| seat.id).collect();
    votes::close(tx, vote.id, &present).await?;
    plenum_audit::record(tx, "bodies.close_vote", vote.id, json!({ "present": present.len() })).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
