//! Writing an export, and removing it when its days are over.

use plenum_jobs::{Job, JobContext, JobError};
use serde::{Deserialize, Serialize};

use crate::{
    TenantExportId, Tools,
    actions::{remove_export::remove_export, run_export::run_export},
};

/// Write it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunExport {
    /// Which.
    pub(crate) export: TenantExportId,
}

impl Job for RunExport {
    const KIND: &'static str = "exports.run";
}

pub(crate) async fn run(context: &JobContext, tools: &Tools, job: RunExport) -> Result<(), JobError> {
    run_export(&context.db, tools, context.tenant, job.export).await.map_err(JobError::retry)
}

/// Remove its file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RemoveExport {
    /// Which.
    pub(crate) export: TenantExportId,
}

impl Job for RemoveExport {
    const KIND: &'static str = "exports.remove";
}

pub(crate) async fn remove(context: &JobContext, tools: &Tools, job: RemoveExport) -> Result<(), JobError> {
    remove_export(&context.db, &tools.files, context.tenant, job.export).await.map_err(JobError::retry)
}
