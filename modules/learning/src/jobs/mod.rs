//! Work done later.

pub mod print_certificate;
pub mod remind;
