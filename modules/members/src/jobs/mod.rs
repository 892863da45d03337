//! Work that follows a request.

mod send_invitation;
mod tell_correction;

use plenum_files::Files;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_members_api::{CorrectionId, ImportId, MemberExportId, MemberId, MemberTransferId};
use serde::{Deserialize, Serialize};

use crate::actions::{commit_import, export_members};

pub(crate) use send_invitation::send_invitation;
pub(crate) use tell_correction::tell_correction;

macro_rules! jobs {
    ($($(#[$doc:meta])* $name:ident { $field:ident: $id:ty } = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize)]
        pub(crate) struct $name {
            /// Which.
            pub(crate) $field: $id,
        }

        impl Job for $name {
            const KIND: &'static str = $kind;
        }
    )+};
}

jobs! {
    /// Add a checked import to the register.
    CommitImport { import: ImportId } = "members.commit_import";
    /// Write a list into a file.
    ExportMembers { export: MemberExportId } = "members.export_members";
    /// Send a member the letter of invitation.
    SendInvitation { member: MemberId } = "members.send_invitation";
    /// Tell a member by mail what was decided on a correction.
    TellCorrection { correction: CorrectionId } = "members.tell_correction";
    /// Tell the other organization what was asked or decided here.
    TellTransfer { transfer: MemberTransferId } = "members.tell_transfer";
    /// Take a member over from the other organization.
    TakeOver { transfer: MemberTransferId } = "members.take_over";
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

pub(crate) async fn export(context: &JobContext, files: &Files, job: ExportMembers) -> Result<(), JobError> {
    use export_members::ExportError;
    let (db, tenant) = (&context.db, context.tenant);
    match export_members::run_export(db, files, tenant, job.export).await {
        Ok(()) => Ok(()),
        Err(error @ (ExportError::Workbook(_) | ExportError::Table(_) | ExportError::List(_))) => {
            export_members::give_up(db, tenant, job.export).await.map_err(JobError::retry)?;
            Err(JobError::give_up(error))
        }
        Err(error) => Err(JobError::retry(error)),
    }
}
