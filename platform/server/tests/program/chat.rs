//! Two clients of the real server, over real sockets: one is cut off for half a minute while 500 messages are sent.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::{PATIENCE, Server, data_dir};

/// So long one client is away. The messages that it misses are spread over this time: it is what is tested, and nothing
/// waits for it.
const AWAY: Duration = Duration::from_secs(30);

const ACCOUNTS: [&str; 15] = [
    "chair",
    "deputy",
    "secretary",
    "member1",
    "member2",
    "member3",
    "member4",
    "member5",
    "member6",
    "member7",
    "member8",
    "member9",
    "member10",
    "member11",
    "member12",
];

/// Somebody who is signed in.
struct Person {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Person {
    async fn sign_in(server: &Server, account: &str) -> Self {
        let mut person =
            Self { http: reqwest::Client::new(), url: server.url.clone(), cookie: String::new() };
        let input = json!({ "email": format!("{account}@plenum.example"), "password": plenum_server::demo::PASSWORD });
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
        let answer = person.post(query, json!({ "input": input })).await;
        let cookie = answer.headers().get("set-cookie").expect("a cookie").to_str().expect("as text");
        person.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        person
    }

    async fn post(&self, query: &str, variables: Value) -> reqwest::Response {
        self.http
            .post(format!("{}/graphql", self.url))
            .header("x-plenum-tenant", "federation")
            .header("cookie", &self.cookie)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .expect("the server answers")
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer: Value = self.post(query, variables).await.json().await.expect("with JSON");
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    }

    /// The channel of the council and its latest change, once it has the notice of the session: what bodies tell is
    /// heard soon after the start.
    async fn council(&self) -> (String, i64) {
        let found = async {
            loop {
                let data = self.ask("{ channels { nodes { id kind } } }", json!({})).await;
                let nodes = data["channels"]["nodes"].as_array().expect("a list").clone();
                let Some(node) = nodes.iter().find(|node| node["kind"] == "BODY") else { continue };
                let query = "query($id: ID!) { messages(channel: $id) { change messages { kind } } }";
                let data = self.ask(query, json!({ "id": node["id"] })).await;
                if data["messages"]["messages"].to_string().contains("SESSION") {
                    let id = node["id"].as_str().expect("an id").to_owned();
                    return (id, data["messages"]["change"].as_i64().expect("a number"));
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("the council has a channel")
    }

    async fn send(&self, channel: &str, number: usize) {
        let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { seq } }";
        let client = format!("00000000-0000-7000-8000-{number:012}");
        let input = json!({ "channel": channel, "clientId": client, "text": format!("сообщение {number}") });
        self.ask(query, json!({ "input": input })).await;
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A client that follows a channel and keeps what it was told.
struct Follower<'p> {
    person: &'p Person,
    channel: &'p str,
    change: i64,
    messages: BTreeMap<i64, String>,
    socket: Option<Socket>,
}

impl<'p> Follower<'p> {
    async fn new(person: &'p Person, channel: &'p str, change: i64) -> Self {
        let mut follower = Self { person, channel, change, messages: BTreeMap::new(), socket: None };
        follower.connect().await;
        follower
    }

    /// Subscribes by graphql-transport-ws, after the last change that it has.
    async fn connect(&mut self) {
        let url = format!("{}/graphql", self.person.url.replace("http:", "ws:"));
        let mut request = url.into_client_request().expect("an address");
        let headers = request.headers_mut();
        headers.insert("cookie", self.person.cookie.parse().expect("a header"));
        headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
        let query =
            "subscription($channel: ID!, $after: Int!) { channelChanges(channel: $channel, after: $after) {
            change messages { seq text } } }";
        let variables = json!({ "channel": self.channel, "after": self.change });
        for said in [
            json!({ "type": "connection_init", "payload": { "tenant": "federation" } }),
            json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "variables": variables } }),
        ] {
            socket.send(Message::text(said.to_string())).await.expect("sent");
        }
        self.socket = Some(socket);
    }

    /// The connection is gone, without a word.
    fn cut(&mut self) {
        self.socket = None;
    }

    /// Listens until it holds so many messages.
    async fn until(&mut self, count: usize) {
        while self.messages.len() < count {
            let next = self.socket.as_mut().expect("connected").next();
            let heard = tokio::time::timeout(PATIENCE, next).await.expect("something is said");
            let Message::Text(text) = heard.expect("open").expect("whole") else { continue };
            let said: Value = serde_json::from_str(&text).expect("JSON");
            match said["type"].as_str() {
                Some("next") => {
                    assert!(said["payload"]["errors"].is_null(), "{said}");
                    let changes = &said["payload"]["data"]["channelChanges"];
                    for message in changes["messages"].as_array().expect("a list") {
                        let seq = message["seq"].as_i64().expect("a number");
                        self.messages.insert(seq, message["text"].as_str().expect("a text").to_owned());
                    }
                    self.change = changes["change"].as_i64().expect("a number");
                }
                Some("connection_ack" | "ping" | "pong") => {}
                _ => panic!("{said}"),
            }
        }
    }
}

#[tokio::test]
async fn a_client_cut_off_during_500_messages_holds_the_same_as_the_other() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let mut people = Vec::new();
    for account in ACCOUNTS {
        people.push(Person::sign_in(&server, account).await);
    }
    let (channel, change) = people[0].council().await;
    // What was said before is not counted.
    let mut steady = Follower::new(&people[0], &channel, change).await;
    let mut absent = Follower::new(&people[2], &channel, change).await;
    let say = async |numbers: std::ops::RangeInclusive<usize>, pace: Duration| {
        let (people, channel) = (&people, channel.as_str());
        let beats = stream::unfold(tokio::time::interval(pace), async |mut beat| {
            beat.tick().await;
            Some(((), beat))
        });
        stream::iter(numbers)
            .zip(beats)
            .for_each_concurrent(4, |(number, ())| async move {
                people[number % people.len()].send(channel, number).await;
            })
            .await;
    };
    let burst = Duration::from_millis(1);
    say(1..=50, burst).await;
    absent.until(50).await;
    absent.cut();
    let since = Instant::now();
    // The first beat comes at once.
    say(51..=450, AWAY.div_f64(398.0)).await;
    assert!(since.elapsed() >= AWAY, "it was away for {:?}", since.elapsed());
    absent.connect().await;
    say(451..=500, burst).await;
    steady.until(500).await;
    absent.until(500).await;
    assert_eq!(steady.messages, absent.messages);
    let numbers: Vec<i64> = absent.messages.keys().copied().collect();
    let first = numbers[0];
    assert_eq!(numbers, (first..first + 500).collect::<Vec<i64>>());
    let mut texts: Vec<&String> = absent.messages.values().collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 500);
    server.stop().await;
}
