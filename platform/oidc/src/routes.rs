//! The one route outside of the API: where providers send people back.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{Answered, Landing, Providers};

/// Tells the caller's network address from the peer's and the headers.
pub type AddressOf = Arc<dyn Fn(IpAddr, &HeaderMap) -> IpAddr + Send + Sync>;

#[derive(Clone)]
struct Door {
    providers: Providers,
    address_of: AddressOf,
}

/// The route.
pub fn router(providers: Providers, address_of: AddressOf) -> Router {
    Router::new().route("/sign-in/by/{organization}", get(land)).with_state(Door { providers, address_of })
}

async fn land(
    State(door): State<Door>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(organization): Path<String>,
    Query(answered): Query<Answered>,
    headers: HeaderMap,
) -> Response {
    let address = (door.address_of)(peer.ip(), &headers).to_string();
    let Landing { location, cookies } = door.providers.land(&organization, answered, &headers, address).await;
    let mut answer = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(&location).unwrap_or_else(|_| HeaderValue::from_static("/"));
    answer.headers_mut().insert(header::LOCATION, place);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address of this page has the code in it.
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}
