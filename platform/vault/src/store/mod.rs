//! The statements.

pub(crate) mod keys;
pub(crate) mod master;
