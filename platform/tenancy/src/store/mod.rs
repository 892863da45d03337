//! The only SQL of the tree.

pub mod access;
pub mod deletions;
pub mod grants;
pub mod invitations;
pub mod own_roles;
pub mod settings;
pub mod tenants;
pub mod units;
