//! What attacks on the API get: short refusals, and a server that goes on.

use reqwest::{Client as Http, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{Server, data_dir};

/// An answer to an attack is never longer.
const LONGEST: usize = 16 * 1024;

struct Attacker {
    http: Http,
    url: String,
}

impl Attacker {
    fn post(&self) -> RequestBuilder {
        self.http.post(format!("{}/graphql", self.url))
    }

    async fn send(&self, body: &Value) -> (StatusCode, Value) {
        let response = self.post().json(body).send().await.expect("the server answers");
        let status = response.status();
        let text = response.text().await.expect("with text");
        assert!(text.len() <= LONGEST, "{} bytes", text.len());
        (status, serde_json::from_str(&text).expect("with JSON"))
    }

    /// The reason of the first error that the operation gets.
    async fn reason(&self, query: &str) -> String {
        let (_, answer) = self.send(&json!({ "query": query })).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "INVALID", "{answer}");
        extensions["reason"].as_str().expect("a reason").to_owned()
    }
}

fn attacker(server: &Server) -> Attacker {
    Attacker { http: Http::new(), url: server.url.clone() }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.as_ref().map(Response::status).expect("the server answers")
}

#[tokio::test]
async fn floods_are_refused_shortly_and_the_server_goes_on() {
    let dir = data_dir();
    let server = Server::start_plain(dir.path(), &[]).await;
    let attacker = attacker(&server);
    let aliases: String = (0..200).map(|number| format!("a{number}: __typename ")).collect();
    let doubling: String =
        (1..30).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n - 1, n - 1)).collect();
    for (query, reason) in [
        (format!("{{ {aliases} }}"), "roots"),
        (format!("{{ viewer {{ {aliases} }} }}"), "aliases"),
        (format!("{{ __typename {} }}", "@include(if: true) ".repeat(500)), "directives"),
        (format!("{{ ...F29 }} fragment F0 on Query {{ __typename }} {doubling}"), "roots"),
        ("{ ...A } fragment A on Query { ...A }".to_owned(), "fragments"),
        ("{a".repeat(9_000), "nesting"),
        (format!("{{ a(b: {}", "[".repeat(20_000)), "nesting"),
        ("query A { __typename } ".repeat(20), "syntax"),
        (format!("{{ a(b: \"{}\") }}", "x".repeat(100_000)), "bytes"),
        ("{ __typename ".to_owned(), "syntax"),
    ] {
        assert_eq!(attacker.reason(&query).await, reason, "{}", &query[..query.len().min(80)]);
    }
    let batch = json!(vec![json!({ "query": "{ __typename }" }); 1_000]);
    assert_eq!(attacker.send(&batch).await.0, StatusCode::BAD_REQUEST);
    let variables = format!("{{\"query\":\"{{ __typename }}\",\"variables\":{}", "[".repeat(100_000));
    let deep = attacker.post().header(header::CONTENT_TYPE, "application/json").body(variables);
    assert_eq!(status(deep).await, StatusCode::BAD_REQUEST);
    let large = attacker.post().header(header::CONTENT_TYPE, "application/json").body("x".repeat(400 * 1024));
    assert_eq!(status(large).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(attacker.send(&json!({ "query": "{ __typename }" })).await.1["data"]["__typename"], "Query");
    server.stop().await;
}

#[tokio::test]
async fn a_zero_in_a_text_is_refused_before_it_reaches_the_database() {
    let dir = data_dir();
    let server = Server::start_plain(dir.path(), &[]).await;
    let attacker = attacker(&server);
    for query in [
        "query Q { verifyCard(token: \"a\\u0000b\") { valid } }",
        "query Q { verifyCard(token: \"a\\u{0}b\") { valid } }",
        "query Q { verifyCard(token: \"a\0b\") { valid } }",
    ] {
        assert!(["zero_character", "syntax"].contains(&attacker.reason(query).await.as_str()), "{query}");
    }
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
    let input = json!({ "email": "a\0@example.org", "password": "a" });
    let (_, answer) = attacker.send(&json!({ "query": sign_in, "variables": { "input": input } })).await;
    assert_eq!(answer["errors"][0]["extensions"]["reason"], "zero_character", "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn errors_repeat_nothing_and_describe_nothing_outside_of_development() {
    let dir = data_dir();
    let server = Server::start_plain(dir.path(), &[]).await;
    let attacker = attacker(&server);
    for query in [
        "{ canary8f31403d }",
        "{ __schema { types { name } } }",
        "{ __type(name: \"canary8f31403d\") { name } }",
        "query($id: Canary8f31403d!) { node(id: $id) { id } }",
        "{ node(id: 5, canary8f31403d: 1) { id } }",
        "{ members(first: \"canary8f31403d\") { nodes { id } } }",
    ] {
        let (_, answer) = attacker.send(&json!({ "query": query })).await;
        let text = answer.to_string();
        assert!(!text.to_lowercase().contains("canary8f31403d") && !text.contains("MemberFilter"), "{text}");
        assert!(answer["data"].as_object().is_none_or(|data| data.values().all(Value::is_null)), "{answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn operations_come_by_post_as_json_and_from_our_own_pages() {
    let dir = data_dir();
    let server = Server::start_plain(dir.path(), &[]).await;
    let attacker = attacker(&server);
    let url = format!("{}/graphql", server.url);
    let mutation = "mutation { signOut { status } }";
    let get = attacker.http.get(&url).query(&[("query", mutation)]);
    assert_eq!(status(get).await, StatusCode::METHOD_NOT_ALLOWED);
    let form = attacker.post().form(&[("query", mutation)]);
    assert_eq!(status(form).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let body = json!({ "query": mutation }).to_string();
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json2"] {
        let disguised = attacker.post().header(header::CONTENT_TYPE, kind).body(body.clone());
        assert_eq!(status(disguised).await, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let upgrade = |origin: &str| {
        attacker
            .http
            .get(&url)
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==")
            .header(header::SEC_WEBSOCKET_PROTOCOL, "graphql-transport-ws")
            .header(header::ORIGIN, origin.to_owned())
    };
    assert_eq!(status(upgrade("https://evil.example")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(upgrade("null")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(upgrade(&server.url)).await, StatusCode::SWITCHING_PROTOCOLS);
    server.stop().await;
}

#[tokio::test]
async fn who_calls_too_often_is_told_when_to_come_again() {
    let dir = data_dir();
    let settings = [("PLENUM_API_RATE", "1"), ("PLENUM_TRUSTED_PROXIES", "127.0.0.1")];
    let server = Server::start_plain(dir.path(), &settings).await;
    let attacker = attacker(&server);
    let from = |address: &str| {
        attacker
            .post()
            .header("x-forwarded-for", address.to_owned())
            .json(&json!({ "query": "{ __typename }" }))
    };
    let mut refused = None;
    for _ in 0..2_000 {
        let response = from("192.0.2.1").send().await.expect("the server answers");
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(response);
            break;
        }
    }
    let refused = refused.expect("a limit");
    let wait =
        refused.headers()[header::RETRY_AFTER].to_str().expect("text").parse::<u64>().expect("seconds");
    assert!((1..60).contains(&wait), "{wait}");
    let answer: Value = refused.json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], wait);
    assert_eq!(status(from("192.0.2.2")).await, StatusCode::OK);
    server.stop().await;
}
