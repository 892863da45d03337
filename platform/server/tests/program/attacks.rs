//! Attacks beside the operations of the API: on files, paths, pages, cookies and the log.

use reqwest::{Client as Http, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Client, Server, data_dir, done};

/// All files below a folder that are no part of the database.
fn files(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("postgres") {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path.display().to_string());
        }
    }
    found
}

/// A ZIP of one stored entry (APPNOTE §4.3), which a careless reader would write outside of its folder.
fn zip_with_a_way_out(name: &[u8]) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).expect("a short number").to_le_bytes();
    let long = |number: usize| u32::try_from(number).expect("a number").to_le_bytes();
    // Of no bytes, whose checksum is 0: version, flags, method, time, date, checksum, sizes, length of the name.
    let common = [&short(20)[..], &[0; 2], &[0; 2], &[0; 4], &[0; 12], &short(name.len()), &[0; 2]].concat();
    let local = [&b"PK\x03\x04"[..], &common[..], name].concat();
    let central = [&b"PK\x01\x02"[..], &short(20), &common, &[0; 14], name].concat();
    let end = [
        &b"PK\x05\x06"[..],
        &[0; 4],
        &short(1),
        &short(1),
        &long(central.len()),
        &long(local.len()),
        &[0; 2],
    ]
    .concat();
    [local, central, end].concat()
}

#[tokio::test]
async fn what_is_uploaded_is_never_shown_nor_put_where_its_name_says() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let clerk = Client::sign_in(&server, "admin", "federation").await;
    let script = b"<script>canary()</script>".to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'/>".to_vec();
    let uploads = [
        ("../../../../tmp/plenum-canary.html", "text/html", script),
        ("/etc/cron.d/plenum-canary", "image/svg+xml", svg.clone()),
        ("..\\..\\plenum-canary.svg", "image/svg+xml; charset=utf-8", svg),
        ("plenum-canary.zip", "application/zip", zip_with_a_way_out(b"../../../tmp/plenum-canary")),
        ("plenum-canary\".html; x=\"", "application/xhtml+xml", b"<html/>".to_vec()),
    ];
    for (name, kind, bytes) in uploads {
        let create =
            "mutation($title: String!) { createDocument(kind: INCOMING, input: { title: $title }) { id } }";
        let document = done(&clerk, create, json!({ "title": "Проба" })).await["id"].clone();
        let file = clerk.upload_as(name, kind, bytes.clone()).await;
        let add = "mutation($document: ID!, $file: ID!) { addVersion(document: $document, file: $file) {
            versions { url previewUrl } } }";
        let added = done(&clerk, add, json!({ "document": document, "file": file })).await;
        let version = &added["versions"][0];
        assert!(version["previewUrl"].is_null(), "{name}: {version}");
        let url = format!("{}{}", server.url, version["url"].as_str().expect("a link"));
        let given = Http::new().get(url).send().await.expect("it is given");
        let said = |name: header::HeaderName| given.headers()[name].to_str().expect("text").to_owned();
        let disposition = said(header::CONTENT_DISPOSITION);
        assert!(disposition.starts_with("attachment; filename*=UTF-8''"), "{disposition}");
        assert!(
            !disposition.contains(['/', '\\', '"']) && disposition.matches(';').count() == 1,
            "{disposition}"
        );
        assert_eq!(said(header::CONTENT_TYPE), "application/octet-stream", "{name}");
        assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(said(header::CONTENT_SECURITY_POLICY).contains("script-src 'self'"));
        assert_eq!(given.bytes().await.expect("the bytes").to_vec(), bytes);
    }
    let kept = files(dir.path());
    assert!(kept.iter().any(|path| path.contains("/objects/")), "{kept:?}");
    assert!(!kept.iter().any(|path| path.contains("canary")), "{kept:?}");
    for outside in ["/tmp/plenum-canary.html", "/tmp/plenum-canary", "/etc/cron.d/plenum-canary"] {
        assert!(!std::path::Path::new(outside).exists(), "{outside}");
    }
    server.stop().await;
}

/// A request as it stands, without a client that would tidy its path.
async fn raw(server: &Server, target: &str) -> String {
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn no_path_leads_out_of_the_app() {
    let dir = data_dir();
    let server = Server::start_plain(dir.path(), &[]).await;
    let secret = std::fs::read_to_string(dir.path().join("secret.key")).expect("the key of the installation");
    for target in [
        "/../secret.key",
        "/assets/../../../secret.key",
        "/assets/..%2f..%2f..%2fCargo.toml",
        "/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%00/../../etc/passwd",
        "//etc/passwd",
        "/files/..%2f..%2fsecret.key",
        "/files/../secret.key",
        "/.vite/operations.json",
        "/.vite/manifest.json",
    ] {
        let answer = raw(&server, target).await;
        assert!(answer.starts_with("HTTP/1.1 "), "{target}: {answer}");
        for canary in [secret.trim(), "root:", "[workspace]", "sha256:", "isEntry"] {
            assert!(!answer.contains(canary), "{target}: {answer}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_and_cookies_are_told_to_browsers_as_strictly_as_can_be() {
    let dir = data_dir();
    let settings = [("PLENUM_PUBLIC_URL", "https://plenum.example.org")];
    let server = Server::start_with(dir.path(), &settings).await;
    let http = Http::new();
    let page = http.get(&server.url).send().await.expect("answered");
    let said = |name: &str| {
        page.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let policy = said("content-security-policy");
    for part in [
        "default-src 'self'",
        "script-src 'self'",
        "script-src-attr 'none'",
        "connect-src 'self' wss://plenum.example.org",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    ] {
        assert!(policy.split("; ").any(|known| known == part), "{part} is not in {policy}");
    }
    assert_eq!(said("strict-transport-security"), "max-age=31536000");
    assert_eq!(said("x-content-type-options"), "nosniff");
    assert_eq!(said("referrer-policy"), "same-origin");
    assert_eq!(said("cross-origin-opener-policy"), "same-origin");
    assert_eq!(said("cross-origin-resource-policy"), "same-origin");
    assert!(said("permissions-policy").contains("camera=(self)"));

    let input = json!({ "email": "chair@plenum.example", "password": plenum_server::demo::PASSWORD });
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
    let body = json!({ "query": query, "variables": { "input": input } });
    let url = format!("{}/graphql", server.url);
    let signed_in = http.post(&url).json(&body).send().await.expect("answered");
    let cookies: Vec<String> = signed_in
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().expect("text").to_owned())
        .collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-plenum=")), "{cookies:?}");
    for cookie in &cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
            assert!(cookie.split("; ").any(|known| known == part), "{part} is not in {cookie}");
        }
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
    // The name without the prefix, which a subdomain could set, is not read.
    let token = cookies.iter().find_map(|cookie| cookie.strip_prefix("__Host-plenum=")).expect("a token");
    let token = token.split(';').next().unwrap_or_default();
    for (name, is_known) in [("__Host-plenum", true), ("plenum", false)] {
        let asked = http
            .post(&url)
            .header(header::COOKIE, format!("{name}={token}"))
            .json(&json!({ "query": "{ viewer { account { id } } }" }));
        let answer: Value = asked.send().await.expect("answered").json().await.expect("JSON");
        assert_eq!(answer["data"]["viewer"].is_object(), is_known, "{name}: {answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn nothing_that_is_sent_makes_a_line_of_the_log() {
    const FORGED: &str = "2026-01-01T00:00:00.000000Z ERROR the keys were sold";
    let dir = data_dir();
    let settings = [("PLENUM_LOG", "debug"), ("PLENUM_TRUSTED_PROXIES", "127.0.0.1")];
    let server = Server::start_plain(dir.path(), &settings).await;
    let http = Http::new();
    let line = format!("x\r\n{FORGED}\n");
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
    let reset = "mutation($email: String!) { requestPasswordReset(email: $email) { sent } }";
    for body in [
        json!({ "query": sign_in, "variables": { "input": { "email": line, "password": line } } }),
        json!({ "query": reset, "variables": { "email": line } }),
        json!({ "query": line, "operationName": line }),
        json!({ "documentId": line }),
    ] {
        let asked = http.post(format!("{}/graphql", server.url)).json(&body);
        let strange = header::HeaderValue::from_bytes("192.0.2.1\t\u{85}2026".as_bytes()).expect("a value");
        let asked = asked.header("x-forwarded-for", strange.clone()).header("x-plenum-tenant", strange);
        assert!(asked.send().await.expect("answered").status().as_u16() < 500, "{body}");
    }
    let path = FORGED.replace(' ', "%20");
    raw(&server, &format!("/files/%0d%0a{path}")).await;
    raw(&server, &format!("/u/%0a{path}")).await;
    let said = server.stop_and_tell().await;
    // In front of an event stands its time, and there are some at this level.
    assert!(said.iter().any(|line| line.contains("DEBUG")), "{said:?}");
    assert!(!said.iter().any(|line| line.starts_with(FORGED)), "{said:?}");
}
