//! The only SQL of accounts. These tables are global: any transaction reaches them.

pub mod accounts;
pub mod attempts;
pub mod known_browsers;
pub mod resets;
pub mod web_sessions;
