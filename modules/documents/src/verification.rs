//! Whether signatures hold, computed from the bytes each time it is asked.

use std::collections::HashMap;

use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{DocumentId, VersionId};
use plenum_files::FilesError;

use crate::{
    Desk,
    domain::seal::FIRST,
    store::{
        signatures::{self, Signature},
        versions::{self, Version},
    },
};

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
