//! The routes that signed links point at.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::StreamExt;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use plenum_audit::record_read_by_link;
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    Files,
    link::{Claim, LinkAct},
    range::{Wanted, wanted},
    store::{self, File},
    vault::object_path,
};

const TRANSFER: Permission = Permission::new("files.transfer");
/// What RFC 8187 lets stand in an extended parameter, beside letters and digits.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// `PUT /files/{token}` takes the bytes of a new file, `GET` gives them, or the range asked for: without ranges no browser
/// seeks in a video.
pub fn router(files: Files, db: Db) -> Router {
    Router::new().route("/files/{token}", get(send).put(receive)).with_state((files, db))
}

async fn send(
    State((files, db)): State<(Files, Db)>,
    Path(token): Path<String>,
    asked: HeaderMap,
) -> Response {
    let (shown, found) = match look_up(&files, &db, &token, LinkAct::Get).await {
        None => (true, look_up(&files, &db, &token, LinkAct::Show).await),
        found => (false, found),
    };
    let Some((claim, file)) = found else { return gone() };
    if file.sha256.is_none() {
        return gone();
    }
    let size = u64::try_from(file.size_bytes).unwrap_or_default();
    let range = match wanted(asked.get(header::RANGE).and_then(|value| value.to_str().ok()), size) {
        Wanted::Everything => None,
        Wanted::Part(range) => Some(range),
        Wanted::Beyond => {
            let mut response = refuse(StatusCode::RANGE_NOT_SATISFIABLE, "range_beyond_end");
            if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return response;
        }
    };
    if let Some(reader) = claim.reader
        && let Err(error) =
            record_read_by_link(&db, claim.tenant, reader, "files.read_file", claim.file).await
    {
        tracing::error!(%error, "could not record the read of a file");
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    let options = GetOptions { range: range.clone().map(GetRange::Bounded), ..GetOptions::default() };
    let object = match files.objects.get_opts(&object_path(claim.tenant, claim.file), options).await {
        Ok(object) => object,
        Err(error) => {
            tracing::error!(%error, "could not read an object");
            return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        }
    };
    let name = utf8_percent_encode(&file.name, ATTR_CHAR);
    // Never shown in place under this origin: what people send may be HTML. Only a PDF is, and as nothing else.
    let manner = if shown { "inline" } else { "attachment" };
    let disposition = format!("{manner}; filename*=UTF-8''{name}");
    let mut response = Body::from_stream(object.into_stream()).into_response();
    let headers = response.headers_mut();
    let content_type = if shown { "application/pdf" } else { harmless(&file.content_type) };
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if shown {
        // The app's own pages frame it, nobody else's.
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
            ),
        );
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(range) = range {
        if let Ok(value) = HeaderValue::from_str(&format!("bytes {}-{}/{size}", range.start, range.end - 1)) {
            headers.insert(header::CONTENT_RANGE, value);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// The declared type of pictures and films, which players need and which run nothing; for all else the type that no
/// browser opens. SVG runs scripts.
fn harmless(declared: &str) -> &str {
    if plays(declared) && !declared.starts_with("image/svg") { declared } else { "application/octet-stream" }
}

/// Whether it is a picture or something to listen to or watch.
pub(crate) fn plays(declared: &str) -> bool {
    ["video/", "audio/", "image/"].iter().any(|kind| declared.starts_with(kind))
}

async fn receive(State((files, db)): State<(Files, Db)>, Path(token): Path<String>, body: Body) -> Response {
    let Some((claim, file)) = look_up(&files, &db, &token, LinkAct::Put).await else { return gone() };
    if file.sha256.is_some() {
        return refuse(StatusCode::CONFLICT, "already_sent");
    }
    let path = object_path(claim.tenant, claim.file);
    let upload = match files.objects.put_multipart(&path).await {
        Ok(upload) => upload,
        Err(error) => {
            tracing::error!(%error, "could not begin an object");
            return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        }
    };
    let mut writer = WriteMultipart::new(upload);
    let mut hash = Sha256::new();
    let mut received: i64 = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let Ok(chunk) = chunk else {
            writer.abort().await.ok();
            return refuse(StatusCode::BAD_REQUEST, "interrupted");
        };
        received += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        if received > file.size_bytes {
            writer.abort().await.ok();
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "size_differs");
        }
        hash.update(&chunk);
        writer.write(&chunk);
    }
    if received != file.size_bytes {
        writer.abort().await.ok();
        return refuse(StatusCode::BAD_REQUEST, "size_differs");
    }
    if let Err(error) = writer.finish().await {
        tracing::error!(%error, "could not keep an object");
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    let kept = async {
        let mut tx = db.tenant(&Viewer::system(claim.tenant, "files"), TRANSFER, Access::Write).await?;
        store::complete(&mut tx, claim.file, received, &hash.finalize()).await?;
        tx.commit().await?;
        Ok::<_, plenum_db::OpenError>(())
    };
    match kept.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::error!(%error, "could not record a file");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
    }
}

async fn look_up(files: &Files, db: &Db, token: &str, act: LinkAct) -> Option<(Claim, File)> {
    let claim = files.key.verify(token, act, db.clock().now())?;
    let mut tx = db.tenant(&Viewer::system(claim.tenant, "files"), TRANSFER, Access::Read).await.ok()?;
    let file = store::by_id(&mut tx, claim.file).await.ok()??;
    Some((claim, file))
}

fn gone() -> Response {
    refuse(StatusCode::FORBIDDEN, "link_invalid")
}

fn refuse(status: StatusCode, reason: &'static str) -> Response {
    (status, axum::Json(json!({ "reason": reason }))).into_response()
}
