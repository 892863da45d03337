//! Mailings to audiences drawn from the register: campaigns, recipients, delivery.

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
