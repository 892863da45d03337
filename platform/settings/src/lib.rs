//! What a tenant's administrators set: how it looks (names, logo, colour), in whose name it writes, which languages it
//! speaks, and which modules it does without.
//!
//! What it is not: the rows (tenancy), and the refusal of what is off, which stands where permissions are looked up
//! (authz). See decision 0016.
//!
//! Invariants: whatever colour is chosen, text in it and on it can be read, in both schemes ([`domain::colour`]); a logo is
//! pixels that we wrote ourselves, never the bytes that were sent ([`logo`]); no name becomes a header ([`domain::sender`]),
//! and the address in From stays the installation's; settings are changed at the version that the administrator saw.

mod actions;
pub mod domain;
pub mod graphql;
pub mod logo;
mod routes;

use domain::modules::Module;

pub use routes::router;

/// The modules that a tenant can do without; the server knows them.
#[derive(Debug, Clone, Copy)]
pub struct Switchable(pub &'static [Module]);
