//! Whether signatures hold, computed from the bytes each time it is asked.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use plenum_audit::EntryFilter;
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{DocumentId, SignatureId, VersionId};
use plenum_files::FilesError;
use plenum_kernel::{AccountId, TypedId};
use serde::Deserialize;

use crate::{
    Desk,
    domain::seal::FIRST,
    store::{
        signatures::{self, Signature},
        versions::{self, Version},
    },
};

/// The act of the audit whose entries say that a document was signed; its detail is read as [`Told`].
pub(crate) const SIGNED: &str = "documents.sign_step";

/// So many signatures of a document are looked for, the latest of them.
const MOST: i64 = 500;

/// Whether a signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// The bytes are those that were signed, and the record is as it was sealed.
    Valid,
    /// The bytes are others, or gone.
    BytesChanged,
    /// The record, or one before it, was altered.
    RecordAltered,
}

/// A signature that was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The signature.
    pub signature: Signature,
    /// The version that was signed.
    pub version: Version,
    /// Whether it holds.
    pub validity: Validity,
    /// Whether it is of the latest version.
    pub of_latest: bool,
}

/// Checks all signatures of a document against the bytes in the store.
///
/// # Errors
/// [`FilesError`] when the database or the object store fails.
pub async fn verify(
    tx: &mut TenantTx,
    desk: &Desk,
    document: DocumentId,
) -> Result<Vec<Checked>, FilesError> {
    let all = versions::of_document(tx, document).await?;
    let latest = all.first().map(|version| version.id);
    let mut digests: HashMap<VersionId, Option<[u8; 32]>> = HashMap::new();
    let mut before = FIRST;
    let mut ordinal = 0;
    let mut checked = Vec::new();
    for signature in signatures::of_document(tx, document).await? {
        ordinal += 1;
        let record = &signature.record;
        let version = all.iter().find(|version| version.id == record.version).ok_or_else(|| {
            StoreError::Value { what: "version of a signature", value: record.version.to_string() }
        })?;
        let sealed = record.ordinal == ordinal && desk.seal.holds(record, &before, &signature.seal);
        let digest = match digests.get(&version.id) {
            Some(digest) => *digest,
            None => {
                let digest = match desk.tools.files.digest(tx, version.file).await {
                    Ok(digest) => Some(digest),
                    Err(FilesError::NotFound) => None,
                    Err(other) => return Err(other),
                };
                digests.insert(version.id, digest);
                digest
            }
        };
        let validity = if !sealed {
            Validity::RecordAltered
        } else if digest != Some(record.sha256) {
            Validity::BytesChanged
        } else {
            Validity::Valid
        };
        before = signature.seal;
        let of_latest = latest == Some(version.id);
        checked.push(Checked { version: version.clone(), signature, validity, of_latest });
    }
    Ok(checked)
}

/// A signature that was made, and whose record is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The signature.
    pub id: SignatureId,
    /// Who signed, when the audit names a person.
    pub account: Option<AccountId>,
    /// For whom, when a substitute signed.
    pub on_behalf_of: Option<AccountId>,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// Which version, as the audit tells.
    pub version: i32,
}

/// What the audit tells of a signature.
#[derive(Deserialize)]
struct Told {
    signature: SignatureId,
    version: i32,
    on_behalf_of: Option<AccountId>,
}

/// The signatures of a document that the audit tells of and that are not there, in order. Seals cannot miss the last
/// ones: nothing follows them. The audit is a chain of its own, whose end can be noted elsewhere.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn removed(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Removed>, StoreError> {
    let filter = EntryFilter {
        action: Some(SIGNED.to_owned()),
        subject: Some(document.global()),
        ..EntryFilter::default()
    };
    let mut told = Vec::new();
    for entry in plenum_audit::list(tx, &filter, None, MOST).await?.into_iter().rev() {
        let Told { signature, version, on_behalf_of } =
            serde_json::from_value(entry.detail).map_err(|error| StoreError::Value {
                what: "detail of a signature in the audit",
                value: error.to_string(),
            })?;
        let account = entry.actor.map(AccountId::from);
        told.push(Removed { id: signature, account, on_behalf_of, signed_at: entry.at, version });
    }
    let ids: Vec<SignatureId> = told.iter().map(|one| one.id).collect();
    let missing = signatures::missing(tx, document, &ids).await?;
    told.retain(|one| missing.contains(&one.id));
    Ok(told)
}
