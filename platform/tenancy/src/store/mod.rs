//! The only SQL of the tree.

pub mod access;
pub mod grants;
pub mod tenants;
pub mod units;
