//! The relay: by it browsers behind firewalls reach the media server, over UDP, TCP or TLS to one port (TURN, RFC 8656).
//!
//! It is not a relay to anywhere else, and knows no rooms, accounts or database. Where it may send to is asked of
//! [`Peers`], who may use it is shown by short-lived credentials that a [`TurnKey`] makes.
//!
//! Two rooms: `server` decides (messages and time in, messages out), `relay` has the sockets. The bytes of messages are
//! read and written by `plenum-stun`.
//!
//! Invariants:
//! - **Only to the media server.** Permissions, channels and data for any other address or port are refused (403) or
//!   dropped; each packet is judged, both ways.
//! - **No credentials, no allocation**, and none that outlasts its credentials.
//! - **No amplifier.** Answers to strangers are little longer than their requests, and counted by address.
//! - **Bounded.** Allocations, connections, permissions, bytes and memory have limits.

mod access;
mod credentials;
mod limits;
mod peers;
mod relay;
mod server;

pub use access::{RelayAccess, Relays};
pub use credentials::{Credentials, LIFETIME, REALM, TurnKey};
pub use limits::Limits;
pub use peers::Peers;
pub use relay::{Load, Relay, RelayConfig, RelayError};
