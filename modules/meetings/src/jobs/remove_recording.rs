//! A recording is not kept any more.

use chrono::NaiveTime;
use plenum_files::store as files;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::TypedId;
use plenum_meetings_api::RecordingId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Tools,
    actions::told,
    store::recordings::{self, Outcome},
};

/// Remove what is kept of it, when its time is over or somebody wanted that.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RemoveRecording {
    pub(crate) recording: RecordingId,
}

impl Job for RemoveRecording {
    const KIND: &'static str = "meetings.remove_recording";
}

pub(crate) async fn remove_recording(
    context: &JobContext,
    tools: &Tools,
    job: RemoveRecording,
) -> Result<(), JobError> {
    let mut tx = context.write("meetings.remove_recording").await?;
    let Some(recording) = recordings::lock(&mut tx, job.recording).await? else { return Ok(()) };
    if recording.removed_at.is_none() {
        let over = recording.kept_until.succ_opt().map(|next| next.and_time(NaiveTime::MIN).and_utc());
        // It is kept until another day than when this was asked for.
        if over.is_none_or(|over| tx.now() < over) {
            return Ok(());
        }
        recordings::remove(&mut tx, recording.id).await?;
        let why = json!({ "kept_until": recording.kept_until });
        plenum_audit::record(&mut tx, "meetings.remove_recording", recording.id, why).await?;
        told(&mut tx, recording.session).await?;
    }
    let film = match recording.outcome {
        Some(Outcome::Ready(reel)) => Some(reel.file),
        Some(Outcome::Empty | Outcome::Failed) | None => None,
    };
    // The bytes first: as long as the row of the file is there, it is known that they may be.
    let place = recording.id.uuid();
    tools.files.discard_pieces(context.tenant, place).await.map_err(JobError::retry)?;
    if let Some(film) = film {
        tools.files.discard(context.tenant, film).await.map_err(JobError::retry)?;
        files::remove(&mut tx, film).await?;
    }
    tx.commit().await?;
    Ok(())
}
