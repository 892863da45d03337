//! Debian's Janus with its video rooms, as a process of its own, spoken to by its WebSocket API.

use std::collections::HashMap;
use std::net::IpAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt as _, StreamExt as _};
use plenum_media::Identity;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::common::{End, Usage};
use crate::load::Load;

const PORT: u16 = 18_188;
const PATIENCE: Duration = Duration::from_secs(10);

type Sink = SplitSink<WebSocketStream<MaybeTlsStream<TcpStream>>, Message>;
type Waiting = Arc<Mutex<HashMap<String, oneshot::Sender<Value>>>>;

/// The process, and a session with it.
pub struct Janus {
    child: Child,
    _folder: TempDir,
    ip: IpAddr,
    identity: Identity,
    sink: Sink,
    waiting: Waiting,
    session: u64,
    count: u64,
}

impl Janus {
    pub async fn start(ip: IpAddr, identity: &Identity) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text);
        write(
            "janus.jcfg",
            "general: { debug_level = 2 }\nmedia: { rtp_port_range = \"20000-40000\" }\n\
             nat: { ice_lite = true, ice_enforce_list = \"bench\", full_trickle = false }\n\
             plugins: { disable = \"libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,\
             libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,\
             libjanus_videocall.so,libjanus_voicemail.so\" }\n\
             transports: { disable = \"libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,\
             libjanus_rabbitmq.so\" }\nevents: { broadcast = false }\n"
                .to_owned(),
        )?;
        write("janus.plugin.videoroom.jcfg", "general: { }\n".to_owned())?;
        write(
            "janus.transport.websockets.jcfg",
            format!(
                "general: {{ ws = true, ws_port = {PORT}, ws_ip = \"{ip}\" }}\nadmin: {{ admin_ws = false }}\n"
            ),
        )?;
        let child = Command::new("janus")
            .args(["--configs-folder", &folder.path().to_string_lossy(), "--disable-colors"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("Debian's package janus")?;
        let mut tries = 0;
        let socket = loop {
            let mut request = format!("ws://{ip}:{PORT}/").into_client_request()?;
            request.headers_mut().insert("sec-websocket-protocol", "janus-protocol".parse()?);
            match tokio_tungstenite::connect_async(request).await {
                Ok((socket, _)) => break socket,
                Err(error) if tries > 100 => return Err(error).context("Janus does not listen"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let (sink, mut stream) = socket.split();
        let waiting = Waiting::default();
        let answers = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                let Message::Text(text) = message else { continue };
                let Ok(message) = serde_json::from_str::<Value>(&text) else { continue };
                // The acknowledgement of a message is not its answer.
                if message["janus"] == "ack" {
                    continue;
                }
                let transaction = message["transaction"].as_str().unwrap_or_default();
                let waits = answers.lock().expect("nobody panicked").remove(transaction);
                if let Some(waits) = waits {
                    let _ = waits.send(message);
                }
            }
        });
        let mut janus = Self {
            child,
            _folder: folder,
            ip,
            identity: identity.clone(),
            sink,
            waiting,
            session: 0,
            count: 0,
        };
        janus.session = id(&janus.ask(json!({ "janus": "create" })).await?)?;
        Ok(janus)
    }

    pub fn usage(&self) -> anyhow::Result<Usage> {
        Ok(Usage::of(self.child.id().context("it runs")?))
    }

    async fn ask(&mut self, mut message: Value) -> anyhow::Result<Value> {
        self.count += 1;
        let transaction = self.count.to_string();
        message["transaction"] = json!(transaction);
        if self.session > 0 {
            message["session_id"] = json!(self.session);
        }
        let (sender, answer) = oneshot::channel();
        self.waiting.lock().expect("nobody panicked").insert(transaction, sender);
        self.sink.send(Message::text(message.to_string())).await?;
        let answer = tokio::time::timeout(PATIENCE, answer).await.context("Janus does not answer")??;
        let failed = answer["janus"] == "error" || answer["plugindata"]["data"]["error"].is_string();
        anyhow::ensure!(!failed, "{answer}");
        Ok(answer)
    }

    async fn attach(&mut self) -> anyhow::Result<u64> {
        id(&self.ask(json!({ "janus": "attach", "plugin": "janus.plugin.videoroom" })).await?)
    }

    async fn say(&mut self, handle: u64, body: Value, jsep: Option<(&str, String)>) -> anyhow::Result<Value> {
        let mut message = json!({ "janus": "message", "handle_id": handle, "body": body });
        if let Some((kind, sdp)) = jsep {
            message["jsep"] = json!({ "type": kind, "sdp": sdp });
        }
        self.ask(message).await
    }

    /// Makes a room.
    pub async fn room(&mut self, room: u64) -> anyhow::Result<()> {
        let handle = self.attach().await?;
        let body = json!({
            "request": "create", "room": room, "publishers": 500, "bitrate": 0, "audiocodec": "opus",
            "videocodec": "vp8", "notify_joining": false, "permanent": false,
        });
        self.say(handle, body, None).await?;
        Ok(())
    }

    /// Lets somebody send into a room; the number of what they send.
    pub async fn publish(&mut self, room: u64, load: &Load) -> anyhow::Result<u64> {
        let handle = self.attach().await?;
        let mut end = End::new(&self.identity, self.ip, true)?;
        let body = json!({ "request": "joinandconfigure", "room": room, "ptype": "publisher" });
        let answer = self.say(handle, body, Some(("offer", end.offer()))).await?;
        let sdp = answer["jsep"]["sdp"].as_str().context("an answer")?;
        end.plan(sdp)?.into_iter().for_each(|plan| load.add(plan));
        answer["plugindata"]["data"]["id"].as_u64().context("an id")
    }

    /// Lets somebody receive what these send.
    pub async fn subscribe(&mut self, room: u64, feeds: &[u64], load: &Load) -> anyhow::Result<()> {
        let handle = self.attach().await?;
        let streams: Vec<Value> = feeds.iter().map(|feed| json!({ "feed": feed })).collect();
        let body = json!({ "request": "join", "room": room, "ptype": "subscriber", "streams": streams });
        // A feed is there once its connection is up.
        let began = Instant::now();
        let offer = loop {
            match self.say(handle, body.clone(), None).await {
                Err(error) if began.elapsed() < PATIENCE && error.to_string().contains("No such feed") => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                offer => break offer?,
            }
        };
        let sdp = offer["jsep"]["sdp"].as_str().context("an offer")?;
        let mut end = End::new(&self.identity, self.ip, false)?;
        let answer = end.answer(sdp)?;
        self.say(handle, json!({ "request": "start" }), Some(("answer", answer))).await?;
        end.plan(sdp)?.into_iter().for_each(|plan| load.add(plan));
        Ok(())
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(())
    }
}

fn id(answer: &Value) -> anyhow::Result<u64> {
    answer["data"]["id"].as_u64().with_context(|| format!("no id in {answer}"))
}
