//! Signed links to files: whole they give the bytes, and in any other form nothing, also in part.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use guards::server::Server;
use plenum_kernel::TypedId;
use testkit::Tenant;
use tower::ServiceExt;

use crate::{answers::Secrets, harvest::Harvest, walk::Faults};

/// Tries the links of A, changed in each way that would make them another's, and a link that is none.
pub async fn walk(
    server: &Server,
    theirs: &Harvest,
    own: &Harvest,
    b: &Tenant,
    secrets: &Secrets,
    faults: &Faults,
) {
    assert!(theirs.links.len() >= 3, "the filled organization shows hardly any link: {:?}", theirs.links);
    let nothing = get(server, "/files/nothing.nothing", None).await;
    assert_eq!(nothing.0, StatusCode::FORBIDDEN);
    let of_b = own.links.first().expect("B has a link too");
    let mut canaries = 0;
    for link in &theirs.links {
        let whole = get(server, link, None).await;
        // A link is the right to one file for ten minutes, made for those only who may see the file.
        assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&whole.0), "{link}: {}", whole.0);
        canaries += usize::from(secrets.found_in(&whole.1, "").is_some());
        for altered in altered(link, of_b, b) {
            for (method, range) in
                [("GET", None), ("GET", Some("bytes=0-15")), ("GET", Some("bytes=-4")), ("PUT", None)]
            {
                let answer = ask(server, method, &altered, range).await;
                if let Some(secret) = secrets.found_in(&answer.1, "") {
                    faults.note(format!("{method} {altered} ({range:?}) shows {secret}"));
                }
                if answer != nothing {
                    faults.note(format!("{method} {altered} ({range:?}) is answered with {}", answer.0));
                }
            }
        }
        // A link for reading writes nothing.
        if ask(server, "PUT", link, None).await != nothing {
            faults.note(format!("PUT {link} is not refused"));
        }
    }
    assert!(canaries > 0, "no link of A leads to a canary");
}

/// After their time links are nothing at all.
pub async fn are_over(server: &Server, theirs: &Harvest, faults: &Faults) {
    server.world.clock.advance(chrono::TimeDelta::minutes(11));
    let nothing = get(server, "/files/nothing.nothing", None).await;
    for link in &theirs.links {
        for range in [None, Some("bytes=0-15")] {
            if get(server, link, range).await != nothing {
                faults.note(format!("{link} ({range:?}) outlives its ten minutes"));
            }
        }
    }
}

/// A link with another tenant, another file, another act, a later end, another signature or none.
fn altered(link: &str, other: &str, b: &Tenant) -> Vec<String> {
    let token = link.strip_prefix("/files/").expect("a link to a file");
    let (body, tag) = token.split_once('.').expect("a claim and its signature");
    let claim = URL_SAFE_NO_PAD.decode(body).expect("a claim");
    let claim: serde_json::Value = serde_json::from_slice(&claim).expect("a claim");
    let (other_body, other_tag) =
        other.strip_prefix("/files/").and_then(|token| token.split_once('.')).expect("a link to a file");
    let mut all = vec![
        format!("/files/{body}.{other_tag}"),
        format!("/files/{other_body}.{tag}"),
        format!("/files/{body}."),
        format!("/files/{body}"),
        format!("/files/{body}.{}", &tag[..tag.len() - 2]),
        format!("/files/{body}.{}", URL_SAFE_NO_PAD.encode([0_u8; 32])),
    ];
    for (key, value) in [
        ("tenant", serde_json::json!(b.id.uuid())),
        ("file", serde_json::json!(plenum_files::FileId::new())),
        ("act", serde_json::json!("put")),
        ("act", serde_json::json!("show")),
        ("until", serde_json::json!(4_102_444_800_i64)),
    ] {
        let mut claim = claim.clone();
        if claim[key] != value {
            claim[key] = value;
            let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claim).expect("plain data"));
            all.push(format!("/files/{body}.{tag}"));
        }
    }
    all
}

async fn get(server: &Server, path: &str, range: Option<&str>) -> (StatusCode, String) {
    ask(server, "GET", path, range).await
}

async fn ask(server: &Server, method: &str, path: &str, range: Option<&str>) -> (StatusCode, String) {
    let router = plenum_files::router(server.world.files.clone(), server.world.db.clone());
    let mut request = Request::builder().method(method).uri(path);
    if let Some(range) = range {
        request = request.header(header::RANGE, range);
    }
    let body = if method == "PUT" { Body::from("taken") } else { Body::empty() };
    let answer = router.oneshot(request.body(body).expect("a request")).await.expect("a router answers");
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8_lossy(&bytes).into_owned())
}
