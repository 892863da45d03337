//! The server as it is run for real takes the operations that are listed, and no others.

use futures_util::{SinkExt, StreamExt};
use plenum_server::operations::id_of;
use reqwest::header;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use crate::support::{PATIENCE, Server, data_dir, plenum};

/// A refusal is no longer than this.
const SHORT: usize = 512;
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
const BODIES: &str = "{ bodies { nodes { name } } }";
const PUSHES: &str = "subscription { channelList { unreadChannels } }";
const INTROSPECTION: &str = "{ __schema { types { name } } __type(name: \"Member\") { name } }";

async fn send(server: &Server, cookie: &str, body: Value) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .header("x-plenum-tenant", "federation")
        .header(header::COOKIE, cookie)
        .json(&body)
        .send()
        .await
        .expect("the server answers")
}

async fn answer(server: &Server, cookie: &str, body: Value) -> Value {
    send(server, cookie, body).await.json().await.expect("with JSON")
}

/// Opens a socket and subscribes; the first answer to that.
async fn subscribe(server: &Server, cookie: &str, payload: Value) -> Value {
    let url = format!("{}/graphql", server.url.replace("http:", "ws:"));
    let mut request = url.into_client_request().expect("an address");
    let headers = request.headers_mut();
    headers.insert("cookie", cookie.parse().expect("a header"));
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
    for said in [
        json!({ "type": "connection_init", "payload": { "tenant": "federation" } }),
        json!({ "type": "subscribe", "id": "1", "payload": payload }),
    ] {
        socket.send(Message::text(said.to_string())).await.expect("sent");
    }
    let heard = async {
        loop {
            let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("it was closed") };
            assert!(text.len() < SHORT, "{text}");
            let told: Value = serde_json::from_str(&text).expect("JSON");
            if told["type"] != "connection_ack" {
                break told;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("something is said")
}

#[tokio::test]
async fn what_is_listed_is_done_and_all_else_is_refused_shortly() {
    let dir = data_dir();
    let list = dir.path().join("operations.json");
    let listed = [SIGN_IN, BODIES, PUSHES, INTROSPECTION].map(|text| (id_of(text), Value::from(text)));
    let listed = Value::Object(listed.into_iter().collect());
    std::fs::write(&list, listed.to_string()).expect("written");
    let seeded = plenum(dir.path()).arg("demo").output().await.expect("plenum runs");
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let settings = [
        ("PLENUM_OPERATIONS", "known"),
        ("PLENUM_OPERATIONS_FILE", list.to_str().expect("a path of letters")),
    ];
    let server = Server::start_plain(dir.path(), &settings).await;

    let input = json!({ "email": "admin@plenum.example", "password": plenum_server::demo::PASSWORD });
    let signed_in =
        send(&server, "", json!({ "documentId": id_of(SIGN_IN), "variables": { "input": input } })).await;
    let cookie = signed_in.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default();
    let bodies = answer(&server, cookie, json!({ "documentId": id_of(BODIES) })).await;
    assert!(bodies["data"]["bodies"]["nodes"].as_array().is_some_and(|all| !all.is_empty()), "{bodies}");

    let other = "{ viewer { account { email } } }";
    for body in [
        json!({ "query": other }),
        // Also the text of a listed one: only its id is looked up.
        json!({ "query": BODIES }),
        json!({ "documentId": id_of(other) }),
        json!({ "query": "", "extensions": { "documentId": id_of(other) } }),
        json!({ "query": other, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "00" } } }),
        json!({ "query": INTROSPECTION }),
    ] {
        let text = send(&server, cookie, body.clone()).await.text().await.expect("text");
        assert!(text.len() < SHORT && !text.contains("viewer"), "{text}");
        let refused: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(refused["errors"][0]["extensions"]["code"], "INVALID", "{body}: {refused}");
        assert_eq!(refused["errors"][0]["extensions"]["reason"], "unknown_operation", "{body}: {refused}");
    }
    let both = answer(&server, cookie, json!({ "query": other, "documentId": id_of(BODIES) })).await;
    assert_eq!(both["errors"][0]["extensions"]["reason"], "request", "{both}");
    // A list does not bring the description of the API back.
    let described = answer(&server, cookie, json!({ "documentId": id_of(INTROSPECTION) })).await;
    assert!(
        described["data"].as_object().is_none_or(|data| data.values().all(Value::is_null)),
        "{described}"
    );

    let push =
        subscribe(&server, cookie, json!({ "query": "", "extensions": { "documentId": id_of(PUSHES) } }))
            .await;
    assert_eq!(push["type"], "next", "{push}");
    assert!(push["payload"]["data"]["channelList"].is_object(), "{push}");
    for payload in
        [json!({ "query": "subscription { channelList { unreadChannels __typename } }" }), json!({})]
    {
        let refused = subscribe(&server, cookie, payload).await.to_string();
        assert!(refused.contains("unknown_operation"), "{refused}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_list_that_is_wrong_is_named_at_the_start() {
    let dir = data_dir();
    let list = dir.path().join("operations.json");
    std::fs::write(&list, json!({ "sha256:00": "{ viewer { __typename } }" }).to_string()).expect("written");
    let started = plenum(dir.path())
        .arg("serve")
        .env("PLENUM_LISTEN", "127.0.0.1:0")
        .env("PLENUM_OPERATIONS_FILE", &list)
        .output()
        .await
        .expect("plenum runs");
    let said = String::from_utf8_lossy(&started.stderr);
    assert!(!started.status.success() && said.contains("PLENUM_OPERATIONS_FILE"), "{said}");
    assert!(said.contains("«sha256:00» is not the id of its operation"), "{said}");
}
