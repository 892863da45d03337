//! The only SQL of the tree.

pub mod access;
pub mod grants;
pub mod own_roles;
pub mod settings;
pub mod tenants;
pub mod units;
