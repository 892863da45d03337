//! One file per verb, and what all of them begin with.

pub(crate) mod create_tenant;
pub(crate) mod delete_tenant;
pub(crate) mod resend_invitation;
pub(crate) mod steer_tenant;

use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_kernel::TenantId;

use crate::permissions::OVERSEE;

/// Why an act on an organization is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Denied {
    /// The name in addresses is taken.
    #[error("the slug is taken")]
    SlugTaken,
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// The first administrator has accepted, or was uninvited.
    #[error("the invitation does not wait")]
    NotWaiting,
    /// As many letters went out as one invitation is worth.
    #[error("there are too many letters")]
    TooMany,
    /// Another letter may go out after so many seconds.
    #[error("another letter may go out in {0} s")]
    Wait(u64),
    /// The organization above is to be deleted.
    #[error("the organization above is to be deleted")]
    ParentEnds,
    /// Organizations are below it.
    #[error("organizations are below it")]
    HasBelow,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A transaction of the platform itself in an organization of the federation.
pub(crate) async fn inside(db: &Db, tenant: TenantId, access: Access) -> Result<TenantTx, StoreError> {
    match db.tenant(&Viewer::system(tenant, "federation"), OVERSEE, access).await {
        Ok(tx) => Ok(tx),
        Err(OpenError::Store(error)) => Err(error),
        Err(OpenError::Forbidden { .. }) => unreachable!("the platform itself may"),
    }
}
