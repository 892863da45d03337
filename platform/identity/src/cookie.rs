//! The session cookie (RFC 6265).

use axum::http::{HeaderMap, HeaderValue, header};

/// How long a web session lives, in seconds: 30 days.
pub const LIFETIME_S: i64 = 30 * 24 * 3600;

/// Its name. Over TLS the `__Host-` prefix makes browsers refuse it from subdomains and without `Secure`.
fn name(secure: bool) -> &'static str {
    if secure { "__Host-plenum" } else { "plenum" }
}

/// The `Set-Cookie` value that carries a token.
#[must_use]
pub fn set(token: &str, secure: bool) -> String {
    let secure_flag = if secure { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFETIME_S}{secure_flag}", name(secure))
}

/// The `Set-Cookie` value that takes it away.
#[must_use]
pub fn clear(secure: bool) -> String {
    let secure_flag = if secure { "; Secure" } else { "" };
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure_flag}", name(secure))
}

/// The token that a request carries.
#[must_use]
pub fn read(headers: &HeaderMap, secure: bool) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(secure))
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; plenum=xyz; b=2"));
        assert_eq!(read(&headers, false).as_deref(), Some("xyz"));
        assert_eq!(read(&headers, true), None);
    }
}
