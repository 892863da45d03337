//! Pure rules.

pub mod ceiling;
pub mod invitations;
pub mod texts;
pub mod titles;
