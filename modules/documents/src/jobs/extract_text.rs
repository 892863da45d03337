//! Reads the text of a version, for search.

use plenum_documents_api::VersionId;
use plenum_jobs::{Job, JobContext, JobError};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, content,
    store::{documents, versions},
};

/// Read the text of a version.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExtractText {
    /// The version.
    pub version: VersionId,
}

impl Job for ExtractText {
    const KIND: &'static str = "documents.extract_text";
}

/// Reads and keeps it; a repeated job keeps the same again.
pub(crate) async fn extract_text(
    context: &JobContext,
    desk: &Desk,
    job: ExtractText,
) -> Result<(), JobError> {
    let mut tx = context.write("documents.extract_text").await?;
    let Some(version) = versions::by_id(&mut tx, job.version).await? else { return Ok(()) };
    let (_, bytes) = desk.tools.files.fetch(&mut tx, version.file).await.map_err(JobError::retry)?;
    // Reading takes its time: no transaction is held open meanwhile.
    drop(tx);
    let text = content::text(bytes, version.content_type).await;
    if let Err(error) = &text {
        tracing::info!(version.id = %version.id, "no text for search: {error}");
    }
    let mut tx = context.write("documents.extract_text").await?;
    versions::keep_text(&mut tx, version.id, text.as_deref().ok()).await?;
    documents::index(&mut tx, version.document).await?;
    tx.commit().await?;
    Ok(())
}
