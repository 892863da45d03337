//! The chair closes the session; the minutes follow.

use plenum_bodies_api::{ResolutionAdopted, SessionClosed};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::session::SessionState,
    jobs::PrintMinutes,
    permissions::Preside,
    store::{
        agenda, measures,
        sessions::{self, Sitting},
        votes,
    },
};

/// Closes an open session and asks for its minutes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn close_session(tx: &mut TenantTx, permit: Permit<Preside, Sitting>) -> Result<Step, StoreError> {
    let session = sessions::lock(tx, permit.resource().session.id).await?;
    match session.state {
        SessionState::Closed => return Ok(Step::Done),
        SessionState::Scheduled | SessionState::Cancelled => return Ok(Step::WrongState),
        SessionState::Open => {}
    }
    if votes::of_session(tx, session.id).await?.iter().any(|vote| vote.closed_at.is_none()) {
        return Ok(Step::VoteOpen);
    }
    agenda::leave_current(tx, session.id).await?;
    sessions::close(tx, session.id).await?;
    plenum_jobs::enqueue(tx, &PrintMinutes { session: session.id }).await?;
    tx.publish(&SessionClosed { session: session.id }).await?;
    for item in agenda::of_session(tx, session.id).await? {
        if measures::resolution(tx, item.id).await?.is_some() {
            tx.publish(&ResolutionAdopted { session: session.id, item: item.id }).await?;
        }
    }
    plenum_audit::record(tx, "bodies.close_session", session.id, json!({})).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
