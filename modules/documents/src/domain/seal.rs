//! The seal of a signature's record.
//!
//! A simple electronic signature (Federal Law 63-FZ, art. 5 §2, art. 9) binds a person, a moment and a text of intent
//! to the SHA-256 of the bytes. The record is sealed with HMAC-SHA256 (RFC 2104) under a key of the installation; each
//! seal covers the one before it on the same document, so that no record can be altered, moved or taken out of the
//! middle unnoticed, not even by who writes to the database.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use plenum_documents_api::{DocumentId, SignatureId, StepId, VersionId};
use plenum_kernel::{AccountId, TenantId, TypedId};
use sha2::Sha256;

/// What the first seal of a document covers instead of one before it.
pub const FIRST: [u8; 32] = [0; 32];

/// The key of the seals: the same on every server of the installation.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

/// All that a seal covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The tenant.
    pub tenant: TenantId,
    /// The signature.
    pub id: SignatureId,
    /// The document.
    pub document: DocumentId,
    /// The version.
    pub version: VersionId,
    /// The step that asked for it.
    pub step: StepId,
    /// 1, 2, 3 … within the document.
    pub ordinal: i32,
    /// Who signed.
    pub signer: AccountId,
    /// Their name then.
    pub signer_name: String,
    /// For whom, when a substitute signed.
    pub on_behalf_of: Option<AccountId>,
    /// The name of that person then.
    pub on_behalf_name: Option<String>,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// What the signer declared.
    pub intent: String,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
}

impl SealKey {
    /// Derives the key from the installation's secret.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
        mac.update(b"plenum document signature\0");
        Self(mac.finalize().into_bytes().into())
    }

    /// Seals a record after the seal before it.
    #[must_use]
    pub fn seal(&self, record: &Record, before: &[u8; 32]) -> [u8; 32] {
        self.mac(record, before).finalize().into_bytes().into()
    }

    /// Whether the record is as it was sealed.
    #[must_use]
    pub fn holds(&self, record: &Record, before: &[u8; 32], seal: &[u8; 32]) -> bool {
        self.mac(record, before).verify_slice(seal).is_ok()
    }

    fn mac(&self, record: &Record, before: &[u8; 32]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        let on_behalf = record.on_behalf_of.map(|id| id.global()).unwrap_or_default();
        let ids = [
            record.tenant.uuid(),
            record.id.uuid(),
            record.document.uuid(),
            record.version.uuid(),
            record.step.uuid(),
            record.signer.uuid(),
        ];
        let (ordinal, at) = (record.ordinal.to_be_bytes(), record.signed_at.timestamp_micros().to_be_bytes());
        let others: [&[u8]; 8] = [
            before,
            &ordinal,
            record.signer_name.as_bytes(),
            on_behalf.as_bytes(),
            record.on_behalf_name.as_deref().unwrap_or_default().as_bytes(),
            &at,
            record.intent.as_bytes(),
            &record.sha256,
        ];
        let parts = ids.iter().map(|id| id.as_bytes().as_slice()).chain(others);
        for part in parts {
            // With its length before it no part can be shifted into the next.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn record() -> Record {
        Record {
            tenant: TenantId::new(),
            id: SignatureId::new(),
            document: DocumentId::new(),
            version: VersionId::new(),
            step: StepId::new(),
            ordinal: 1,
            signer: AccountId::new(),
            signer_name: "Орлова Марина".to_owned(),
            on_behalf_of: None,
            on_behalf_name: None,
            signed_at: Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a moment"),
            intent: "Подписываю протокол".to_owned(),
            sha256: [7; 32],
        }
    }

    #[test]
    fn every_change_of_the_record_breaks_its_seal() {
        let key = SealKey::derive(b"secret");
        let record = record();
        let seal = key.seal(&record, &FIRST);
        assert!(key.holds(&record, &FIRST, &seal));
        let changes: [fn(&mut Record); 12] = [
            |r| r.tenant = TenantId::new(),
            |r| r.id = SignatureId::new(),
            |r| r.document = DocumentId::new(),
            |r| r.version = VersionId::new(),
            |r| r.step = StepId::new(),
            |r| r.ordinal = 2,
            |r| r.signer = AccountId::new(),
            |r| r.on_behalf_of = Some(AccountId::new()),
            |r| r.signed_at += TimeDelta::microseconds(1),
            |r| r.sha256[31] ^= 1,
            |r| r.intent.push('.'),
            |r| {
                // The same letters, divided otherwise.
                let last = r.signer_name.pop().expect("a letter");
                r.on_behalf_name = Some(last.to_string());
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = record.clone();
            change(&mut changed);
            assert!(!key.holds(&changed, &FIRST, &seal), "change {at} is not noticed");
        }
        assert!(!key.holds(&record, &[1; 32], &seal), "another before it is not noticed");
        assert!(!SealKey::derive(b"other").holds(&record, &FIRST, &seal));
    }
}
