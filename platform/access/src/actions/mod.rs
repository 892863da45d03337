//! One file per verb, and what all of them begin with.

pub(crate) mod accept_invitation;
pub(crate) mod define_role;
pub(crate) mod give_role;
pub(crate) mod invite;
pub(crate) mod resend_invitation;
pub(crate) mod revoke_invitation;
pub(crate) mod suspend_access;
pub(crate) mod take_role;

use std::collections::BTreeSet;

use plenum_authz::{Catalogue, Permission, Place, Viewer};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, InvitationId};
use plenum_tenancy::store::{access, grants, own_roles, units};

/// Why an act on roles or access is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Denied {
    /// The actor does not hold these permissions there, or not for so long.
    #[error("the actor does not hold {0:?} there")]
    ExceedsYours(BTreeSet<String>),
    /// Nobody does this to themselves.
    #[error("it is the actor's own account")]
    OwnAccount,
    /// The tenant would have no administrator.
    #[error("it is the last administrator")]
    LastAdministrator,
    /// It follows from a seat or a record, and ends there.
    #[error("it follows from an office or from membership")]
    FollowsFromElsewhere,
    /// Another own role has this name.
    #[error("the name is taken")]
    NameTaken,
    /// Somebody holds the role, or will.
    #[error("the role is held")]
    Held,
    /// The tenant has as many own roles as it may.
    #[error("there are too many roles")]
    TooMany,
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// The address waits for this role there already.
    #[error("the address is invited already")]
    Invited(InvitationId),
    /// The invitation was accepted or revoked, or another took its place.
    #[error("the invitation has ended")]
    Ended,
    /// The term of the role is over.
    #[error("the term of the role is over")]
    TermOver,
    /// Another letter may go out after so many seconds.
    #[error("another letter may go out in {0} s")]
    Wait(u64),
    /// The actor may not do it there any more.
    #[error("the actor may not")]
    Forbidden,
    /// There is no such role, grant or person.
    #[error("there is no such thing")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Waits for other acts on roles of the tenant, and takes the actor's rights as they are then: one who lost them while
/// waiting, or between the door and here, acts no more.
pub(crate) async fn begin(
    tx: &mut TenantTx,
    permission: Permission,
    place: &Place,
) -> Result<Viewer, Denied> {
    own_roles::lock(tx).await?;
    let viewer = tx.viewer().clone();
    let Some(account) = viewer.account() else { return Ok(viewer) };
    if !access::admits(tx, account).await? {
        return Err(Denied::Forbidden);
    }
    let viewer = Viewer { grants: grants::of_account(tx, account).await?, ..viewer };
    if !tx.policy().allows(&viewer, permission, place) {
        return Err(Denied::Forbidden);
    }
    Ok(viewer)
}

/// The place of the whole tenant.
pub(crate) async fn whole(tx: &mut TenantTx) -> Result<Place, StoreError> {
    Ok(Place::of_units(&units::root(tx).await?.path))
}

/// The permissions of a role by its name in grants.
pub(crate) async fn permissions_of(tx: &mut TenantTx, role: &str) -> Result<BTreeSet<String>, StoreError> {
    if own_roles::is_own(role) {
        return Ok(own_roles::loaded(tx).await?.permissions(role));
    }
    Ok(tx.policy().permissions_of_role(role))
}

/// Refuses what exceeds the rights of the actor.
pub(crate) fn within(
    tx: &TenantTx,
    catalogue: &Catalogue,
    viewer: &Viewer,
    permissions: &BTreeSet<String>,
    place: &Place,
    until: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), Denied> {
    let lacking = crate::domain::ceiling::lacking(tx.policy(), catalogue, viewer, permissions, place, until);
    if lacking.is_empty() { Ok(()) } else { Err(Denied::ExceedsYours(lacking)) }
}

/// Refuses when, after what has been done, the tenant has no lasting administrator though it had one who was concerned.
pub(crate) async fn keeps_an_administrator(
    tx: &mut TenantTx,
    before: &[AccountId],
    concerned: AccountId,
) -> Result<(), Denied> {
    if before.contains(&concerned) && grants::lasting_administrators(tx).await?.is_empty() {
        return Err(Denied::LastAdministrator);
    }
    Ok(())
}
