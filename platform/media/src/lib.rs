//! The forwarding core of the media server: packets, commands and time in, packets and events out. It has no sockets, no
//! tasks and no clock of its own, so that everything it does can be tested under an emulated network and time. The only
//! home of `rtc`.

mod allocation;
mod bandwidth;
pub mod client;
mod dtls;
mod forwarder;
mod history;
mod ice;
mod medium;
mod meter;
mod outbox;
mod peer;
mod peer_key;
mod receiver;
mod recording;
mod rewriter;
mod rtp;
mod sdp;
mod slot;
mod source;
mod srtp;
mod twcc;
mod vp8;

pub use dtls::{Fingerprint, Identity, IdentityError};
pub use forwarder::{Command, Counts, Event, Forwarder};
pub use ice::{Credentials, Route, Transport, name_of};
pub use medium::Medium;
pub use outbox::{Outbox, Run};
pub use recording::{Assembler, Frame, RecordedPacket};
pub use sdp::{
    Answer, Incoming, Local, Offer, Outgoing, PublishedTrack, Remote, Request, SdpError, credentials_of,
    offer,
};
pub use srtp::Cipher;

/// A connection, as whoever opens it calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// A published stream, as whoever takes it calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u64);
