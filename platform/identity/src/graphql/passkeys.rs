//! Passkeys: adding and removing them, and signing in with one.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, Refusal, global, parse_id};

use super::{SecurityNode, ViewerNode, refuse_passkey, sign_in::admit};
use crate::{
    Identity, PasskeyId, Proof,
    admit::Visit,
    factors,
    notices::{self, Notice},
    passkeys::{Begun, LONGEST_NAME, PasskeyError},
    store::{
        accounts,
        passkeys::{self, Passkey},
        pending_sign_ins,
    },
    token,
};

/// A passkey of the account.
#[derive(SimpleObject)]
#[graphql(name = "Passkey")]
pub struct PasskeyNode {
    id: ID,
    /// How its holder calls it.
    name: String,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it was last used; null until then.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Passkey> for PasskeyNode {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: global(passkey.id),
            name: passkey.name,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// What a browser asks a passkey.
#[derive(SimpleObject)]
pub struct PasskeyCeremony {
    /// What the answer names the question by; good for one answer within five minutes.
    ticket: String,
    /// The options for `navigator.credentials`, as JSON with binary values in base64url.
    options: String,
}

impl From<Begun> for PasskeyCeremony {
    fn from(begun: Begun) -> Self {
        Self { ticket: begun.ticket, options: begun.options }
    }
}

/// What a browser answers.
#[derive(InputObject)]
pub struct PasskeyAnswerInput {
    /// The ticket of the question.
    ticket: String,
    /// The credential that `navigator.credentials` gave, as JSON with binary values in base64url.
    answer: String,
}

impl From<PasskeyAnswerInput> for Proof {
    fn from(input: PasskeyAnswerInput) -> Self {
        Self::Passkey { ticket: input.ticket, answer: input.answer }
    }
}

/// How adding a passkey ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AddPasskeyStatus {
    /// It signs in from now on.
    Ok,
    /// The browser's answer does not fit, or the passkey is there already.
    Refused,
    /// The question is unknown, answered, or older than five minutes.
    Expired,
}

/// The outcome of adding a passkey.
#[derive(SimpleObject)]
pub struct AddPasskeyPayload {
    status: AddPasskeyStatus,
    /// Recovery codes, when it is the first second factor of the account; shown this once.
    recovery_codes: Vec<String>,
    security: SecurityNode,
}

/// The outcome of a change of a passkey.
#[derive(SimpleObject)]
pub struct PasskeyPayload {
    security: SecurityNode,
}

/// How a sign-in with a passkey ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum PasskeySignInStatus {
    /// Signed in: the response carries the session cookie.
    Ok,
    /// It is no passkey of anybody here, or its answer does not fit. Which of them is not told.
    Refused,
    /// The question is unknown, answered, or older than five minutes.
    Expired,
}

/// The outcome of a sign-in with a passkey.
#[derive(SimpleObject)]
pub struct PasskeySignInPayload {
    status: PasskeySignInStatus,
    viewer: Option<ViewerNode>,
}

/// Root fields that change the passkeys of the viewer.
#[derive(Default)]
pub struct PasskeyMutation;

#[Object]
impl PasskeyMutation {
    /// Begins to add a passkey. Nothing changes until it is added. The viewer has to be confirmed.
    async fn start_passkey(&self, ctx: &Context<'_>) -> Answer<PasskeyCeremony> {
        let id = ctx.account_confirmed().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        drop(tx);
        Ok(identity.begin_passkey(&account).await.map_err(refuse_passkey)?.into())
    }

    /// Adds the passkey that the browser made. The viewer has to be confirmed.
    async fn add_passkey(
        &self,
        ctx: &Context<'_>,
        input: PasskeyAnswerInput,
        name: String,
    ) -> Answer<AddPasskeyPayload> {
        let id = ctx.account_confirmed().await?;
        let name = read_name(&name)?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        drop(tx);
        let (status, recovery_codes) =
            match identity.add_passkey(&account, &input.ticket, &input.answer, name).await {
                Ok(codes) => (AddPasskeyStatus::Ok, codes),
                Err(PasskeyError::Refused) => (AddPasskeyStatus::Refused, Vec::new()),
                Err(PasskeyError::Expired) => (AddPasskeyStatus::Expired, Vec::new()),
                Err(error) => return Err(refuse_passkey(error)),
            };
        Ok(AddPasskeyPayload { status, recovery_codes, security: SecurityNode { account: id } })
    }

    /// Gives a passkey another name. The viewer has to be confirmed.
    async fn rename_passkey(&self, ctx: &Context<'_>, passkey: ID, name: String) -> Answer<PasskeyPayload> {
        let id = ctx.account_confirmed().await?;
        let passkey: PasskeyId = parse_id(&passkey)?;
        let name = read_name(&name)?;
        let mut tx = ctx.db().global(Some(id)).await?;
        if !passkeys::rename(&mut tx, id, passkey, name).await? {
            return Err(Refusal::not_found());
        }
        tx.commit().await?;
        Ok(PasskeyPayload { security: SecurityNode { account: id } })
    }

    /// Removes a passkey. Recovery codes go with the last second factor. The viewer has to be confirmed.
    async fn remove_passkey(&self, ctx: &Context<'_>, passkey: ID) -> Answer<PasskeyPayload> {
        let id = ctx.account_confirmed().await?;
        let passkey: PasskeyId = parse_id(&passkey)?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        let Some(name) = passkeys::remove(&mut tx, id, passkey).await? else {
            return Err(Refusal::not_found());
        };
        factors::after_removal(&mut tx, id).await?;
        tx.commit().await?;
        notices::send(identity, &account, Notice::PasskeyRemoved { name }).await;
        Ok(PasskeyPayload { security: SecurityNode { account: id } })
    }

    /// Begins to confirm the viewer by one of their passkeys; the answer is a proof for `confirmIdentity`.
    async fn start_passkey_confirmation(&self, ctx: &Context<'_>) -> Answer<PasskeyCeremony> {
        let id = ctx.account().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let begun = identity.begin_passkey_proof(id).await.map_err(refuse_passkey)?;
        Ok(begun.ok_or_else(|| Refusal::conflict("no_passkey"))?.into())
    }
}

/// Root fields of the door.
#[derive(Default)]
pub struct PasskeySignInMutation;

#[Object]
impl PasskeySignInMutation {
    /// Begins a sign-in with whichever passkey the person chooses. Public; it tells nothing of any account.
    async fn start_passkey_sign_in(&self, ctx: &Context<'_>) -> Answer<PasskeyCeremony> {
        let identity = ctx.data_unchecked::<Identity>();
        Ok(identity.begin_passkey_sign_in().await.map_err(refuse_passkey)?.into())
    }

    /// Signs in with a passkey alone: its device made sure of the person. Public.
    async fn sign_in_with_passkey(
        &self,
        ctx: &Context<'_>,
        input: PasskeyAnswerInput,
    ) -> Answer<PasskeySignInPayload> {
        let identity = ctx.data_unchecked::<Identity>();
        let said = |status| Ok(PasskeySignInPayload { status, viewer: None });
        let account = match identity.passkey_holder(&input.ticket, &input.answer).await {
            Ok(account) => account,
            Err(PasskeyError::Refused) => return said(PasskeySignInStatus::Refused),
            Err(PasskeyError::Expired) => return said(PasskeySignInStatus::Expired),
            Err(error) => return Err(refuse_passkey(error)),
        };
        let visit = Visit::of(ctx);
        // A signature is not guessed: who has waited for a password to fit does not wait for it.
        let guesser = identity.guesser(Some(account.id), &visit).await?;
        let viewer = admit(ctx, &account, &visit, &guesser).await?;
        Ok(PasskeySignInPayload { status: PasskeySignInStatus::Ok, viewer: Some(viewer) })
    }

    /// Begins the second step of a sign-in by a passkey; the answer is a proof for `signInSecondStep`. Public.
    async fn start_passkey_second_step(&self, ctx: &Context<'_>, ticket: String) -> Answer<PasskeyCeremony> {
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(None).await?;
        let account = pending_sign_ins::account(&mut tx, &token::hash(&ticket)).await?;
        drop(tx);
        let account = account.ok_or_else(|| Refusal::conflict("step_expired"))?;
        let begun = identity.begin_passkey_proof(account).await.map_err(refuse_passkey)?;
        Ok(begun.ok_or_else(|| Refusal::conflict("no_passkey"))?.into())
    }
}

fn read_name(name: &str) -> Answer<&str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::invalid_field("name", "name_empty"));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Refusal::invalid_field("name", "too_long"));
    }
    Ok(name)
}
