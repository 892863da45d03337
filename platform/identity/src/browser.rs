//! What a request tells of the browser that it comes from.

use axum::http::{HeaderMap, header};

use crate::{cookie, token};

/// The longest `User-Agent` that is kept, in characters; those of browsers have about 150.
const LONGEST: usize = 300;

/// The browser of a request; resolvers find it in the GraphQL context. Programs are a browser that says nothing.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// What it says it is.
    pub user_agent: String,
    /// The hash of the token by which it is known from an earlier sign-in.
    pub known_as: Option<[u8; 32]>,
}

impl Browser {
    /// Reads the headers.
    #[must_use]
    pub fn of(headers: &HeaderMap, secure: bool) -> Self {
        let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            user_agent: said.chars().take(LONGEST).collect(),
            known_as: cookie::read_browser(headers, secure).map(|secret| token::hash(&secret)),
        }
    }
}

/// What people call a browser and its system, told from a `User-Agent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BrowserName {
    /// `Firefox`; none when it is none that many use.
    pub browser: Option<&'static str>,
    /// `Windows`; none when it is none that many use.
    pub system: Option<&'static str>,
}

impl BrowserName {
    /// Reads it. Nearly every browser also claims to be Safari and Chrome, so the rarer word goes first.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        const BROWSERS: &[(&str, &str)] = &[
            ("YaBrowser/", "Яндекс Браузер"),
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("Vivaldi/", "Vivaldi"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chromium/", "Chromium"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        const SYSTEMS: &[(&str, &str)] = &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ];
        let find = |words: &[(&str, &'static str)]| {
            words.iter().find(|(word, _)| user_agent.contains(word)).map(|(_, name)| *name)
        };
        Self { browser: find(BROWSERS), system: find(SYSTEMS) }
    }

    /// In one line, for a letter; empty when nothing is known.
    #[must_use]
    pub fn line(self) -> String {
        [self.browser, self.system].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(user_agent: &str, expected: &str) {
        assert_eq!(BrowserName::of(user_agent).line(), expected, "{user_agent}");
    }

    #[test]
    fn browsers_are_told_apart_though_all_claim_to_be_others() {
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 \
             YaBrowser/25.8.0.0 Safari/537.36",
            "Яндекс Браузер, Windows",
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
             Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        );
        check(
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile \
             Safari/537.36",
            "Chrome, Android",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        );
        check("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux");
        check("curl/8.5.0", "");
    }
}
