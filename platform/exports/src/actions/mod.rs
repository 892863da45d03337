//! One file per verb.

pub(crate) mod order_export;
pub(crate) mod remove_export;
pub(crate) mod run_export;
