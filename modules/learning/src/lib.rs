//! Distance training: courses, enrolments, tests, certificates.

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
