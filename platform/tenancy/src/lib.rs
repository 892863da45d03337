//! Organizations (tenants) and their units: the tree that every scope hangs on, and the roles given in it.
//!
//! A tenant is a member organization; the federation's own apparatus is one more. Inside a tenant the units form a
//! tree with one root, the apparatus. Tenancy isolates, unit scope authorizes.

pub mod graphql;
pub mod permissions;
pub mod ready;
pub mod store;

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
