//! The messages of a browser that is connected to one server and whose room is on another.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, SubscribeError, Subscriber};
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt as _, StreamExt as _, sink, stream};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use uuid::Uuid;

use super::CloseReason;
use super::line::{Gone, Line};
use super::liveness::{PING_INTERVAL, SILENCE_LIMIT};
use super::protocol::ServerMessage;

/// The server that has the room pings each browser. One that misses two of them is lost.
const LOST_AFTER: Duration = PING_INTERVAL.saturating_mul(2);

/// Messages of the browser.
pub(super) fn up(line: Uuid) -> String {
    format!("plenum.sfu.line.{}.up", line.simple())
}

/// Messages to the browser.
pub(super) fn down(line: Uuid) -> String {
    format!("plenum.sfu.line.{}.down", line.simple())
}

/// The end of a line at the server that the browser is connected to.
pub(super) struct Tunnel {
    line: Uuid,
    client: Client,
    down: Subscriber,
    end: NearEnd,
}

/// What ends a line at the server that the browser is connected to.
pub(super) struct NearEnd {
    /// The server that has the room.
    pub(super) node: Arc<str>,
    /// Tells of servers that are counted as dead.
    pub(super) lost: broadcast::Receiver<Arc<str>>,
    /// Tells when this server begins to stop.
    pub(super) stopping: watch::Receiver<bool>,
}

impl NearEnd {
    /// Returns when this server begins to stop, or the other one counts as dead.
    async fn comes(&mut self) {
        loop {
            tokio::select! {
                // The sender lives as long as the server.
                _ = self.stopping.wait_for(|stopping| *stopping) => return,
                lost = self.lost.recv() => if lost.is_ok_and(|lost| lost == self.node) { return },
            }
        }
    }
}

impl Tunnel {
    pub(super) fn new(line: Uuid, client: Client, down: Subscriber, end: NearEnd) -> Self {
        Self { line, client, down, end }
    }

    /// Carries messages both ways until one side is gone, or this server stops.
    pub(super) async fn run(self, socket: WebSocket) {
        let Self { line, client, mut down, mut end } = self;
        let up = up(line);
        let (mut sink, mut stream) = socket.split();
        let mut heard = Instant::now();
        let lost = loop {
            tokio::select! {
                message = stream.next() => {
                    let message = message.and_then(Result::ok);
                    let is_over = matches!(message, None | Some(Message::Close(_)));
                    let frame = encode(message.unwrap_or(Message::Close(None)));
                    if client.publish(up.clone(), frame).await.is_err() || is_over {
                        break false;
                    }
                }
                letter = down.next() => {
                    let Some(message) = letter.as_ref().map(|letter| decode(&letter.payload)) else {
                        break true;
                    };
                    heard = Instant::now();
                    let Some(message) = message else { continue };
                    let is_over = matches!(message, Message::Close(_));
                    let sent = tokio::time::timeout(SILENCE_LIMIT, sink.send(message)).await;
                    if is_over || !matches!(sent, Ok(Ok(()))) {
                        hang_up_at(&client, &up).await;
                        break false;
                    }
                }
                () = tokio::time::sleep_until(heard + LOST_AFTER) => {
                    tracing::warn!(line = %line, "the server that has the room is silent");
                    break true;
                }
                () = end.comes() => {
                    hang_up_at(&client, &up).await;
                    break true;
                }
            }
        };
        if lost {
            // The browser connects again, and is led to whichever server has the room by then. It may be gone as well.
            let reason = CloseReason::Shutdown;
            let closing = serde_json::to_string(&ServerMessage::Closing { reason })
                .expect("messages are strings, numbers and maps with string keys");
            let _ = sink.send(Message::Text(closing.into())).await;
            let frame = CloseFrame { code: reason.code(), reason: "".into() };
            let _ = sink.send(Message::Close(Some(frame))).await;
        }
    }
}

async fn hang_up_at(client: &Client, subject: &str) {
    // Without it the other side notices by the silence.
    let _ = client.publish(subject.to_owned(), encode(Message::Close(None))).await;
}

/// The end of a line at the server that has the room.
pub(super) async fn far_end(client: &Client, line: Uuid) -> Result<Line, SubscribeError> {
    let letters = client.subscribe(up(line)).await?;
    let to_browser = sink::unfold((client.clone(), down(line)), |(client, down), message: Message| async {
        client.publish(down.clone(), encode(message)).await.map_err(|_| Gone)?;
        Ok((client, down))
    });
    let from_browser = stream::unfold(letters, |mut letters| async {
        loop {
            let letter = letters.next().await?;
            if let Some(message) = decode(&letter.payload) {
                return Some((Ok(message), letters));
            }
        }
    });
    Ok(Line { sink: Box::pin(to_browser), stream: Box::pin(from_browser) })
}

/// Nothing more is said at the server that has the room.
pub(super) async fn hang_up(client: &Client, line: Uuid) {
    hang_up_at(client, &down(line)).await;
}

/// A kind, and what it carries: `t` text, `b` bytes, `p` ping, `q` pong, `c` the end, with the code in two bytes and the
/// reason.
fn encode(message: Message) -> Bytes {
    let (kind, carried): (u8, Vec<u8>) = match message {
        Message::Text(text) => (b't', text.as_bytes().to_vec()),
        Message::Binary(bytes) => (b'b', bytes.to_vec()),
        Message::Ping(bytes) => (b'p', bytes.to_vec()),
        Message::Pong(bytes) => (b'q', bytes.to_vec()),
        Message::Close(None) => (b'c', Vec::new()),
        Message::Close(Some(frame)) => {
            (b'c', [&frame.code.to_be_bytes()[..], frame.reason.as_bytes()].concat())
        }
    };
    [&[kind], &carried[..]].concat().into()
}

fn decode(frame: &Bytes) -> Option<Message> {
    let carried = frame.get(1..).map(|_| frame.slice(1..))?;
    Some(match frame.first()? {
        b't' => Message::Text(String::from_utf8(carried.to_vec()).ok()?.into()),
        b'b' => Message::Binary(carried),
        b'p' => Message::Ping(carried),
        b'q' => Message::Pong(carried),
        b'c' => Message::Close(carried.split_first_chunk::<2>().and_then(|(code, reason)| {
            let reason = std::str::from_utf8(reason).ok()?;
            Some(CloseFrame { code: u16::from_be_bytes(*code), reason: reason.into() })
        })),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::extract::ws::{CloseFrame, Message};

    use super::{decode, encode};

    #[test]
    fn messages_come_out_as_they_went_in() {
        for message in [
            Message::Text("привет".into()),
            Message::Binary(Bytes::from_static(&[0, 1, 2])),
            Message::Ping(Bytes::new()),
            Message::Pong(Bytes::from_static(b"x")),
            Message::Close(None),
            Message::Close(Some(CloseFrame { code: 4_004, reason: "".into() })),
            Message::Close(Some(CloseFrame { code: 1_000, reason: "до свидания".into() })),
        ] {
            assert_eq!(decode(&encode(message.clone())), Some(message));
        }
    }

    #[test]
    fn what_is_no_message_is_left_out() {
        for frame in [&b""[..], b"?", b"t\xff"] {
            assert_eq!(decode(&Bytes::from_static(frame)), None, "{frame:?}");
        }
        assert_eq!(decode(&Bytes::from_static(b"c\x01")), Some(Message::Close(None)));
    }
}
