//! Media forwarding: each participant of a room sends camera and microphone once, and this crate passes the packets
//! on to every other participant.
//!
//! It is a selective forwarder, not a mixer or a recorder: payloads are never decoded. It knows no accounts and no
//! database. Who may join is decided elsewhere and arrives as a signed, short-lived [`RoomToken`].
//!
//! Packets are passed on by `plenum-media` (packets and time in, packets out, no sockets). Two rooms here: `driver` holds
//! its sockets and threads, `control` holds rooms, admission and signalling.
//!
//! Invariants:
//! - **No token, no media.** A bad token is answered 403 before the WebSocket upgrade; a token opens one room only.
//! - **One live connection per participant.** A newer one replaces the older; `left` of the old precedes `joined` of
//!   the new, and nobody sees the participant missing or double in between.
//! - **A slow subscriber holds up nobody.** Datagrams never wait; a stream by TCP has a bounded queue of its own.
//! - **One server has a room.** Whoever comes to another one of the pool is led there, and a server that is counted as
//!   dead lets its rooms go.
//! - **Nothing outlives its connection.** Peers end with the WebSocket that they belong to.

mod control;
mod driver;

pub use driver::{EngineError, MediaAddresses};

pub use control::{
    CloseReason, Load, Part, Place, Placement, Pool, Refused, RoomEvents, RoomToken, SUBPROTOCOL, Sfu,
    SfuConfig, SfuError, TokenError, Unplaced, is_name,
};
