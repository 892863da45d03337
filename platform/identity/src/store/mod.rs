//! The only SQL of accounts. These tables are global: any transaction reaches them.

pub mod accounts;
pub mod attempts;
pub mod bound_sessions;
pub mod ceremonies;
pub mod email_changes;
pub mod known_browsers;
pub mod passkeys;
pub mod pending_sign_ins;
pub mod recovery_codes;
pub mod resets;
pub mod totp;
pub mod web_sessions;
