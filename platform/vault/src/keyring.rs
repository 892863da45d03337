//! The opened keys of a tenant, or of the installation.

use std::{collections::BTreeMap, fmt};

use plenum_kernel::TenantId;

use crate::{
    Field, Opened, Sealed, VaultError,
    cipher::{self, Broken, KeyBytes},
    field::joined,
};

/// Seals and opens without asking the database. [`writing`](crate::writing) gives one that stays good for its
/// transaction.
pub struct Keyring {
    scope: Option<TenantId>,
    active: u32,
    keys: BTreeMap<u32, KeyBytes>,
    index: KeyBytes,
}

impl Keyring {
    pub(crate) fn new(
        scope: Option<TenantId>,
        active: u32,
        keys: BTreeMap<u32, KeyBytes>,
        index: KeyBytes,
    ) -> Self {
        Self { scope, active, keys, index }
    }

    /// The number of the key that seals now.
    #[must_use]
    pub fn active(&self) -> u32 {
        self.active
    }

    /// Seals a value for its place.
    ///
    /// # Panics
    /// Never: a ring is made with its active key.
    #[must_use]
    pub fn seal(&self, field: &Field, plain: &[u8]) -> Sealed {
        let key = self.keys.get(&self.active).expect("a ring is made with its active key");
        Sealed::from(key.seal(self.active, &field.associated(self.scope), plain))
    }

    /// Opens the value that stands in this place.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when it was sealed with a key that this ring does not have, [`VaultError::Forged`] when
    /// it was changed or brought from another place, [`VaultError::Format`] when it is no sealed value.
    pub fn open(&self, field: &Field, sealed: &Sealed) -> Result<Opened, VaultError> {
        let (table, column) = (field.table, field.column);
        let number = cipher::number(sealed.as_bytes()).ok_or(VaultError::Format { table, column })?;
        let key = self.keys.get(&number).ok_or(VaultError::UnknownKey { table, column, number })?;
        let opened = key.open(&field.associated(self.scope), sealed.as_bytes());
        opened.map(Opened::new).map_err(|broken| match broken {
            Broken::Format => VaultError::Format { table, column },
            Broken::Forged => VaultError::Forged { table, column },
        })
    }

    /// The blind index of a value in a column: the same for the same value, in this tenant and column only, and telling
    /// nothing to whoever lacks the key. Bring the value into one form first (spaces, case).
    #[must_use]
    pub fn blind(&self, table: &'static str, column: &'static str, value: &str) -> [u8; 32] {
        let parts = [b"plenum.vault.index", table.as_bytes(), column.as_bytes(), value.as_bytes()];
        self.index.digest(&joined(&parts))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("scope", &self.scope)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}
