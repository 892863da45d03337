//! Signing in and out.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};

use super::{ProofInput, ViewerNode, refuse};
use crate::{
    ConfirmError, Identity, Proof,
    admit::Visit,
    cookie,
    factors::{self, Factors},
    password,
    store::{
        accounts::{self, Account},
        attempts::Guesser,
        bound_sessions, pending_sign_ins, web_sessions,
    },
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
    /// The password is right; one of `factors` is to be shown with the `ticket` within ten minutes.
    SecondFactor,
}

/// What an account can show beside its password.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// A code of an authenticator.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

/// The outcome of a sign-in.
#[derive(SimpleObject)]
pub struct SignInPayload {
    status: SignInStatus,
    viewer: Option<ViewerNode>,
    /// What the second step names the sign-in by.
    ticket: Option<String>,
    /// What the second step can be done with; empty when there is none.
    factors: Vec<SecondFactor>,
}

impl SignInPayload {
    fn ended(status: SignInStatus) -> Self {
        Self { status, viewer: None, ticket: None, factors: Vec::new() }
    }

    fn signed_in(viewer: ViewerNode) -> Self {
        Self { viewer: Some(viewer), ..Self::ended(SignInStatus::Ok) }
    }

    fn second_step(ticket: String, factors: Factors) -> Self {
        let known = [
            (factors.passkey, SecondFactor::Passkey),
            (factors.totp, SecondFactor::Totp),
            (factors.recovery_codes > 0, SecondFactor::RecoveryCode),
        ];
        let factors = known.into_iter().filter(|(has, _)| *has).map(|(_, factor)| factor).collect();
        Self { ticket: Some(ticket), factors, ..Self::ended(SignInStatus::SecondFactor) }
    }
}

/// How the second step ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SecondStepStatus {
    /// Signed in: the response carries the session cookie.
    Ok,
    /// The code or recovery code does not fit, or was used before.
    Wrong,
    /// The ticket is unknown, used, or older than ten minutes: begin with the password.
    Expired,
}

/// The outcome of the second step.
#[derive(SimpleObject)]
pub struct SecondStepPayload {
    status: SecondStepStatus,
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
            return Ok(SignInPayload::ended(SignInStatus::WrongCredentials));
        };
        let mut tx = identity.db.global(Some(account.id)).await?;
        let factors = factors::of_account(&mut tx, account.id).await?;
        if factors.asked_for() {
            // Failures are not forgiven yet: who knows the password must not guess the second factor for free.
            let ticket = token::generate();
            pending_sign_ins::insert(&mut tx, account.id, &token::hash(&ticket)).await?;
            tx.commit().await?;
            return Ok(SignInPayload::second_step(ticket, factors));
        }
        drop(tx);
        let viewer = admit(ctx, &account, &visit, &guesser).await?;
        Ok(SignInPayload::signed_in(viewer))
    }

    /// The second step of a sign-in. Public. Failures count together with those of passwords.
    async fn sign_in_second_step(
        &self,
        ctx: &Context<'_>,
        ticket: String,
        proof: ProofInput,
    ) -> Answer<SecondStepPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        let said = |status| Ok(SecondStepPayload { status, viewer: None });
        let proof = proof.read()?;
        if matches!(proof, Proof::Password(_)) {
            return Err(Refusal::invalid_field("proof.password", "one_of"));
        }
        let ticket = token::hash(&ticket);
        let mut tx = identity.db.global(None).await?;
        let Some(id) = pending_sign_ins::account(&mut tx, &ticket).await? else {
            return said(SecondStepStatus::Expired);
        };
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        drop(tx);
        let visit = Visit::of(ctx);
        let guesser = identity.guesser(Some(id), &visit).await?;
        match identity.check(&account, proof, &guesser).await {
            Ok(()) => {}
            Err(ConfirmError::Wrong) => return said(SecondStepStatus::Wrong),
            Err(error) => return Err(refuse(error)),
        }
        let mut tx = identity.db.global(None).await?;
        let only = bound_sessions::of_pending(tx.conn(), &ticket).await?;
        if !pending_sign_ins::take(&mut tx, &ticket).await? {
            return said(SecondStepStatus::Expired);
        }
        tx.commit().await?;
        let only = only.map(|tenant| (tenant, true));
        for cookie in identity.admit_to(&account, &visit, &guesser, only).await? {
            ctx.append_http_header("set-cookie", cookie);
        }
        let viewer = ViewerNode { account: account.id };
        Ok(SecondStepPayload { status: SecondStepStatus::Ok, viewer: Some(viewer) })
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

/// Begins the session and sets its cookies.
pub(super) async fn admit(
    ctx: &Context<'_>,
    account: &Account,
    visit: &Visit,
    guesser: &Guesser,
) -> Answer<ViewerNode> {
    let identity = ctx.data_unchecked::<Identity>();
    for cookie in identity.admit(account, visit, guesser).await? {
        ctx.append_http_header("set-cookie", cookie);
    }
    Ok(ViewerNode { account: account.id })
}
