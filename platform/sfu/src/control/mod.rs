//! Rooms: who is in them, who may come in, and what is said over the WebSocket.

mod events;
mod exchange;
mod line;
mod liveness;
mod pool;
mod protocol;
mod recorder;
mod registry;
mod session;
mod sfu;
mod socket;
mod stage;
mod token;
mod tunnel;

pub use events::{Refused, RoomEvents};
pub use pool::{Place, Placement, Pool, Unplaced, is_name};
pub use protocol::{CloseReason, SUBPROTOCOL};
pub use sfu::{Load, Sfu, SfuConfig, SfuError};
pub use token::{Part, RoomToken, TokenError};

#[cfg(test)]
mod exchange_tests;
#[cfg(test)]
mod recorder_tests;
#[cfg(test)]
mod speaking;
#[cfg(test)]
mod tests;
