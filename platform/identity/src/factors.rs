//! Second factors: what an account has, whether a proof by one of them fits, and what adding and removing them entails.

use plenum_db::{GlobalTx, StoreError};
use plenum_kernel::AccountId;

use crate::{
    Identity,
    notices::{self, Notice},
    otp, recovery,
    store::{accounts::Account, passkeys, recovery_codes, totp},
};

/// The second factors of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Factors {
    /// An authenticator that is proven.
    pub(crate) totp: bool,
    /// A passkey.
    pub(crate) passkey: bool,
    /// Recovery codes that are not used.
    pub(crate) recovery_codes: i64,
}

impl Factors {
    /// Whether one is asked for after the password. Recovery codes alone are none: they stand in for another.
    pub(crate) fn asked_for(self) -> bool {
        self.totp || self.passkey
    }

    /// What can be shown in a second step, as the API calls it.
    pub(crate) fn names(self) -> Vec<&'static str> {
        let all =
            [(self.passkey, "PASSKEY"), (self.totp, "TOTP"), (self.recovery_codes > 0, "RECOVERY_CODE")];
        all.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
    }
}

/// What the account has.
pub(crate) async fn of_account(tx: &mut GlobalTx, account: AccountId) -> Result<Factors, StoreError> {
    let authenticator = totp::of_account(tx.conn(), account).await?;
    Ok(Factors {
        totp: authenticator.is_some_and(|one| one.proven_at.is_some()),
        passkey: passkeys::count(tx.conn(), account).await? > 0,
        recovery_codes: recovery_codes::left(tx.conn(), account).await?,
    })
}

/// New recovery codes when the account has none: with its first second factor. They are shown this once.
pub(crate) async fn first_codes(tx: &mut GlobalTx, account: AccountId) -> Result<Vec<String>, StoreError> {
    if recovery_codes::left(tx.conn(), account).await? > 0 {
        return Ok(Vec::new());
    }
    new_codes(tx, account).await
}

/// New recovery codes instead of those before. They are shown this once.
pub(crate) async fn new_codes(tx: &mut GlobalTx, account: AccountId) -> Result<Vec<String>, StoreError> {
    let codes = recovery::generate();
    let hashes: Vec<[u8; 32]> = codes.iter().filter_map(|code| recovery::hash(account, code)).collect();
    recovery_codes::replace(tx, account, &hashes).await?;
    Ok(codes)
}

/// After a factor was removed: without any, recovery codes have nothing to stand in for.
pub(crate) async fn after_removal(tx: &mut GlobalTx, account: AccountId) -> Result<(), StoreError> {
    if !of_account(tx, account).await?.asked_for() {
        recovery_codes::forget(tx, account).await?;
    }
    Ok(())
}

impl Identity {
    /// Whether a code of the account's authenticator fits; one that does is used up, with all before it.
    pub(crate) async fn code_fits(&self, account: AccountId, typed: &str) -> Result<bool, StoreError> {
        let mut tx = self.db.global(Some(account)).await?;
        let found = totp::of_account(tx.conn(), account).await?.filter(|one| one.proven_at.is_some());
        let Some(authenticator) = found else { return Ok(false) };
        let secret = match totp::open(&mut tx, &authenticator, &self.sealer).await {
            Ok(secret) => secret,
            Err(StoreError::Sealed(error)) => {
                // A recovery code still gets them in.
                tracing::error!(account.id = %account, "could not read an authenticator's secret: {error}");
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let Some(step) = otp::step_of(secret.bytes(), typed, tx.now()) else { return Ok(false) };
        let fresh = totp::use_step(&mut tx, account, step).await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Whether a recovery code fits; one that does is used up, and its use is told by mail.
    pub(crate) async fn recovery_code_fits(
        &self,
        account: &Account,
        typed: &str,
    ) -> Result<bool, StoreError> {
        let Some(hash) = recovery::hash(account.id, typed) else { return Ok(false) };
        let mut tx = self.db.global(Some(account.id)).await?;
        if !recovery_codes::take(&mut tx, account.id, &hash).await? {
            return Ok(false);
        }
        let left = recovery_codes::left(tx.conn(), account.id).await?;
        tx.commit().await?;
        notices::send(self, account, Notice::RecoveryCodeUsed { left }).await;
        Ok(true)
    }
}
