//! Conversations: channels of bodies, units and courses, direct ones, and their messages.

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
