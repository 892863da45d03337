//! The way back for who has lost the second factor and the recovery codes: an operator, who has made sure of the person
//! otherwise, takes the factors away.

use plenum_db::StoreError;

use crate::{
    Identity,
    notices::{self, Notice},
    store::{accounts, known_browsers, passkeys, pending_sign_ins, recovery_codes, totp, web_sessions},
};

/// What was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovedFactors {
    /// Whether there was an authenticator.
    pub totp: bool,
    /// How many passkeys.
    pub passkeys: u64,
    /// How many sign-ins were ended.
    pub web_sessions: u64,
    /// Whether the holder was told by mail.
    pub told: bool,
}

impl Identity {
    /// Takes all second factors and the recovery codes of an account away, ends its sign-ins, for what was lost may be
    /// signed in, and tells its holder. None when there is no such account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; then nothing was changed. A letter that does not leave is no error.
    pub async fn remove_factors(&self, email: &str) -> Result<Option<RemovedFactors>, StoreError> {
        let mut tx = self.db.global(None).await?;
        let Some(account) = accounts::by_email(tx.conn(), email).await? else { return Ok(None) };
        let id = account.id;
        let totp = totp::remove(&mut tx, id).await?;
        let passkeys = passkeys::remove_all(&mut tx, id).await?;
        recovery_codes::forget(&mut tx, id).await?;
        let web_sessions = web_sessions::end_all(tx.conn(), id, None).await?;
        pending_sign_ins::forget(tx.conn(), id).await?;
        known_browsers::forget(tx.conn(), id).await?;
        tx.commit().await?;
        let told = notices::tell(self, &account, &Notice::FactorsRemoved).await;
        if let Err(error) = &told {
            tracing::error!(account.id = %id, "could not tell {id} that their factors were removed: {error:?}");
        }
        Ok(Some(RemovedFactors { totp, passkeys, web_sessions, told: told.is_ok() }))
    }
}
