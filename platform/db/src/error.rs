//! What can go wrong below a store.

use sqlx::postgres::PgQueryResult;

/// A statement failed, or touched other rows than it had to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// PostgreSQL or the connection failed.
    #[error("the database failed")]
    Sql(#[from] sqlx::Error),
    /// A write touched an unexpected number of rows: the row is gone, changed meanwhile, or not this tenant's.
    #[error("a write touched {found} rows instead of {expected}")]
    Rows {
        /// How many rows it had to touch.
        expected: u64,
        /// How many it touched.
        found: u64,
    },
    /// A stored value does not read back, for example an unknown state name.
    #[error("the stored {what} `{value}` is not known")]
    Value {
        /// Which column or type.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// A sealed value does not open, or cannot be sealed.
    #[error("a sealed value could not be read or written")]
    Sealed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether a unique constraint of this name refused the write.
    #[must_use]
    pub fn violates(&self, constraint: &str) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.constraint() == Some(constraint),
            _ => false,
        }
    }
}

/// Asserts how many rows a write touched.
pub trait AffectedRows {
    /// Exactly this many.
    ///
    /// # Errors
    /// [`StoreError::Rows`] when it was another number.
    fn exactly(self, expected: u64) -> Result<(), StoreError>;
}

impl AffectedRows for PgQueryResult {
    fn exactly(self, expected: u64) -> Result<(), StoreError> {
        let found = self.rows_affected();
        if found == expected { Ok(()) } else { Err(StoreError::Rows { expected, found }) }
    }
}
