//! Sockets and threads: what carries the packets of the forwarding core to the network and back, and what is agreed with
//! browsers about them.

mod addresses;
mod batch;
mod directory;
mod engine;
mod publisher;
mod source;
mod streams;
mod subscriber;
mod viewer;
mod worker;

pub use addresses::MediaAddresses;
pub use engine::EngineError;
pub(crate) use engine::{Engine, EngineConfig};
pub(crate) use publisher::Publisher;
pub(crate) use source::Source;
pub(crate) use subscriber::{Fed, SeatView, Subscriber};
pub(crate) use viewer::Viewer;
pub(crate) use worker::PeerEvent;
