use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

/// Leave to join one room as one participant, for a short while. Signed by whoever decides who may join.
///
/// It is checked when a connection begins; one that is open does not end when the token expires. Keep the lifetime
/// short (a minute): within it, a removed participant could come back with the token that they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomToken {
    /// Who runs the room (the tenant). Means nothing here; it comes back with each event.
    pub scope: Uuid,
    /// The room that it opens, and no other.
    pub room: Uuid,
    /// Who joins. Stays the same when the same person reconnects.
    pub participant: Uuid,
    /// The name that others see.
    pub name: String,
    /// What others see under the name, such as the organization.
    pub label: String,
    /// As what.
    #[serde(default)]
    pub part: Part,
    /// Seconds since 1970; from this moment on the token is no longer accepted.
    pub expires_at: i64,
}

/// As what somebody is in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A person, whom the others see and hear.
    #[default]
    Person,
    /// A camera or an encoder, which the others see and hear, and which is nobody's presence.
    Device,
    /// Whoever watches and is seen by nobody.
    Watcher,
}

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not the form that this crate writes.
    #[error("the room token is malformed")]
    Malformed,
    /// Signed with another key, or changed since.
    #[error("the signature of the room token is wrong")]
    Forged,
    /// Its time is over.
    #[error("the room token has expired")]
    Expired,
}

impl RoomToken {
    /// The token as text: `base64url(JSON).base64url(HMAC-SHA256 over the first part)`, all of it allowed in a
    /// WebSocket subprotocol (RFC 6455 §4.1).
    pub fn sign(&self, key: &[u8]) -> String {
        let json =
            serde_json::to_vec(self).expect("a token is strings, numbers and booleans, which JSON can hold");
        let payload = URL_SAFE_NO_PAD.encode(json);
        let signature = URL_SAFE_NO_PAD.encode(mac(&payload, key).finalize().into_bytes());
        format!("{payload}.{signature}")
    }

    /// Reads a token that [`RoomToken::sign`] wrote with the same key. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] when it is not of that form, [`TokenError::Forged`] when the signature does not fit,
    /// [`TokenError::Expired`] when it fits and the time is over.
    pub fn verify(token: &str, key: &[u8], now: i64) -> Result<RoomToken, TokenError> {
        let (payload, signature) = token.split_once('.').ok_or(TokenError::Malformed)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
        // In constant time, and before anything else is believed.
        mac(payload, key).verify_slice(&signature).map_err(|_| TokenError::Forged)?;
        let json = URL_SAFE_NO_PAD.decode(payload).map_err(|_| TokenError::Malformed)?;
        let token: RoomToken = serde_json::from_slice(&json).map_err(|_| TokenError::Malformed)?;
        if now >= token.expires_at { Err(TokenError::Expired) } else { Ok(token) }
    }
}

fn mac(payload: &str, key: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(payload.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Part, RoomToken, TokenError};

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn token() -> RoomToken {
        RoomToken {
            scope: Uuid::from_u128(9),
            room: Uuid::from_u128(1),
            participant: Uuid::from_u128(2),
            name: "Анна Петрова".into(),
            label: "ППО № 1".into(),
            part: Part::Person,
            expires_at: 1_000,
        }
    }

    #[test]
    fn a_signed_token_is_read_back_until_it_expires() {
        let text = token().sign(KEY);
        assert_eq!(RoomToken::verify(&text, KEY, 999), Ok(token()));
        assert_eq!(RoomToken::verify(&text, KEY, 1_000), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_without_a_part_is_a_persons() {
        let json = serde_json::to_value(RoomToken { part: Part::Watcher, ..token() }).unwrap();
        assert_eq!(json["part"], "watcher");
        let mut older = json.clone();
        older.as_object_mut().unwrap().remove("part");
        assert_eq!(serde_json::from_value::<RoomToken>(older).unwrap().part, Part::Person);
    }

    #[test]
    fn a_token_fits_into_a_subprotocol() {
        let text = token().sign(KEY);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{text}");
    }

    #[test]
    fn another_key_or_another_content_is_a_forgery() {
        let text = token().sign(KEY);
        assert_eq!(RoomToken::verify(&text, b"another", 0), Err(TokenError::Forged));
        let other = RoomToken { room: Uuid::from_u128(3), ..token() }.sign(KEY);
        let mixed = format!("{}.{}", other.split('.').next().unwrap(), text.split('.').nth(1).unwrap());
        assert_eq!(RoomToken::verify(&mixed, KEY, 0), Err(TokenError::Forged));
    }

    #[test]
    fn other_text_is_malformed() {
        for text in ["", "abc", "a.!", "ä.b"] {
            assert_eq!(RoomToken::verify(text, KEY, 0), Err(TokenError::Malformed), "{text:?}");
        }
    }
}
