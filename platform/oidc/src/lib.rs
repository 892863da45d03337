//! OpenID Connect: signing in by an organization's own provider of identities.
//!
//! The authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9700). What
//! travels through the browser is sealed in a cookie of the browser that began it; each organization has a redirect
//! address of its own, so that the answer of one provider is never taken for that of another.
//!
//! A provider belongs to one organization, accounts belong to nobody's: who signs in by it enters that organization only.
//! The subject that the provider names is who somebody is; an address serves, once, to find whom the organization
//! invited, and only an account that has nothing of its own to sign in by.
//!
//! The protocol is written out here, over ring, and not taken from the crate `openidconnect`: see decision 0013.

mod attempt;
mod domain;
pub mod graphql;
pub mod jose;
mod metadata;
pub mod permissions;
mod routes;
mod service;
pub mod store;

pub use domain::Reason;
pub use metadata::ProviderError;
pub use routes::{AddressOf, router};
pub use service::{Answered, BeginError, Begun, Landing, Providers};
pub use store::sealed::Secrets;

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
