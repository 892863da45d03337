//! The chair puts a motion to a named open vote.

use plenum_bodies_api::VoteId;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_meetings_api::MeetingsRead;
use serde_json::json;

use crate::{
    actions::{Step, quorum, tell},
    domain::{
        agenda::{self as rules, TextFault},
        session::SessionState,
    },
    permissions::Preside,
    store::{
        agenda::{self, ItemState, PlacedItem},
        sessions,
        votes::{self, Vote},
    },
};

/// Why it was not put.
#[derive(Debug, thiserror::Error)]
pub enum OpenVoteError {
    /// The motion is empty or too long.
    #[error("the motion cannot be taken")]
    Motion(TextFault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a vote on the current item, when there is a quorum and no other vote is open.
///
/// # Errors
/// [`OpenVoteError`].
pub async fn open_vote(
    tx: &mut TenantTx,
    permit: Permit<Preside, PlacedItem>,
    meetings: &dyn MeetingsRead,
    motion: &str,
) -> Result<Step, OpenVoteError> {
    let motion =
        rules::required("input.motion", motion, rules::LONGEST_TEXT).map_err(OpenVoteError::Motion)?;
    let PlacedItem { item, sitting } = permit.resource();
    let session = sessions::lock(tx, item.session).await?;
    let is_current = agenda::of_session(tx, session.id)
        .await?
        .iter()
        .any(|other| other.id == item.id && other.state == ItemState::Current);
    if session.state != SessionState::Open || !is_current {
        return Ok(Step::WrongState);
    }
    if votes::of_session(tx, session.id).await?.iter().any(|vote| vote.closed_at.is_none()) {
        return Ok(Step::VoteOpen);
    }
    let quorum = quorum(tx, meetings, sitting).await?;
    if !quorum.reached() {
        return Ok(Step::NoQuorum);
    }
    let vote = Vote {
        id: VoteId::new(),
        session: session.id,
        item: item.id,
        motion,
        opened_at: tx.now(),
        closed_at: None,
        present_at_opening: i32::try_from(quorum.present).unwrap_or(i32::MAX),
        required_present: i32::try_from(quorum.required).unwrap_or(i32::MAX),
    };
    votes::insert(tx, &vote).await?;
    let detail = json!({ "present": quorum.present, "required": quorum.required });
    plenum_audit::record(tx, "bodies.open_vote", vote.id, detail).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
