//! Signing in and out, and a new password by mail.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};
use plenum_kernel::Language;

use super::{AccountNode, LanguageName, ViewerNode};
use crate::{
    Identity, cookie, letters, password,
    store::{accounts, attempts, resets, web_sessions},
    token,
};

/// Address and password.
#[derive(InputObject)]
pub struct SignInInput {
    email: String,
    password: String,
}

/// How a sign-in ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SignInStatus {
    /// Signed in: the response carries the session cookie.
    Ok,
    /// No such account, no password set, or another password. Which of them is not told.
    WrongCredentials,
}

/// The outcome of a sign-in.
#[derive(SimpleObject)]
pub struct SignInPayload {
    status: SignInStatus,
    viewer: Option<ViewerNode>,
}

/// The outcome of a sign-out.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Always true: signing out twice is no fault.
    done: bool,
}

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
}

/// The outcome of setting a new password.
#[derive(SimpleObject)]
pub struct ResetPasswordPayload {
    status: ResetPasswordStatus,
}

/// Root fields.
#[derive(Default)]
pub struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Signs in. Public. After five failures each further one from the same address makes it wait longer.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Answer<SignInPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        let key = accounts::email_key(&input.email);
        let address = ctx.scope().address.as_str();
        let mut tx = identity.db.global(None).await?;
        let wait = attempts::wait(&mut tx, &key, address).await?;
        if wait > chrono::TimeDelta::zero() {
            return Err(Refusal::rate_limited(u64::try_from(wait.num_seconds() + 1).unwrap_or(1)));
        }
        let account = accounts::by_email(tx.conn(), &input.email).await?;
        drop(tx);
        if input.password.chars().count() > password::LONGEST {
            return Err(Refusal::invalid_field("input.password", "too_long"));
        }
        let stored = account.as_ref().and_then(|account| account.password_hash.clone());
        let matches = password::verify(input.password, stored).await;
        let mut tx = identity.db.global(None).await?;
        let Some(account) = account.filter(|_| matches) else {
            attempts::failed(&mut tx, &key, address).await?;
            tx.commit().await?;
            return Ok(SignInPayload { status: SignInStatus::WrongCredentials, viewer: None });
        };
        attempts::succeeded(&mut tx, &key, address).await?;
        let secret = token::generate();
        web_sessions::insert(&mut tx, account.id, &token::hash(&secret)).await?;
        tx.commit().await?;
        ctx.append_http_header("set-cookie", cookie::set(&secret, identity.secure_cookies));
        tracing::info!(account.id = %account.id, "signed in {}", account.id);
        Ok(SignInPayload { status: SignInStatus::Ok, viewer: Some(ViewerNode { account: account.id }) })
    }

    /// Ends this browser's sign-in. Public.
    async fn sign_out(&self, ctx: &Context<'_>) -> Answer<SignOutPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        if let Some(hash) = &ctx.scope().credential().token_hash {
            let mut tx = identity.db.global(None).await?;
            web_sessions::delete(&mut tx, hash).await?;
            tx.commit().await?;
        }
        ctx.append_http_header("set-cookie", cookie::clear(identity.secure_cookies));
        Ok(SignOutPayload { done: true })
    }

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
        let length = input.password.chars().count();
        if length < password::SHORTEST {
            return Ok(ResetPasswordPayload { status: ResetPasswordStatus::PasswordTooShort });
        }
        if length > password::LONGEST {
            return Err(Refusal::invalid_field("input.password", "too_long"));
        }
        let hash = password::hash(input.password).await.map_err(|error| Refusal::internal(&error))?;
        let mut tx = identity.db.global(None).await?;
        let Some(account) = resets::take(&mut tx, &token::hash(&input.token)).await? else {
            return Ok(ResetPasswordPayload { status: ResetPasswordStatus::TokenInvalid });
        };
        accounts::set_password(tx.conn(), account, &hash).await?;
        web_sessions::delete_all(&mut tx, account).await?;
        tx.commit().await?;
        Ok(ResetPasswordPayload { status: ResetPasswordStatus::Ok })
    }

    /// Sets the language of letters to the signed-in account.
    async fn set_language(&self, ctx: &Context<'_>, language: LanguageName) -> Answer<AccountNode> {
        let id = ctx.account().await?;
        let mut tx = ctx.db().global(Some(id)).await?;
        accounts::set_language(tx.conn(), id, Language::from(language)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        tx.commit().await?;
        Ok(account.into())
    }
}
