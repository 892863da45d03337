//! What is open ends when the right to it does, over real sockets: subscriptions and rooms. Order is asserted, not time.

use futures_util::{SinkExt, StreamExt};
use plenum_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::{PATIENCE, Server, data_dir};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
    cookie: String,
    id: String,
}

impl Person {
    pub(crate) async fn sign_in(server: &Server, account: &str) -> Self {
        let (http, url) = (reqwest::Client::new(), server.url.clone());
        let mut person = Self { http, url, cookie: String::new(), id: String::new() };
        let input = json!({ "email": format!("{account}@plenum.example"), "password": plenum_server::demo::PASSWORD });
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { account { id } } } }";
        let answer = person.post(query, json!({ "input": input })).await;
        let cookie = answer.headers().get("set-cookie").expect("a cookie").to_str().expect("as text");
        person.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let answer: Value = answer.json().await.expect("with JSON");
        person.id = answer["data"]["signIn"]["viewer"]["account"]["id"].as_str().expect("an id").to_owned();
        person
    }

    /// Somebody who is not signed in.
    pub(crate) fn stranger(server: &Server) -> Self {
        let (cookie, id) = (String::new(), String::new());
        Self { http: reqwest::Client::new(), url: server.url.clone(), cookie, id }
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

    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer: Value = self.post(query, variables).await.json().await.expect("with JSON");
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    }

    /// Why somebody is not answered.
    pub(crate) async fn refusal(&self, query: &str, variables: Value) -> Value {
        let answer: Value = self.post(query, variables).await.json().await.expect("with JSON");
        assert!(answer["errors"].is_array(), "{answer}");
        answer["errors"][0].clone()
    }

    /// The channel of the council and its latest change, once bodies' word of it is heard.
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

    async fn say(&self, channel: &str, number: u32, text: &str) {
        let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { seq } }";
        let client = format!("00000000-0000-7000-8000-{number:012}");
        self.ask(query, json!({ "input": { "channel": channel, "clientId": client, "text": text } })).await;
    }

    /// Follows a channel by graphql-transport-ws.
    async fn follow(&self, channel: &str, after: i64) -> Socket {
        let query =
            "subscription($channel: ID!, $after: Int!) { channelChanges(channel: $channel, after: $after) {
            change messages { text } } }";
        let variables = json!({ "channel": channel, "after": after });
        self.subscribe("federation", query, variables).await
    }

    /// Subscribes in an organization.
    pub(crate) async fn subscribe(&self, tenant: &str, query: &str, variables: Value) -> Socket {
        let mut request = format!("{}/graphql", self.url.replace("http:", "ws:"))
            .into_client_request()
            .expect("an address");
        let headers = request.headers_mut();
        headers.insert("cookie", self.cookie.parse().expect("a header"));
        headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
        for said in [
            json!({ "type": "connection_init", "payload": { "tenant": tenant } }),
            json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "variables": variables } }),
        ] {
            socket.send(Message::text(said.to_string())).await.expect("sent");
        }
        socket
    }

    /// A token for the room of the first session.
    pub(crate) async fn join(&self) -> String {
        let sessions = self.ask("{ sessions { nodes { id } } }", json!({})).await;
        let join = "mutation($id: ID!) { joinSession(session: $id) { token } }";
        let data = self.ask(join, json!({ "id": sessions["sessions"]["nodes"][0]["id"] })).await;
        data["joinSession"]["token"].as_str().expect("a token").to_owned()
    }

    /// Enters a room: the socket, after the welcome.
    pub(crate) async fn enter(&self, token: &str) -> Socket {
        let mut request =
            format!("{}/sfu", self.url.replace("http:", "ws:")).into_client_request().expect("an address");
        let protocols = format!("plenum.sfu.v1, {token}");
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
        let first = hear(&mut socket).await.expect("open");
        assert_eq!(first["type"], "welcome", "{first}");
        socket
    }
}

/// The next thing that a socket says; `None` when it is closed.
pub(crate) async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        let heard = tokio::time::timeout(PATIENCE, socket.next()).await.expect("something is said");
        match heard {
            Some(Ok(Message::Text(text))) => {
                return Some(serde_json::from_str(&text).expect("JSON"));
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

/// What a subscription says until it is complete: texts of messages, and the reasons of refusals.
async fn until_complete(socket: &mut Socket) -> Vec<String> {
    let mut said = Vec::new();
    loop {
        let heard = hear(socket).await.expect("open");
        match heard["type"].as_str() {
            Some("next") => {
                for error in heard["payload"]["errors"].as_array().into_iter().flatten() {
                    said.push(error["extensions"]["reason"].as_str().expect("a reason").to_owned());
                }
                let messages = &heard["payload"]["data"]["channelChanges"]["messages"];
                for message in messages.as_array().into_iter().flatten() {
                    said.push(message["text"].as_str().expect("a text").to_owned());
                }
            }
            Some("complete") => return said,
            _ => {}
        }
    }
}

/// Listens until this message is heard.
async fn until_heard(socket: &mut Socket, text: &str) {
    loop {
        let heard = hear(socket).await.expect("open");
        assert!(heard["payload"]["errors"].is_null(), "{heard}");
        if heard.to_string().contains(text) {
            return;
        }
    }
}

async fn until_closed(socket: &mut Socket) {
    while hear(socket).await.is_some() {}
}

const GIVE: &str = "mutation($input: GiveRoleInput!) { giveRole(input: $input) { status id } }";
const TAKE: &str = "mutation($grant: ID!) { takeRole(grant: $grant) { status } }";
const SUSPEND: &str = "mutation($account: ID!) { suspendAccess(account: $account) { status } }";
const RESUME: &str = "mutation($account: ID!) { resumeAccess(account: $account) { status } }";

#[tokio::test]
async fn a_subscription_ends_with_the_role_and_with_the_access_before_anything_later_is_told() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let chair = Person::sign_in(&server, "chair").await;
    let member = Person::sign_in(&server, "member1").await;
    let (channel, change) = chair.council().await;

    // A role more ends nothing; the same role less does.
    let mut followed = member.follow(&channel, change).await;
    chair.say(&channel, 1, "первое").await;
    until_heard(&mut followed, "первое").await;
    let units = admin.ask("{ units(first: 200) { nodes { id kind } } }", json!({})).await;
    let nodes = units["units"]["nodes"].as_array().expect("a list");
    let root = &nodes.iter().find(|unit| unit["kind"] == "APPARATUS").expect("the apparatus")["id"];
    let given = admin
        .ask(GIVE, json!({ "input": { "account": member.id, "role": "treasurer", "unit": root } }))
        .await;
    assert_eq!(given["giveRole"]["status"], "OK");
    chair.say(&channel, 2, "второе").await;
    until_heard(&mut followed, "второе").await;
    let taken = admin.ask(TAKE, json!({ "grant": given["giveRole"]["id"] })).await;
    assert_eq!(taken["takeRole"]["status"], "OK");
    chair.say(&channel, 3, "третье").await;
    assert_eq!(until_complete(&mut followed).await, ["access_changed"]);

    // What is left may be asked for anew, and ends with the access.
    let mut followed = member.follow(&channel, change).await;
    until_heard(&mut followed, "третье").await;
    let suspended = admin.ask(SUSPEND, json!({ "account": member.id })).await;
    assert_eq!(suspended["suspendAccess"]["status"], "OK");
    chair.say(&channel, 4, "четвёртое").await;
    assert_eq!(until_complete(&mut followed).await, ["not_found"]);
    // The same connection resolves its caller anew, as a new one does.
    let again = json!({ "type": "subscribe", "id": "1", "payload": {
        "query": "subscription { channelList { unreadChannels } }" } });
    followed.send(Message::text(again.to_string())).await.expect("sent");
    assert_eq!(until_complete(&mut followed).await, ["not_found"]);
    let mut anew = member.follow(&channel, change).await;
    assert_eq!(until_complete(&mut anew).await, ["not_found"]);

    let resumed = admin.ask(RESUME, json!({ "account": member.id })).await;
    assert_eq!(resumed["resumeAccess"]["status"], "OK");
    let mut back = member.follow(&channel, change).await;
    until_heard(&mut back, "четвёртое").await;
    server.stop().await;
}

#[tokio::test]
async fn a_running_room_puts_out_who_lost_access_or_the_seat_and_an_old_token_does_not_help() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let (suspended, unseated) =
        (Person::sign_in(&server, "member1").await, Person::sign_in(&server, "member2").await);
    let (first, second) = (suspended.join().await, unseated.join().await);
    let staying = Person::sign_in(&server, "chair").await;
    let token = staying.join().await;
    let mut kept = staying.enter(&token).await;
    let mut one = suspended.enter(&first).await;
    let mut two = unseated.enter(&second).await;

    let answer = admin.ask(SUSPEND, json!({ "account": suspended.id })).await;
    assert_eq!(answer["suspendAccess"]["status"], "OK");
    until_closed(&mut one).await;
    // The token is good for two minutes, the person is not.
    let mut again = suspended.enter(&first).await;
    until_closed(&mut again).await;

    let seats = unseated.ask("{ bodies { nodes { seats { id isViewer } } } }", json!({})).await;
    let mine = seats["bodies"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|body| body["seats"].as_array().expect("a list").clone())
        .find(|seat| seat["isViewer"] == true)
        .expect("a seat");
    admin.ask("mutation($seat: ID!) { removeSeat(seat: $seat) { id } }", json!({ "seat": mine["id"] })).await;
    until_closed(&mut two).await;
    let mut again = unseated.enter(&second).await;
    until_closed(&mut again).await;

    // Who lost nothing saw them leave, and is still there.
    let mut left = 0;
    while left < 4 {
        let heard = hear(&mut kept).await.expect("open");
        left += usize::from(heard["type"] == "participant_left");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_suspended_organization_ends_what_its_people_have_open_and_lets_nobody_in() {
    const UNREAD: &str = "subscription { channelList { unreadChannels } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let keeper = Person::sign_in(&server, "keeper").await;
    let tenants = admin.ask("{ overseenTenants { id slug usage { members accounts } } }", json!({})).await;
    let all = tenants["overseenTenants"].as_array().expect("a list");
    let register = all.iter().find(|one| one["slug"] == "register").expect("it is overseen");
    assert!(register["usage"]["accounts"].as_i64().expect("a number") >= 2, "{register}");
    let variables = json!({ "tenant": register["id"] });

    let mut open = keeper.subscribe("register", UNREAD, json!({})).await;
    while hear(&mut open).await.expect("open")["type"] != "next" {}
    let suspend = "mutation($tenant: ID!) { suspendTenant(tenant: $tenant) { status } }";
    let suspended = admin.ask(suspend, variables.clone()).await;
    assert_eq!(suspended["suspendTenant"]["status"], "OK");
    assert_eq!(until_complete(&mut open).await, ["not_found"]);
    let mut anew = keeper.subscribe("register", UNREAD, json!({})).await;
    assert_eq!(until_complete(&mut anew).await, ["not_found"]);
    let listed = keeper.ask("{ viewer { tenants { tenant { slug } } } }", json!({})).await;
    assert!(!listed.to_string().contains("register"), "{listed}");

    let resume = "mutation($tenant: ID!) { resumeTenant(tenant: $tenant) { status } }";
    assert_eq!(admin.ask(resume, variables).await["resumeTenant"]["status"], "OK");
    let mut back = keeper.subscribe("register", UNREAD, json!({})).await;
    while hear(&mut back).await.expect("open")["type"] != "next" {}
    server.stop().await;
}

#[tokio::test]
async fn a_module_that_is_switched_off_ends_what_is_open_of_it_and_comes_back_whole() {
    const LOOK: &str = "subscription { tenantLook { version modulesOff } }";
    const SWITCH: &str = "mutation($input: TenantModulesInput!) { setTenantModules(input: $input) {
        settings { version look { modulesOff } } } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let chair = Person::sign_in(&server, "chair").await;
    let member = Person::sign_in(&server, "member1").await;
    let (channel, change) = chair.council().await;
    let mut followed = member.follow(&channel, change).await;
    chair.say(&channel, 1, "первое").await;
    until_heard(&mut followed, "первое").await;
    let token = member.join().await;
    let mut room = member.enter(&token).await;
    let mut look = member.subscribe("federation", LOOK, json!({})).await;
    until_heard(&mut look, "\"version\":0").await;

    // Conversations: what is followed ends, the room does not.
    let off = admin.ask(SWITCH, json!({ "input": { "version": 0, "off": ["chat"] } })).await;
    assert_eq!(off["setTenantModules"]["settings"]["look"]["modulesOff"], json!(["chat"]));
    assert_eq!(until_complete(&mut followed).await, ["access_changed"]);
    let mut anew = member.follow(&channel, change).await;
    assert_eq!(until_complete(&mut anew).await, ["module_off"]);
    let refused: Value =
        member.post("{ channels { nodes { id } } }", json!({})).await.json().await.expect("with JSON");
    let error = &refused["errors"][0]["extensions"];
    assert_eq!((&error["code"], &error["reason"]), (&json!("FORBIDDEN"), &json!("module_off")));
    let permissions = member.ask("{ viewer { permissions } tenant { modulesOff } }", json!({})).await;
    assert!(!permissions["viewer"].to_string().contains("chat."), "{permissions}");
    assert_eq!(permissions["tenant"]["modulesOff"], json!(["chat"]));
    let mut again = member.subscribe("federation", LOOK, json!({})).await;
    until_heard(&mut again, "\"version\":1").await;

    // Video rooms: whoever is in one is put out, and the token that is still good does not help.
    let answer = admin.ask(SWITCH, json!({ "input": { "version": 1, "off": ["meetings"] } })).await;
    assert_eq!(answer["setTenantModules"]["settings"]["version"], 2);
    until_closed(&mut room).await;
    let mut late = member.enter(&token).await;
    until_closed(&mut late).await;

    // On again, nothing was lost.
    let answer = admin.ask(SWITCH, json!({ "input": { "version": 2, "off": [] } })).await;
    assert_eq!(answer["setTenantModules"]["settings"]["version"], 3);
    let mut back = member.follow(&channel, change).await;
    until_heard(&mut back, "первое").await;
    let token = member.join().await;
    member.enter(&token).await;
    server.stop().await;
}

#[tokio::test]
async fn a_webinar_puts_out_who_may_not_learn_any_more() {
    const SWITCH: &str = "mutation($input: TenantModulesInput!) { setTenantModules(input: $input) {
        settings { look { modulesOff } } } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let chair = Person::sign_in(&server, "chair").await;
    let lesson = webinar(&admin).await;
    let join = "mutation($id: ID!) { joinWebinar(lesson: $id) { token } }";
    let data = admin.ask(join, json!({ "id": lesson })).await;
    let token = data["joinWebinar"]["token"].as_str().expect("a token").to_owned();
    let mut webinar = admin.enter(&token).await;
    let mut session = chair.enter(&chair.join().await).await;

    let off = admin.ask(SWITCH, json!({ "input": { "version": 0, "off": ["learning"] } })).await;
    assert_eq!(off["setTenantModules"]["settings"]["look"]["modulesOff"], json!(["learning"]));
    until_closed(&mut webinar).await;
    let mut late = admin.enter(&token).await;
    until_closed(&mut late).await;

    // A session goes on: its room still answers.
    session.send(Message::text(json!({ "type": "ping", "id": 1 }).to_string())).await.expect("sent");
    while hear(&mut session).await.expect("open")["type"] != "pong" {}
    server.stop().await;
}

/// A webinar that begins now, in a published course: its lesson's id.
async fn webinar(author: &Person) -> Value {
    let course = author
        .ask(
            "mutation($input: CreateCourseInput!) { createCourse(input: $input) { id } }",
            json!({ "input": { "title": "Охрана труда" } }),
        )
        .await["createCourse"]["id"]
        .clone();
    let section = author
        .ask(
            "mutation($course: ID!) { addSection(course: $course, title: \"1\") { sections { id } } }",
            json!({ "course": course }),
        )
        .await["addSection"]["sections"][0]["id"]
        .clone();
    let lesson = author
        .ask(
            "mutation($section: ID!) { addLesson(section: $section, input: { kind: WEBINAR, title: \"1\" }) { id } }",
            json!({ "section": section }),
        )
        .await["addLesson"]["id"]
        .clone();
    let input = json!({ "startsAt": SystemClock.now(), "durationMinutes": 60 });
    let update = "mutation($lesson: ID!, $input: UpdateLessonInput!) { updateLesson(lesson: $lesson, input: $input) { id } }";
    author.ask(update, json!({ "lesson": lesson, "input": input })).await;
    let publish = "mutation($course: ID!) { publishCourse(course: $course) { status } }";
    let published = author.ask(publish, json!({ "course": course })).await;
    assert_eq!(published["publishCourse"]["status"], "OK");
    lesson
}

#[tokio::test]
async fn news_that_come_while_an_answer_is_made_neither_hold_it_up_nor_swallow_it() {
    const LOOK: &str = "subscription { tenantLook { version } }";
    const SPEAK: &str = "mutation($input: TenantLanguagesInput!) { setTenantLanguages(input: $input) {
        settings { version } } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let admin = Person::sign_in(&server, "admin").await;
    let member = Person::sign_in(&server, "member1").await;
    let mut look = member.subscribe("federation", LOOK, json!({})).await;
    until_heard(&mut look, "\"version\":0").await;
    // Each change is news of the settings and of the rights at once.
    for version in 0..20 {
        let input = json!({ "version": version, "language": "RU", "languages": ["RU", "EN"] });
        admin.ask(SPEAK, json!({ "input": input })).await;
        until_heard(&mut look, &format!("\"version\":{}", version + 1)).await;
    }
    server.stop().await;
}
