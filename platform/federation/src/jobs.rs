//! The letter to the first administrator of an organization.

use plenum_db::Access;
use plenum_identity::{Identity, invite_by_letter};
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::AccountId;
use plenum_tenancy::store::{settings, tenants};
use serde::{Deserialize, Serialize};

use crate::actions::inside;

/// Send it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InviteAdministrator {
    /// To whom.
    pub(crate) account: AccountId,
}

impl Job for InviteAdministrator {
    const KIND: &'static str = "federation.invite_administrator";
}

pub(crate) async fn invite(
    context: &JobContext,
    identity: &Identity,
    job: InviteAdministrator,
) -> Result<(), JobError> {
    let mut tx = context.db.global(None).await.map_err(JobError::retry)?;
    let tenant = tenants::by_id(tx.conn(), context.tenant).await.map_err(JobError::retry)?;
    drop(tx);
    let mut tx = inside(&context.db, context.tenant, Access::Read).await.map_err(JobError::retry)?;
    let from = settings::correspondence(&mut tx).await.map_err(JobError::retry)?;
    drop(tx);
    let Some(tenant) = tenant else {
        return Err(JobError::GiveUp("the organization is gone".to_owned()));
    };
    invite_by_letter(identity, job.account, &tenant.name, &tenant.slug, &from).await.map_err(JobError::retry)
}
