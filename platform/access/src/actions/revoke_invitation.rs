//! Takes an invitation back.

use plenum_authz::Catalogue;
use plenum_db::TenantTx;
use plenum_kernel::InvitationId;
use plenum_tenancy::{
    permissions::GIVE,
    store::invitations::{self, Invitation, State},
};
use serde_json::json;

use super::{Denied, begin, permissions_of, within};

/// Revokes it: its links stop working at once. What somebody could not invite to, they cannot take back either; one's
/// own always.
pub(crate) async fn revoke(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    id: InvitationId,
    reason: Option<String>,
) -> Result<Invitation, Denied> {
    let invitation = invitations::by_id(tx, id).await?.ok_or(Denied::NotFound)?;
    let place = invitation.place();
    let viewer = begin(tx, GIVE, &place).await?;
    // Read again behind the lock: somebody may have accepted it meanwhile.
    let invitation = invitations::by_id(tx, id).await?.ok_or(Denied::NotFound)?;
    if !invitation.can_be_sent() {
        return Err(Denied::Ended);
    }
    if invitation.invited_by.is_none() || invitation.invited_by != viewer.account() {
        let permissions = permissions_of(tx, &invitation.role).await?;
        within(tx, catalogue, &viewer, &permissions, &place, Some(tx.now()))?;
    }
    invitations::end(tx, id, State::Revoked, viewer.account()).await?;
    plenum_audit::record(tx, "access.revoke_invitation", id, json!({ "reason": reason })).await?;
    Ok(invitation)
}
