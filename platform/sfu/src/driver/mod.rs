//! Peer connections, their sockets and their tasks: what carries the decisions of `core` to the network and back.

mod addresses;
mod candidates;
mod engine;
mod keyframes;
mod peer;
mod publisher;
mod source;
mod subscriber;

pub use addresses::MediaAddresses;
pub(crate) use engine::Engine;
pub(crate) use peer::{PeerError, PeerEvent, Role};
pub(crate) use publisher::{Offer, PublishedTrack, Publisher};
pub(crate) use source::Source;
pub(crate) use subscriber::{SeatView, Subscriber};
