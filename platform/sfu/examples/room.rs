//! A room without the rest of the product, for the media tests: serves a folder and the SFU on 127.0.0.1.
//!
//! `room FOLDER` prints the address when it listens. `GET /token?room=&participant=&name=&expired=` signs
//! tokens for whoever asks, `GET /relay?participant=` gives access to a relay, `GET /load` and `GET /events` tell what the
//! SFU carries and has told, `GET /media` where it takes datagrams. It ends when its standard input ends.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use plenum_kernel::{Clock as _, SystemClock};
use plenum_sfu::{MediaAddresses, Refused, RoomEvents, RoomToken, Sfu, SfuConfig};
use plenum_turn::{Limits, Peers, Relay, RelayConfig, Relays, TurnKey};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const KEY: &[u8] = b"a key that only this example has";

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

#[async_trait::async_trait]
impl RoomEvents for Told {
    async fn joined(&self, token: &RoomToken, connection: Uuid) {
        self.push(format!("joined {} {connection}", token.participant));
    }

    async fn left(&self, token: &RoomToken, connection: Uuid) {
        self.push(format!("left {} {connection}", token.participant));
    }

    async fn refused(&self, why: Refused) {
        self.push(format!("refused: {why}"));
    }
}

impl Told {
    fn push(&self, line: String) {
        self.0.lock().expect("no holder panics").push(line);
    }
}

#[derive(Clone)]
struct Site {
    folder: PathBuf,
    sfu: Sfu,
    told: Told,
    relay: Arc<Relay>,
    relays: Relays,
}

/// The relay sends to where the SFU takes media.
struct Media(MediaAddresses);

impl Peers for Media {
    fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        self.0.bound_at(announced)
    }
}

#[derive(Deserialize)]
struct RelayQuery {
    participant: Uuid,
}

#[derive(Deserialize)]
struct TokenQuery {
    room: Uuid,
    participant: Uuid,
    name: String,
    #[serde(default)]
    expired: bool,
    #[serde(default)]
    part: plenum_sfu::Part,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the test reads the address from the output")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let folder = std::env::args().nth(1).ok_or("name the folder to serve")?.into();
    let told = Told::default();
    let config = SfuConfig {
        token_key: KEY.to_vec(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: 0,
        threads: 0,
        announced: IpAddr::V4(Ipv4Addr::LOCALHOST),
        public_url: String::new(),
    };
    let sfu = Sfu::new(config, Arc::new(told.clone()), Arc::new(SystemClock))?;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let key = TurnKey::generate();
    let config = RelayConfig {
        key: key.clone(),
        listen: SocketAddr::new(here, 0),
        tls: None,
        bind: here,
        relayed: here,
        limits: Limits::default(),
    };
    let media = Arc::new(Media(sfu.addresses()));
    let relay = Relay::start(config, media, Arc::new(SystemClock), CancellationToken::new()).await?;
    let urls = ["udp", "tcp"].map(|transport| format!("turn:{}?transport={transport}", relay.address()));
    let relays = Relays::at(urls.into(), key);
    let site = Site { folder, sfu: sfu.clone(), told, relay: Arc::new(relay), relays };
    let router = Router::new()
        .route("/token", get(token))
        .route("/relay", get(relay_access))
        .route("/load", get(load))
        .route("/events", get(events))
        .route("/media", get(media_address))
        .route("/page/{file}", get(file))
        .with_state(site)
        .merge(sfu.router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // An error ends the input as well.
            let _ =
                tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()))
                    .await;
            sfu.shutdown().await;
        })
        .await?;
    Ok(())
}

async fn token(Query(query): Query<TokenQuery>) -> String {
    let now = SystemClock.now().timestamp();
    let token = RoomToken {
        scope: Uuid::nil(),
        room: query.room,
        participant: query.participant,
        name: query.name,
        label: "Local 1".to_owned(),
        part: query.part,
        expires_at: if query.expired { now - 1 } else { now + 60 },
    };
    token.sign(KEY)
}

async fn relay_access(State(site): State<Site>, Query(query): Query<RelayQuery>) -> Json<serde_json::Value> {
    let access = site.relays.access(query.participant, SystemClock.now());
    Json(access.map_or(serde_json::Value::Null, |access| {
        serde_json::json!({
            "urls": access.urls,
            "username": access.username,
            "credential": access.credential,
            "expiresAt": access.expires_at.to_rfc3339(),
        })
    }))
}

async fn load(State(site): State<Site>) -> Json<serde_json::Value> {
    let load = site.sfu.load();
    Json(serde_json::json!({
        "rooms": load.rooms,
        "participants": load.participants,
        "peers": load.peers,
        "sessions": load.sessions,
        "allocations": site.relay.load().allocations,
    }))
}

async fn media_address(State(site): State<Site>) -> Json<serde_json::Value> {
    let address = site.sfu.addresses().told().next();
    Json(serde_json::json!({
        "address": address.map(|address| address.ip().to_string()),
        "port": address.map(|address| address.port()),
    }))
}

async fn events(State(site): State<Site>) -> Json<Vec<String>> {
    Json(site.told.0.lock().expect("no holder panics").clone())
}

async fn file(State(site): State<Site>, Path(name): Path<String>) -> Response {
    if name.contains(['/', '\\']) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match tokio::fs::read(site.folder.join(&name)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
