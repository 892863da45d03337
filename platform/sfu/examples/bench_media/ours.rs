//! This product's media server, as a process of its own.

use std::net::IpAddr;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use futures_util::{SinkExt as _, StreamExt as _};
use plenum_kernel::{Clock as _, SystemClock};
use plenum_media::Identity;
use plenum_sfu::{Refused, RoomEvents, RoomToken, Sfu, SfuConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use uuid::Uuid;

use crate::common::{End, Usage};
use crate::load::Load;

const KEY: &[u8] = b"a key that only this measurement has";

struct Silent;

#[async_trait::async_trait]
impl RoomEvents for Silent {
    async fn joined(&self, _: &RoomToken, _: Uuid) {}
    async fn left(&self, _: &RoomToken, _: Uuid) {}
    async fn refused(&self, _: Refused) {}
}

/// Serves until the standard input ends.
pub async fn serve(ip: IpAddr) -> anyhow::Result<()> {
    let config = SfuConfig {
        token_key: KEY.to_vec(),
        bind: ip,
        port: 0,
        threads: 0,
        announced: ip,
        public_url: String::new(),
    };
    let sfu = Sfu::new(config, Arc::new(Silent), Arc::new(SystemClock))?;
    let listener = tokio::net::TcpListener::bind((ip, 0)).await?;
    crate::say(&listener.local_addr()?.to_string());
    let router = Router::new().merge(sfu.router());
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            let input = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _ = tokio::task::spawn_blocking(input).await;
            sfu.shutdown().await;
        })
        .await?;
    Ok(())
}

fn token(room: Uuid) -> RoomToken {
    RoomToken {
        scope: Uuid::nil(),
        room,
        participant: Uuid::new_v4(),
        name: "load".to_owned(),
        label: String::new(),
        part: plenum_sfu::Part::Person,
        expires_at: SystemClock.now().timestamp() + 60,
    }
}

/// The process, and who speaks with it.
pub struct Ours {
    child: Child,
    address: String,
    ip: IpAddr,
    identity: Identity,
    sessions: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Ours {
    pub async fn start(ip: IpAddr, identity: &Identity) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &ip.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("an output")?).lines();
        let address = lines.next_line().await?.context("an address")?;
        Ok(Self { child, address, ip, identity: identity.clone(), sessions: Vec::new() })
    }

    pub fn usage(&self) -> anyhow::Result<Usage> {
        Ok(Usage::of(self.child.id().context("it runs")?))
    }

    /// Lets somebody join a room, who sends or only receives.
    pub async fn join(&mut self, room: Uuid, sends: bool, load: &Load) -> anyhow::Result<()> {
        let token = token(room);
        let mut way_in = if sends { Some(End::new(&self.identity, self.ip, true)?) } else { None };
        let mut way_out = End::new(&self.identity, self.ip, false)?;
        let mut request = format!("ws://{}/sfu", self.address).into_client_request()?;
        let protocols = format!("{}, {}", plenum_sfu::SUBPROTOCOL, token.sign(KEY));
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        if let Some(way_in) = &way_in {
            let tracks = json!([{ "mid": "0", "source": "microphone" }, { "mid": "1", "source": "camera" }]);
            let message = json!({ "type": "publish", "sdp": way_in.offer(), "tracks": tracks });
            socket.send(Message::text(message.to_string())).await?;
            let media = json!({ "type": "media", "microphone": true, "camera": true, "screen": false });
            socket.send(Message::text(media.to_string())).await?;
        }
        let load = load.clone();
        self.sessions.push(tokio::spawn(async move {
            while let Some(message) = socket.next().await {
                let Message::Text(text) = message? else { continue };
                let message: Value = serde_json::from_str(&text)?;
                let sdp = message["sdp"].as_str().unwrap_or_default();
                match message["type"].as_str() {
                    Some("published") => {
                        let plan = way_in.as_mut().map(|way_in| way_in.plan(sdp)).transpose()?.flatten();
                        plan.into_iter().for_each(|plan| load.add(plan));
                    }
                    Some("subscribe") => {
                        let answer = json!({
                            "type": "answer", "generation": message["generation"], "sdp": way_out.answer(sdp)?
                        });
                        socket.send(Message::text(answer.to_string())).await?;
                        way_out.plan(sdp)?.into_iter().for_each(|plan| load.add(plan));
                    }
                    Some("error") => anyhow::bail!("{message}"),
                    _ => {}
                }
            }
            Ok(())
        }));
        Ok(())
    }

    /// Lets somebody watch a room by WHEP.
    pub async fn watch(&self, room: Uuid, load: &Load) -> anyhow::Result<()> {
        let mut way_out = End::new(&self.identity, self.ip, false)?;
        let token = RoomToken { part: plenum_sfu::Part::Watcher, ..token(room) }.sign(KEY);
        let body = way_out.request();
        let request = format!(
            "POST /sfu/whep HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, sdp) = answer.split_once("\r\n\r\n").context("an answer")?;
        anyhow::ensure!(head.starts_with("HTTP/1.1 201"), "{answer}");
        way_out.plan(sdp)?.into_iter().for_each(|plan| load.add(plan));
        Ok(())
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.sessions.iter().for_each(JoinHandle::abort);
        drop(self.child.stdin.take());
        self.child.wait().await?;
        Ok(())
    }
}
