//! Where a sealed value stands, and the value itself, sealed and opened.

use std::fmt;

use plenum_kernel::{TenantId, TypedId};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The place of a value: a column of one row. It is part of what is authenticated, so it has to be the same when the
/// value is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    row: Uuid,
    owner: Option<Uuid>,
}

impl Field {
    /// A column (`changes`) of a table (`members.correction`) in the row with this id.
    #[must_use]
    pub fn new(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row, owner: None }
    }

    /// The same, bound also to whom the row is about: a row that is given to somebody else does not open.
    #[must_use]
    pub fn owned_by(self, owner: Uuid) -> Self {
        Self { owner: Some(owner), ..self }
    }

    /// The associated data: every part with its length before it, so that nothing moves from one to the next.
    pub(crate) fn associated(&self, scope: Option<TenantId>) -> Vec<u8> {
        let scope = scope.map(|tenant| *tenant.uuid().as_bytes());
        let owner = self.owner.map(|owner| *owner.as_bytes());
        let parts: [&[u8]; 6] = [
            b"plenum.vault.value",
            scope.as_ref().map_or(&[], |id| id),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
            owner.as_ref().map_or(&[], |id| id),
        ];
        joined(&parts)
    }
}

/// Parts with their lengths (32 bits, big-endian) before them.
pub(crate) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        all.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

/// A sealed value, as it stands in the database: a version, the number of the key, 28 random bytes, the encrypted value
/// and its tag of 16 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// For the database.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For the database.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Sealed {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// An opened value. It is wiped from memory when dropped, and prints nothing of itself.
#[derive(PartialEq, Eq)]
pub struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The value.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(…)")
    }
}
