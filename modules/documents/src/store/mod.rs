//! The only SQL of documents.

pub mod dispatches;
pub mod documents;
pub mod history;
pub mod journals;
pub mod signatures;
pub mod steps;
pub mod substitutes;
pub mod tasks;
pub mod versions;
pub mod views;

use plenum_db::StoreError;

fn unknown(word: crate::domain::UnknownWord) -> StoreError {
    StoreError::Value { what: word.what, value: word.word }
}

fn hash(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    <[u8; 32]>::try_from(bytes)
        .map_err(|bytes| StoreError::Value { what: "SHA-256", value: hex::encode(bytes) })
}
