//! Signed links.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use plenum_kernel::{AccountId, TenantId};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::FileId;

/// How long a link works.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The key that signs links: 32 random bytes, the same on every server of the installation.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

/// What a link allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkAct {
    /// Send the bytes of a new file.
    #[serde(rename = "put")]
    Put,
    /// Fetch the bytes.
    #[serde(rename = "get")]
    Get,
    /// Show a PDF in place. Sign one only for bytes that [`inspect`](crate::inspect) found to be a clean PDF.
    #[serde(rename = "show")]
    Show,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) tenant: TenantId,
    pub(crate) file: FileId,
    pub(crate) act: LinkAct,
    pub(crate) until: i64,
    /// Whose read is recorded when the link is used; nobody's when none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reader: Option<AccountId>,
}

impl LinkKey {
    /// Takes a key.
    #[must_use]
    pub fn new(key: Vec<u8>) -> Self {
        Self(key)
    }

    pub(crate) fn sign(
        &self,
        tenant: TenantId,
        file: FileId,
        act: LinkAct,
        reader: Option<AccountId>,
        now: DateTime<Utc>,
    ) -> String {
        let claim = Claim { tenant, file, act, until: (now + LIFETIME).timestamp(), reader };
        let body = serde_json::to_vec(&claim).expect("a claim is plain data");
        let tag = self.mac(&body).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(body), URL_SAFE_NO_PAD.encode(tag))
    }

    pub(crate) fn verify(&self, token: &str, act: LinkAct, now: DateTime<Utc>) -> Option<Claim> {
        let (body, tag) = token.split_once('.')?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        self.mac(&body).verify_slice(&URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
        let claim: Claim = serde_json::from_slice(&body).ok()?;
        (claim.act == act && claim.until > now.timestamp()).then_some(claim)
    }

    fn mac(&self, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"plenum file link\0");
        mac.update(body);
        mac
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_link_works_for_one_act_and_ten_minutes() {
        let key = LinkKey::new(vec![7; 32]);
        let now = Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a real moment");
        let (tenant, file) = (TenantId::new(), FileId::new());
        let token = key.sign(tenant, file, LinkAct::Get, None, now);
        assert_eq!(key.verify(&token, LinkAct::Get, now).map(|claim| claim.file), Some(file));
        assert!(key.verify(&token, LinkAct::Put, now).is_none());
        assert!(key.verify(&token, LinkAct::Get, now + TimeDelta::minutes(10)).is_none());
        assert!(LinkKey::new(vec![8; 32]).verify(&token, LinkAct::Get, now).is_none());
        for broken in ["", ".", "a.b", &token[1..], &token[..token.len() - 2]] {
            assert!(key.verify(broken, LinkAct::Get, now).is_none(), "{broken}");
        }
    }
}
