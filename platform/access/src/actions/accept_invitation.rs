//! Accepts an invitation: the role is given now, by rights that are looked at now.

use plenum_authz::{Catalogue, Viewer};
use plenum_db::{StoreError, TenantTx};
use plenum_identity::{
    store::accounts,
    welcome::{self, Newcomer, Welcomed},
};
use plenum_kernel::{AccountId, TypedId};
use plenum_tenancy::{
    permissions::GIVE,
    store::{
        access,
        grants::{self, ByHand},
        invitations::{self, Invitation, Refusal, State},
        own_roles,
    },
};
use serde_json::json;

use super::{invite::lasts, permissions_of, within};
use crate::domain::invitations::{Standing, standing};

/// Who accepts. Only the door makes one, and for the invitation's address only.
#[derive(Debug, Clone)]
pub(crate) enum Accepter {
    /// Somebody who is signed in by the account of the address.
    Account(AccountId),
    /// Somebody whose address has no account, or one that nothing signs in to yet.
    Newcomer(Newcomer),
}

/// Who accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The account.
    pub(crate) account: AccountId,
    /// Whether a newcomer's account was there, without a password.
    pub(crate) was_opened: bool,
}

/// Why it is not accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAccepted {
    /// No letter had this link.
    #[error("there is no such link")]
    Unknown,
    /// The link is worth nothing any more.
    #[error("the link is {0:?}")]
    Link(Standing),
    /// The role cannot be given; the invitation shows why. What was noted is to be kept.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The account of the address has a password by now: its holder signs in.
    #[error("the account has a password")]
    HasPassword,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accepts it. Acts on roles of the tenant wait for one another, this one too: of two who accept at once, the second
/// finds it accepted.
pub(crate) async fn accept(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    token_hash: &[u8; 32],
    accepter: Accepter,
) -> Result<Accepted, NotAccepted> {
    own_roles::lock(tx).await?;
    let (invitation, letter) = invitations::by_link(tx, token_hash).await?.ok_or(NotAccepted::Unknown)?;
    let standing = standing(invitation.state, letter, invitation.letters);
    if standing != Standing::Waiting {
        return Err(NotAccepted::Link(standing));
    }
    let known = match &accepter {
        Accepter::Account(account) => Some(*account),
        Accepter::Newcomer(newcomer) => {
            accounts::by_email(tx.conn(), &newcomer.email).await?.map(|account| account.id)
        }
    };
    if let Some(refusal) = judge(tx, catalogue, &invitation, known).await? {
        note(tx, &invitation, refusal).await?;
        return Err(NotAccepted::Refused(refusal));
    }
    let accepted = match accepter {
        Accepter::Account(account) => Accepted { account, was_opened: false },
        Accepter::Newcomer(newcomer) => {
            let now = tx.now();
            match welcome::welcome(tx.conn(), &newcomer, now).await? {
                Welcomed::Made(account) => Accepted { account, was_opened: false },
                Welcomed::Opened(account) => Accepted { account, was_opened: true },
                Welcomed::HasPassword => return Err(NotAccepted::HasPassword),
            }
        }
    };
    let account = accepted.account;
    access::admit(tx, account).await?;
    give(tx, &invitation, account).await?;
    invitations::end(tx, invitation.id, State::Accepted, Some(account)).await?;
    let detail = json!({
        "account": account.global(),
        "role": invitation.role,
        "unit": invitation.unit.global(),
        "until": invitation.until,
        "by": invitation.invited_by.map(TypedId::global),
        "reason": invitation.reason,
    });
    plenum_audit::record(tx, "access.accept_invitation", invitation.id, detail).await?;
    Ok(accepted)
}

/// Gives the role; one that is held there already, for as long, stays as it is, whatever it comes from.
async fn give(tx: &mut TenantTx, invitation: &Invitation, account: AccountId) -> Result<(), StoreError> {
    let held = grants::held(tx, Some(&[account]), None).await?;
    let before = held
        .iter()
        .find(|one| one.role == invitation.role && one.unit == invitation.unit && one.inner.is_none());
    if before.is_some_and(|one| {
        one.source != grants::Source::Hand || (one.holds(tx.now()) && lasts(one.until, invitation.until))
    }) {
        return Ok(());
    }
    let grant = ByHand {
        account,
        role: invitation.role.clone(),
        unit: invitation.unit,
        from: None,
        until: invitation.until,
        reason: invitation.reason.clone(),
        by: invitation.invited_by,
    };
    grants::give_by_hand(tx, &grant).await?;
    Ok(())
}

/// What forbids to give the role now; the inviter may have lost since what they had when they invited.
pub(crate) async fn judge(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    invitation: &Invitation,
    account: Option<AccountId>,
) -> Result<Option<Refusal>, StoreError> {
    let permissions = permissions_of(tx, &invitation.role).await?;
    if permissions.is_empty() {
        return Ok(Some(Refusal::RoleGone));
    }
    if let Some(inviter) = invitation.invited_by {
        if !access::admits(tx, inviter).await? {
            return Ok(Some(Refusal::InviterGone));
        }
        let place = invitation.place();
        let viewer = Viewer::person(inviter, tx.tenant(), grants::of_account(tx, inviter).await?);
        if !tx.policy().allows(&viewer, GIVE, &place)
            || within(tx, catalogue, &viewer, &permissions, &place, invitation.until).is_err()
        {
            return Ok(Some(Refusal::InviterLacks));
        }
        if account == Some(inviter) {
            return Ok(Some(Refusal::OwnAccount));
        }
    }
    match account {
        Some(account) => {
            let known = access::of_account(tx, account).await?;
            Ok(known.and_then(|access| access.suspended_at).map(|_| Refusal::Suspended))
        }
        None => Ok(None),
    }
}

/// Notes why; the same again is not noted again, for whoever has the link may press the button for ever.
async fn note(tx: &mut TenantTx, invitation: &Invitation, refusal: Refusal) -> Result<(), StoreError> {
    if invitation.refusal.is_some_and(|(before, _)| before == refusal) {
        return Ok(());
    }
    invitations::refuse(tx, invitation.id, refusal).await?;
    let why = format!("{refusal:?}");
    plenum_audit::record(tx, "access.refuse_invitation", invitation.id, json!({ "why": why })).await
}
