//! The token of a membership card: what its QR code carries, and what it proves.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Datelike, NaiveDate};
use hmac::{Hmac, Mac};
use plenum_kernel::TypedId;
use plenum_members_api::MemberId;
use sha2::Sha256;
use uuid::Uuid;

/// Keeps this use of the key apart from others.
const PURPOSE: &[u8] = b"plenum membership card\0";
/// Bytes of the tag that are kept: 128 bits, so that the code stays coarse enough for a phone's camera.
const TAG: usize = 16;

/// What a card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardClaim {
    /// The organization's name in addresses.
    pub tenant: String,
    /// Whose card it is.
    pub member: MemberId,
    /// The number of this card among the member's: only the latest is valid.
    pub serial: u32,
    /// When it was issued.
    pub issued_on: NaiveDate,
}

/// The key that signs cards.
#[derive(Clone)]
pub struct CardKey(Vec<u8>);

impl CardKey {
    /// Takes a key: 32 random bytes, the same on every server of the installation.
    #[must_use]
    pub fn new(key: Vec<u8>) -> Self {
        Self(key)
    }

    /// The token of a card: `tenant.body.tag`.
    #[must_use]
    pub fn sign(&self, claim: &CardClaim) -> String {
        let mut body = Vec::with_capacity(24);
        body.extend_from_slice(claim.member.uuid().as_bytes());
        body.extend_from_slice(&claim.serial.to_be_bytes());
        body.extend_from_slice(&claim.issued_on.num_days_from_ce().to_be_bytes());
        let tag = self.mac(&claim.tenant, &body).finalize().into_bytes();
        format!("{}.{}.{}", claim.tenant, URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(&tag[..TAG]))
    }

    /// What a token says, when this key signed it.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<CardClaim> {
        let mut parts = token.split('.');
        let (tenant, body, tag) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || token.len() > 200 {
            return None;
        }
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        if tag.len() != TAG || body.len() != 24 {
            return None;
        }
        self.mac(tenant, &body).verify_truncated_left(&tag).ok()?;
        let number = |from: usize| body[from..from + 4].try_into().ok();
        Some(CardClaim {
            tenant: tenant.to_owned(),
            member: MemberId::from_uuid(Uuid::from_slice(&body[..16]).ok()?),
            serial: u32::from_be_bytes(number(16)?),
            issued_on: NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(number(20)?))?,
        })
    }

    fn mac(&self, tenant: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(PURPOSE);
        mac.update(tenant.as_bytes());
        mac.update(b"\0");
        mac.update(body);
        mac
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim() -> CardClaim {
        CardClaim {
            tenant: "education".to_owned(),
            member: MemberId::new(),
            serial: 3,
            issued_on: NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date"),
        }
    }

    #[test]
    fn a_token_proves_what_was_signed_under_one_key() {
        let (key, claim) = (CardKey::new(vec![7; 32]), claim());
        let token = key.sign(&claim);
        assert_eq!(key.verify(&token), Some(claim));
        assert_eq!(CardKey::new(vec![8; 32]).verify(&token), None);
        assert_eq!(key.verify(&token.replace("education", "health")), None);
        for broken in ["", "..", "a.b.c", &token[1..], &token[..token.len() - 1], &format!("{token}.")] {
            assert_eq!(key.verify(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn no_changed_letter_passes(at in 0_usize..70, letter in "[A-Za-z0-9_-]") {
            let key = CardKey::new(vec![7; 32]);
            let token = key.sign(&claim());
            let at = at % token.len();
            let changed = format!("{}{letter}{}", &token[..at], &token[at + 1..]);
            // The last letter of a part may carry bits that mean nothing: those are refused by the decoder.
            prop_assert_eq!(key.verify(&changed).is_some(), changed == token);
        }
    }
}
