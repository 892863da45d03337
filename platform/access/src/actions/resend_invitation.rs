//! Sends the letter of an invitation again.

use plenum_authz::Catalogue;
use plenum_db::TenantTx;
use plenum_kernel::{AccountId, InvitationId};
use plenum_tenancy::{
    permissions::GIVE,
    store::invitations::{self, Invitation},
};
use serde_json::json;

use super::{Denied, begin, permissions_of, within};
use crate::{domain::invitations as rules, jobs::SendInvitation};

/// Sends it with a new link; links of before stop working. Whoever sends it is the inviter from now on, and holds what
/// they invite to.
pub(crate) async fn resend(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    id: InvitationId,
) -> Result<Invitation, Denied> {
    let invitation = invitations::by_id(tx, id).await?.ok_or(Denied::NotFound)?;
    let place = invitation.place();
    let viewer = begin(tx, GIVE, &place).await?;
    // Read again behind the lock: somebody may have accepted it meanwhile.
    let invitation = invitations::by_id(tx, id).await?.ok_or(Denied::NotFound)?;
    let permissions = permissions_of(tx, &invitation.role).await?;
    if permissions.is_empty() {
        return Err(Denied::NotFound);
    }
    within(tx, catalogue, &viewer, &permissions, &place, invitation.until)?;
    send_again(tx, &invitation, viewer.account()).await?;
    plenum_audit::record(tx, "access.resend_invitation", id, json!({})).await?;
    Ok(invitation)
}

/// The letter, and the limits of letters.
pub(crate) async fn send_again(
    tx: &mut TenantTx,
    invitation: &Invitation,
    by: Option<AccountId>,
) -> Result<(), Denied> {
    let now = tx.now();
    if !invitation.can_be_sent() {
        return Err(Denied::Ended);
    }
    if invitation.until.is_some_and(|until| until <= now) {
        return Err(Denied::TermOver);
    }
    if invitation.letters >= rules::MOST_LETTERS {
        return Err(Denied::TooMany);
    }
    if let Some(seconds) = rules::wait(invitation.sent_at, now) {
        return Err(Denied::Wait(seconds));
    }
    let expires_at = rules::expires_at(now, invitation.until);
    invitations::send_again(tx, invitation.id, by, expires_at).await?;
    let job = SendInvitation { invitation: invitation.id, letter: invitation.letters + 1 };
    plenum_jobs::enqueue(tx, &job).await?;
    Ok(())
}
