//! Requests to the servers of others: a tenant's provider of sign-in, receivers of webhooks, integrations. The only home
//! of outgoing HTTP.
//!
//! Whoever writes an address into a setting makes the server call it, and the server stands where they do not: beside
//! the database, the metadata of the cloud, the printers of the office (OWASP: server-side request forgery). So each
//! request resolves the name once, judges every address of the answer, and connects to the very address that was judged;
//! a name that answers differently the second time (DNS rebinding) gains nothing.
//!
//! What it is not: a client for our own storage or mail, whose addresses the operator sets.
//!
//! Invariants: https, except where the operator names a host with `http://`; no redirect is followed; no proxy of the
//! environment is used; nothing is kept between two requests, no cookie and no connection; an answer is bounded in size
//! and time; an error never repeats what the other side said.

mod address;
mod allow;
mod client;
mod network;

pub use address::{Kind, kind};
pub use allow::{Allowed, AllowedError};
pub use client::{Limits, Outgoing, OutgoingError, TrustError};
pub use network::{Network, SystemNetwork};

/// A request, whole.
pub type Request = http::Request<Vec<u8>>;
/// An answer, whole.
pub type Response = http::Response<Vec<u8>>;
