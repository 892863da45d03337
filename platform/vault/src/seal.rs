//! What stores call.

use std::sync::Arc;

use plenum_db::{GlobalTx, PgConnection, TenantTx};
use plenum_kernel::TenantId;

use crate::{Field, Keyring, Opened, Sealed, Vault, VaultError};

/// A transaction of a tenant, or of the installation.
pub trait Scoped: Send + sealed::Closed {
    /// Whose keys it uses: the tenant's, or the installation's.
    fn scope(&self) -> Option<TenantId>;
    /// The vault that the database has its transactions carry.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] when the program was put together without one.
    fn vault(&self) -> Result<Vault, VaultError>;
    /// The connection.
    fn connection(&mut self) -> &mut PgConnection;
}

mod sealed {
    pub trait Closed {}
    impl Closed for plenum_db::TenantTx {}
    impl Closed for plenum_db::GlobalTx {}
}

impl Scoped for TenantTx {
    fn scope(&self) -> Option<TenantId> {
        Some(self.tenant())
    }

    fn vault(&self) -> Result<Vault, VaultError> {
        self.carried::<Vault>().cloned().ok_or(VaultError::NoVault)
    }

    fn connection(&mut self) -> &mut PgConnection {
        self.conn()
    }
}

impl Scoped for GlobalTx {
    fn scope(&self) -> Option<TenantId> {
        None
    }

    fn vault(&self) -> Result<Vault, VaultError> {
        self.carried::<Vault>().cloned().ok_or(VaultError::NoVault)
    }

    fn connection(&mut self) -> &mut PgConnection {
        self.conn()
    }
}

/// The keys, for sealing many values in one transaction. A rotation waits for the end of this transaction, so that what
/// is sealed in it is sealed with the key that is active when it commits.
///
/// # Errors
/// [`VaultError`] when there is no vault, the master key was changed meanwhile, or the database fails.
pub async fn writing<T: Scoped>(tx: &mut T) -> Result<Arc<Keyring>, VaultError> {
    let vault = tx.vault()?;
    vault.writing(tx).await
}

/// The keys, for opening many values and for blind indexes in searches. What a rotation meanwhile made unknown to this
/// ring, [`open`] finds.
///
/// # Errors
/// As of [`writing`].
pub async fn reading<T: Scoped>(tx: &mut T) -> Result<Arc<Keyring>, VaultError> {
    let vault = tx.vault()?;
    vault.reading(tx).await
}

/// Seals a value for its place.
///
/// # Errors
/// As of [`writing`].
pub async fn seal<T: Scoped>(tx: &mut T, field: &Field, plain: &[u8]) -> Result<Sealed, VaultError> {
    Ok(writing(tx).await?.seal(field, plain))
}

/// Seals a text for its place.
///
/// # Errors
/// As of [`writing`].
pub async fn seal_text<T: Scoped>(tx: &mut T, field: &Field, plain: &str) -> Result<Sealed, VaultError> {
    seal(tx, field, plain.as_bytes()).await
}

/// Opens the value that stands in this place. Asks the database only for keys that are not known here yet.
///
/// # Errors
/// As of [`Keyring::open`] and [`writing`].
pub async fn open<T: Scoped>(tx: &mut T, field: &Field, sealed: &Sealed) -> Result<Opened, VaultError> {
    let vault = tx.vault()?;
    let ring = vault.reading(tx).await?;
    match ring.open(field, sealed) {
        Err(VaultError::UnknownKey { .. }) => vault.load(tx).await?.open(field, sealed),
        other => other,
    }
}

/// Opens the text that stands in this place.
///
/// # Errors
/// As of [`open`]; [`VaultError::Format`] when it is no text.
pub async fn open_text<T: Scoped>(tx: &mut T, field: &Field, sealed: &Sealed) -> Result<String, VaultError> {
    let opened = open(tx, field, sealed).await?;
    let text = std::str::from_utf8(opened.bytes());
    text.map(str::to_owned).map_err(|_| VaultError::Format { table: field.table, column: field.column })
}

/// The blind index of a value in a column: see [`Keyring::blind`].
///
/// # Errors
/// As of [`writing`].
pub async fn blind<T: Scoped>(
    tx: &mut T,
    table: &'static str,
    column: &'static str,
    value: &str,
) -> Result<[u8; 32], VaultError> {
    Ok(reading(tx).await?.blind(table, column, value))
}
