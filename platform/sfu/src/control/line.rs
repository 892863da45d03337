//! What carries the messages of a connection: the browser's WebSocket, or a server of the pool that holds it.

use std::pin::Pin;

use axum::extract::ws::{Message, WebSocket};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};

/// The other side is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

/// Messages to the browser, and those from it.
pub(super) struct Line {
    pub(super) sink: Pin<Box<dyn Sink<Message, Error = Gone> + Send>>,
    pub(super) stream: Pin<Box<dyn Stream<Item = Result<Message, Gone>> + Send>>,
}

impl From<WebSocket> for Line {
    fn from(socket: WebSocket) -> Self {
        let (sink, stream) = socket.split();
        Self {
            sink: Box::pin(sink.sink_map_err(|_| Gone)),
            stream: Box::pin(stream.map(|message| message.map_err(|_| Gone))),
        }
    }
}
