//! The address of the account: changed, and confirmed by a link that came to it.

use async_graphql::{Context, Enum, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};
use plenum_mail::Mailbox;

use super::SecurityNode;
use crate::{
    Identity, letters,
    notices::{self, Notice},
    store::{accounts, email_changes, resets},
    token,
};

/// The longest address (RFC 5321 §4.5.3.1.3 leaves 254 characters between the angle brackets).
const LONGEST: usize = 254;

/// The outcome of asking for another address.
#[derive(SimpleObject)]
pub struct ChangeEmailPayload {
    security: SecurityNode,
}

/// How confirming an address ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmEmailStatus {
    /// The account has it, confirmed.
    Ok,
    /// The link is unknown, used, or older than a day.
    TokenInvalid,
    /// It is the address of another account.
    EmailTaken,
}

/// The outcome of confirming an address.
#[derive(SimpleObject)]
pub struct ConfirmEmailPayload {
    status: ConfirmEmailStatus,
    /// The address that the account has now.
    email: Option<String>,
}

/// Root fields.
#[derive(Default)]
pub struct EmailMutation;

#[Object]
impl EmailMutation {
    /// Sends a link to an address that shall be the account's; nothing changes until it is opened. With the address that
    /// the account has, it is confirmed by that. Whether another account has it is not told here. The viewer has to be
    /// confirmed.
    async fn change_email(&self, ctx: &Context<'_>, email: String) -> Answer<ChangeEmailPayload> {
        let id = ctx.account_confirmed().await?;
        let email = email.trim();
        if email.len() > LONGEST || Mailbox::new(None, email).is_err() {
            return Err(Refusal::invalid_field("email", "email_invalid"));
        }
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        let secret = token::generate();
        email_changes::insert(&mut tx, id, email, &token::hash(&secret)).await?;
        tx.commit().await?;
        let (identity, email) = (identity.clone(), email.to_owned());
        tokio::spawn(async move {
            if let Err(error) = letters::send_email_link(&identity, &account, &email, &secret).await {
                tracing::error!(account.id = %account.id, "could not send a link to an address: {error:?}");
            }
        });
        Ok(ChangeEmailPayload { security: SecurityNode { account: id } })
    }

    /// Takes back what `changeEmail` asked for. The viewer has to be confirmed.
    async fn cancel_email_change(&self, ctx: &Context<'_>) -> Answer<ChangeEmailPayload> {
        let id = ctx.account_confirmed().await?;
        let mut tx = ctx.db().global(Some(id)).await?;
        email_changes::forget(&mut tx, id).await?;
        tx.commit().await?;
        Ok(ChangeEmailPayload { security: SecurityNode { account: id } })
    }

    /// Confirms an address by the token of a link. Public. The address of before is told.
    async fn confirm_email(&self, ctx: &Context<'_>, token: String) -> Answer<ConfirmEmailPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        let said = |status| Ok(ConfirmEmailPayload { status, email: None });
        let mut tx = identity.db.global(None).await?;
        let Some(change) = email_changes::take(&mut tx, &token::hash(&token)).await? else {
            return said(ConfirmEmailStatus::TokenInvalid);
        };
        let before =
            accounts::by_id(tx.conn(), change.account).await?.ok_or_else(Refusal::unauthenticated)?;
        if !email_changes::set(&mut tx, change.account, &change.email).await? {
            return said(ConfirmEmailStatus::EmailTaken);
        }
        // A link to a new password that lies in the mailbox of before is good no more.
        resets::forget(tx.conn(), change.account).await?;
        tx.commit().await?;
        if accounts::email_key(&before.email) != accounts::email_key(&change.email) {
            notices::send(identity, &before, Notice::EmailChanged { to: change.email.clone() }).await;
        }
        Ok(ConfirmEmailPayload { status: ConfirmEmailStatus::Ok, email: Some(change.email) })
    }
}
