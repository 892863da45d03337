//! A measure is taken off its item.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::session::SessionState,
    permissions::Record,
    store::{
        measures::{self, PlacedMeasure},
        sessions,
    },
};

/// Takes it off, until the session is closed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove_measure(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedMeasure>,
) -> Result<Step, StoreError> {
    let measure = permit.resource();
    let session = sessions::lock(tx, measure.item.item.session).await?;
    if !matches!(session.state, SessionState::Scheduled | SessionState::Open) {
        return Ok(Step::WrongState);
    }
    measures::delete(tx, measure.id).await?;
    plenum_audit::record(tx, "bodies.remove_measure", measure.id, json!({})).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
