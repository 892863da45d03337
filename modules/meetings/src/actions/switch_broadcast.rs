//! A session is shown to everybody who has its link, or not any more.

use plenum_bodies_api::SessionId;
use plenum_db::TenantTx;
use serde_json::json;

use super::{OnSessionError, broadcast_by, told};
use crate::{
    Admissions,
    store::broadcasts::{self, Broadcast},
};

/// Switches the broadcast on or off; as it is already is no fault.
///
/// # Errors
/// [`OnSessionError`].
pub(crate) async fn switch_broadcast(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
    on: bool,
) -> Result<Broadcast, OnSessionError> {
    broadcast_by(tx, admissions, session).await?;
    let mut broadcast = broadcasts::made(tx, session).await?;
    if broadcast.started_at.is_some() == on {
        return Ok(broadcast);
    }
    broadcast.started_at = on.then(|| tx.now());
    broadcasts::set(tx, &broadcast).await?;
    if on {
        plenum_audit::record(tx, "meetings.start_broadcast", session, json!({})).await?;
    } else {
        plenum_audit::record(tx, "meetings.stop_broadcast", session, json!({})).await?;
    }
    told(tx, session).await?;
    Ok(broadcast)
}
