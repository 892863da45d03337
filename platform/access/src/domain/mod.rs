//! Pure rules.

pub mod ceiling;
pub mod texts;
