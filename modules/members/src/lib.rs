//! People and memberships.

pub mod domain;
