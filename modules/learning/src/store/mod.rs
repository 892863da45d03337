//! The only SQL of learning.

pub mod attempts;
pub mod certificates;
pub mod courses;
pub mod enrolments;
pub mod invitations;
pub mod learners;
pub mod lessons;
pub mod questions;
pub mod trainings;
pub mod watching;

use plenum_db::StoreError;

fn unknown(what: &'static str, value: &str) -> StoreError {
    StoreError::Value { what, value: value.to_owned() }
}

fn to_json(what: &'static str, value: &impl serde::Serialize) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|error| unknown(what, &error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|error| unknown(what, &error.to_string()))
}
