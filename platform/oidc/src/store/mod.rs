//! The only SQL of sign-in by providers.

pub mod attempts;
pub mod links;
pub mod providers;
pub mod sealed;
