//! Rooms: who is in them, who may come in, and what is said over the WebSocket.

mod events;
mod liveness;
mod protocol;
mod registry;
mod session;
mod sfu;
mod socket;
mod token;

pub use events::{Refused, RoomEvents};
pub use protocol::{CloseReason, SUBPROTOCOL};
pub use sfu::{Load, Sfu, SfuConfig, SfuError};
pub use token::{RoomToken, TokenError};

#[cfg(test)]
mod speaking;
#[cfg(test)]
mod tests;
