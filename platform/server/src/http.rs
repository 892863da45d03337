//! The routes: the API with a guard before it, files, media, the web app.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use async_graphql::{
    Data, Executor as _,
    http::{ALL_WEBSOCKET_PROTOCOLS, GraphiQLSource},
};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    Router,
    body::Bytes,
    extract::{
        ConnectInfo, DefaultBodyLimit, Request, State, WebSocketUpgrade,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use futures_util::StreamExt as _;
use ipnet::IpNet;
use plenum_graph::{Credential, Refusal, RequestScope, ViewerSource};
use plenum_identity::{Browser, Identity, cookie, token};
use plenum_issuer::Issuer;
use plenum_sfu::Sfu;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

use crate::{
    app::App,
    assets,
    envelope::{self, Media},
    guard::{Guarded, refused},
    headers,
    rate::{Rates, caller},
    silence::Heard,
};

/// The largest operation with its variables, bytes.
const LARGEST_OPERATION: usize = 256 * 1024;
/// A connection that says nothing for so long is gone: clients ping every ten seconds.
const SILENCE: Duration = Duration::from_secs(40);
/// So long may it take to tell a silent connection that it is closed.
const LAST_WORD: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Api {
    guarded: Guarded,
    identity: Identity,
    public_url: Arc<str>,
    development: bool,
    rates: Option<Arc<Rates>>,
    proxies: Arc<[IpNet]>,
    stop: CancellationToken,
}

/// All routes of a server.
pub fn router(app: &App) -> Router {
    let api = Api {
        guarded: Guarded::new(app.schema.clone(), app.operations.clone(), app.demo),
        identity: app.identity.clone(),
        public_url: app.public_url.clone(),
        development: app.demo,
        rates: app.rates.clone(),
        proxies: app.proxies.clone(),
        stop: app.stop.clone(),
    };
    let files = plenum_files::router(app.files.clone(), app.db.clone())
        .layer(DefaultBodyLimit::max(usize::try_from(plenum_files::graphql::LARGEST).unwrap_or(usize::MAX)));
    let proxies = app.proxies.clone();
    let address_of: plenum_oidc::AddressOf = Arc::new(move |peer, headers| caller(peer, headers, &proxies));
    let routes = Router::new()
        .route("/graphql", get(connect).post(execute).layer(DefaultBodyLimit::max(LARGEST_OPERATION)))
        .with_state(api.clone())
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready).with_state(app.sfu.clone()))
        .merge(files)
        .merge(
            plenum_issuer::router(Issuer::new(app.identity.clone()))
                .layer(from_fn_with_state(api.clone(), limited)),
        )
        .merge(plenum_oidc::router(app.providers.clone(), address_of))
        .merge(plenum_settings::router(app.files.clone(), app.db.clone()))
        .merge(plenum_mailings::router(app.mailing_tokens.clone()))
        .merge(app.sfu.router())
        .fallback(get(assets::serve))
        .layer(CompressionLayer::new());
    headers::guarded(routes, &app.public_url, app.secure)
}

/// Whether who is to be served anew is to be sent here.
async fn ready(State(sfu): State<Sfu>) -> (StatusCode, &'static str) {
    if sfu.takes_rooms() { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "draining") }
}

/// Sites ask as seldom as the API's callers have to.
async fn limited(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let address = caller(peer.ip(), request.headers(), &api.proxies);
    match api.rates.as_deref().and_then(|rates| rates.address(address).err()) {
        Some(wait) => too_often(wait, Media::Plain),
        None => next.run(request).await,
    }
}

/// Executes one operation. Only by POST, only JSON: a foreign page cannot send that without asking first (CORS), and no
/// mutation runs by GET, by a form or as plain text.
async fn execute(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(media) = Media::accepted(&headers) else {
        let message = "Answers are application/graphql-response+json or application/json";
        return envelope::refuse(StatusCode::NOT_ACCEPTABLE, message, Media::Plain);
    };
    if !envelope::is_json(&headers) {
        let message = "Send the operation as application/json";
        return envelope::refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, media);
    }
    let address = caller(peer.ip(), &headers, &api.proxies);
    if let Some(wait) = api.rates.as_deref().and_then(|rates| rates.address(address).err()) {
        return too_often(wait, media);
    }
    let Some(request) = envelope::read(&body) else {
        return envelope::refuse(StatusCode::BAD_REQUEST, "The body is not one GraphQL operation", media);
    };
    let named = headers.get("x-plenum-tenant").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let source: Arc<dyn ViewerSource> = Arc::new(api.identity.clone());
    let scope = RequestScope::request(source, credential(&api, &headers, named), address.to_string());
    // Who it is has to be looked up for nearly every operation anyway, and is looked up once.
    if let Some(rates) = api.rates.as_deref()
        && let Ok(Some(signed_in)) = scope.resolve().await
        && let Err(wait) = rates.account(signed_in.account)
    {
        return too_often(wait, media);
    }
    let browser = Browser::of(&headers, api.identity.secure_cookies);
    envelope::write(&api.guarded.execute(request.data(scope).data(browser)).await, media)
}

/// A WebSocket for subscriptions, or in development the explorer of the API.
async fn connect(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    protocol: Result<GraphQLProtocol, StatusCode>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (Ok(protocol), Ok(upgrade)) = (protocol, upgrade) else {
        if !api.development || !wants_a_page(&headers) {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
        }
        // The explorer loads itself from its makers' network.
        let page =
            Html(GraphiQLSource::build().endpoint("/graphql").subscription_endpoint("/graphql").finish());
        let open =
            HeaderValue::from_static("default-src 'self' https: 'unsafe-inline' 'unsafe-eval' data: ws:");
        return ([(header::CONTENT_SECURITY_POLICY, open)], page).into_response();
    };
    if !same_origin(&headers, &api.public_url) {
        return envelope::refuse(StatusCode::FORBIDDEN, "A connection from another site", Media::Plain);
    }
    let address = caller(peer.ip(), &headers, &api.proxies);
    if let Some(wait) = api.rates.as_deref().and_then(|rates| rates.address(address).err()) {
        return too_often(wait, Media::Plain);
    }
    let upgrade = upgrade.max_message_size(LARGEST_OPERATION).max_frame_size(LARGEST_OPERATION);
    upgrade.protocols(ALL_WEBSOCKET_PROTOCOLS).on_upgrade(move |socket| {
        let guarded = api.guarded.for_connection();
        let stop = api.stop.clone();
        let heard = Heard::now();
        let (to_caller, said) = socket.split();
        let serving = GraphQLWebSocket::new_with_pair(to_caller, heard.listening(said), guarded, protocol)
            .keepalive_timeout(SILENCE)
            .on_connection_init(move |payload: Value| async move {
                let named = payload.get("tenant").and_then(Value::as_str).map(str::to_owned);
                let source: Arc<dyn ViewerSource> = Arc::new(api.identity.clone());
                let mut data = Data::default();
                let credential = credential(&api, &headers, named);
                data.insert(RequestScope::connection(source, credential, address.to_string()));
                Ok(data)
            });
        // The engine closes a silent connection with a word, but waits for good when the word finds no room.
        async move {
            tokio::select! {
                // First: the browser asks again, another server or this one when it is back, and is not told of failures.
                biased;
                () = stop.cancelled() => {}
                _ = heard.serve(SILENCE + LAST_WORD, serving.serve()) => {}
            }
        }
    })
}

/// Whether it is a browser that shows what it gets.
fn wants_a_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

fn credential(api: &Api, headers: &HeaderMap, tenant: Option<String>) -> Credential {
    let token_hash = cookie::read(headers, api.identity.secure_cookies).map(|secret| token::hash(&secret));
    Credential { token_hash, tenant }
}

/// Browsers always say where a WebSocket comes from; programs that say nothing carry no cookie of a browser.
fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else { return true };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    origin == public_url || origin.split_once("://").is_some_and(|(_, rest)| rest == host)
}

fn too_often(wait_s: u64, media: Media) -> Response {
    let mut response = envelope::write(&refused(Refusal::rate_limited(wait_s)), media);
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    response
}
