//! Invites a member to the portal.

use plenum_db::{Permit, TenantTx};
use plenum_identity::store::accounts;
use plenum_tenancy::store::{access, grants};
use serde_json::json;

use super::{add_member::SaveError, link_account::link, update_member::locked};
use crate::{
    domain::history::{Detail, Kind},
    jobs::SendInvitation,
    permissions::Invite,
    store::{
        history::{self, Fact},
        persons::{self, Placed},
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invited {
    /// The letter goes out.
    Done,
    /// The record has no address.
    NoEmail,
    /// Several records have this address: whose account it is would be a guess.
    EmailShared,
    /// The account of this address is another member's.
    AccountTaken,
}

/// Finds or makes the account of the record's address, lets it in as a member, and sends the letter. Again, it sends the
/// letter again.
pub(crate) async fn invite_member(
    tx: &mut TenantTx,
    permit: Permit<Invite, Placed>,
) -> Result<Invited, SaveError> {
    let person = locked(tx, permit.resource().person.id).await?;
    let account = match person.account {
        Some(account) => account,
        None => {
            let Some(email) = person.email.clone() else { return Ok(Invited::NoEmail) };
            if persons::by_email(tx, &email).await?.len() > 1 {
                return Ok(Invited::EmailShared);
            }
            let now = tx.now();
            let account = accounts::find_or_invite(tx.conn(), &email, &person.full_name(), now).await?;
            if persons::by_account(tx, account).await?.is_some() {
                return Ok(Invited::AccountTaken);
            }
            link(tx, person.id, account).await?;
            account
        }
    };
    access::admit(tx, account).await?;
    grants::give(tx, account, "member", grants::Scope { unit: person.unit, inner: None }).await?;
    history::write(tx, person.id, Fact::new(Kind::Invited, None, Detail::default())).await?;
    plenum_jobs::enqueue(tx, &SendInvitation { member: person.id }).await?;
    plenum_audit::record(tx, "members.invite_member", person.id, json!({})).await?;
    Ok(Invited::Done)
}
