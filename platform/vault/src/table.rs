//! Tables with sealed columns, as the re-encryption knows them.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};

/// How far a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows with something to seal.
    pub rows: i64,
    /// Of these, rows that are not sealed yet, or with a key that is retired.
    pub behind: i64,
}

/// What a sealed column holds, when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// Plain data as JSON.
    Json,
    /// A number of 64 bits, big-endian.
    Number,
    /// A secret that opens something: nobody is shown it.
    Secret,
}

/// A sealed column, for whoever reads a table as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its name.
    pub column: &'static str,
    /// The column whose id is the row of its [`Field`](crate::Field).
    pub row: &'static str,
    /// The column whose id the field is owned by.
    pub owner: Option<&'static str>,
    /// What it holds.
    pub holds: Holds,
    /// What the value is called when it is opened.
    pub opened: &'static str,
}

/// A table of a tenant with sealed columns. The job that re-encrypts calls it until nothing is behind.
#[async_trait]
pub trait SealedTable: Send + Sync {
    /// `schema.table`.
    fn name(&self) -> &'static str;

    /// Its sealed columns.
    fn columns(&self) -> &'static [SealedColumn];

    /// How far it is, when the key with this number is the active one. The number stands in the bytes 2 to 5 of every
    /// sealed value, as `int4send` writes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError>;

    /// Seals anew up to `limit` rows that are behind, and tells how many. What a row says does not change by it, nor
    /// any count of its changes.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or a value does not open.
    async fn renew(&self, tx: &mut TenantTx, active: i32, limit: i64) -> Result<u64, StoreError>;
}
