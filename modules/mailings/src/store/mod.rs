//! The only SQL of mailings.

pub mod campaigns;
pub mod deliveries;
pub mod lists;
pub mod suppressions;

use plenum_db::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::domain::state::UnknownWord;

fn unknown(word: UnknownWord) -> StoreError {
    StoreError::Value { what: "state", value: word.0 }
}

fn to_json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))
}

fn from_json<T: DeserializeOwned>(what: &'static str, value: Value) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|error| StoreError::Value { what, value: error.to_string() })
}
