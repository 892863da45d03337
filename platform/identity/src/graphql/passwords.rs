//! A new password: by its owner, who knows the old one, or by a link that came by mail.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};

use super::{SecurityNode, own_session, refuse};
use crate::{
    ConfirmError, Identity, Proof, factors, letters,
    notices::{self, Notice},
    password::{self, Flaw},
    store::{accounts, pending_sign_ins, resets, web_sessions},
    token, welcome,
};

/// The outcome of asking for a link.
#[derive(SimpleObject)]
pub struct RequestPasswordResetPayload {
    /// Always true, whether or not there is such an account.
    sent: bool,
}

/// The token of the link and the new password.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    token: String,
    password: String,
}

/// How setting a new password ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ResetPasswordStatus {
    /// Set; all sign-ins of the account have ended.
    Ok,
    /// The link is unknown, used, or older than two hours.
    TokenInvalid,
    /// Shorter than ten characters.
    PasswordTooShort,
    /// In lists of leaked passwords, with which guessing begins.
    PasswordBreached,
}

/// The outcome of setting a new password.
#[derive(SimpleObject)]
pub struct ResetPasswordPayload {
    status: ResetPasswordStatus,
}

/// The password that the account has, and the one that it shall have.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    old_password: String,
    new_password: String,
}

/// How changing the password ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ChangePasswordStatus {
    /// Changed; all other sign-ins of the account have ended.
    Ok,
    /// The old password is another one.
    WrongPassword,
    /// Shorter than ten characters.
    PasswordTooShort,
    /// In lists of leaked passwords, with which guessing begins.
    PasswordBreached,
}

/// The outcome of changing the password.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    status: ChangePasswordStatus,
    security: SecurityNode,
}

/// Root fields.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Sends a link for setting a new password, when there is such an account. Public.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        email: String,
    ) -> Answer<RequestPasswordResetPayload> {
        let identity = ctx.data_unchecked::<Identity>().clone();
        // In a task of its own: the time of the answer must not tell whether the account exists.
        tokio::spawn(async move {
            if let Err(error) = letters::send_reset(&identity, &email).await {
                tracing::error!("could not send a password reset: {error:?}");
            }
        });
        Ok(RequestPasswordResetPayload { sent: true })
    }

    /// Sets a new password by the token of a link. Public.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        input: ResetPasswordInput,
    ) -> Answer<ResetPasswordPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        let said = |status| Ok(ResetPasswordPayload { status });
        match password::flaw(&input.password) {
            Some(Flaw::TooShort) => return said(ResetPasswordStatus::PasswordTooShort),
            Some(Flaw::Breached) => return said(ResetPasswordStatus::PasswordBreached),
            Some(Flaw::TooLong) => return Err(Refusal::invalid_field("input.password", "too_long")),
            None => {}
        }
        let hash = password::hash(input.password).await.map_err(|error| Refusal::internal(&error))?;
        let mut tx = identity.db.global(None).await?;
        let Some(account) = resets::take(&mut tx, &token::hash(&input.token)).await? else {
            return said(ResetPasswordStatus::TokenInvalid);
        };
        accounts::set_password(tx.conn(), account, &hash).await?;
        let now = tx.now();
        welcome::set_by_mail(tx.conn(), account, now).await?;
        let account = accounts::by_id(tx.conn(), account).await?;
        tx.commit().await?;
        if let Some(account) = account {
            notices::send(identity, &account, Notice::PasswordChanged).await;
        }
        said(ResetPasswordStatus::Ok)
    }

    /// Changes the viewer's password and ends all of their other sign-ins. Who has a second factor has to be confirmed.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Answer<ChangePasswordPayload> {
        let id = ctx.account().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let has_factor = factors::of_account(&mut tx, id).await?.asked_for();
        drop(tx);
        if has_factor {
            // Who has read the password over a shoulder does not take the account over with it.
            ctx.account_confirmed().await?;
        }
        let said = |status| Ok(ChangePasswordPayload { status, security: SecurityNode { account: id } });
        let proof = Proof::Password(input.old_password);
        let confirmation = match identity.confirm(id, proof, &ctx.scope().address).await {
            Ok(confirmation) => confirmation,
            Err(ConfirmError::Wrong) => return said(ChangePasswordStatus::WrongPassword),
            Err(error) => return Err(refuse(error)),
        };
        match password::flaw(&input.new_password) {
            Some(Flaw::TooShort) => return said(ChangePasswordStatus::PasswordTooShort),
            Some(Flaw::Breached) => return said(ChangePasswordStatus::PasswordBreached),
            Some(Flaw::TooLong) => return Err(Refusal::invalid_field("input.newPassword", "too_long")),
            None => {}
        }
        let hash = password::hash(input.new_password).await.map_err(|error| Refusal::internal(&error))?;
        let session = own_session(ctx).await?;
        let mut tx = identity.db.global(Some(id)).await?;
        accounts::set_password(tx.conn(), id, &hash).await?;
        web_sessions::end_all(tx.conn(), id, Some(session)).await?;
        resets::forget(tx.conn(), id).await?;
        pending_sign_ins::forget(tx.conn(), id).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        tx.commit().await?;
        ctx.append_http_header("set-cookie", identity.raise(session, &confirmation).await?);
        notices::send(identity, &account, Notice::PasswordChanged).await;
        said(ChangePasswordStatus::Ok)
    }
}
