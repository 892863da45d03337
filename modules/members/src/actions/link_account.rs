//! Notes with which account a member signs in.

use plenum_db::{StoreError, TenantTx};
use plenum_events::Publish;
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::{AccountLinked, MemberId};

use crate::{
    domain::history::{Detail, Kind},
    store::{
        history::{self, Fact},
        persons,
    },
};

/// Links the account to the record and tells of it; false when one of them has another already.
pub(crate) async fn link(
    tx: &mut TenantTx,
    member: MemberId,
    account: AccountId,
) -> Result<bool, StoreError> {
    if !persons::link(tx, member, account).await? {
        return Ok(false);
    }
    let fact = Fact::new(Kind::AccountLinked, Some(account.global()), Detail::default());
    history::write(tx, member, fact).await?;
    tx.publish(&AccountLinked { member, account }).await?;
    Ok(true)
}

/// The member who signs in with an account. One who is not known yet is found by the account's address, when exactly
/// one record has it, and linked.
pub(crate) async fn find_or_link(
    tx: &mut TenantTx,
    account: AccountId,
) -> Result<Option<MemberId>, StoreError> {
    if let Some(placed) = persons::by_account(tx, account).await? {
        return Ok(Some(placed.person.id));
    }
    let Some(known) = accounts::by_id(tx.conn(), account).await? else { return Ok(None) };
    let [member] = persons::by_email(tx, &known.email).await?[..] else { return Ok(None) };
    Ok(link(tx, member, account).await?.then_some(member))
}
