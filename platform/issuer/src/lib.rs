//! A provider of identities for the federation's other sites (OpenID Connect Core 1.0, as a provider).
//!
//! The authorization code flow with PKCE and nothing else; `S256` is asked of every site, also of those with a secret
//! (RFC 9700 §2.1.1). Sites are registered by an operator and belong to the federation, so nobody is asked for consent; a
//! site of others has no place here. ID tokens are signed by RS256, which every provider must have (Core §15.1), or
//! ES256; the keys are sealed by the vault. Access tokens are random, good for ten minutes and for the userinfo endpoint
//! only; there are no refresh tokens: a site that wants to know again asks the browser.
//!
//! Invariants: a redirect address is compared whole; a code works once, within a minute, for the site that got it, with
//! its verifier; a second redemption also ends what came of the first. A sign-in that an organization's own provider
//! vouched for says nothing to other sites.

mod authorize;
mod clients;
mod keys;
mod routes;
mod store;
mod token;
mod userinfo;

pub use clients::{ClientError, NewClient, add, all, describe, remove};
pub use keys::{KeyError, rotate};
pub use routes::router;
pub use store::clients::Client;

use std::sync::Arc;

use plenum_identity::Identity;

plenum_kernel::id_types! {
    /// A key that signs.
    SigningKeyId = "SigningKey";
    /// A sign-in at a site.
    AdmissionId = "Admission";
}

/// The provider. Cheap to clone.
#[derive(Clone)]
pub struct Issuer {
    identity: Identity,
    /// Where people reach the server, without a slash at the end: the issuer.
    name: Arc<str>,
}

impl Issuer {
    /// Over the accounts.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        let name = identity.public_url.clone();
        Self { identity, name }
    }
}
