//! Media forwarding: each participant of a room sends camera and microphone once, and this crate passes the packets
//! on to every other participant. The only home of `webrtc`.
//!
//! It is a selective forwarder, not a mixer or a recorder: payloads are never decoded. It knows no accounts and no
//! database. Who may join is decided elsewhere and arrives as a signed, short-lived [`RoomToken`].
//!
//! Three rooms: `core` forwards (packets and time in, packets out, no sockets), `driver` holds peer connections and
//! their tasks, `control` holds rooms, admission and signalling.
//!
//! Invariants:
//! - **No token, no media.** A bad token is answered 403 before the WebSocket upgrade; a token opens one room only.
//! - **One live connection per participant.** A newer one replaces the older; `left` of the old precedes `joined` of
//!   the new, and nobody sees the participant missing or double in between.
//! - **A slow subscriber holds up nobody.** Each has a bounded queue of its own that sheds video first.
//! - **Nothing outlives its connection.** Peers and tasks end with the WebSocket that they belong to.

mod control;
mod core;
mod driver;

pub use driver::MediaAddresses;

pub use control::{
    CloseReason, Load, Refused, RoomEvents, RoomToken, SUBPROTOCOL, Sfu, SfuConfig, SfuError, TokenError,
};
