//! The program as its users meet it.

#![expect(
    clippy::disallowed_types,
    reason = "the tests are the browser: they call the program on this machine"
)]

mod armour;
mod attacks;
mod broadcast;
mod chat;
mod draining;
mod exchange;
mod imports;
mod keys;
mod mailings;
mod operations;
mod post;
mod recordings;
mod sockets;
mod support;
mod tls;
mod transfers;
mod withdrawal;

use serde_json::json;
use support::{Client, Server, data_dir, plenum};

#[tokio::test]
async fn a_wrong_setting_is_named_at_the_start() {
    let dir = data_dir();
    let output =
        plenum(dir.path()).arg("serve").env("PLENUM_LISTEN", "nowhere").output().await.expect("plenum runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("PLENUM_LISTEN: «nowhere»"));
}

#[tokio::test]
async fn what_was_committed_survives_a_stop_and_a_crash() {
    let dir = data_dir();
    let create = "mutation { createBody(input: { name: \"Президиум\", kind: PRESIDIUM, \
                  quorum: { comparison: AT_LEAST, numerator: 2, denominator: 3 } }) { id } }";
    let bodies = "{ bodies { nodes { name } } }";

    let server = Server::start(dir.path()).await;
    let admin = Client::sign_in(&server, "admin", "federation").await;
    let made = admin.ask(create, json!({})).await;
    assert!(made["errors"].is_null(), "{made}");
    server.kill_everything().await;

    let server = Server::start(dir.path()).await;
    let admin = Client::sign_in(&server, "admin", "federation").await;
    assert!(admin.ask(bodies, json!({})).await.to_string().contains("Президиум"));
    server.stop().await;

    let server = Server::start(dir.path()).await;
    let admin = Client::sign_in(&server, "admin", "federation").await;
    assert!(admin.ask(bodies, json!({})).await.to_string().contains("Президиум"));
    server.stop().await;
}

#[tokio::test]
async fn the_api_takes_json_by_post_only_and_tells_strangers_nothing() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let http = reqwest::Client::new();
    let url = format!("{}/graphql", server.url);
    let mutation = "mutation { signOut { done } }";
    let form =
        http.post(&url).header("content-type", "text/plain").body(json!({ "query": mutation }).to_string());
    assert_eq!(form.send().await.expect("answered").status(), 415);
    let batch = http.post(&url).json(&json!([{ "query": mutation }]));
    assert_eq!(batch.send().await.expect("answered").status(), 400);
    // A personal link leads into the app, though its token holds a dot; a missing part of the app is missing.
    let link = http.get(format!("{}/n/federation.abc", server.url)).send().await.expect("answered");
    assert_ne!(link.status(), 404);
    let part = http.get(format!("{}/assets/nothing.js", server.url)).send().await.expect("answered");
    assert_eq!(part.status(), 404);
    let stranger = http
        .post(&url)
        .header("accept", "application/graphql-response+json")
        .json(&json!({ "query": "{ members { nodes { id } } }" }));
    let answer = stranger.send().await.expect("answered");
    assert_eq!(answer.status(), 401);
    assert!(answer.text().await.expect("text").contains("UNAUTHENTICATED"));

    // Somebody who holds no seat is not let into the room, and that is recorded.
    let admin = Client::sign_in(&server, "admin", "federation").await;
    let sessions = admin.ask("{ sessions { nodes { id } } }", json!({})).await;
    let id = &sessions["data"]["sessions"]["nodes"][0]["id"];
    let join = "mutation($id: ID!) { joinSession(session: $id) { token } }";
    let refused = admin.ask(join, json!({ "id": id })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    assert_eq!(refused["errors"][0]["extensions"]["reason"], "not_invited", "{refused}");
    server.stop().await;
}
