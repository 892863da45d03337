//! Leave to use the relay for a while: a name that says until when and for whom, and a password that only who has the
//! key can make of it (draft-uberti-behave-turn-rest-00). A relay elsewhere (coturn) checks the same with the same key.

use std::sync::Arc;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use md5::{Digest as _, Md5};
use ring::hmac;
use uuid::Uuid;

/// How long credentials are good for. Who is still in a room by then, and by the relay, is given new ones.
pub const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The realm of the relay (RFC 8489 §9.2): short, because it stands in each answer to a stranger.
pub const REALM: &str = "plenum";

/// The longest name that is looked at: an instant, a colon and an opaque id are shorter.
const LONGEST_NAME: usize = 64;

/// The key that makes credentials: text, as it stands in the configuration of a relay elsewhere.
#[derive(Clone)]
pub struct TurnKey(Arc<str>);

impl std::fmt::Debug for TurnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TurnKey(…)")
    }
}

impl TurnKey {
    /// The shortest key, in characters.
    pub const SHORTEST: usize = 32;

    /// Takes a key; `None` for one that is too short.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() >= Self::SHORTEST).then(|| Self(Arc::from(text)))
    }

    /// Makes one: 64 hexadecimal digits.
    #[must_use]
    pub fn generate() -> Self {
        let bytes: [u8; 32] = rand::random();
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Credentials of a participant until a moment. The name tells nobody who it is: it has an id in it that only the
    /// key leads to, the same one each time, so that the relay can count.
    #[must_use]
    pub fn issue(&self, participant: Uuid, until: DateTime<Utc>) -> Credentials {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        let opaque = hmac::sign(&key, format!("participant:{participant}").as_bytes());
        let opaque = URL_SAFE_NO_PAD.encode(&opaque.as_ref()[..16]);
        let username = format!("{}:{opaque}", until.timestamp());
        let password = self.password(&username);
        Credentials { username, password, expires_at: until }
    }

    fn password(&self, username: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.as_bytes());
        STANDARD.encode(hmac::sign(&key, username.as_bytes()))
    }

    /// What messages of this name are signed with, and whose it is. `None` for a name that is none, or whose time is
    /// over; whether the sender knows the password is shown by the signature.
    pub(crate) fn read<'n>(&self, username: &'n str, now_s: i64) -> Option<Named<'n>> {
        if username.len() > LONGEST_NAME {
            return None;
        }
        let (until, participant) = username.split_once(':')?;
        // Nothing but digits: a sign or a zero in front would make further names of one.
        let is_number = until.bytes().all(|byte| byte.is_ascii_digit()) && !until.starts_with('0');
        let until_s: i64 = until.parse().ok().filter(|_| is_number)?;
        if participant.is_empty() || until_s <= now_s {
            return None;
        }
        let mut digest = Md5::new();
        digest.update(format!("{username}:{REALM}:{}", self.password(username)));
        Some(Named { participant, until_s, key: digest.finalize().into() })
    }
}

/// A name that was read.
pub(crate) struct Named<'n> {
    /// The opaque id.
    pub(crate) participant: &'n str,
    /// Seconds since 1970.
    pub(crate) until_s: i64,
    /// The key of the long-term mechanism (RFC 8489 §9.2.2).
    pub(crate) key: [u8; 16],
}

/// What a browser is given.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Until when, and an opaque id.
    pub username: String,
    /// Made of the name by the key.
    pub password: String,
    /// From this moment on they are worth nothing.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> TurnKey {
        TurnKey::new("north-wind-over-the-eastern-harbour").expect("long enough")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a moment")
    }

    #[test]
    fn a_name_holds_until_its_moment_and_tells_nobody_who_it_is() {
        let participant = Uuid::from_u128(7);
        let credentials = key().issue(participant, at(1_000));
        let named = key().read(&credentials.username, 999).expect("in time");
        assert_eq!(named.until_s, 1_000);
        assert!(key().read(&credentials.username, 1_000).is_none());
        assert!(!credentials.username.contains(&participant.simple().to_string()));
        let later = key().issue(participant, at(2_000));
        assert_eq!(key().read(&later.username, 0).expect("in time").participant, named.participant);
        assert_ne!(later.password, credentials.password);
        let other = key().issue(Uuid::from_u128(8), at(1_000));
        assert_ne!(key().read(&other.username, 0).expect("in time").participant, named.participant);
    }

    /// What `turnserver --use-auth-secret` makes of the same name: base64(HMAC-SHA1(secret, name)), by OpenSSL.
    #[test]
    fn a_relay_elsewhere_makes_the_same_password() {
        assert_eq!(key().password("1700000000:somebody"), "YptNuPKjvvP6l04SCpeLqipRxwk=");
    }

    #[test]
    fn what_is_no_name_is_not_read() {
        for name in ["", ":", "abc:d", "100", "100:", "-5:x", "+100:x", "0100:x", "99999999999999999999:x"] {
            assert!(key().read(name, 0).is_none(), "{name:?}");
        }
        assert!(key().read(&format!("100:{}", "x".repeat(100)), 0).is_none());
        assert!(TurnKey::new("short").is_none());
    }
}
