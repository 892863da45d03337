//! What the account is signed in by, and where it is signed in.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, CONFIRMED_FOR, Doors, Refusal, global, parse_id};
use plenum_kernel::AccountId;

use super::{PasskeyAnswerInput, PasskeyNode, bound_to, refuse};
use crate::{
    BrowserName, ConfirmError, Identity, Proof, WebSessionId,
    store::{
        accounts, bound_sessions, email_changes, passkeys, recovery_codes, totp,
        web_sessions::{self, WebSession},
    },
};

/// The account's means of signing in, and its sign-ins.
pub struct SecurityNode {
    pub(crate) account: AccountId,
}

/// A sign-in of a browser.
pub struct WebSessionNode {
    session: WebSession,
    is_current: bool,
}

#[Object(name = "WebSession")]
impl WebSessionNode {
    /// Its id.
    async fn id(&self) -> ID {
        global(self.session.id)
    }

    /// When somebody signed in.
    async fn created_at(&self) -> DateTime<Utc> {
        self.session.created_at
    }

    /// When it was last used, to about five minutes.
    async fn last_used_at(&self) -> DateTime<Utc> {
        self.session.last_used_at
    }

    /// What people call the browser; null when it is none that many use.
    async fn browser(&self) -> Option<&'static str> {
        BrowserName::of(&self.session.user_agent).browser
    }

    /// What people call its system; null when it is none that many use.
    async fn system(&self) -> Option<&'static str> {
        BrowserName::of(&self.session.user_agent).system
    }

    /// The network address at sign-in; null when it was not kept.
    async fn address(&self) -> Option<&str> {
        Some(self.session.address.as_str()).filter(|address| !address.is_empty())
    }

    /// Whether it is the one that asks.
    async fn is_current(&self) -> bool {
        self.is_current
    }
}

#[Object(name = "Security")]
impl SecurityNode {
    /// The address that the account signs in with.
    async fn email(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let account = accounts::by_id(tx.conn(), self.account).await?.ok_or_else(Refusal::unauthenticated)?;
        Ok(account.email)
    }

    /// Whether a letter to the address was received.
    async fn email_verified(&self, ctx: &Context<'_>) -> Answer<bool> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        Ok(email_changes::is_verified(tx.conn(), self.account).await?)
    }

    /// The address to which a link was sent that is not opened yet; null when there is none.
    async fn pending_email(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let now = tx.now();
        Ok(email_changes::of_account(tx.conn(), self.account, now).await?)
    }

    /// Whether a password is set.
    async fn has_password(&self, ctx: &Context<'_>) -> Answer<bool> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let account = accounts::by_id(tx.conn(), self.account).await?.ok_or_else(Refusal::unauthenticated)?;
        Ok(account.password_hash.is_some())
    }

    /// Since when codes of an authenticator are asked for; null when they are not.
    async fn totp_since(&self, ctx: &Context<'_>) -> Answer<Option<DateTime<Utc>>> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        Ok(totp::of_account(tx.conn(), self.account).await?.and_then(|one| one.proven_at))
    }

    /// The passkeys of the account, the oldest first.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn passkeys(&self, ctx: &Context<'_>) -> Answer<Vec<PasskeyNode>> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let all = passkeys::of_account(tx.conn(), self.account).await?;
        Ok(all.into_iter().map(PasskeyNode::from).collect())
    }

    /// Whether browsers keep passkeys for the address of this installation: it has a domain name.
    async fn passkeys_available(&self, ctx: &Context<'_>) -> bool {
        ctx.data_unchecked::<Identity>().passkeys.is_some()
    }

    /// Recovery codes that are not used.
    async fn recovery_codes_left(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        Ok(recovery_codes::left(tx.conn(), self.account).await?)
    }

    /// Where the account is signed in, the last used first; at most a hundred. With a sign-in by an organization's
    /// provider, those of its kind.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn web_sessions(&self, ctx: &Context<'_>) -> Answer<Vec<WebSessionNode>> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let now = tx.now();
        let current = match &ctx.scope().credential().token_hash {
            Some(hash) => web_sessions::live(tx.conn(), hash, now).await?.map(|session| session.id),
            None => None,
        };
        let mut all = web_sessions::of_account(tx.conn(), self.account, now).await?;
        if let Some(only) = bound_to(ctx, tx.conn()).await? {
            let bound = bound_sessions::of_account(tx.conn(), self.account, only).await?;
            all.retain(|session| bound.contains(&session.id));
        }
        Ok(all
            .into_iter()
            .map(|session| WebSessionNode { is_current: Some(session.id) == current, session })
            .collect())
    }

    /// Until when acts that weigh need no further proof of the person; null when they need one now.
    async fn confirmed_until(&self, ctx: &Context<'_>) -> Answer<Option<DateTime<Utc>>> {
        let now = ctx.db().clock().now();
        let confirmed_at = ctx.scope().confirmed_at().await?;
        Ok(confirmed_at
            .filter(|at| now - *at < CONFIRMED_FOR)
            .and_then(|at| at.checked_add_signed(CONFIRMED_FOR)))
    }
}

/// The session of this request.
pub(super) async fn own_session(ctx: &Context<'_>) -> Answer<WebSessionId> {
    let Some(hash) = &ctx.scope().credential().token_hash else { return Err(Refusal::unauthenticated()) };
    let mut tx = ctx.db().global(None).await?;
    let now = tx.now();
    let session = web_sessions::live(tx.conn(), hash, now).await?.ok_or_else(Refusal::unauthenticated)?;
    Ok(session.id)
}

/// What the person shows: exactly one of these.
#[derive(InputObject)]
pub struct ProofInput {
    /// The password of the account.
    password: Option<String>,
    /// A code of the authenticator.
    code: Option<String>,
    /// A recovery code.
    recovery_code: Option<String>,
    /// The answer of a passkey.
    passkey: Option<PasskeyAnswerInput>,
}

impl ProofInput {
    /// Reads it.
    ///
    /// # Errors
    /// An `INVALID` refusal that names `proof` when it is not exactly one.
    pub fn read(self) -> Answer<Proof> {
        match (self.password, self.code, self.recovery_code, self.passkey) {
            (Some(password), None, None, None) => Ok(Proof::Password(password)),
            (None, Some(code), None, None) => Ok(Proof::Code(code)),
            (None, None, Some(code), None) => Ok(Proof::RecoveryCode(code)),
            (None, None, None, Some(passkey)) => Ok(passkey.into()),
            _ => Err(Refusal::invalid_field("proof", "one_of")),
        }
    }
}

/// How a confirmation ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmStatus {
    /// Confirmed for ten minutes; the response carries the session's new cookie.
    Ok,
    /// It does not fit.
    Wrong,
    /// The account has a second factor: that has to be shown, for the password alone is what it protects from.
    SecondFactor,
}

/// The outcome of a confirmation.
#[derive(SimpleObject)]
pub struct ConfirmPayload {
    status: ConfirmStatus,
    security: SecurityNode,
}

/// The outcome of ending sign-ins.
#[derive(SimpleObject)]
pub struct EndWebSessionsPayload {
    security: SecurityNode,
}

/// Root fields.
#[derive(Default)]
pub struct SecurityMutation;

#[Object]
impl SecurityMutation {
    /// Confirms that it is the account's holder who acts, for acts that are refused with the reason `confirm`: by the
    /// second factor or a recovery code when the account has one, otherwise by the password.
    async fn confirm_identity(&self, ctx: &Context<'_>, proof: ProofInput) -> Answer<ConfirmPayload> {
        let account = ctx.account().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let said = |status| Ok(ConfirmPayload { status, security: SecurityNode { account } });
        match identity.confirm_act(account, proof.read()?, &ctx.scope().address).await {
            Ok(confirmation) => {
                let session = own_session(ctx).await?;
                ctx.append_http_header("set-cookie", identity.raise(session, &confirmation).await?);
                said(ConfirmStatus::Ok)
            }
            Err(ConfirmError::Wrong) => said(ConfirmStatus::Wrong),
            Err(ConfirmError::SecondFactor) => said(ConfirmStatus::SecondFactor),
            Err(error) => Err(refuse(error)),
        }
    }

    /// Ends one of the account's sign-ins.
    async fn end_web_session(&self, ctx: &Context<'_>, session: ID) -> Answer<EndWebSessionsPayload> {
        let account = ctx.account().await?;
        let session: WebSessionId = parse_id(&session)?;
        let mut tx = ctx.db().global(Some(account)).await?;
        if let Some(only) = bound_to(ctx, tx.conn()).await?
            && !bound_sessions::of_account(tx.conn(), account, only).await?.contains(&session)
        {
            return Err(Refusal::not_found());
        }
        if !web_sessions::end(&mut tx, account, session).await? {
            return Err(Refusal::not_found());
        }
        tx.commit().await?;
        Ok(EndWebSessionsPayload { security: SecurityNode { account } })
    }

    /// Ends all of the account's sign-ins but this one.
    async fn end_other_web_sessions(&self, ctx: &Context<'_>) -> Answer<EndWebSessionsPayload> {
        let account = ctx.account().await?;
        let session = own_session(ctx).await?;
        let mut tx = ctx.db().global(Some(account)).await?;
        match bound_to(ctx, tx.conn()).await? {
            Some(only) => {
                for other in bound_sessions::of_account(tx.conn(), account, only).await? {
                    if other != session {
                        web_sessions::end(&mut tx, account, other).await?;
                    }
                }
            }
            None => {
                web_sessions::end_all(tx.conn(), account, Some(session)).await?;
            }
        }
        tx.commit().await?;
        Ok(EndWebSessionsPayload { security: SecurityNode { account } })
    }
}
