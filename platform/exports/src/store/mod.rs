//! The only SQL of exports.

pub(crate) mod exports;
pub(crate) mod rows;
