//! The authenticator and the recovery codes of the viewer's account.

use async_graphql::{Context, Enum, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Refusal};

use super::SecurityNode;
use crate::{
    Identity, factors,
    notices::{self, Notice},
    otp,
    store::{accounts, totp},
};

/// How the program is called in authenticators.
const ISSUER: &str = "Plenum";

/// What an authenticator needs.
#[derive(SimpleObject)]
pub struct StartTotpPayload {
    /// The secret, for typing it in.
    secret: String,
    /// The same as an address that authenticators open.
    uri: String,
    /// The address as a QR code, SVG.
    qr: String,
}

/// How proving an authenticator ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ProveTotpStatus {
    /// Its codes are asked for from now on.
    Ok,
    /// The code is not one of now.
    WrongCode,
}

/// The outcome of proving an authenticator.
#[derive(SimpleObject)]
pub struct ProveTotpPayload {
    status: ProveTotpStatus,
    /// Recovery codes, when it is the first second factor of the account; shown this once.
    recovery_codes: Vec<String>,
    security: SecurityNode,
}

/// The outcome of removing a second factor.
#[derive(SimpleObject)]
pub struct RemoveFactorPayload {
    security: SecurityNode,
}

/// New recovery codes.
#[derive(SimpleObject)]
pub struct RecoveryCodesPayload {
    /// Shown this once; those before stop working.
    recovery_codes: Vec<String>,
    security: SecurityNode,
}

/// Root fields.
#[derive(Default)]
pub struct FactorsMutation;

#[Object]
impl FactorsMutation {
    /// Begins to set an authenticator up. Nothing is asked for until it is proven. The viewer has to be confirmed.
    async fn start_totp(&self, ctx: &Context<'_>) -> Answer<StartTotpPayload> {
        let id = ctx.account_confirmed().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        let secret = otp::new_secret();
        if !totp::begin(&mut tx, id, &secret).await? {
            return Err(Refusal::conflict("totp_exists"));
        }
        tx.commit().await?;
        let uri = otp::uri(ISSUER, &account.email, &secret);
        let qr = otp::qr(&uri).unwrap_or_default();
        Ok(StartTotpPayload { secret: otp::to_type(&secret), uri, qr })
    }

    /// Proves by its first code that the authenticator has the secret. The viewer has to be confirmed.
    async fn prove_totp(&self, ctx: &Context<'_>, code: String) -> Answer<ProveTotpPayload> {
        let id = ctx.account_confirmed().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let security = SecurityNode { account: id };
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        let begun = totp::hold(&mut tx, id).await?.ok_or_else(|| Refusal::conflict("totp_not_begun"))?;
        if begun.proven_at.is_some() {
            return Err(Refusal::conflict("totp_exists"));
        }
        let secret = totp::open(&mut tx, &begun, &identity.sealer).await?;
        let step = match otp::step_of(secret.bytes(), &code, tx.now()) {
            Some(step) if totp::use_step(&mut tx, id, step).await? => step,
            _ => {
                let status = ProveTotpStatus::WrongCode;
                return Ok(ProveTotpPayload { status, recovery_codes: Vec::new(), security });
            }
        };
        totp::prove(&mut tx, id).await?;
        let recovery_codes = factors::first_codes(&mut tx, id).await?;
        tx.commit().await?;
        tracing::info!(account.id = %id, step, "an authenticator was added to {id}");
        notices::send(identity, &account, Notice::TotpAdded).await;
        Ok(ProveTotpPayload { status: ProveTotpStatus::Ok, recovery_codes, security })
    }

    /// Removes the authenticator. The viewer has to be confirmed.
    async fn remove_totp(&self, ctx: &Context<'_>) -> Answer<RemoveFactorPayload> {
        let id = ctx.account_confirmed().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        let was_there = totp::remove(&mut tx, id).await?;
        factors::after_removal(&mut tx, id).await?;
        tx.commit().await?;
        if was_there {
            notices::send(identity, &account, Notice::TotpRemoved).await;
        }
        Ok(RemoveFactorPayload { security: SecurityNode { account: id } })
    }

    /// Gives new recovery codes; those before stop working. The viewer has to be confirmed.
    async fn renew_recovery_codes(&self, ctx: &Context<'_>) -> Answer<RecoveryCodesPayload> {
        let id = ctx.account_confirmed().await?;
        let identity = ctx.data_unchecked::<Identity>();
        let mut tx = identity.db.global(Some(id)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        if !factors::of_account(&mut tx, id).await?.asked_for() {
            return Err(Refusal::conflict("no_second_factor"));
        }
        let recovery_codes = factors::new_codes(&mut tx, id).await?;
        tx.commit().await?;
        notices::send(identity, &account, Notice::RecoveryCodesRenewed).await;
        Ok(RecoveryCodesPayload { recovery_codes, security: SecurityNode { account: id } })
    }
}
