//! How the secrets of authenticators were encrypted before the vault was there: they are opened until each is sealed
//! anew.

use std::sync::Arc;

use plenum_kernel::{AccountId, TypedId};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};

/// What the key is derived for; another use of the installation's secret has another key (RFC 5869 §3.2).
const PURPOSE: &[u8] = b"plenum identity: secrets of second factors, 1";

/// Opens secrets of accounts that were sealed with AES-256-GCM (NIST SP 800-38D) under a random nonce; the account's id is
/// authenticated with it, so that a row copied to another account does not open.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<LessSafeKey>,
}

/// It was not sealed for this account with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not open: it belongs to another account or another installation's key")]
pub struct DoesNotOpen;

impl Sealer {
    /// With the installation's secret.
    ///
    /// # Panics
    /// Never: the lengths are fixed.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let derived = Salt::new(HKDF_SHA256, &[]).extract(secret);
        let info = [PURPOSE];
        let key = derived.expand(&info, &AES_256_GCM).expect("one key is no more than HKDF can give");
        Self { key: Arc::new(LessSafeKey::new(UnboundKey::from(key))) }
    }

    #[cfg(test)]
    fn seal(&self, account: AccountId, secret: &[u8]) -> Vec<u8> {
        use rand::RngCore;
        let mut nonce = [0_u8; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = secret.to_vec();
        let aad = Aad::from(account.uuid().into_bytes());
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .expect("a secret is shorter than GCM's limit");
        [&nonce[..], &sealed].concat()
    }

    /// The secret.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn open(&self, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or(DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
        let mut rest = rest.to_vec();
        let aad = Aad::from(account.uuid().into_bytes());
        let opened = self.key.open_in_place(nonce, aad, &mut rest).map_err(|_| DoesNotOpen)?;
        Ok(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_account_and_key_only() {
        let (sealer, account) = (Sealer::new(&[7; 32]), AccountId::new());
        let sealed = sealer.seal(account, b"secret");
        assert_eq!(sealer.open(account, &sealed).as_deref(), Ok(&b"secret"[..]));
        assert_eq!(sealer.open(AccountId::new(), &sealed), Err(DoesNotOpen));
        assert_eq!(Sealer::new(&[8; 32]).open(account, &sealed), Err(DoesNotOpen));
        let mut damaged = sealed.clone();
        damaged[NONCE_LEN] ^= 1;
        assert_eq!(sealer.open(account, &damaged), Err(DoesNotOpen));
        assert_eq!(sealer.open(account, &sealed[..5]), Err(DoesNotOpen));
        assert_ne!(sealer.seal(account, b"secret"), sealed, "each sealing has its own nonce");
    }
}
