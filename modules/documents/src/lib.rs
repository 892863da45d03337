//! Paperless document flow: registration, versions, routes, signatures, tasks, exchange between organizations.

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
