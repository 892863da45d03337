//! What browsers are told with every answer: what may run, who may show it, who may hear of it.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
};
use tower_http::set_header::SetResponseHeaderLayer;
use url::Url;

/// A year: so long a browser that came over TLS comes over TLS only (RFC 6797).
const STRICT_TRANSPORT: &str = "max-age=31536000";
/// Camera, microphone and screen for our own pages; the rest, which we never ask for, for nobody.
const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), \
     usb=(), serial=(), hid=(), midi=()";

/// What our pages may do. Only what is served from here runs, and no text becomes a script; styles are set inline by the
/// design system. Older browsers do not count a WebSocket of the same server to `'self'`, so that it is named.
fn content_security_policy(public_url: &str) -> String {
    let socket = Url::parse(public_url).ok().and_then(|url| {
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        let host = url.host_str()?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!(" {scheme}://{host}{port}"))
    });
    let socket = socket.unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'{socket}; \
         worker-src 'self' blob:; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         object-src 'none'"
    )
}

/// Adds the headers to every answer that does not bring its own.
pub fn guarded(router: Router, public_url: &str, secure: bool) -> Router {
    let policy = HeaderValue::from_str(&content_security_policy(public_url))
        .unwrap_or(HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'"));
    let mut headers = vec![
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
        // No other site's window holds ours, and none loads what is ours.
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    if secure {
        headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT)));
    }
    headers.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::if_not_present(name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_socket_is_allowed_and_no_script_in_the_page() {
        for (public_url, socket) in [
            ("https://plenum.example.org", "connect-src 'self' wss://plenum.example.org;"),
            ("http://127.0.0.1:8080", "connect-src 'self' ws://127.0.0.1:8080;"),
            ("http://[::1]:8080", "connect-src 'self' ws://[::1]:8080;"),
            ("https://plenum.example.org/union", "connect-src 'self' wss://plenum.example.org;"),
        ] {
            let policy = content_security_policy(public_url);
            assert!(policy.contains(socket), "{policy}");
            let script = policy.split("; ").find(|part| part.starts_with("script-src ")).expect("a part");
            assert_eq!(script, "script-src 'self'");
            assert!(HeaderValue::from_str(&policy).is_ok());
        }
    }
}
