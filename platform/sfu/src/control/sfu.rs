use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use plenum_kernel::Clock;
use plenum_recordings::Shelf;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use uuid::Uuid;

use super::events::{self, Notice, Notices};
use super::pool::{self, Pool};
use super::registry::{Commands, Registry};
use super::session::CLOSING_LIMIT;
use super::{CloseReason, RoomEvents, RoomToken};
use super::{exchange, recorder, socket};
use crate::driver::{Engine, EngineConfig, EngineError, MediaAddresses};

/// The shortest key that tokens may be signed with: as long as the signature.
const KEY_MIN_BYTES: usize = 32;

/// Servers that are counted as dead before somebody who was led to one of them hears of it.
const LOST_AT_ONCE: usize = 64;

/// How this server forwards media.
#[derive(Debug, Clone)]
pub struct SfuConfig {
    /// Signs and verifies room tokens; shared with whoever decides who may join. At least 32 bytes.
    pub token_key: Vec<u8>,
    /// Where media are taken. An unspecified address means every interface but loopback.
    pub bind: IpAddr,
    /// The one port of all media, by UDP and by TCP; 0 is one of the system's choice.
    pub port: u16,
    /// So many threads carry media; 0 is one for each core.
    pub threads: usize,
    /// The address that browsers are told to send to; it differs from `bind` behind a one-to-one NAT. Unspecified: the
    /// addresses of the sockets themselves.
    pub announced: IpAddr,
    /// Where the product is reached (`https://plenum.example`). Its pages may connect, and those of the host that the
    /// request was sent to.
    pub public_url: String,
}

/// Why forwarding cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SfuError {
    /// Anybody could guess a short key.
    #[error("the token key has {0} bytes; it needs at least 32")]
    KeyTooShort(usize),
    /// Called outside of a tokio runtime.
    #[error("media forwarding needs a tokio runtime")]
    NoRuntime,
    /// A server of a pool is called otherwise.
    #[error("«{0}» is no name of a server: up to 32 lower-case letters, digits and hyphens")]
    Name(String),
    /// The other servers cannot ask it for anything.
    #[error("the other servers are not reached")]
    Pool(#[from] async_nats::SubscribeError),
    /// Sockets or threads could not be had.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What the server carries at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Rooms with somebody in them.
    pub rooms: usize,
    /// Participants in all rooms.
    pub participants: usize,
    /// Watchers of all rooms.
    pub watchers: usize,
    /// Open peer connections, up to two for each participant, one for each watcher.
    pub peers: usize,
    /// Open WebSockets and exchanges, including those that are just ending.
    pub sessions: usize,
}

/// The media server. Clones share everything.
#[derive(Clone)]
pub struct Sfu {
    shared: Arc<Shared>,
}

/// What all connections share.
pub(super) struct Shared {
    config: SfuConfig,
    clock: Arc<dyn Clock>,
    engine: Engine,
    registry: Registry,
    notices: Notices,
    sessions: watch::Sender<usize>,
    exchanges: exchange::Exchanges,
    shelf: OnceLock<Arc<dyn Shelf>>,
    pool: OnceLock<Pool>,
    lost: broadcast::Sender<Arc<str>>,
    stopping: watch::Sender<bool>,
    draining: AtomicBool,
}

impl Sfu {
    /// Starts forwarding for rooms that are told to `events`. Tokens expire by `clock`.
    ///
    /// # Errors
    /// [`SfuError::KeyTooShort`]; [`SfuError::NoRuntime`] when called outside of a tokio runtime; [`SfuError::Engine`] when
    /// the address or the port cannot be had.
    pub fn new(
        config: SfuConfig,
        events: Arc<dyn RoomEvents>,
        clock: Arc<dyn Clock>,
    ) -> Result<Sfu, SfuError> {
        if config.token_key.len() < KEY_MIN_BYTES {
            return Err(SfuError::KeyTooShort(config.token_key.len()));
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| SfuError::NoRuntime)?;
        let SfuConfig { bind, port, announced, threads, .. } = config;
        let engine = Engine::new(EngineConfig { bind, port, announced, threads })?;
        let (notices, queue) = mpsc::unbounded_channel();
        runtime.spawn(events::tell(events, queue));
        let registry = Registry::new(notices.clone());
        let shared = Arc::new(Shared {
            config,
            clock,
            engine,
            registry,
            notices,
            sessions: watch::Sender::new(0),
            exchanges: exchange::Exchanges::default(),
            shelf: OnceLock::new(),
            pool: OnceLock::new(),
            lost: broadcast::Sender::new(LOST_AT_ONCE),
            stopping: watch::Sender::new(false),
            draining: AtomicBool::new(false),
        });
        Ok(Sfu { shared })
    }

    /// The routes: `GET /sfu`, the WebSocket that browsers connect to; `/sfu/whip`, where encoders publish (RFC 9725); and
    /// `/sfu/whep`, where players watch (draft-ietf-wish-whep).
    pub fn router(&self) -> Router {
        let exchanges = Router::new()
            .route("/sfu/whip", post(exchange::publish).options(exchange::allow))
            .route("/sfu/whep", post(exchange::watch).options(exchange::allow))
            .route(
                "/sfu/exchange/{connection}",
                axum::routing::patch(exchange::move_path).delete(exchange::end).options(exchange::allow),
            )
            .layer(DefaultBodyLimit::max(exchange::BODY_MAX_BYTES));
        Router::new()
            .route("/sfu", get(socket::connect))
            .merge(exchanges)
            .with_state(Arc::clone(&self.shared))
    }

    /// Keeps recordings there. Told once; without it nothing can be recorded.
    pub fn keep_recordings(&self, shelf: Arc<dyn Shelf>) {
        // A second one is never told: the first stays.
        let _ = self.shared.shelf.set(shelf);
    }

    /// Carries rooms together with other servers from now on. Told once, before anybody is let in.
    ///
    /// # Errors
    /// [`SfuError::Pool`] when its name cannot be one, or the other servers cannot ask it for anything.
    pub async fn join(&self, pool: Pool) -> Result<(), SfuError> {
        if !pool::is_name(&pool.name) {
            return Err(SfuError::Name(pool.name.to_string()));
        }
        pool::attend(Arc::clone(&self.shared), pool.clone()).await?;
        // A second one is never told: the first stays.
        let _ = self.shared.pool.set(pool);
        Ok(())
    }

    /// Whoever was led to this server of the pool connects again, because it counts as dead as the life that it led. It is
    /// told, and if it can hear that, it lets its rooms go.
    pub async fn declare_dead(&self, name: &str, life: i64) {
        // Nobody may be led to any.
        let _ = self.shared.lost.send(Arc::from(name));
        if let Some(pool) = self.shared.pool() {
            pool::declare_dead(pool, name, life).await;
        }
    }

    /// Lets all rooms go: whoever is in them connects again, and is led to the server that has the room by then.
    pub async fn let_go(&self) {
        self.shared.registry.close_all(CloseReason::Shutdown);
    }

    /// The same for one room.
    pub async fn let_go_of(&self, room: Uuid) {
        self.shared.registry.close_room(room, CloseReason::Shutdown);
    }

    /// Records a room of an organization (`scope`), until it is left by all or [`end_recording`](Self::end_recording) is
    /// asked for: this is a part of the recording. As it is already is no fault; where nobody is, nothing happens.
    pub async fn record(&self, room: Uuid, scope: Uuid, recording: Uuid) {
        let Some(shelf) = self.shared.shelf.get() else {
            tracing::error!(%room, "nothing can be recorded: there is no place to keep it");
            return;
        };
        if self.shared.registry.recording_of(room) != Some(recording) {
            recorder::begin(&self.shared, shelf, room, scope, recording);
        }
    }

    /// Records a room no more. What was recorded is kept in a moment.
    pub async fn end_recording(&self, room: Uuid) {
        self.shared.registry.end_recording(room);
    }

    /// Ends the connection of a participant, who is out of the room when this returns.
    pub async fn remove(&self, room: Uuid, participant: Uuid) {
        self.shared.registry.remove(room, participant);
    }

    /// Ends the connections of all who watch a room.
    pub async fn end_watching(&self, room: Uuid) {
        self.shared.registry.end_watching(room);
    }

    /// Ends all connections of a room.
    pub async fn close_room(&self, room: Uuid) {
        self.shared.registry.close_room(room, CloseReason::RoomClosed);
    }

    /// No room begins any more; those that are there go on, and let in who belongs to them. Returns when all are empty.
    pub async fn drain(&self) {
        self.shared.draining.store(true, Ordering::Release);
        let mut sessions = self.shared.sessions.subscribe();
        // The sender lives as long as the server.
        let _ = sessions.wait_for(|open| *open == 0).await;
    }

    /// Whether rooms may begin here.
    #[must_use]
    pub fn takes_rooms(&self) -> bool {
        !self.shared.is_stopping() && !self.shared.draining.load(Ordering::Acquire)
    }

    /// Ends everything: no connection is let in any more, and when this returns, the peers are closed and the events
    /// told (or five seconds have passed).
    pub async fn shutdown(&self) {
        self.shared.stopping.send_replace(true);
        self.shared.registry.close_all(CloseReason::Shutdown);
        let mut sessions = self.shared.sessions.subscribe();
        if tokio::time::timeout(CLOSING_LIMIT, sessions.wait_for(|open| *open == 0)).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        let (mark, reached) = oneshot::channel();
        if self.shared.notices.send(Notice::Mark(mark)).is_ok()
            && tokio::time::timeout(CLOSING_LIMIT, reached).await.is_err()
        {
            tracing::warn!("some events could not be told in time");
        }
    }

    /// Where media are taken now: what a relay may send to.
    pub fn addresses(&self) -> MediaAddresses {
        self.shared.engine.addresses().clone()
    }

    /// Participants in all rooms.
    pub fn connections(&self) -> usize {
        self.load().participants
    }

    /// Returns when every WebSocket has ended and its peers are closed.
    #[cfg(test)]
    pub(super) async fn idle(&self) {
        let mut sessions = self.shared.sessions.subscribe();
        sessions.wait_for(|open| *open == 0).await.expect("the sender lives as long as the server");
    }

    /// What the server carries at the moment.
    pub fn load(&self) -> Load {
        let (rooms, participants, watchers) = self.shared.registry.count();
        Load {
            rooms,
            participants,
            watchers,
            peers: self.shared.engine.peers(),
            sessions: *self.shared.sessions.borrow(),
        }
    }
}

impl Shared {
    pub(super) fn config(&self) -> &SfuConfig {
        &self.config
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(super) fn exchanges(&self) -> &exchange::Exchanges {
        &self.exchanges
    }

    /// Seconds since 1970.
    pub(super) fn now_s(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// Milliseconds since 1970.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default()
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Tells when the server begins to stop.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Tells of servers that are counted as dead.
    pub(super) fn lost(&self) -> broadcast::Receiver<Arc<str>> {
        self.lost.subscribe()
    }

    /// The servers with which this one carries rooms together, if there are others.
    pub(super) fn pool(&self) -> Option<&Pool> {
        self.pool.get()
    }

    /// Whether nobody is let into this room: the server stops, or takes no more rooms and has not this one.
    pub(super) fn is_closed_to(&self, room: Uuid) -> bool {
        self.is_stopping() || (self.draining.load(Ordering::Acquire) && !self.registry.has(room))
    }

    /// Lets a connection in, unless the server has begun to stop since it was upgraded.
    pub(super) fn admit(&self, token: &Arc<RoomToken>, connection: Uuid, commands: Commands) -> bool {
        if self.is_closed_to(token.room) {
            return false;
        }
        self.registry.admit(token, connection, commands);
        // It may have begun between the question and the admission.
        if self.is_stopping() {
            self.registry.close_all(CloseReason::Shutdown);
        }
        true
    }

    /// Lets somebody watch, unless the server has begun to stop.
    pub(super) fn admit_watcher(&self, token: &Arc<RoomToken>, connection: Uuid, commands: Commands) -> bool {
        if self.is_closed_to(token.room) {
            return false;
        }
        self.registry.admit_watcher(token, connection, commands);
        if self.is_stopping() {
            self.registry.close_all(CloseReason::Shutdown);
        }
        true
    }

    /// Counts a session for as long as the returned value lives.
    pub(super) fn open_session(self: &Arc<Self>) -> OpenSession {
        self.sessions.send_modify(|open| *open += 1);
        OpenSession(Arc::clone(self))
    }
}

/// A WebSocket or an exchange that is open.
pub(super) struct OpenSession(Arc<Shared>);

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.0.sessions.send_modify(|open| *open -= 1);
    }
}
