//! The bytes: sealing under one key, opening, and keyed digests.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

/// The only version of the format so far.
const VERSION: u8 = 1;
/// The version and the key's number.
const HEADER: usize = 5;
const SALT: usize = 16;
/// All that stands before the encrypted value.
const START: usize = HEADER + SALT + NONCE_LEN;

/// 32 random bytes; wiped when dropped. What ring makes of them for one value lies on the stack for that time and is not
/// ours to wipe.
pub(crate) struct KeyBytes(Zeroizing<[u8; 32]>);

/// Why a value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is none of ours, or of a later version.
    Format,
    /// It was changed, or stands in another place, or another key sealed it.
    Forged,
}

impl KeyBytes {
    /// A new one, from the operating system.
    pub(crate) fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(&mut *bytes);
        Self(bytes)
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Encrypts, and authenticates with the associated data, under the number by which the key is found again.
    pub(crate) fn seal(&self, number: u32, associated: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(START + plain.len() + AES_256_GCM.tag_len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&number.to_be_bytes());
        let mut random = [0; SALT + NONCE_LEN];
        fill(&mut random);
        sealed.extend_from_slice(&random);
        let (salt, nonce) = random.split_at(SALT);
        let nonce = Nonce::try_assume_unique_for_key(nonce).expect("it is as long as a nonce");
        // Encrypted where it will stay: no copy of the value is left behind.
        let mut value = sealed.split_off(START);
        value.reserve_exact(plain.len() + AES_256_GCM.tag_len());
        value.extend_from_slice(plain);
        let associated = with_header(&sealed[..HEADER], associated);
        self.derived(salt)
            .seal_in_place_append_tag(nonce, Aad::from(associated), &mut value)
            .expect("no value is as long as AES-GCM bears");
        sealed.append(&mut value);
        sealed
    }

    pub(crate) fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Broken> {
        number(sealed).ok_or(Broken::Format)?;
        let (start, value) = sealed.split_at(START);
        let (salt, nonce) = start[HEADER..].split_at(SALT);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Broken::Format)?;
        let associated = with_header(&start[..HEADER], associated);
        let mut value = Zeroizing::new(value.to_vec());
        let length = self
            .derived(salt)
            .open_in_place(nonce, Aad::from(associated), &mut value)
            .map_err(|_| Broken::Forged)?
            .len();
        value.truncate(length);
        Ok(value)
    }

    /// A digest that only this key makes (HMAC-SHA-256).
    pub(crate) fn digest(&self, of: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*self.0), of);
        let mut digest = [0; 32];
        digest.copy_from_slice(tag.as_ref());
        digest
    }

    /// The key of one value (RFC 5869 §2.3: the data key is uniformly random, so nothing has to be extracted).
    fn derived(&self, salt: &[u8]) -> LessSafeKey {
        let root = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &*self.0);
        let info = [b"plenum.vault.key".as_slice(), salt];
        let okm = root.expand(&info, &AES_256_GCM).expect("32 bytes are fewer than HKDF gives");
        LessSafeKey::new(UnboundKey::from(okm))
    }
}

/// The number of the key that sealed this; none when it is none of ours.
pub(crate) fn number(sealed: &[u8]) -> Option<u32> {
    if sealed.len() < START + AES_256_GCM.tag_len() || sealed[0] != VERSION {
        return None;
    }
    Some(u32::from_be_bytes(sealed[1..HEADER].try_into().ok()?))
}

fn with_header(header: &[u8], associated: &[u8]) -> Vec<u8> {
    [header, associated].concat()
}

fn fill(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system gives random bytes");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_as_it_was(plain in proptest::collection::vec(any::<u8>(), 0..300), at: u32) {
            let key = KeyBytes::random();
            let sealed = key.seal(at, b"here", &plain);
            prop_assert_eq!(number(&sealed), Some(at));
            prop_assert_eq!(sealed.len(), START + plain.len() + 16);
            prop_assert_eq!(&*key.open(b"here", &sealed).expect("it opens"), &plain);
        }

        #[test]
        fn one_changed_bit_anywhere_and_it_stays_closed(plain in proptest::collection::vec(any::<u8>(), 0..40), bit: usize) {
            let key = KeyBytes::random();
            let mut sealed = key.seal(7, b"here", &plain);
            let bit = bit % (sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(key.open(b"here", &sealed).is_err());
        }

        #[test]
        fn a_piece_of_it_stays_closed(length in 0_usize..60) {
            let key = KeyBytes::random();
            let sealed = key.seal(7, b"here", b"a value of some length");
            let length = length.min(sealed.len() - 1);
            prop_assert!(key.open(b"here", &sealed[..length]).is_err());
        }
    }

    #[test]
    fn another_place_and_another_key_do_not_open_it() {
        let key = KeyBytes::random();
        let sealed = key.seal(1, b"here", b"secret");
        assert_eq!(key.open(b"there", &sealed).err(), Some(Broken::Forged));
        assert_eq!(KeyBytes::random().open(b"here", &sealed).err(), Some(Broken::Forged));
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let key = KeyBytes::random();
        let (one, other) = (key.seal(1, b"here", b"secret"), key.seal(1, b"here", b"secret"));
        assert_ne!(one[HEADER..], other[HEADER..]);
        assert!(!one.windows(6).any(|part| part == b"secret"));
    }
}
