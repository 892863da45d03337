//! The invitation of an organization's first administrator: by the platform, when the federation makes the organization.

use plenum_db::{StoreError, TenantTx};
use plenum_identity::store::accounts;
use plenum_kernel::{InvitationId, Language, UnitId};
use plenum_tenancy::{
    ready,
    store::{
        invitations::{self, Invitation, NewInvitation},
        own_roles,
    },
};

use crate::{
    actions::{Denied, resend_invitation},
    domain::invitations::expires_at,
    jobs::SendInvitation,
};

/// Invites them to the whole organization.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn invite(
    tx: &mut TenantTx,
    root: UnitId,
    email: &str,
    name: &str,
) -> Result<InvitationId, StoreError> {
    let new = NewInvitation {
        email: email.to_owned(),
        email_key: accounts::email_key(email),
        name: name.to_owned(),
        language: Language::Ru,
        role: ready::ADMINISTRATOR.to_owned(),
        unit: root,
        until: None,
        reason: None,
        by: None,
        expires_at: expires_at(tx.now(), None),
    };
    let id = invitations::insert(tx, &new).await?;
    plenum_jobs::enqueue(tx, &SendInvitation { invitation: id, letter: 1 }).await?;
    Ok(id)
}

/// Their invitation; none when somebody of the organization sent it again, and in organizations of before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn invitation(tx: &mut TenantTx) -> Result<Option<Invitation>, StoreError> {
    invitations::of_platform(tx).await
}

/// How sending it again ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resent {
    /// Another letter goes out.
    Done,
    /// There is none that waits.
    NotWaiting,
    /// As many letters went out as one invitation is worth.
    TooMany,
    /// Another may go out after so many seconds.
    Wait(u64),
}

/// Sends it again, with a new link.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resend(tx: &mut TenantTx) -> Result<Resent, StoreError> {
    own_roles::lock(tx).await?;
    let Some(invitation) = invitation(tx).await? else { return Ok(Resent::NotWaiting) };
    match resend_invitation::send_again(tx, &invitation, None).await {
        Ok(()) => Ok(Resent::Done),
        Err(Denied::TooMany) => Ok(Resent::TooMany),
        Err(Denied::Wait(seconds)) => Ok(Resent::Wait(seconds)),
        Err(Denied::Store(error)) => Err(error),
        Err(_) => Ok(Resent::NotWaiting),
    }
}
