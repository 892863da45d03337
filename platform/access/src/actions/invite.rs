//! Invites an address into a role in a unit.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_authz::Catalogue;
use plenum_db::{Permit, TenantTx};
use plenum_identity::store::accounts;
use plenum_kernel::{InvitationId, Language, TypedId};
use plenum_tenancy::{
    permissions::{GIVE, Give},
    store::{
        grants,
        invitations::{self, NewInvitation, State, Which},
        units::Unit,
    },
};
use serde_json::json;

use super::{Denied, begin, permissions_of, within};
use crate::{domain::invitations as rules, jobs::SendInvitation};

/// Who is to be invited, to what.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) role: String,
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) reason: Option<String>,
}

/// Invites: nothing is given before somebody accepts. Whether the address is an account's is not told, unless it holds
/// this very role here already, which the inviter sees anyhow.
pub(crate) async fn invite(
    tx: &mut TenantTx,
    permit: Permit<Give, Unit>,
    catalogue: &Catalogue,
    asked: Asked,
) -> Result<InvitationId, Denied> {
    let place = plenum_db::Resource::place(permit.resource());
    let unit = permit.resource().id;
    let viewer = begin(tx, GIVE, &place).await?;
    let permissions = permissions_of(tx, &asked.role).await?;
    if permissions.is_empty() {
        return Err(Denied::NotFound);
    }
    within(tx, catalogue, &viewer, &permissions, &place, asked.until)?;
    let now = tx.now();
    let email_key = accounts::email_key(&asked.email);
    if let Some(account) = accounts::by_email(tx.conn(), &asked.email).await? {
        if viewer.account() == Some(account.id) {
            return Err(Denied::OwnAccount);
        }
        let held = grants::held(tx, Some(&[account.id]), None).await?;
        if held.iter().any(|one| {
            one.role == asked.role && one.unit == unit && one.inner.is_none() && lasts(one.until, asked.until)
        }) {
            return Err(Denied::Already);
        }
    }
    let which = Which { open_for: Some((&email_key, &asked.role, unit)), ..Which::default() };
    if let Some(before) = invitations::list(tx, &which, None, 1).await?.pop() {
        if before.state == State::Waiting {
            return Err(Denied::Invited(before.id));
        }
        // It expired; the new one takes its place.
        invitations::end(tx, before.id, State::Expired, None).await?;
    }
    if invitations::sent_since(tx, now - TimeDelta::days(1)).await? >= rules::MOST_A_DAY {
        return Err(Denied::TooMany);
    }
    let new = NewInvitation {
        email: asked.email,
        email_key,
        name: asked.name,
        language: asked.language,
        role: asked.role,
        unit,
        until: asked.until,
        reason: asked.reason,
        by: viewer.account(),
        expires_at: rules::expires_at(now, asked.until),
    };
    let id = invitations::insert(tx, &new).await?;
    plenum_jobs::enqueue(tx, &SendInvitation { invitation: id, letter: 1 }).await?;
    let detail = json!({
        "role": new.role,
        "unit": unit.global(),
        "until": new.until,
        "reason": new.reason,
    });
    plenum_audit::record(tx, "access.invite", id, detail).await?;
    Ok(id)
}

/// Whether what is held lasts at least as long as what is asked for.
pub(super) fn lasts(held: Option<DateTime<Utc>>, asked: Option<DateTime<Utc>>) -> bool {
    match (held, asked) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(held), Some(asked)) => held >= asked,
    }
}
