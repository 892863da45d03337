//! Publishing and watching by HTTP, as encoders and players do: WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep). One offer
//! is answered by one answer, and what came about has an address of its own: `DELETE` ends it, `PATCH` moves it to another
//! path. Nobody can guess that address, so that whoever has it may do both.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use plenum_media::{Credentials, Medium, Offer, Request, SdpError, credentials_of};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::pool::{self, NoWay};
use super::protocol::MediaState;
use super::registry::{Command, Commands, Speaker};
use super::sfu::{OpenSession, Shared};
use super::{Part, Refused, RoomToken};
use crate::driver::{PeerEvent, Publisher, Viewer};

/// A description of some tens of streams.
pub(super) const BODY_MAX_BYTES: usize = 64 * 1024;

const SDP: &str = "application/sdp";
/// RFC 8840 §9.
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// What is asked for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Publish,
    Watch,
    Move(Uuid),
    End(Uuid),
}

impl What {
    /// As what somebody has to come.
    fn may(self) -> fn(Part) -> bool {
        match self {
            Self::Watch => |part| part == Part::Watcher,
            Self::Publish | Self::Move(_) | Self::End(_) => |part| part != Part::Watcher,
        }
    }

    /// Does it here, for whoever the token is of.
    async fn carry_out(
        self,
        shared: &Arc<Shared>,
        token: Option<Arc<RoomToken>>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response {
        let response = match (self, token) {
            (Self::Publish, Some(token)) => {
                begin_publishing(shared, token, headers, body).map(|begun| answered(shared, begun))
            }
            (Self::Watch, Some(token)) => {
                begin_watching(shared, token, headers, body).map(|begun| answered(shared, begun))
            }
            (Self::Publish | Self::Watch, None) => Err(Denied::NoToken),
            (Self::Move(connection), _) => moved(shared, connection, headers, body).await,
            (Self::End(connection), _) => ended(shared, connection),
        };
        match response {
            Ok(response) => (OPEN_TO_ALL, response).into_response(),
            Err(denied) => (OPEN_TO_ALL, denied).into_response(),
        }
    }
}

/// What one server asks another for, in the name of an encoder or a player.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    what: What,
    headers: Vec<(String, String)>,
    body: String,
}

/// What the other one tells them.
#[derive(Serialize, Deserialize)]
pub(super) struct Told {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Asked {
    /// Bodies are text; what is none is refused as such over there.
    fn new(what: What, headers: &HeaderMap, body: &[u8]) -> Self {
        let read = [header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH];
        let headers = read.iter().filter_map(|name| {
            let value = headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        Self { what, headers: headers.collect(), body: String::from_utf8_lossy(body).into_owned() }
    }
}

impl Told {
    /// Whether the one that was asked has the room.
    pub(super) fn is_of_the_right_server(&self) -> bool {
        self.status != StatusCode::MISDIRECTED_REQUEST.as_u16()
    }

    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_default();
        let headers = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        Self {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut response = (status, self.body).into_response();
        response.headers_mut().extend(read_headers(&self.headers));
        response
    }
}

fn read_headers(headers: &[(String, String)]) -> HeaderMap {
    headers.iter().filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?))).collect()
}

/// Does what another server asks for.
pub(super) async fn carry_out(shared: &Arc<Shared>, asked: Asked) -> Told {
    let headers = read_headers(&asked.headers);
    let token = match asked.what {
        What::Publish | What::Watch => match admitted(shared, &headers, asked.what.may()) {
            Err(denied) => return Told::of((OPEN_TO_ALL, denied).into_response()).await,
            Ok(token) if !shared.has_place_here(&token).await => {
                return Told::of(StatusCode::MISDIRECTED_REQUEST.into_response()).await;
            }
            Ok(token) => Some(token),
        },
        What::Move(_) | What::End(_) => None,
    };
    Told::of(asked.what.carry_out(shared, token, &headers, asked.body.as_bytes()).await).await
}

/// What is asked of an exchange.
enum Ask {
    /// Go on by another path: where this side is then, as a fragment, and the name of the path.
    Move(Credentials, oneshot::Sender<(String, String)>),
    /// End.
    End,
}

/// Those that are open, by their connections.
#[derive(Default)]
pub(super) struct Exchanges(Mutex<HashMap<Uuid, Known>>);

#[derive(Clone)]
struct Known {
    asks: mpsc::UnboundedSender<Ask>,
    /// The name of the path, which `ETag` tells.
    path: String,
}

impl Exchanges {
    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why an exchange did not come about.
enum Denied {
    Stopping,
    /// There is no token.
    NoToken,
    Refused(Refused),
    /// It is no description.
    NoSdp,
    Sdp(SdpError),
    /// The description holds nothing to publish.
    Nothing,
    NoSuch,
    /// The path has another name by now.
    OtherPath,
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let text = |status: StatusCode, text: String| (status, text).into_response();
        match self {
            Self::Stopping => {
                let mut response = text(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping".to_owned());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                response
            }
            Self::NoToken => {
                let mut response = text(StatusCode::UNAUTHORIZED, "a room token is needed".to_owned());
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
            Self::Refused(why) => text(StatusCode::FORBIDDEN, why.to_string()),
            Self::NoSdp => text(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("the body has to be {SDP}")),
            Self::Sdp(error @ SdpError::Malformed(_)) => text(StatusCode::BAD_REQUEST, error.to_string()),
            Self::Sdp(error @ SdpError::Rejected(_)) => {
                text(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
            }
            Self::Nothing => {
                text(StatusCode::UNPROCESSABLE_ENTITY, "it offers neither Opus nor VP8".to_owned())
            }
            Self::NoSuch => {
                text(StatusCode::NOT_FOUND, "there is no such exchange, or it has ended".to_owned())
            }
            Self::OtherPath => {
                text(StatusCode::PRECONDITION_FAILED, "the path has been begun anew since".to_owned())
            }
        }
    }
}

/// Any page may ask: what lets in is the token, which no browser sends by itself.
const OPEN_TO_ALL: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Location, ETag, Link, Accept-Patch"),
];

/// `OPTIONS`: what may be asked, and how.
pub(super) async fn allow() -> Response {
    let may = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, PATCH, DELETE, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, If-Match"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
        (HeaderName::from_static("accept-post"), SDP),
        (header::HeaderName::from_static("accept-patch"), FRAGMENT),
    ];
    (StatusCode::NO_CONTENT, OPEN_TO_ALL, may).into_response()
}

/// `POST /sfu/whip`: publishes what is offered, as the participant of the token.
pub(super) async fn publish(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    begin(&shared, What::Publish, &headers, &body).await
}

fn begin_publishing(
    shared: &Arc<Shared>,
    token: Arc<RoomToken>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Begun, Denied> {
    if shared.is_closed_to(token.room) {
        return Err(Denied::Stopping);
    }
    let offer = Offer::parse(description(headers, body)?, None).map_err(Denied::Sdp)?;
    let incoming = offer.incoming();
    let has = |medium: Medium| incoming.iter().any(|one| one.medium == medium);
    let media =
        MediaState { microphone: has(Medium::Microphone), camera: has(Medium::Camera), screen: false };
    if incoming.is_empty() {
        return Err(Denied::Nothing);
    }
    let (exchange, events) = Exchange::new(shared, &token);
    let mut publisher = Publisher::open(shared.engine(), token.room, events);
    let (answer, _) = publisher.answer(shared.engine(), &offer);
    let path = publisher.path().to_owned();
    let what = Carries::Publishes { publisher, offer };
    exchange.begin(token, path, what, answer, |shared, token, speaker, commands| {
        let admitted = shared.admit(token, speaker.connection, commands);
        shared.registry().media(speaker, media);
        admitted
    })
}

/// `POST /sfu/whep`: shows what is on stage to a player.
pub(super) async fn watch(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    begin(&shared, What::Watch, &headers, &body).await
}

/// Begins an exchange where its room is.
async fn begin(shared: &Arc<Shared>, what: What, headers: &HeaderMap, body: &[u8]) -> Response {
    let token = match admitted(shared, headers, what.may()) {
        Ok(token) => token,
        Err(denied) => return (OPEN_TO_ALL, denied).into_response(),
    };
    match shared.exchange_elsewhere(&token, &Asked::new(what, headers, body)).await {
        Ok(Some(told)) => told.into_response(),
        Ok(None) => what.carry_out(shared, Some(token), headers, body).await,
        Err(NoWay::Nowhere | NoWay::Refused(_)) => (OPEN_TO_ALL, Denied::Stopping).into_response(),
    }
}

fn begin_watching(
    shared: &Arc<Shared>,
    token: Arc<RoomToken>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Begun, Denied> {
    if shared.is_closed_to(token.room) {
        return Err(Denied::Stopping);
    }
    let request = Request::parse(description(headers, body)?).map_err(Denied::Sdp)?;
    let (exchange, events) = Exchange::new(shared, &token);
    let (viewer, answer) = Viewer::open(shared.engine(), token.room, events, request);
    let path = viewer.path().to_owned();
    exchange.begin(token, path, Carries::Watches(viewer), answer, |shared, token, speaker, commands| {
        shared.admit_watcher(token, speaker.connection, commands)
    })
}

/// `PATCH`: another path, or candidates, of which none is needed: where the other side is, its checks tell.
pub(super) async fn move_path(
    State(shared): State<Arc<Shared>>,
    Path(connection): Path<Uuid>,
    Query(at): Query<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    go_on(&shared, What::Move(connection), &at, &headers, &body).await
}

/// Which server has an exchange.
#[derive(Deserialize)]
pub(super) struct At {
    at: Option<String>,
}

/// Does something with an exchange that has begun, on the server that has it.
async fn go_on(shared: &Arc<Shared>, what: What, at: &At, headers: &HeaderMap, body: &[u8]) -> Response {
    let other =
        shared.pool().zip(at.at.as_deref()).filter(|(pool, at)| pool::is_name(at) && *at != &*pool.name);
    match other {
        None => what.carry_out(shared, None, headers, body).await,
        Some((pool, at)) => match pool.go_on(at, &Asked::new(what, headers, body)).await {
            Some(told) => told.into_response(),
            // It went with its server.
            None => (OPEN_TO_ALL, Denied::NoSuch).into_response(),
        },
    }
}

async fn moved(
    shared: &Arc<Shared>,
    connection: Uuid,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Denied> {
    let known = shared.exchanges().all().get(&connection).cloned().ok_or(Denied::NoSuch)?;
    let text = content(headers, body, FRAGMENT)?;
    let wanted = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    // "*" asks for another path whatever the present one is (RFC 9725 §4.3.3).
    if wanted.is_some_and(|wanted| wanted != "*" && wanted != tag(&known.path)) {
        return Err(Denied::OtherPath);
    }
    let credentials = credentials_of(text).map_err(Denied::Sdp)?;
    let Some(credentials) = credentials.filter(|_| wanted == Some("*")) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let (told, tells) = oneshot::channel();
    known.asks.send(Ask::Move(credentials, told)).map_err(|_| Denied::NoSuch)?;
    let (fragment, path) = tells.await.map_err(|_| Denied::NoSuch)?;
    Ok(([(header::CONTENT_TYPE, FRAGMENT), (header::ETAG, &tag(&path))], fragment).into_response())
}

/// `DELETE`: ends it.
pub(super) async fn end(
    State(shared): State<Arc<Shared>>,
    Path(connection): Path<Uuid>,
    Query(at): Query<At>,
) -> Response {
    go_on(&shared, What::End(connection), &at, &HeaderMap::new(), &[]).await
}

fn ended(shared: &Shared, connection: Uuid) -> Result<Response, Denied> {
    let known = shared.exchanges().all().remove(&connection);
    known.filter(|known| known.asks.send(Ask::End).is_ok()).ok_or(Denied::NoSuch)?;
    Ok(StatusCode::OK.into_response())
}

fn admitted(
    shared: &Shared,
    headers: &HeaderMap,
    may: impl FnOnce(Part) -> bool,
) -> Result<Arc<RoomToken>, Denied> {
    if shared.is_stopping() {
        return Err(Denied::Stopping);
    }
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.split_once(' '));
    let token =
        token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")).map(|(_, token)| token.trim());
    let token = token.ok_or(Denied::NoToken)?;
    let read = RoomToken::verify(token, &shared.config().token_key, shared.now_s()).map_err(Refused::from);
    let checked = read.and_then(|token| if may(token.part) { Ok(token) } else { Err(Refused::Part) });
    let token = checked.map_err(|why| {
        tracing::warn!(reason = %why, "refused an exchange");
        shared.registry().refused(why);
        Denied::Refused(why)
    })?;
    Ok(Arc::new(token))
}

fn description<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<&'a str, Denied> {
    content(headers, body, SDP)
}

fn content<'a>(headers: &HeaderMap, body: &'a [u8], kind: &str) -> Result<&'a str, Denied> {
    let told = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let told = told.split(';').next().unwrap_or_default().trim();
    if !told.eq_ignore_ascii_case(kind) {
        return Err(Denied::NoSdp);
    }
    std::str::from_utf8(body).map_err(|_| Denied::NoSdp)
}

fn tag(path: &str) -> String {
    format!("\"{path}\"")
}

/// What came about.
struct Begun {
    connection: Uuid,
    path: String,
    answer: String,
}

fn answered(shared: &Shared, begun: Begun) -> Response {
    let Begun { connection, path, answer } = begun;
    // Where servers carry rooms together, the address tells which of them has it.
    let at = shared.pool().map(|pool| format!("?at={}", pool.name)).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, SDP.to_owned()),
        (header::LOCATION, format!("/sfu/exchange/{connection}{at}")),
        (header::ETAG, tag(&path)),
        (HeaderName::from_static("accept-patch"), FRAGMENT.to_owned()),
    ];
    (StatusCode::CREATED, headers, answer).into_response()
}

/// An exchange that is open, and lives until it is ended, its connection is lost, or its participant is sent away.
struct Exchange {
    shared: Arc<Shared>,
    speaker: Speaker,
    commands: mpsc::UnboundedReceiver<Command>,
    events: mpsc::UnboundedReceiver<PeerEvent>,
    asks: mpsc::UnboundedReceiver<Ask>,
    to_it: (Commands, mpsc::UnboundedSender<Ask>),
    _open: OpenSession,
}

enum Carries {
    Publishes { publisher: Publisher, offer: Offer },
    Watches(Viewer),
}

impl Exchange {
    fn new(shared: &Arc<Shared>, token: &RoomToken) -> (Self, mpsc::UnboundedSender<PeerEvent>) {
        let speaker =
            Speaker { room: token.room, participant: token.participant, connection: Uuid::new_v4() };
        let (commands_tx, commands) = mpsc::unbounded_channel();
        let (asks_tx, asks) = mpsc::unbounded_channel();
        let (events_tx, events) = mpsc::unbounded_channel();
        let exchange = Self {
            shared: Arc::clone(shared),
            speaker,
            commands,
            events,
            asks,
            to_it: (commands_tx, asks_tx),
            _open: shared.open_session(),
        };
        (exchange, events_tx)
    }

    /// Comes into the room and goes on by itself.
    fn begin(
        self,
        token: Arc<RoomToken>,
        path: String,
        what: Carries,
        answer: String,
        come_in: impl FnOnce(&Shared, &Arc<RoomToken>, Speaker, Commands) -> bool,
    ) -> Result<Begun, Denied> {
        let (connection, (commands, asks)) = (self.speaker.connection, self.to_it.clone());
        self.shared.exchanges().all().insert(connection, Known { asks, path: path.clone() });
        if !come_in(&self.shared, &token, self.speaker, commands) {
            self.shared.exchanges().all().remove(&connection);
            return Err(Denied::Stopping);
        }
        tracing::info!(
            room = %token.room, participant = %token.participant, %connection, part = ?token.part,
            "an exchange began"
        );
        let (shared, speaker) = (Arc::clone(&self.shared), self.speaker);
        tokio::spawn(async move {
            // A task of its own: whatever happens in it, the participant leaves properly.
            let ended = tokio::spawn(self.run(what)).await;
            shared.registry().leave(speaker);
            shared.exchanges().all().remove(&connection);
            if let Err(error) = ended {
                tracing::error!(%error, %connection, "an exchange broke off");
            }
            tracing::info!(%connection, "an exchange ended");
        });
        Ok(Begun { connection, path, answer })
    }

    async fn run(mut self, mut what: Carries) {
        loop {
            tokio::select! {
                command = self.commands.recv() => match (command, &mut what) {
                    (Some(Command::Close(_)) | None, _) => break,
                    (Some(Command::Stage(stage)), Carries::Watches(viewer)) => {
                        viewer.carry(&stage.voices, &stage.pictures);
                    }
                    // Whoever only publishes is not interested in the others.
                    (Some(_), _) => {}
                },
                Some(event) = self.events.recv() => if self.on_event(event, &mut what) { break },
                Some(ask) = self.asks.recv() => match ask {
                    Ask::End => break,
                    Ask::Move(credentials, told) => {
                        let moved = self.moved(credentials, &mut what);
                        // Whoever asked may have gone away.
                        let _ = told.send(moved);
                    }
                },
            }
        }
        // First out of the room, so that nothing more is forwarded; then the connection.
        self.shared.registry().leave(self.speaker);
        drop(what);
    }

    /// Whether that is the end.
    fn on_event(&self, event: PeerEvent, what: &mut Carries) -> bool {
        let registry = self.shared.registry();
        match (event, what) {
            (PeerEvent::Failed(peer), Carries::Publishes { publisher, .. }) => return publisher.id() == peer,
            (PeerEvent::Failed(peer), Carries::Watches(viewer)) => return viewer.id() == peer,
            (PeerEvent::Flows(source), Carries::Publishes { publisher, .. }) => {
                if let Some(source) = publisher.flows(source) {
                    registry.published(self.speaker, source);
                }
            }
            (PeerEvent::Speaks { source, speaks }, Carries::Publishes { publisher, .. }) => {
                if publisher.has(source) {
                    registry.speaks(self.speaker, speaks);
                }
            }
            (PeerEvent::Flows(_) | PeerEvent::Speaks { .. } | PeerEvent::Held { .. }, _) => {}
        }
        false
    }

    fn moved(&self, credentials: Credentials, what: &mut Carries) -> (String, String) {
        let (fragment, path) = match what {
            Carries::Publishes { publisher, offer } => {
                *offer = offer.moved(credentials);
                let fragment = publisher.moved(self.shared.engine(), offer);
                (fragment, publisher.path().to_owned())
            }
            Carries::Watches(viewer) => {
                let fragment = viewer.moved(credentials);
                (fragment, viewer.path().to_owned())
            }
        };
        if let Some(known) = self.shared.exchanges().all().get_mut(&self.speaker.connection) {
            known.path.clone_from(&path);
        }
        (fragment, path)
    }
}
