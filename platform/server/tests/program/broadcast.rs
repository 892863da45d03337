//! A session is shown to whoever has its link, and the camera of a hall publishes into it, over real HTTP.

use serde_json::{Value, json};

use crate::{
    support::{PATIENCE, Server, data_dir},
    withdrawal::{Person, hear},
};

const OFFER: &str =
    "query($organization: String!, $key: String!) { broadcast(organization: $organization, key: $key) {
    title organization state endpoint token } }";

/// A description with one stream of sound: `sendonly` or `recvonly`.
fn description(direction: &str) -> String {
    let fingerprint = ["AB"; 32].join(":");
    format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
         a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 {fingerprint}\r\na=setup:actpass\r\n\
         a=mid:0\r\na={direction}\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
    )
}

/// Begins to publish or to watch: the status, and the address of what began.
async fn exchange(person: &Person, endpoint: &str, token: &str, direction: &str) -> (u16, String) {
    let answer = person
        .http
        .post(format!("{}{endpoint}", person.url))
        .bearer_auth(token)
        .header("content-type", "application/sdp")
        .body(description(direction))
        .send()
        .await
        .expect("the server answers");
    let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
    (answer.status().as_u16(), location.unwrap_or_default())
}

/// Waits until what began has ended: its candidates find nobody.
async fn until_ended(person: &Person, location: &str) {
    let ended = async {
        loop {
            let request = person.http.patch(format!("{}{location}", person.url));
            let request = request.header("content-type", "application/trickle-ice-sdpfrag");
            let answer = request.body("a=end-of-candidates\r\n").send().await.expect("the server answers");
            match answer.status().as_u16() {
                404 => return,
                204 => tokio::task::yield_now().await,
                other => panic!("{other}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("it ends");
}

/// The first session that the person sees.
pub(crate) async fn session_of(person: &Person) -> Value {
    let found = person.ask("{ sessions { nodes { id } } }", json!({})).await;
    found["sessions"]["nodes"][0]["id"].clone()
}

#[tokio::test]
async fn a_session_is_watched_by_its_link_while_it_is_broadcast() {
    const START: &str = "mutation($id: ID!) { startBroadcast(session: $id) { isOn path canManage } }";
    const STOP: &str = "mutation($id: ID!) { stopBroadcast(session: $id) { isOn } }";
    const QUORUM: &str = "query($id: ID!) { node(id: $id) { ... on Session { quorum { present } } } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let chair = Person::sign_in(&server, "chair").await;
    let stranger = Person::stranger(&server);
    let session = json!({ "id": session_of(&chair).await });

    let started = chair.ask(START, session.clone()).await["startBroadcast"].clone();
    assert_eq!((&started["isOn"], &started["canManage"]), (&json!(true), &json!(true)));
    let path = started["path"].as_str().expect("a path");
    let [_, "watch", organization, key] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
    let link = json!({ "organization": organization, "key": key });
    let offer = stranger.ask(OFFER, link.clone()).await["broadcast"].clone();
    assert_eq!(offer["state"], "ON", "{offer}");
    let (endpoint, token) =
        (offer["endpoint"].as_str().expect("an endpoint"), offer["token"].as_str().expect("a token"));
    let (status, watching) = exchange(&stranger, endpoint, token, "recvonly").await;
    assert_eq!(status, 201);
    // Whoever watches neither publishes nor comes in, and is nobody's presence.
    assert_eq!(exchange(&stranger, "/sfu/whip", token, "sendonly").await.0, 403);
    assert_eq!(chair.ask(QUORUM, session.clone()).await["node"]["quorum"]["present"], 0);

    chair.ask(STOP, session.clone()).await;
    until_ended(&stranger, &watching).await;
    let offer = stranger.ask(OFFER, link.clone()).await["broadcast"].clone();
    assert_eq!((&offer["state"], &offer["token"]), (&json!("OFF"), &Value::Null));
    // The token is good for a moment still, and opens nothing any more.
    let (status, late) = exchange(&stranger, endpoint, token, "recvonly").await;
    assert_eq!(status, 201);
    until_ended(&stranger, &late).await;

    // The link stays the same; another one leads nowhere.
    let again = chair.ask(START, session).await["startBroadcast"]["path"].clone();
    assert_eq!(again, path);
    for other in [
        json!({ "organization": organization, "key": "0".repeat(32) }),
        json!({ "organization": "register", "key": key }),
        json!({ "organization": organization, "key": "rubbish" }),
    ] {
        assert_eq!(stranger.ask(OFFER, other).await["broadcast"], Value::Null);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_camera_of_a_hall_comes_in_and_is_put_out() {
    const GIVE: &str = "mutation($id: ID!) { giveEncoder(session: $id, name: \" Зал \") { endpoint token
        broadcast { hasEncoder } } }";
    const WITHDRAW: &str = "mutation($id: ID!) { withdrawEncoder(session: $id) { hasEncoder } }";
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let chair = Person::sign_in(&server, "chair").await;
    let session = json!({ "id": session_of(&chair).await });
    let mut room = chair.enter(&chair.join().await).await;

    let first = chair.ask(GIVE, session.clone()).await["giveEncoder"].clone();
    assert_eq!(first["broadcast"]["hasEncoder"], true);
    let token = |given: &Value| given["token"].as_str().expect("a token").to_owned();
    let (status, publishing) = exchange(&chair, "/sfu/whip", &token(&first), "sendonly").await;
    assert_eq!(status, 201);
    let joined = heard(&mut room, "participant_joined").await;
    assert_eq!(joined["participant"]["name"], "Зал");

    // Another one takes its place, and the first key opens nothing any more.
    let second = chair.ask(GIVE, session.clone()).await["giveEncoder"].clone();
    heard(&mut room, "participant_left").await;
    until_ended(&chair, &publishing).await;
    let (_, stale) = exchange(&chair, "/sfu/whip", &token(&first), "sendonly").await;
    until_ended(&chair, &stale).await;
    let (_, publishing) = exchange(&chair, "/sfu/whip", &token(&second), "sendonly").await;

    assert_eq!(chair.ask(WITHDRAW, session).await["withdrawEncoder"]["hasEncoder"], false);
    until_ended(&chair, &publishing).await;
    server.stop().await;
}

async fn heard(socket: &mut crate::withdrawal::Socket, kind: &str) -> Value {
    loop {
        let heard = hear(socket).await.expect("open");
        if heard["type"] == kind {
            return heard;
        }
    }
}
