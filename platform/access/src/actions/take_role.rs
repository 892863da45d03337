//! Takes a role away that was given by hand.

use plenum_authz::Catalogue;
use plenum_db::TenantTx;
use plenum_kernel::{RoleGrantId, TypedId};
use plenum_tenancy::{
    permissions::GIVE,
    store::grants::{self, Held, Source},
};
use serde_json::json;

use super::{Denied, begin, keeps_an_administrator, permissions_of, within};

/// Takes it. What somebody could not give, they cannot take either; one's own may always be laid down.
pub(crate) async fn take_role(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    id: RoleGrantId,
    reason: Option<String>,
) -> Result<Held, Denied> {
    let held = grants::held(tx, None, Some(id)).await?.pop().ok_or(Denied::NotFound)?;
    let place = held.place();
    let viewer = begin(tx, GIVE, &place).await?;
    // Read again behind the lock: somebody may have taken it meanwhile.
    let held = grants::held(tx, None, Some(id)).await?.pop().ok_or(Denied::NotFound)?;
    if held.source != Source::Hand {
        return Err(Denied::FollowsFromElsewhere);
    }
    if viewer.account() != Some(held.account) {
        let permissions = permissions_of(tx, &held.role).await?;
        within(tx, catalogue, &viewer, &permissions, &place, Some(tx.now()))?;
    }
    let administrators = grants::lasting_administrators(tx).await?;
    grants::remove(tx, &held).await?;
    keeps_an_administrator(tx, &administrators, held.account).await?;
    let detail = json!({
        "account": held.account.global(),
        "role": held.role,
        "unit": held.unit.global(),
        "reason": reason,
    });
    plenum_audit::record(tx, "access.take_role", id, detail).await?;
    Ok(held)
}
