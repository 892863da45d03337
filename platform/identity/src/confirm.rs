//! The same person, now: asked again before an act that binds them, such as a simple electronic signature
//! (Federal Law 63-FZ, art. 5 and 9).

use plenum_db::StoreError;
use plenum_kernel::AccountId;

use crate::{
    Identity, password,
    store::{accounts, attempts},
};

/// What a person shows to prove that it is them. A second factor would be another variant here; callers stay as they
/// are.
#[derive(Clone)]
pub enum Proof {
    /// The password of their account.
    Password(String),
}

/// An account's holder has just been confirmed. Only [`Identity::confirm`] makes one.
#[derive(Debug)]
pub struct Confirmation {
    account: AccountId,
}

impl Confirmation {
    /// Who was confirmed.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// Why the person is not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// The proof does not fit, or the account has none to compare with.
    #[error("the proof does not fit")]
    Wrong,
    /// Too many failures: wait so many seconds.
    #[error("too many failures, wait {0} s")]
    Wait(u64),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Identity {
    /// Confirms that it is the account's holder who acts, from this network address. Failures count together with those
    /// of signing in, and cost the same waiting: who guesses gains nothing by guessing here.
    ///
    /// # Errors
    /// [`ConfirmError`].
    pub async fn confirm(
        &self,
        account: AccountId,
        proof: Proof,
        address: &str,
    ) -> Result<Confirmation, ConfirmError> {
        let mut tx = self.db.global(Some(account)).await?;
        let known = accounts::by_id(tx.conn(), account).await?.ok_or(ConfirmError::Wrong)?;
        let key = accounts::email_key(&known.email);
        let wait = attempts::wait(&mut tx, &key, address).await?;
        drop(tx);
        if wait > chrono::TimeDelta::zero() {
            return Err(ConfirmError::Wait(u64::try_from(wait.num_seconds() + 1).unwrap_or(1)));
        }
        let Proof::Password(given) = proof;
        let fits =
            given.chars().count() <= password::LONGEST && password::verify(given, known.password_hash).await;
        let mut tx = self.db.global(Some(account)).await?;
        if fits {
            attempts::succeeded(&mut tx, &key, address).await?;
        } else {
            attempts::failed(&mut tx, &key, address).await?;
        }
        tx.commit().await?;
        if fits { Ok(Confirmation { account }) } else { Err(ConfirmError::Wrong) }
    }
}
