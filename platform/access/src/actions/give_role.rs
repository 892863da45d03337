//! Gives somebody a role in a unit, for a term.

use plenum_authz::Catalogue;
use plenum_db::{Permit, TenantTx};
use plenum_kernel::{RoleGrantId, TypedId};
use plenum_tenancy::{
    permissions::{GIVE, Give},
    ready,
    store::{
        access,
        grants::{self, ByHand},
        units::Unit,
    },
};
use serde_json::json;

use super::{Denied, begin, keeps_an_administrator, permissions_of, within};

/// Gives the role; again, the term, the giver and the reason become those of now.
pub(crate) async fn give_role(
    tx: &mut TenantTx,
    permit: Permit<Give, Unit>,
    catalogue: &Catalogue,
    grant: ByHand,
) -> Result<RoleGrantId, Denied> {
    let place = plenum_db::Resource::place(permit.resource());
    let viewer = begin(tx, GIVE, &place).await?;
    // Also when it seems harmless: a copy by hand of what an office brings would outlive the office.
    if viewer.account() == Some(grant.account) {
        return Err(Denied::OwnAccount);
    }
    if access::of_account(tx, grant.account).await?.is_none() {
        return Err(Denied::NotFound);
    }
    let permissions = permissions_of(tx, &grant.role).await?;
    if permissions.is_empty() {
        return Err(Denied::NotFound);
    }
    within(tx, catalogue, &viewer, &permissions, &place, grant.until)?;
    let held = grants::held(tx, Some(&[grant.account]), None).await?;
    let before =
        held.iter().find(|one| one.role == grant.role && one.unit == grant.unit && one.inner.is_none());
    if before.is_some_and(|one| one.source != grants::Source::Hand) {
        return Err(Denied::FollowsFromElsewhere);
    }
    let administrators = grants::lasting_administrators(tx).await?;
    let id = grants::give_by_hand(tx, &grant).await?;
    if grant.role == ready::ADMINISTRATOR {
        // A term for the last one would be their end.
        keeps_an_administrator(tx, &administrators, grant.account).await?;
    }
    let detail = json!({
        "account": grant.account.global(),
        "role": grant.role,
        "unit": grant.unit.global(),
        "from": grant.from,
        "until": grant.until,
        "reason": grant.reason,
    });
    plenum_audit::record(tx, "access.give_role", id, detail).await?;
    Ok(id)
}
