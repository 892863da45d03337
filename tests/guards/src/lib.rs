//! What the guards share: the API's schema as data, and operations made from it.

pub mod fields;
pub mod operations;
#[cfg(feature = "mutants")]
pub mod probe;
pub mod server;
