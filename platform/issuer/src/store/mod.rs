//! The only SQL of the provider. Its tables belong to no tenant.

pub mod admissions;
pub mod clients;
pub mod keys;
