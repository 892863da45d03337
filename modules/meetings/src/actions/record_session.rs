//! A session is recorded, or not any more.

use chrono::Days;
use plenum_bodies_api::SessionId;
use plenum_db::{StoreError, TenantTx};
use serde_json::json;

use super::{OnSessionError, managed, told};
use crate::{Admissions, jobs::ComposeRecording, permissions::RECORD, store::recordings};

/// How long a recording is kept when nobody says otherwise, in days: until the body reports on its year.
pub(crate) const KEPT_DAYS: u64 = 365;

/// Begins a recording; that one is being made is no fault.
///
/// # Errors
/// [`OnSessionError`].
pub(crate) async fn start_recording(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<(), OnSessionError> {
    let outline = managed(tx, admissions, session, RECORD).await?;
    if !outline.room_is_open {
        return Err(OnSessionError::Over);
    }
    let kept_until = tx.now().date_naive() + Days::new(KEPT_DAYS);
    if recordings::begin(tx, session, kept_until).await?.is_some() {
        plenum_audit::record(tx, "meetings.start_recording", session, json!({})).await?;
        told(tx, session).await?;
    }
    Ok(())
}

/// Ends the recording, of which a film is made; that none is being made is no fault.
///
/// # Errors
/// [`OnSessionError`].
pub(crate) async fn stop_recording(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<(), OnSessionError> {
    managed(tx, admissions, session, RECORD).await?;
    Ok(end_recording(tx, session).await?)
}

/// Ends the recording, whoever wants that: the session may be over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn end_recording(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    if let Some(recording) = recordings::stop(tx, session).await? {
        plenum_jobs::enqueue(tx, &ComposeRecording { recording }).await?;
        plenum_audit::record(tx, "meetings.stop_recording", session, json!({})).await?;
        told(tx, session).await?;
    }
    Ok(())
}
