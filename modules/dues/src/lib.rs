//! Contributions of members: rates, charges by month, payments, and a ledger that only appends.

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
