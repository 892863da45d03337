//! A sign-in on its way to the provider and back. It travels in a cookie of the browser that began it, sealed, so that
//! beginning one writes nothing and no other browser can end it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use plenum_kernel::{AccountId, TenantId};
use rand::RngCore;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the key is derived for (RFC 5869 §3.2).
const PURPOSE: &[u8] = b"plenum oidc: sign-ins on their way, 1";
/// How long somebody may take at the provider.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aim {
    /// Signing in.
    SignIn,
    /// Linking an account whose holder is signed in.
    Link(AccountId),
}

/// A sign-in on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Whose provider.
    pub tenant: TenantId,
    /// The provider, as it was set at the beginning.
    pub issuer: String,
    /// Who we are to it.
    pub client: String,
    /// What it is for.
    pub aim: Aim,
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Redeems the code (RFC 7636).
    pub verifier: String,
    /// Where to go afterwards, in the web app.
    pub return_to: String,
    /// Until when it may come back.
    pub expires_at: DateTime<Utc>,
}

impl Attempt {
    /// A new one.
    #[must_use]
    pub fn new(
        tenant: TenantId,
        (issuer, client): (String, String),
        aim: Aim,
        return_to: String,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            tenant,
            issuer,
            client,
            aim,
            state: plenum_identity::token::generate(),
            nonce: plenum_identity::token::generate(),
            verifier: plenum_identity::token::generate(),
            return_to,
            expires_at: now + LIFETIME,
        }
    }

    /// The challenge that goes with the request for a code (RFC 7636 §4.2).
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// Seals attempts for their cookie.
#[derive(Clone)]
pub struct Envelope {
    key: Arc<LessSafeKey>,
}

impl Envelope {
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

    /// For the cookie.
    ///
    /// # Panics
    /// Never: an attempt is plain data, and short.
    #[must_use]
    pub fn seal(&self, attempt: &Attempt) -> String {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = serde_json::to_vec(attempt).expect("an attempt is plain data");
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(PURPOSE), &mut sealed)
            .expect("an attempt is shorter than GCM's limit");
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// From the cookie; none when it is not ours, or too old.
    #[must_use]
    pub fn open(&self, text: &str, now: DateTime<Utc>) -> Option<Attempt> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.key.open_in_place(nonce, Aad::from(PURPOSE), &mut sealed).ok()?;
        let attempt: Attempt = serde_json::from_slice(opened).ok()?;
        (attempt.expires_at > now).then_some(attempt)
    }
}

/// An address within the web app; its start for anything else, which could lead to a forged page.
#[must_use]
pub fn safe_return(text: &str) -> &str {
    let inside = text.starts_with('/')
        && !text[1..].starts_with(['/', '\\'])
        && text.len() <= 500
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"#\"<>".contains(&byte));
    if inside { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn an_attempt_opens_with_its_key_and_in_time() {
        let now = Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a moment");
        let provider = ("https://idp.example".to_owned(), "plenum".to_owned());
        let attempt = Attempt::new(TenantId::new(), provider, Aim::SignIn, "/".to_owned(), now);
        let envelope = Envelope::new(&[7; 32]);
        let sealed = envelope.seal(&attempt);
        assert!(sealed.len() < 2_000 && !sealed.contains(&attempt.verifier));
        assert_eq!(envelope.open(&sealed, now), Some(attempt.clone()));
        assert_eq!(envelope.open(&sealed, now + LIFETIME), None);
        assert_eq!(Envelope::new(&[8; 32]).open(&sealed, now), None);
        let mut damaged = URL_SAFE_NO_PAD.decode(&sealed).expect("base64");
        damaged[20] ^= 1;
        assert_eq!(envelope.open(&URL_SAFE_NO_PAD.encode(damaged), now), None);
        assert_eq!(envelope.open("", now), None);
    }

    #[test]
    fn the_challenge_is_that_of_the_specification() {
        let now = Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a moment");
        let provider = (String::new(), String::new());
        let mut attempt = Attempt::new(TenantId::new(), provider, Aim::SignIn, String::new(), now);
        // RFC 7636, appendix B.
        attempt.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        assert_eq!(attempt.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn one_returns_into_the_web_app_only() {
        for inside in ["/", "/t/alpha/chat?message=1"] {
            assert_eq!(safe_return(inside), inside);
        }
        for outside in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "/a#b", "/a b", "é"]
        {
            assert_eq!(safe_return(outside), "/", "{outside}");
        }
    }
}
