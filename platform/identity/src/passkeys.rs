//! Passkeys (W3C Web Authentication, level 3): keys of devices that answer to this installation's address alone, after
//! the device has made sure of its owner. A passkey signs in by itself, or stands beside the password as second factor.
//!
//! The server's half of each ceremony is a row that the first answer takes out. Answers are compared with the passkey as
//! it is at that moment, under a lock: of two that tell the same counter, the second is refused.

use std::sync::Arc;

use plenum_db::StoreError;
use plenum_kernel::{AccountId, TypedId};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::{
    Identity, factors,
    notices::{self, Notice},
    store::{
        accounts::{self, Account},
        ceremonies::{self, Purpose},
        passkeys::{self, Kept},
    },
    token,
};

/// The longest answer of a browser, in bytes; those of authenticators have some hundreds.
const LONGEST_ANSWER: usize = 32 * 1024;
/// The longest name of a passkey, in characters.
pub(crate) const LONGEST_NAME: usize = 100;

/// Asks for passkeys of this installation's address and compares the answers.
#[derive(Clone)]
pub struct Passkeys {
    webauthn: Arc<Webauthn>,
}

/// A ceremony that a browser has to answer.
pub(crate) struct Begun {
    /// By what the answer names it.
    pub(crate) ticket: String,
    /// What the browser hands to `navigator.credentials`, as JSON with binary values in base64url.
    pub(crate) options: String,
}

/// Why a ceremony came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasskeyError {
    /// The public address is none that browsers keep passkeys for.
    #[error("passkeys need an address with a domain name")]
    Unavailable,
    /// The ceremony is unknown, over, or somebody else's.
    #[error("no such ceremony is under way")]
    Expired,
    /// The answer does not fit.
    #[error("the answer does not fit")]
    Refused,
    /// The account has as many as it may have.
    #[error("the account has too many passkeys")]
    TooMany,
    /// What is kept of a passkey or of a ceremony cannot be read or written.
    #[error("what is kept of a passkey cannot be read or written")]
    Kept(#[source] serde_json::Error),
    /// The library refused what only a mistake of ours makes it refuse.
    #[error("a ceremony could not be begun")]
    Begin(#[source] WebauthnError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Passkeys {
    /// For the address at which browsers open the web app; none when it is an IP address, for which browsers keep no
    /// passkeys (Web Authentication §5.1.2: a relying party is a domain).
    #[must_use]
    pub fn of(public_url: &str) -> Option<Self> {
        let origin = Url::parse(public_url).ok()?;
        let domain = origin.domain()?.to_owned();
        let webauthn = WebauthnBuilder::new(&domain, &origin).ok()?.rp_name("Plenum").build().ok()?;
        Some(Self { webauthn: Arc::new(webauthn) })
    }
}

impl Identity {
    fn webauthn(&self) -> Result<&Webauthn, PasskeyError> {
        self.passkeys.as_ref().map(|passkeys| &*passkeys.webauthn).ok_or(PasskeyError::Unavailable)
    }

    /// Begins to add a passkey to an account.
    pub(crate) async fn begin_passkey(&self, account: &Account) -> Result<Begun, PasskeyError> {
        let webauthn = self.webauthn()?;
        let mut tx = self.db.global(Some(account.id)).await?;
        let there = passkeys::credential_ids(tx.conn(), account.id).await?;
        drop(tx);
        if there.len() as i64 >= passkeys::MOST {
            return Err(PasskeyError::TooMany);
        }
        let (challenge, state) = webauthn
            .start_passkey_registration(account.id.uuid(), &account.email, &account.display_name, Some(there))
            .map_err(PasskeyError::Begin)?;
        let mut options = written(&challenge)?;
        // It has to be found without the account being named, and the device must keep it for that.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.begin(Purpose::Register, Some(account.id), &options, &written(&state)?).await
    }

    /// Adds the passkey that the browser made. New recovery codes come with the first second factor.
    pub(crate) async fn add_passkey(
        &self,
        account: &Account,
        ticket: &str,
        answer: &str,
        name: &str,
    ) -> Result<Vec<String>, PasskeyError> {
        let webauthn = self.webauthn()?;
        let state = self.take(Purpose::Register, Some(account.id), ticket).await?;
        let state: PasskeyRegistration = serde_json::from_value(state).map_err(PasskeyError::Kept)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let passkey = webauthn.finish_passkey_registration(&answer, &state).map_err(|error| {
            tracing::info!(account.id = %account.id, "a new passkey of {} is refused: {error}", account.id);
            PasskeyError::Refused
        })?;
        let mut tx = self.db.global(Some(account.id)).await?;
        accounts::hold(tx.conn(), account.id).await?;
        if passkeys::count(tx.conn(), account.id).await? >= passkeys::MOST {
            return Err(PasskeyError::TooMany);
        }
        let kept = written(&passkey)?;
        if !passkeys::insert(&mut tx, account.id, passkey.cred_id(), &kept, name).await? {
            return Err(PasskeyError::Refused);
        }
        let codes = factors::first_codes(&mut tx, account.id).await?;
        tx.commit().await?;
        notices::send(self, account, Notice::PasskeyAdded { name: name.to_owned() }).await;
        Ok(codes)
    }

    /// Begins a sign-in by whichever passkey the person chooses. It tells nothing of any account.
    pub(crate) async fn begin_passkey_sign_in(&self) -> Result<Begun, PasskeyError> {
        let (options, state) = self.question()?;
        self.begin(Purpose::SignIn, None, &options, &state).await
    }

    /// Whose passkey answered.
    pub(crate) async fn passkey_holder(&self, ticket: &str, answer: &str) -> Result<Account, PasskeyError> {
        let webauthn = self.webauthn()?;
        let state = self.take(Purpose::SignIn, None, ticket).await?;
        let answer: PublicKeyCredential = read(answer)?;
        let (holder, _) =
            webauthn.identify_discoverable_authentication(&answer).map_err(|_| PasskeyError::Refused)?;
        let holder = AccountId::from(holder);
        let mut tx = self.db.global(None).await?;
        let account = accounts::by_id(tx.conn(), holder).await?.ok_or(PasskeyError::Refused)?;
        drop(tx);
        self.compare(&account, state, &answer).await?;
        Ok(account)
    }

    /// Begins to ask an account's holder for one of their passkeys; none when there is none.
    pub(crate) async fn begin_passkey_proof(
        &self,
        account: AccountId,
    ) -> Result<Option<Begun>, PasskeyError> {
        let mut tx = self.db.global(Some(account)).await?;
        let there = passkeys::credential_ids(tx.conn(), account).await?;
        drop(tx);
        if there.is_empty() {
            return Ok(None);
        }
        let (mut options, state) = self.question()?;
        let allowed: Vec<Value> =
            there.iter().map(|id| json!({ "type": "public-key", "id": base64url(id) })).collect();
        options["publicKey"]["allowCredentials"] = Value::from(allowed);
        self.begin(Purpose::Prove, Some(account), &options, &state).await.map(Some)
    }

    /// Whether an answer is that of one of the account's passkeys.
    pub(crate) async fn passkey_fits(
        &self,
        account: &Account,
        ticket: &str,
        answer: &str,
    ) -> Result<bool, PasskeyError> {
        let compared = async {
            let state = self.take(Purpose::Prove, Some(account.id), ticket).await?;
            let answer: PublicKeyCredential = read(answer)?;
            self.compare(account, state, &answer).await
        };
        match compared.await {
            Ok(()) => Ok(true),
            Err(PasskeyError::Expired | PasskeyError::Refused | PasskeyError::Unavailable) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What any passkey can answer, and what the answer is compared with.
    fn question(&self) -> Result<(Value, Value), PasskeyError> {
        let (challenge, state) =
            self.webauthn()?.start_discoverable_authentication().map_err(PasskeyError::Begin)?;
        Ok((written(&challenge)?, written(&state)?))
    }

    async fn begin(
        &self,
        purpose: Purpose,
        account: Option<AccountId>,
        options: &Value,
        state: &Value,
    ) -> Result<Begun, PasskeyError> {
        let ticket = token::generate();
        let mut tx = self.db.global(account).await?;
        ceremonies::insert(&mut tx, &token::hash(&ticket), purpose, account, state).await?;
        tx.commit().await?;
        Ok(Begun { ticket, options: options["publicKey"].to_string() })
    }

    /// Takes the ceremony out for good: an answer that does not fit cannot be tried again.
    async fn take(
        &self,
        purpose: Purpose,
        account: Option<AccountId>,
        ticket: &str,
    ) -> Result<Value, PasskeyError> {
        let mut tx = self.db.global(account).await?;
        let taken = ceremonies::take(&mut tx, &token::hash(ticket), purpose).await?;
        tx.commit().await?;
        taken
            .filter(|ceremony| ceremony.account == account)
            .map(|ceremony| ceremony.state)
            .ok_or(PasskeyError::Expired)
    }

    /// Compares an answer with the account's passkey as it is now, and notes its use.
    async fn compare(
        &self,
        account: &Account,
        state: Value,
        answer: &PublicKeyCredential,
    ) -> Result<(), PasskeyError> {
        let state: DiscoverableAuthentication = serde_json::from_value(state).map_err(PasskeyError::Kept)?;
        let mut tx = self.db.global(Some(account.id)).await?;
        let kept = passkeys::hold(&mut tx, answer.get_credential_id()).await?;
        let Some(Kept { id, credential, name, .. }) = kept.filter(|kept| kept.account == account.id) else {
            return Err(PasskeyError::Refused);
        };
        let mut passkey: Passkey = serde_json::from_value(credential).map_err(PasskeyError::Kept)?;
        match self.webauthn()?.finish_discoverable_authentication_v2(answer, state, &passkey) {
            Ok(result) => {
                passkey.update_credential(&result);
                passkeys::used(&mut tx, id, &written(&passkey)?).await?;
                tx.commit().await?;
                Ok(())
            }
            Err(WebauthnError::CredentialPossibleCompromise) => {
                // A counter that does not rise: somebody has a copy of the key (Web Authentication §6.1.1).
                drop(tx);
                tracing::warn!(account.id = %account.id, "a passkey of {} tells an old counter", account.id);
                notices::send(self, account, Notice::PasskeyRefused { name }).await;
                Err(PasskeyError::Refused)
            }
            Err(error) => {
                tracing::info!(account.id = %account.id, "a passkey of {} is refused: {error}", account.id);
                Err(PasskeyError::Refused)
            }
        }
    }
}

fn written(value: &impl serde::Serialize) -> Result<Value, PasskeyError> {
    serde_json::to_value(value).map_err(PasskeyError::Kept)
}

fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, PasskeyError> {
    if answer.len() > LONGEST_ANSWER {
        return Err(PasskeyError::Refused);
    }
    serde_json::from_str(answer).map_err(|_| PasskeyError::Refused)
}

fn base64url(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_domain_has_no_passkeys() {
        for (address, has) in [
            ("https://plenum.example.org", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("https://[2001:db8::1]", false),
            ("no address", false),
        ] {
            assert_eq!(Passkeys::of(address).is_some(), has, "{address}");
        }
    }
}
