//! Calls a session off before it opens.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::{
        agenda::{self, TextFault},
        session::SessionState,
    },
    jobs::SendCancellation,
    permissions::Schedule,
    store::{
        roll,
        sessions::{self, Sitting},
    },
};

/// Why it was not called off.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// The reason is empty or too long.
    #[error("the reason cannot be taken")]
    Reason(TextFault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Calls the session off, with a reason that its members see and get by mail.
///
/// # Errors
/// [`CancelError`].
pub async fn cancel_session(
    tx: &mut TenantTx,
    permit: Permit<Schedule, Sitting>,
    reason: &str,
) -> Result<Step, CancelError> {
    let reason = agenda::required("reason", reason, agenda::LONGEST_TEXT).map_err(CancelError::Reason)?;
    let session = sessions::lock(tx, permit.resource().session.id).await?;
    match session.state {
        SessionState::Cancelled => return Ok(Step::Done),
        SessionState::Open | SessionState::Closed => return Ok(Step::WrongState),
        SessionState::Scheduled => {}
    }
    sessions::cancel(tx, session.id, &reason).await?;
    for notice in roll::notices(tx, session.id).await? {
        // Who has not been told of the session need not be told that it is off.
        if notice.sent_at.is_some() {
            plenum_jobs::enqueue(tx, &SendCancellation { session: session.id, seat: notice.seat }).await?;
        }
    }
    plenum_audit::record(tx, "bodies.cancel_session", session.id, json!({})).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
