//! Signing in and out.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};

use super::{ViewerNode, refuse};
use crate::{
    Identity,
    admit::Visit,
    cookie, password,
    store::{accounts, web_sessions},
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

/// Root fields.
#[derive(Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in. Public. After five failures each further one makes the guesser wait longer.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Answer<SignInPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        if input.password.chars().count() > password::LONGEST {
            return Err(Refusal::invalid_field("input.password", "too_long"));
        }
        let visit = Visit::of(ctx);
        let key = accounts::email_key(&input.email);
        let mut tx = identity.db.global(None).await?;
        let account = accounts::by_email(tx.conn(), &input.email).await?;
        drop(tx);
        let guesser = identity.guesser(account.as_ref().map(|account| account.id), &visit).await?;
        identity.patience(&key, &guesser).await.map_err(refuse)?;
        let stored = account.as_ref().and_then(|account| account.password_hash.clone());
        let matches = password::verify(input.password, stored).await;
        let Some(account) = account.filter(|_| matches) else {
            identity.count_failure(&key, &guesser).await?;
            return Ok(SignInPayload { status: SignInStatus::WrongCredentials, viewer: None });
        };
        for cookie in identity.admit(&account, &visit, &guesser).await? {
            ctx.append_http_header("set-cookie", cookie);
        }
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
}
