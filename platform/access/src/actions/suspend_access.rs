//! Suspends somebody's access to the tenant, and gives it back.

use plenum_authz::Catalogue;
use plenum_db::TenantTx;
use plenum_kernel::AccountId;
use plenum_tenancy::{
    permissions::GIVE,
    store::{
        access,
        grants::{self, Source},
    },
};
use serde_json::json;

use super::{Denied, begin, keeps_an_administrator, permissions_of, whole, within};

/// Suspends it: an act on the whole tenant, by somebody who could give all that was given to the person by hand.
pub(crate) async fn suspend(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    account: AccountId,
    reason: Option<String>,
) -> Result<(), Denied> {
    judge(tx, catalogue, account).await?;
    let access = access::of_account(tx, account).await?.ok_or(Denied::NotFound)?;
    if access.suspended_at.is_some() {
        return Err(Denied::Already);
    }
    let administrators = grants::lasting_administrators(tx).await?;
    access::suspend(tx, account, reason.as_deref()).await?;
    keeps_an_administrator(tx, &administrators, account).await?;
    plenum_audit::record(tx, "access.suspend_access", account, json!({ "reason": reason })).await?;
    Ok(())
}

/// Gives it back.
pub(crate) async fn resume(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    account: AccountId,
) -> Result<(), Denied> {
    judge(tx, catalogue, account).await?;
    let access = access::of_account(tx, account).await?.ok_or(Denied::NotFound)?;
    if access.suspended_at.is_none() {
        return Err(Denied::Already);
    }
    access::resume(tx, account).await?;
    plenum_audit::record(tx, "access.resume_access", account, json!({})).await?;
    Ok(())
}

async fn judge(tx: &mut TenantTx, catalogue: &Catalogue, account: AccountId) -> Result<(), Denied> {
    let place = whole(tx).await?;
    let viewer = begin(tx, GIVE, &place).await?;
    if viewer.account() == Some(account) {
        return Err(Denied::OwnAccount);
    }
    for held in grants::held(tx, Some(&[account]), None).await? {
        if held.source == Source::Hand {
            let permissions = permissions_of(tx, &held.role).await?;
            within(tx, catalogue, &viewer, &permissions, &held.place(), Some(tx.now()))?;
        }
    }
    Ok(())
}
