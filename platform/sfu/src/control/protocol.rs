//! The messages of `plenum.sfu.v1`: JSON text frames, one message each, told apart by `type`.

use plenum_media::{Medium, PublishedTrack};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::driver::SeatView;

/// The WebSocket subprotocol. The token follows it as a second one: `["plenum.sfu.v1", token]`.
pub const SUBPROTOCOL: &str = "plenum.sfu.v1";

/// The version of the messages, sent in `welcome`.
pub(super) const VERSION: u32 = 1;

/// What a participant says.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientMessage {
    /// An offer of media to send, and what is in it. May be repeated when streams are added.
    Publish { sdp: String, tracks: Vec<PublishedTrack> },
    /// The answer to our `subscribe` of the same generation.
    Answer { generation: u32, sdp: String },
    /// What the participant has switched on.
    Media(MediaState),
    /// A picture of this participant is wanted afresh.
    KeyFrame { participant: Uuid, source: Medium },
    /// The participant's network has changed: our description of what they receive comes with other names for the path.
    Restart,
    /// What the page shows of the others: pictures that are not among these are not sent. Until it is said, all are.
    View { tiles: Vec<Tile> },
    /// Is anybody there?
    Ping {
        #[serde(default)]
        id: u64,
    },
    /// Good bye.
    Leave,
}

/// A picture that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Tile {
    pub(super) participant: Uuid,
    pub(super) source: Medium,
    /// In pixels of the screen.
    pub(super) height: u32,
}

/// What a participant has switched on. Streams stay negotiated when it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct MediaState {
    pub(super) microphone: bool,
    pub(super) camera: bool,
    #[serde(default)]
    pub(super) screen: bool,
}

/// What we say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage {
    /// The first message: where and who you are, and who else is there.
    Welcome {
        version: u32,
        room: Uuid,
        participant: Uuid,
        connection: Uuid,
        participants: Vec<ParticipantView>,
    },
    /// Somebody is there from now on, or anew: replaces what was known of the same participant.
    ParticipantJoined { participant: ParticipantView },
    /// Somebody is no longer there.
    ParticipantLeft { participant: Uuid, connection: Uuid },
    /// Somebody has switched something on or off.
    MediaChanged { participant: Uuid, media: MediaState },
    /// A stream of somebody has begun to flow.
    TrackPublished { participant: Uuid, source: Medium },
    /// A stream of somebody has ended.
    TrackUnpublished { participant: Uuid, source: Medium },
    /// The answer to `publish`.
    Published { sdp: String },
    /// An offer of media to receive; `answer` it with its generation.
    Subscribe { generation: u32, sdp: String, seats: Vec<SeatView> },
    /// Who plays in which sections has changed, without negotiation.
    Seats { seats: Vec<SeatView> },
    /// The answer to `ping`.
    Pong { id: u64 },
    /// Something that you sent had no effect. The connection goes on.
    Error { code: ErrorCode, message: String },
    /// The last message: the connection ends.
    Closing { reason: CloseReason },
}

/// Somebody in the room, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ParticipantView {
    pub(super) participant: Uuid,
    pub(super) connection: Uuid,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) media: MediaState,
    /// The streams that flow.
    pub(super) published: Vec<Medium>,
}

/// Why something had no effect. Stable: clients decide by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ErrorCode {
    /// No JSON, or no message that this version knows.
    MessageMalformed,
    /// A session description that cannot be read.
    SdpMalformed,
    /// A session description that can be read, but not agreed to.
    SdpRejected,
    /// An answer to no pending offer.
    AnswerStale,
    /// The transport of media is lost; connect again.
    TransportLost,
}

/// Why a connection was ended by this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The same participant has connected anew.
    Replaced,
    /// Somebody in charge has removed the participant.
    Removed,
    /// The room is closed.
    RoomClosed,
    /// The server stops; connect again.
    Shutdown,
    /// Nothing was heard for too long; connect again.
    Silent,
}

impl CloseReason {
    /// The WebSocket close code, of those left to applications (RFC 6455 §7.4.2).
    pub(super) fn code(self) -> u16 {
        match self {
            CloseReason::Replaced => 4_001,
            CloseReason::Removed => 4_002,
            CloseReason::RoomClosed => 4_003,
            CloseReason::Shutdown => 4_004,
            CloseReason::Silent => 4_005,
        }
    }
}

#[cfg(test)]
mod tests {
    use plenum_media::{Medium, PublishedTrack};
    use uuid::Uuid;

    use super::{ClientMessage, CloseReason, ErrorCode, MediaState, ServerMessage, Tile};

    #[test]
    fn client_messages_are_read() {
        for (text, expected) in [
            (
                r#"{"type":"publish","sdp":"v=0","tracks":[{"mid":"0","source":"microphone"}]}"#,
                ClientMessage::Publish {
                    sdp: "v=0".into(),
                    tracks: vec![PublishedTrack { mid: "0".into(), source: Medium::Microphone }],
                },
            ),
            (
                r#"{"type":"answer","generation":3,"sdp":"v=0"}"#,
                ClientMessage::Answer { generation: 3, sdp: "v=0".into() },
            ),
            (
                r#"{"type":"media","microphone":true,"camera":false}"#,
                ClientMessage::Media(MediaState { microphone: true, camera: false, screen: false }),
            ),
            (
                r#"{"type":"key_frame","participant":"00000000-0000-0000-0000-000000000001","source":"camera"}"#,
                ClientMessage::KeyFrame { participant: Uuid::from_u128(1), source: Medium::Camera },
            ),
            (
                r#"{"type":"view","tiles":[{"participant":"00000000-0000-0000-0000-000000000001","source":"screen","height":720}]}"#,
                ClientMessage::View {
                    tiles: vec![Tile {
                        participant: Uuid::from_u128(1),
                        source: Medium::Screen,
                        height: 720,
                    }],
                },
            ),
            (r#"{"type":"ping","id":7}"#, ClientMessage::Ping { id: 7 }),
            (r#"{"type":"restart"}"#, ClientMessage::Restart),
            (r#"{"type":"leave"}"#, ClientMessage::Leave),
        ] {
            assert_eq!(serde_json::from_str::<ClientMessage>(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_message_is_not_read() {
        for text in
            ["", "[]", "{}", r#"{"type":"dance"}"#, r#"{"type":"answer"}"#, r#"{"type":"publish","sdp":1}"#]
        {
            assert!(serde_json::from_str::<ClientMessage>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn server_messages_have_stable_names() {
        let error = ServerMessage::Error { code: ErrorCode::SdpMalformed, message: "no".into() };
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"type":"error","code":"sdp_malformed","message":"no"}"#
        );
        let closing = ServerMessage::Closing { reason: CloseReason::RoomClosed };
        assert_eq!(serde_json::to_string(&closing).unwrap(), r#"{"type":"closing","reason":"room_closed"}"#);
    }
}
