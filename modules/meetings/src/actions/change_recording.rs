//! What becomes of a recording: how long it is kept, that it is removed, that its film is made once more.

use chrono::{Months, NaiveDate, NaiveTime};
use plenum_db::{PermitError, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_meetings_api::RecordingId;
use serde_json::json;

use super::{OnSessionError, managed, told};
use crate::{
    Admissions,
    jobs::{ComposeRecording, RemoveRecording},
    permissions::RECORD,
    store::recordings::{self, Outcome, Recording},
};

/// The furthest day until which a recording can be kept, in months from now.
const LONGEST_MONTHS: u32 = 60;

/// Why a recording was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordingError {
    /// It is not the caller's to change, or there is none.
    #[error(transparent)]
    Session(#[from] OnSessionError),
    /// It is still being made.
    #[error("the recording goes on")]
    GoesOn,
    /// It was removed.
    #[error("the recording was removed")]
    Removed,
    /// The day is over.
    #[error("the day is over")]
    Past,
    /// The day is too far ahead.
    #[error("the day is too far ahead")]
    TooLate,
}

impl From<StoreError> for RecordingError {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

/// The recording, locked, when the caller may change it.
async fn changed_by(
    tx: &mut TenantTx,
    admissions: &Admissions,
    id: RecordingId,
) -> Result<Recording, RecordingError> {
    let found = recordings::lock(tx, id).await?;
    let recording = found.ok_or(OnSessionError::Permit(PermitError::NotFound { kind: RecordingId::TYPE }))?;
    match managed(tx, admissions, recording.session, RECORD).await {
        // Whoever may not see the session learns nothing of its recordings.
        Err(OnSessionError::Permit(PermitError::NotFound { .. })) => {
            Err(OnSessionError::Permit(PermitError::NotFound { kind: RecordingId::TYPE }).into())
        }
        Err(error) => Err(error.into()),
        Ok(_) if recording.stopped_at.is_none() => Err(RecordingError::GoesOn),
        Ok(_) if recording.removed_at.is_some() => Err(RecordingError::Removed),
        Ok(_) => Ok(recording),
    }
}

/// Keeps it until that day, the day included.
///
/// # Errors
/// [`RecordingError`].
pub(crate) async fn keep_recording(
    tx: &mut TenantTx,
    admissions: &Admissions,
    id: RecordingId,
    until: NaiveDate,
) -> Result<Recording, RecordingError> {
    let recording = changed_by(tx, admissions, id).await?;
    let today = tx.now().date_naive();
    if until < today {
        return Err(RecordingError::Past);
    }
    if until > today + Months::new(LONGEST_MONTHS) {
        return Err(RecordingError::TooLate);
    }
    if recording.kept_until != until {
        recordings::keep(tx, id, until).await?;
        remove_after(tx, id, until).await?;
        plenum_audit::record(tx, "meetings.keep_recording", id, json!({ "until": until })).await?;
        told(tx, recording.session).await?;
    }
    Ok(recording)
}

/// Asks for its removal after a day. The job looks whether that day still holds.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn remove_after(
    tx: &mut TenantTx,
    recording: RecordingId,
    until: NaiveDate,
) -> Result<(), StoreError> {
    let next = until.succ_opt().unwrap_or(until).and_time(NaiveTime::MIN).and_utc();
    plenum_jobs::enqueue_at(tx, &RemoveRecording { recording }, next).await?;
    Ok(())
}

/// Removes it: the film, and what it was made of.
///
/// # Errors
/// [`RecordingError`].
pub(crate) async fn remove_recording(
    tx: &mut TenantTx,
    admissions: &Admissions,
    id: RecordingId,
) -> Result<Recording, RecordingError> {
    let recording = changed_by(tx, admissions, id).await?;
    recordings::remove(tx, id).await?;
    plenum_jobs::enqueue(tx, &RemoveRecording { recording: id }).await?;
    plenum_audit::record(tx, "meetings.remove_recording", id, json!({})).await?;
    told(tx, recording.session).await?;
    Ok(recording)
}

/// Makes the film once more, when that failed; otherwise nothing happens.
///
/// # Errors
/// [`RecordingError`].
pub(crate) async fn compose_recording(
    tx: &mut TenantTx,
    admissions: &Admissions,
    id: RecordingId,
) -> Result<Recording, RecordingError> {
    let recording = changed_by(tx, admissions, id).await?;
    if recording.outcome == Some(Outcome::Failed) {
        recordings::settle(tx, id, None).await?;
        plenum_jobs::enqueue(tx, &ComposeRecording { recording: id }).await?;
        plenum_audit::record(tx, "meetings.compose_recording", id, json!({})).await?;
        told(tx, recording.session).await?;
    }
    Ok(recording)
}
