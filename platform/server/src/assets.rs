//! The built web app, embedded: one file serves everything.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Where the build leaves what is for the server and not for browsers.
const OF_THE_BUILD: &str = ".vite/";

/// The list of the app's operations; none when the app is not built.
#[must_use]
pub fn operations() -> Option<Cow<'static, [u8]>> {
    Dist::get(".vite/operations.json").map(|file| file.data)
}

/// Serves a file of the app, or its page for any path that is no file: the app finds its way itself.
pub async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with(OF_THE_BUILD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        // Files under assets/ carry a hash in their names.
        let cache =
            if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return respond(file, cache);
    }
    // A page's address may hold a dot (the token of a personal link); a part of the app that is not there is missing.
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Dist::get("index.html") {
        Some(page) => respond(page, "no-cache"),
        None => {
            (StatusCode::SERVICE_UNAVAILABLE, "The web app is not built: run `make build`.").into_response()
        }
    }
}

fn respond(file: rust_embed::EmbeddedFile, cache: &'static str) -> Response {
    let mime = file.metadata.mimetype().to_owned();
    let mut response = Body::from(file.data).into_response();
    let headers = response.headers_mut();
    let mime = if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime };
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
