//! The same person, now: asked again before an act that binds them, such as a simple electronic signature
//! (Federal Law 63-FZ, art. 5 and 9), or that weighs, such as an export or a change of their means of signing in.

use plenum_db::StoreError;
use plenum_kernel::AccountId;

use crate::{
    Identity, WebSessionId, cookie, factors,
    passkeys::PasskeyError,
    password,
    store::{
        accounts::{self, Account},
        attempts::{self, Guesser},
        web_sessions,
    },
    token,
};

/// What a person shows to prove that it is them.
#[derive(Clone)]
pub enum Proof {
    /// The password of their account.
    Password(String),
    /// A code of their authenticator.
    Code(String),
    /// A recovery code.
    RecoveryCode(String),
    /// The answer of a passkey to the question that this ticket names.
    Passkey {
        /// The ticket of the question.
        ticket: String,
        /// What the browser says, as JSON.
        answer: String,
    },
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
    /// The account has a second factor: that has to be shown, for the password alone is what it protects from.
    #[error("the account has a second factor")]
    SecondFactor,
    /// Too many failures: wait so many seconds.
    #[error("too many failures, wait {0} s")]
    Wait(u64),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasskeyError> for ConfirmError {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Store(error) => Self::Store(error),
            other => Self::Store(StoreError::Value { what: "passkey", value: format!("{other:?}") }),
        }
    }
}

impl Identity {
    /// Confirms it for an act that weighs or binds: by the second factor or a recovery code when the account has one,
    /// otherwise by the password.
    ///
    /// # Errors
    /// [`ConfirmError`].
    pub async fn confirm_act(
        &self,
        account: AccountId,
        proof: Proof,
        address: &str,
    ) -> Result<Confirmation, ConfirmError> {
        if matches!(proof, Proof::Password(_)) {
            let mut tx = self.db.global(Some(account)).await?;
            if factors::of_account(&mut tx, account).await?.asked_for() {
                return Err(ConfirmError::SecondFactor);
            }
        }
        self.confirm(account, proof, address).await
    }

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
        drop(tx);
        let guesser = Guesser::SignedIn(address.to_owned());
        self.check(&known, proof, &guesser).await?;
        let mut tx = self.db.global(Some(account)).await?;
        attempts::succeeded(&mut tx, &accounts::email_key(&known.email), &guesser).await?;
        tx.commit().await?;
        Ok(Confirmation { account })
    }

    /// Compares a proof, and counts the failure when it does not fit; a success is counted by the caller, who knows
    /// whether it was the last step.
    pub(crate) async fn check(
        &self,
        account: &Account,
        proof: Proof,
        guesser: &Guesser,
    ) -> Result<(), ConfirmError> {
        let key = accounts::email_key(&account.email);
        self.patience(&key, guesser).await?;
        let fits = match proof {
            Proof::Password(given) => {
                let stored = account.password_hash.clone();
                given.chars().count() <= password::LONGEST && password::verify(given, stored).await
            }
            Proof::Code(typed) => self.code_fits(account.id, &typed).await?,
            Proof::RecoveryCode(typed) => self.recovery_code_fits(account, &typed).await?,
            Proof::Passkey { ticket, answer } => self.passkey_fits(account, &ticket, &answer).await?,
        };
        if fits {
            return Ok(());
        }
        self.count_failure(&key, guesser).await?;
        Err(ConfirmError::Wrong)
    }

    /// Refuses who has to wait.
    pub(crate) async fn patience(&self, email_key: &str, guesser: &Guesser) -> Result<(), ConfirmError> {
        let mut tx = self.db.global(None).await?;
        let wait = attempts::wait(&mut tx, email_key, guesser).await?;
        if wait > chrono::TimeDelta::zero() {
            return Err(ConfirmError::Wait(u64::try_from(wait.num_seconds() + 1).unwrap_or(1)));
        }
        Ok(())
    }

    /// Counts a failure.
    pub(crate) async fn count_failure(&self, email_key: &str, guesser: &Guesser) -> Result<(), StoreError> {
        let mut tx = self.db.global(None).await?;
        attempts::failed(&mut tx, email_key, guesser).await?;
        tx.commit().await
    }

    /// Notes in a session that its holder was confirmed, and gives it another token: one that was seen by somebody
    /// before does not rise with it. Gives the cookie to set.
    pub(crate) async fn raise(&self, session: WebSessionId, _: &Confirmation) -> Result<String, StoreError> {
        let secret = token::generate();
        let mut tx = self.db.global(None).await?;
        web_sessions::confirm(&mut tx, session, &token::hash(&secret)).await?;
        tx.commit().await?;
        Ok(cookie::set(&secret, self.secure_cookies))
    }
}
