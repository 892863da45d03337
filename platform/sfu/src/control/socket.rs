//! The door: who gets a WebSocket.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::pool::{NoWay, Way};
use super::protocol::SUBPROTOCOL;
use super::sfu::Shared;
use super::{Part, Refused, RoomToken, session};

/// Room for the description of some two hundred streams.
const MESSAGE_MAX_BYTES: usize = 512 * 1024;

/// `GET /sfu`.
pub(super) async fn connect(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if shared.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").into_response();
    }
    let refuse = |why: Refused| {
        tracing::warn!(reason = %why, "refused a connection to a room");
        shared.registry().refused(why);
        (StatusCode::FORBIDDEN, why.to_string()).into_response()
    };
    // Whoever has no token learns nothing else, not even whether the request was well-formed.
    let (token, text) = match check(&shared, &headers) {
        Ok(admitted) => admitted,
        Err(why) => return refuse(why),
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]).max_message_size(MESSAGE_MAX_BYTES),
        Err(rejection) => return rejection.into_response(),
    };
    let way = match shared.way_in(&token, text).await {
        Ok(way) => way,
        Err(NoWay::Refused(why)) => return refuse(why),
        Err(NoWay::Nowhere) => {
            return (StatusCode::SERVICE_UNAVAILABLE, "the server takes no more rooms").into_response();
        }
    };
    let open = shared.open_session();
    upgrade.on_upgrade(move |socket| async move {
        match way {
            Way::Here => session::run(socket.into(), shared, Arc::new(token)).await,
            Way::Through(tunnel) => tunnel.run(socket).await,
        }
        drop(open);
    })
}

fn check<'h>(shared: &Shared, headers: &'h HeaderMap) -> Result<(RoomToken, &'h str), Refused> {
    if !is_own_origin(headers, &shared.config().public_url) {
        return Err(Refused::Origin);
    }
    let text = token_of(headers).ok_or(Refused::TokenInvalid)?;
    Ok((verify(shared, text)?, text))
}

/// Reads the token of a person.
pub(super) fn verify(shared: &Shared, text: &str) -> Result<RoomToken, Refused> {
    let token = RoomToken::verify(text, &shared.config().token_key, shared.now_s())?;
    if token.part == Part::Person { Ok(token) } else { Err(Refused::Part) }
}

/// Browsers name the page that connects, and let any page connect; others name none and are let through to the token.
fn is_own_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Ok(origin) = Url::parse(origin) else { return false };
    // Behind a proxy the host that we see may be another than the one that the browser asked for.
    if Url::parse(public_url)
        .is_ok_and(|public| public.origin() == origin.origin() && origin.origin().is_tuple())
    {
        return true;
    }
    let Some(origin_host) = origin.host_str() else { return false };
    let with_port =
        origin.port().map_or_else(|| origin_host.to_owned(), |port| format!("{origin_host}:{port}"));
    host.is_some_and(|host| host.eq_ignore_ascii_case(&with_port))
}

/// The subprotocol that follows ours.
fn token_of(headers: &HeaderMap) -> Option<&str> {
    let mut offered = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim);
    offered.find(|protocol| *protocol == SUBPROTOCOL)?;
    offered.next().filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{is_own_origin, token_of};

    fn headers(entries: &[(&'static str, &'static str)]) -> HeaderMap {
        entries
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn pages_of_the_same_host_and_of_the_public_url_may_connect() {
        let same = headers(&[("origin", "https://plenum.example:8443"), ("host", "plenum.example:8443")]);
        assert!(is_own_origin(&same, ""));
        let default_port = headers(&[("origin", "https://plenum.example"), ("host", "plenum.example")]);
        assert!(is_own_origin(&default_port, ""));
        let other = headers(&[("origin", "https://evil.example"), ("host", "plenum.example")]);
        assert!(!is_own_origin(&other, "https://plenum.example/"));
        let proxied = headers(&[("origin", "https://plenum.example"), ("host", "10.0.0.5:8080")]);
        assert!(is_own_origin(&proxied, "https://plenum.example/"));
        assert!(!is_own_origin(&proxied, "http://plenum.example/"), "another scheme is another origin");
        let opaque = headers(&[("origin", "null"), ("host", "plenum.example")]);
        assert!(!is_own_origin(&opaque, "data:text/html,"));
        assert!(is_own_origin(&headers(&[("host", "plenum.example")]), ""), "no browser");
    }

    #[test]
    fn the_token_follows_the_protocol() {
        assert_eq!(token_of(&headers(&[("sec-websocket-protocol", "plenum.sfu.v1, abc")])), Some("abc"));
        assert_eq!(token_of(&headers(&[("sec-websocket-protocol", "plenum.sfu.v1")])), None);
        assert_eq!(token_of(&headers(&[("sec-websocket-protocol", "abc, plenum.sfu.v1")])), None);
        assert_eq!(token_of(&headers(&[])), None);
    }
}
