//! Work that follows a request.

use plenum_files::Files;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_members_api::ImportId;
use serde::{Deserialize, Serialize};

use crate::actions::commit_import;

/// Add a checked import to the register.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CommitImport {
    /// Which.
    pub(crate) import: ImportId,
}

impl Job for CommitImport {
    const KIND: &'static str = "members.commit_import";
}

pub(crate) async fn commit(context: &JobContext, files: &Files, job: CommitImport) -> Result<(), JobError> {
    let (db, tenant) = (&context.db, context.tenant);
    match commit_import::run_commit(db, files, tenant, job.import).await {
        Ok(()) => Ok(()),
        Err(error) if error.may_pass() => Err(JobError::retry(error)),
        Err(error) => {
            commit_import::give_up(db, tenant, job.import, &error).await.map_err(JobError::retry)?;
            Err(JobError::give_up(error))
        }
    }
}
