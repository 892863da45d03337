//! The cookies (RFC 6265): of the session, and of the browser that is known from it afterwards.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::store::known_browsers;

/// How long a web session lives, in seconds: 30 days.
pub const LIFETIME_S: i64 = 30 * 24 * 3600;

/// The session's name. Over TLS the `__Host-` prefix makes browsers refuse it from subdomains and without `Secure`.
fn name(secure: bool) -> &'static str {
    if secure { "__Host-plenum" } else { "plenum" }
}

/// The name of what makes a browser known.
fn browser_name(secure: bool) -> &'static str {
    if secure { "__Host-plenum-browser" } else { "plenum-browser" }
}

fn write(name: &str, value: &str, lifetime_s: i64, secure: bool) -> String {
    let secure_flag = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lifetime_s}{secure_flag}")
}

/// The `Set-Cookie` value that carries a session's token.
#[must_use]
pub fn set(token: &str, secure: bool) -> String {
    write(name(secure), token, LIFETIME_S, secure)
}

/// The `Set-Cookie` value that takes it away.
#[must_use]
pub fn clear(secure: bool) -> String {
    write(name(secure), "", 0, secure)
}

/// The `Set-Cookie` value by which a browser is known from now on.
#[must_use]
pub fn set_browser(token: &str, secure: bool) -> String {
    write(browser_name(secure), token, known_browsers::LIFETIME.num_seconds(), secure)
}

/// The session's token that a request carries.
#[must_use]
pub fn read(headers: &HeaderMap, secure: bool) -> Option<String> {
    find(headers, name(secure))
}

/// The token by which a request's browser is known.
#[must_use]
pub fn read_browser(headers: &HeaderMap, secure: bool) -> Option<String> {
    find(headers, browser_name(secure))
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; plenum-browser=uvw; plenum=xyz; b=2"));
        assert_eq!(read(&headers, false).as_deref(), Some("xyz"));
        assert_eq!(read_browser(&headers, false).as_deref(), Some("uvw"));
        assert_eq!(read(&headers, true), None);
    }
}
