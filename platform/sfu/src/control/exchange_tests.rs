//! Publishing and watching by HTTP.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::speaking::Voice;
use super::tests::{BORIS, KEY, World, token};
use super::{Load, Part, Refused, RoomToken};

const DEVICE: Uuid = Uuid::from_u128(7);

struct Answer {
    status: StatusCode,
    location: String,
    tag: String,
    body: String,
}

struct Asked<'a> {
    method: Method,
    path: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: String,
}

impl World {
    async fn ask(&self, asked: Asked<'_>) -> Answer {
        let mut request = Request::builder().method(asked.method).uri(asked.path);
        for (name, value) in asked.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(asked.body)).unwrap();
        let response = self.sfu.router().oneshot(request).await.unwrap();
        let told = |name| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (status, location, tag) = (response.status(), told(header::LOCATION), told(header::ETAG));
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, location, tag, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn post(&self, path: &str, part: Part, body: String) -> Answer {
        let token = RoomToken { part, ..token(DEVICE) }.sign(KEY);
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/sdp")];
        self.ask(Asked { method: Method::POST, path, headers: &headers, body }).await
    }

    /// A device comes into the room and speaks, until the task is aborted.
    pub(super) async fn speak(&self) -> (Uuid, JoinHandle<()>) {
        let voice = Voice::new();
        let begun = self.post("/sfu/whip", Part::Device, voice.offer()).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
        (DEVICE, voice.speak(&begun.body))
    }

    async fn end(&self, path: &str) -> StatusCode {
        let asked = Asked { method: Method::DELETE, path, headers: &[], body: String::new() };
        self.ask(asked).await.status
    }
}

fn receiving(voice: &Voice) -> String {
    voice.offer().replace("a=sendonly", "a=recvonly")
}

#[tokio::test]
async fn an_encoder_publishes_and_the_room_sees_it() {
    let mut world = World::start().await;
    let mut boris = world.join(BORIS).await;
    boris.hear("welcome").await;
    let voice = Voice::new();
    let begun = world.post("/sfu/whip", Part::Device, voice.offer()).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    assert!(begun.location.starts_with("/sfu/exchange/") && begun.tag.starts_with('"'), "{}", begun.location);
    let joined = boris.hear("participant_joined").await;
    assert_eq!(joined["participant"]["participant"], DEVICE.to_string());
    assert_eq!(boris.hear("media_changed").await["media"]["microphone"], true);
    let spoken = voice.speak(&begun.body);
    assert_eq!(boris.hear("track_published").await["source"], "microphone");
    boris.hear("subscribe").await;
    spoken.abort();

    assert_eq!(world.end(&begun.location).await, StatusCode::OK);
    assert_eq!(boris.hear("participant_left").await["participant"], DEVICE.to_string());
    assert_eq!(world.end(&begun.location).await, StatusCode::NOT_FOUND);
    for expected in ["joined 2", "joined 7", "left 7"] {
        assert_eq!(world.event().await, expected);
    }
    assert_eq!((world.sfu.load().participants, world.sfu.load().peers), (1, 1));
}

#[tokio::test]
async fn a_watcher_is_seen_by_nobody_and_is_sent_away_with_the_room() {
    let mut world = World::start().await;
    let begun = world.post("/sfu/whep", Part::Watcher, receiving(&Voice::new())).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    assert!(begun.body.contains("a=sendonly") && begun.body.contains("a=setup:passive"), "{}", begun.body);
    let mut boris = world.join(BORIS).await;
    assert_eq!(boris.hear("welcome").await["participants"], serde_json::json!([]));
    assert_eq!(world.sfu.load(), Load { rooms: 1, participants: 1, watchers: 1, peers: 1, sessions: 2 });
    assert_eq!(world.event().await, "joined 7");
    assert_eq!(world.event().await, "joined 2");

    world.sfu.end_watching(token(DEVICE).room).await;
    assert_eq!(world.event().await, "left 7");
    boris.say(serde_json::json!({ "type": "leave" })).await;
    world.sfu.idle().await;
    assert_eq!(world.sfu.load(), Load { rooms: 0, participants: 0, watchers: 0, peers: 0, sessions: 0 });
    assert_eq!(world.end(&begun.location).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_path_is_begun_on_request() {
    let world = World::start().await;
    let begun = world.post("/sfu/whep", Part::Watcher, receiving(&Voice::new())).await;
    let fragment = |name: &str| format!("a=ice-ufrag:{name}\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n");
    let patch = async |tag: Option<&str>, body: String| {
        let mut headers = vec![("content-type", "application/trickle-ice-sdpfrag")];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        world.ask(Asked { method: Method::PATCH, path: &begun.location, headers: &headers, body }).await
    };
    let candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".to_owned();
    assert_eq!(patch(Some(&begun.tag), candidate.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(patch(Some("\"other\""), candidate).await.status, StatusCode::PRECONDITION_FAILED);
    let moved = patch(Some("*"), fragment("anew")).await;
    assert_eq!(moved.status, StatusCode::OK);
    assert!(moved.tag != begun.tag && moved.body.contains("a=ice-pwd:"), "{}", moved.body);
    assert!(moved.body.contains(&format!("a=ice-ufrag:{}", moved.tag.trim_matches('"'))), "{}", moved.body);
    assert_eq!(patch(Some(&begun.tag), fragment("anew")).await.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(patch(Some("*"), "a=ice-ufrag:x\r\n".to_owned()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn without_a_token_for_it_nothing_begins() {
    let mut world = World::start().await;
    let voice = Voice::new();
    let sdp = [("content-type", "application/sdp")];
    let post = |headers: &'static [(&'static str, &'static str)]| Asked {
        method: Method::POST,
        path: "/sfu/whip",
        headers,
        body: String::new(),
    };
    assert_eq!(
        world.ask(post(&[("content-type", "application/sdp")])).await.status,
        StatusCode::UNAUTHORIZED
    );
    let forged = [("authorization", "Bearer rubbish"), sdp[0]];
    let asked = Asked { method: Method::POST, path: "/sfu/whep", headers: &forged, body: receiving(&voice) };
    assert_eq!(world.ask(asked).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.event().await, format!("refused: {}", Refused::TokenInvalid));
    for (path, part) in
        [("/sfu/whip", Part::Watcher), ("/sfu/whep", Part::Person), ("/sfu/whep", Part::Device)]
    {
        assert_eq!(world.post(path, part, voice.offer()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.event().await, format!("refused: {}", Refused::Part));
    }
    for (path, part, body, status) in [
        ("/sfu/whip", Part::Device, "rubbish".to_owned(), StatusCode::BAD_REQUEST),
        ("/sfu/whip", Part::Device, receiving(&voice), StatusCode::UNPROCESSABLE_ENTITY),
        ("/sfu/whep", Part::Watcher, voice.offer(), StatusCode::UNPROCESSABLE_ENTITY),
        ("/sfu/whep", Part::Watcher, "v".repeat(70_000), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(world.post(path, part, body).await.status, status, "{path}");
    }
    let options = Asked { method: Method::OPTIONS, path: "/sfu/whip", headers: &[], body: String::new() };
    assert_eq!(world.ask(options).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.sfu.load(), Load { rooms: 0, participants: 0, watchers: 0, peers: 0, sessions: 0 });
}
