//! The chair opens the session.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_meetings_api::MeetingsRead;
use serde_json::json;

use crate::{
    actions::{Step, quorum, tell},
    domain::session::SessionState,
    permissions::Preside,
    store::sessions::{self, Sitting},
};

/// Opens a scheduled session that has a quorum.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open_session(
    tx: &mut TenantTx,
    permit: Permit<Preside, Sitting>,
    meetings: &dyn MeetingsRead,
) -> Result<Step, StoreError> {
    let session = sessions::lock(tx, permit.resource().session.id).await?;
    match session.state {
        SessionState::Open => return Ok(Step::Done),
        SessionState::Closed | SessionState::Cancelled => return Ok(Step::WrongState),
        SessionState::Scheduled => {}
    }
    let quorum = quorum(tx, meetings, permit.resource()).await?;
    if !quorum.reached() {
        return Ok(Step::NoQuorum);
    }
    sessions::open(tx, session.id, quorum).await?;
    let detail = json!({ "elected": quorum.elected, "present": quorum.present, "required": quorum.required });
    plenum_audit::record(tx, "bodies.open_session", session.id, detail).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
