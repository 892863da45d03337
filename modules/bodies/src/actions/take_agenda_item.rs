//! The chair takes up an item of the agenda.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::session::SessionState,
    permissions::Preside,
    store::{
        agenda::{self, ItemState, PlacedItem},
        sessions, votes,
    },
};

/// Leaves the current item behind and takes this one up, also out of order or again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_agenda_item(
    tx: &mut TenantTx,
    permit: Permit<Preside, PlacedItem>,
) -> Result<Step, StoreError> {
    let item = &permit.resource().item;
    let session = sessions::lock(tx, item.session).await?;
    if session.state != SessionState::Open {
        return Ok(Step::WrongState);
    }
    if votes::of_session(tx, session.id).await?.iter().any(|vote| vote.closed_at.is_none()) {
        return Ok(Step::VoteOpen);
    }
    let now = agenda::of_session(tx, session.id).await?.into_iter().find(|other| other.id == item.id);
    if now.is_some_and(|item| item.state == ItemState::Current) {
        return Ok(Step::Done);
    }
    agenda::leave_current(tx, session.id).await?;
    agenda::take(tx, session.id, item.id).await?;
    plenum_audit::record(tx, "bodies.take_agenda_item", item.id, json!({ "position": item.position }))
        .await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
