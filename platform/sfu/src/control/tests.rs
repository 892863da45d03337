//! The door and the conversation, over real WebSockets.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use plenum_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

use super::speaking::Voice;
use super::{Load, Part, Refused, RoomEvents, RoomToken, Sfu, SfuConfig, SfuError};

pub(super) const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
const ROOM: Uuid = Uuid::from_u128(100);
const ANNA: Uuid = Uuid::from_u128(1);
pub(super) const BORIS: Uuid = Uuid::from_u128(2);

pub(super) struct World {
    pub(super) sfu: Sfu,
    address: String,
    events: mpsc::UnboundedReceiver<String>,
}

struct Told(mpsc::UnboundedSender<String>);

#[async_trait::async_trait]
impl RoomEvents for Told {
    async fn joined(&self, token: &RoomToken, _connection: Uuid) {
        let _ = self.0.send(format!("joined {}", token.participant.as_u128()));
    }

    async fn left(&self, token: &RoomToken, _connection: Uuid) {
        let _ = self.0.send(format!("left {}", token.participant.as_u128()));
    }

    async fn refused(&self, why: Refused) {
        let _ = self.0.send(format!("refused: {why}"));
    }
}

fn config(key: &[u8]) -> SfuConfig {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    SfuConfig {
        token_key: key.to_vec(),
        bind: loopback,
        port: 0,
        threads: 1,
        announced: loopback,
        public_url: String::new(),
    }
}

impl World {
    pub(super) async fn start() -> Self {
        let (tx, events) = mpsc::unbounded_channel();
        let sfu = Sfu::new(config(KEY), Arc::new(Told(tx)), Arc::new(SystemClock)).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(axum::serve(listener, sfu.router()).into_future());
        Self { sfu, address, events }
    }

    pub(super) async fn event(&mut self) -> String {
        self.events.recv().await.unwrap()
    }

    pub(super) async fn knock(&self, protocols: Option<&str>, origin: Option<&str>) -> Result<Caller, u16> {
        let mut request = format!("ws://{}/sfu", self.address).into_client_request().unwrap();
        if let Some(protocols) = protocols {
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(Caller(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub(super) async fn join(&self, participant: Uuid) -> Caller {
        let token = token(participant).sign(KEY);
        self.knock(Some(&format!("plenum.sfu.v1, {token}")), None).await.unwrap()
    }
}

pub(super) fn token(participant: Uuid) -> RoomToken {
    let expires_at = SystemClock.now().timestamp() + 60;
    let scope = Uuid::from_u128(9);
    RoomToken {
        scope,
        room: ROOM,
        participant,
        name: "Somebody".into(),
        label: "Somewhere".into(),
        part: Part::Person,
        expires_at,
    }
}

pub(super) struct Caller(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Caller {
    pub(super) async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Begins to speak, until what is returned is aborted.
    async fn speak(&mut self) -> JoinHandle<()> {
        let voice = Voice::new();
        let tracks = json!([{ "mid": "0", "source": "microphone" }]);
        self.say(json!({ "type": "publish", "sdp": voice.offer(), "tracks": tracks })).await;
        let published = self.hear("published").await;
        voice.speak(published["sdp"].as_str().unwrap())
    }

    /// The next message of the type; others are passed over.
    pub(super) async fn hear(&mut self, kind: &str) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] == kind {
                        return message;
                    }
                }
                Message::Close(frame) => panic!("closed while waiting for {kind}: {frame:?}"),
                _ => {}
            }
        }
    }

    /// The code that the server closes with.
    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }
}

#[tokio::test]
async fn without_a_good_token_the_door_stays_shut() {
    let mut world = World::start().await;
    let expired = RoomToken { expires_at: 1, ..token(ANNA) }.sign(KEY);
    let watcher = RoomToken { part: Part::Watcher, ..token(ANNA) }.sign(KEY);
    let forged = token(ANNA).sign(b"another key, of the same length.");
    for (protocols, reason) in [
        (None, Refused::TokenInvalid),
        (Some("plenum.sfu.v1".to_owned()), Refused::TokenInvalid),
        (Some("plenum.sfu.v1, rubbish".to_owned()), Refused::TokenInvalid),
        (Some(format!("plenum.sfu.v1, {expired}")), Refused::TokenExpired),
        (Some(format!("plenum.sfu.v1, {forged}")), Refused::TokenInvalid),
        (Some(format!("plenum.sfu.v1, {watcher}")), Refused::Part),
    ] {
        assert_eq!(world.knock(protocols.as_deref(), None).await.err(), Some(403), "{protocols:?}");
        assert_eq!(world.event().await, format!("refused: {reason}"));
    }
    assert_eq!(world.sfu.load(), Load { rooms: 0, participants: 0, watchers: 0, peers: 0, sessions: 0 });
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_is_refused_even_with_a_token() {
    let mut world = World::start().await;
    let protocols = format!("plenum.sfu.v1, {}", token(ANNA).sign(KEY));
    assert_eq!(world.knock(Some(&protocols), Some("https://evil.example")).await.err(), Some(403));
    assert_eq!(world.event().await, format!("refused: {}", Refused::Origin));
    let own = format!("http://{}", world.address);
    assert!(world.knock(Some(&protocols), Some(&own)).await.is_ok());
}

#[tokio::test]
async fn rubbish_gets_typed_errors_and_the_room_goes_on() {
    let world = World::start().await;
    let mut anna = world.join(ANNA).await;
    let mut boris = world.join(BORIS).await;
    anna.hear("participant_joined").await;
    let spoken = anna.speak().await;
    boris.hear("subscribe").await;

    for (message, code) in [
        (json!({"type": "publish", "sdp": "rubbish", "tracks": []}), "sdp_malformed"),
        (json!({"type": "publish", "sdp": "v=0\r\n", "tracks": []}), "sdp_malformed"),
        (json!({"type": "answer", "generation": 77, "sdp": "v=0\r\n"}), "answer_stale"),
        (json!({"type": "answer", "generation": 1, "sdp": "rubbish"}), "sdp_malformed"),
        (json!({"type": "dance"}), "message_malformed"),
        (json!([1, 2]), "message_malformed"),
    ] {
        boris.say(message.clone()).await;
        assert_eq!(boris.hear("error").await["code"], code, "{message}");
    }
    spoken.abort();
    boris.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(boris.hear("error").await["code"], "message_malformed");

    boris.say(json!({"type": "ping", "id": 5})).await;
    assert_eq!(boris.hear("pong").await["id"], 5);
    boris.say(json!({"type": "media", "microphone": true, "camera": false})).await;
    assert_eq!(anna.hear("media_changed").await["media"]["microphone"], true);
}

#[tokio::test]
async fn a_newer_connection_takes_the_place_of_the_older() {
    let mut world = World::start().await;
    let mut older = world.join(ANNA).await;
    older.hear("welcome").await;
    let mut newer = world.join(ANNA).await;
    assert_eq!(older.hear("closing").await["reason"], "replaced");
    assert_eq!(older.closed().await, 4_001);
    newer.hear("welcome").await;
    for expected in ["joined 1", "left 1", "joined 1"] {
        assert_eq!(world.event().await, expected);
    }
    assert_eq!((world.sfu.load().rooms, world.sfu.load().participants), (1, 1));
}

#[tokio::test]
async fn others_who_send_are_offered_as_seats() {
    let world = World::start().await;
    let mut anna = world.join(ANNA).await;
    let mut boris = world.join(BORIS).await;
    let spoken = [anna.speak().await, boris.speak().await];
    let offer = anna.hear("subscribe").await;
    assert_eq!(offer["generation"], 1);
    assert_eq!(offer["seats"][0]["participant"], BORIS.to_string());
    assert!(offer["seats"][0]["mids"]["camera"].is_string(), "{offer}");
    let sdp = offer["sdp"].as_str().unwrap();
    assert!(sdp.contains("a=candidate:") && sdp.contains(" 127.0.0.1 "), "{sdp}");
    assert!(sdp.contains("a=ice-lite") && !sdp.contains(".local"), "{sdp}");
    assert!(sdp.contains("VP8/90000") && sdp.contains("opus/48000/2") && sdp.contains("apt=96"), "{sdp}");
    assert!(sdp.contains("a=ssrc-group:FID "), "{sdp}");
    boris.hear("subscribe").await;
    spoken.iter().for_each(JoinHandle::abort);

    boris.say(json!({"type": "leave"})).await;
    anna.hear("participant_left").await;
    assert_eq!(anna.hear("seats").await["seats"][0]["participant"], Value::Null);
}

#[tokio::test]
async fn removal_and_closing_say_why() {
    let world = World::start().await;
    let mut anna = world.join(ANNA).await;
    let mut boris = world.join(BORIS).await;
    anna.hear("welcome").await;
    boris.hear("welcome").await;
    world.sfu.remove(ROOM, ANNA).await;
    assert_eq!(anna.hear("closing").await["reason"], "removed");
    assert_eq!(world.sfu.load().participants, 1);
    world.sfu.close_room(ROOM).await;
    assert_eq!(boris.hear("closing").await["reason"], "room_closed");
    assert_eq!(world.sfu.load().rooms, 0);
}

#[tokio::test]
async fn coming_and_going_leaves_nothing_behind() {
    let world = World::start().await;
    for _ in 0..5 {
        let mut callers = Vec::new();
        for participant in 1..=3 {
            let mut caller = world.join(Uuid::from_u128(participant)).await;
            caller.hear("welcome").await;
            callers.push(caller);
        }
        let speaking = callers[0].speak().await;
        for caller in &mut callers[1..] {
            caller.hear("subscribe").await;
        }
        // One way in, two ways out.
        assert_eq!(world.sfu.load(), Load { rooms: 1, participants: 3, watchers: 0, peers: 3, sessions: 3 });
        speaking.abort();
        drop(callers);
        world.sfu.idle().await;
        assert_eq!(world.sfu.load(), Load { rooms: 0, participants: 0, watchers: 0, peers: 0, sessions: 0 });
    }
}

#[tokio::test]
async fn a_server_that_stops_says_good_bye_and_lets_nobody_in() {
    let mut world = World::start().await;
    let mut anna = world.join(ANNA).await;
    anna.hear("welcome").await;
    let sfu = world.sfu.clone();
    let stopped = tokio::spawn(async move { sfu.shutdown().await });
    assert_eq!(anna.hear("closing").await["reason"], "shutdown");
    stopped.await.unwrap();
    assert_eq!(world.sfu.load(), Load { rooms: 0, participants: 0, watchers: 0, peers: 0, sessions: 0 });
    assert_eq!((world.event().await, world.event().await), ("joined 1".into(), "left 1".into()));
    let protocols = format!("plenum.sfu.v1, {}", token(ANNA).sign(KEY));
    assert_eq!(world.knock(Some(&protocols), None).await.err(), Some(503));
}

#[tokio::test]
async fn a_server_that_drains_keeps_its_rooms_and_begins_none() {
    let world = World::start().await;
    let mut anna = world.join(ANNA).await;
    anna.hear("welcome").await;
    assert!(world.sfu.takes_rooms());
    let sfu = world.sfu.clone();
    let drained = tokio::spawn(async move { sfu.drain().await });
    while world.sfu.takes_rooms() {
        tokio::task::yield_now().await;
    }
    let mut boris = world.join(BORIS).await;
    boris.hear("welcome").await;
    let elsewhere = RoomToken { room: Uuid::from_u128(200), ..token(BORIS) }.sign(KEY);
    let refused = world.knock(Some(&format!("plenum.sfu.v1, {elsewhere}")), None).await;
    assert_eq!(refused.err(), Some(503));
    for caller in [&mut anna, &mut boris] {
        caller.say(json!({ "type": "leave" })).await;
    }
    drained.await.unwrap();
    assert_eq!(world.sfu.load().rooms, 0);
}

#[tokio::test]
async fn a_short_key_is_refused() {
    let (tx, _events) = mpsc::unbounded_channel();
    let started = Sfu::new(config(b"short"), Arc::new(Told(tx)), Arc::new(SystemClock));
    assert!(matches!(started, Err(SfuError::KeyTooShort(5))));
}
