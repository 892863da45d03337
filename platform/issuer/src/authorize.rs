//! The authorization endpoint: who is signed in here, for a site that asks (OpenID Connect Core 1.0 §3.1.2).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use plenum_db::StoreError;
use plenum_identity::{
    store::web_sessions::{self, Live},
    token,
};
use plenum_kernel::AccountId;
use url::Url;

use crate::{
    AdmissionId, Issuer,
    store::{
        admissions::{self, Admission},
        clients::{self, Client},
    },
};

/// The longest value that is taken along.
const LONGEST: usize = 1_000;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No site asks, or it asks to send people where it may not: told here, and nobody is sent anywhere.
    Unknown(&'static str),
    /// Back to the site, with a code or an error.
    Back(String),
    /// To the page of signing in, and then here again.
    SignIn(String),
    /// The same, after this sign-in has ended: it is not good enough.
    SignInAgain(String),
}

/// What a site asks, each name once.
pub(crate) type Asked = BTreeMap<String, String>;

/// Reads the query; none when a name stands twice (RFC 6749 §3.1).
pub(crate) fn read(query: &str) -> Option<Asked> {
    let mut asked = Asked::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if asked.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(asked)
}

impl Issuer {
    pub(crate) async fn authorize(
        &self,
        asked: Option<Asked>,
        token_hash: Option<[u8; 32]>,
    ) -> Result<Outcome, StoreError> {
        let Some(asked) = asked else { return Ok(Outcome::Unknown("a parameter stands twice")) };
        let get = |name: &str| asked.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let mut tx = self.identity.db.global(None).await?;
        let client = match get("client_id") {
            Some(id) => clients::get(tx.conn(), id).await?,
            None => None,
        };
        drop(tx);
        let Some(client) = client else { return Ok(Outcome::Unknown("the site is not known here")) };
        let uri = get("redirect_uri").filter(|uri| client.redirect_uris.iter().any(|known| known == uri));
        let Some(uri) = uri else {
            return Ok(Outcome::Unknown("the address to return to is not one of the site"));
        };
        let back = |pairs: &[(&str, &str)]| self.back(uri, get("state"), pairs);
        if let Some(error) = fault(&asked) {
            return Ok(back(&[("error", error)]));
        }
        let prompt: Vec<&str> = get("prompt").unwrap_or_default().split_whitespace().collect();
        if prompt.contains(&"none") && prompt.len() > 1 {
            return Ok(back(&[("error", "invalid_request")]));
        }
        let again = prompt.iter().any(|word| ["login", "select_account"].contains(word));
        let Some(session) = self.session(token_hash.as_ref()).await? else {
            return Ok(if prompt.contains(&"none") {
                back(&[("error", "login_required")])
            } else {
                Outcome::SignIn(own_address(&asked, again))
            });
        };
        let now = self.identity.db.clock().now();
        let oldest = get("max_age").and_then(|text| text.parse().ok()).and_then(TimeDelta::try_seconds);
        let stale = oldest.is_some_and(|oldest| session.confirmed_at.is_none_or(|at| now - at > oldest));
        let good = session.confirmed_at.filter(|_| !stale && !again && session.only.is_none());
        let Some(signed_in_at) = good else {
            // A sign-in that an organization's provider vouched for says nothing to others.
            return Ok(if prompt.contains(&"none") {
                back(&[("error", "login_required")])
            } else {
                Outcome::SignInAgain(own_address(&asked, true))
            });
        };
        let code = self.admit(&client, &asked, uri, session.account, signed_in_at).await?;
        Ok(back(&[("code", &code)]))
    }

    /// The session of a request.
    pub(crate) async fn session(&self, token_hash: Option<&[u8; 32]>) -> Result<Option<Live>, StoreError> {
        let Some(token_hash) = token_hash else { return Ok(None) };
        let mut tx = self.identity.db.global(None).await?;
        let now = tx.now();
        web_sessions::live(tx.conn(), token_hash, now).await
    }

    /// Ends the session of a request.
    pub(crate) async fn end(&self, token_hash: Option<&[u8; 32]>) -> Result<(), StoreError> {
        let Some(token_hash) = token_hash else { return Ok(()) };
        let mut tx = self.identity.db.global(None).await?;
        web_sessions::delete(&mut tx, token_hash).await?;
        tx.commit().await
    }

    async fn admit(
        &self,
        client: &Client,
        asked: &Asked,
        uri: &str,
        account: AccountId,
        signed_in_at: chrono::DateTime<chrono::Utc>,
    ) -> Result<String, StoreError> {
        let text = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let admission = Admission {
            id: AdmissionId::new(),
            client: client.id.clone(),
            account,
            scope: text("scope"),
            nonce: asked.get("nonce").cloned(),
            redirect_uri: uri.to_owned(),
            challenge: text("code_challenge"),
            signed_in_at,
        };
        let code = token::generate();
        let mut tx = self.identity.db.global(Some(account)).await?;
        admissions::insert(&mut tx, &admission, &token::hash(&code)).await?;
        tx.commit().await?;
        tracing::info!(account.id = %account, "{account} signs in at {}", client.id);
        Ok(code)
    }

    /// Back to the site, saying who answers (RFC 9207).
    fn back(&self, uri: &str, state: Option<&str>, pairs: &[(&str, &str)]) -> Outcome {
        let Ok(mut url) = Url::parse(uri) else {
            return Outcome::Unknown("the address to return to is not one of the site");
        };
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(pairs);
            if let Some(state) = state {
                query.append_pair("state", state);
            }
            query.append_pair("iss", &self.name);
        }
        Outcome::Back(url.into())
    }
}

/// The code of what is wrong with a request (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6).
fn fault(asked: &Asked) -> Option<&'static str> {
    let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let challenge = get("code_challenge");
    let is_base64 = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if asked.contains_key("request") {
        Some("request_not_supported")
    } else if asked.contains_key("request_uri") {
        Some("request_uri_not_supported")
    } else if get("response_type") != "code" {
        Some("unsupported_response_type")
    } else if !["", "query"].contains(&get("response_mode"))
        || asked.values().any(|value| value.len() > LONGEST)
        // PKCE, and its good method, of every site: `plain`, which is also what a missing method means, is a downgrade.
        || get("code_challenge_method") != "S256"
        || challenge.len() != 43
        || !is_base64(challenge)
    {
        Some("invalid_request")
    } else if !get("scope").split_whitespace().any(|word| word == "openid") {
        Some("invalid_scope")
    } else {
        None
    }
}

/// The address of this request; without what asked for signing in again, once that is done.
fn own_address(asked: &Asked, done: bool) -> String {
    let kept = asked.iter().filter(|(name, _)| !done || !["prompt", "max_age"].contains(&name.as_str()));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    format!("/oidc/authorize?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn asked(change: &[(&str, &str)]) -> Asked {
        let mut all = Asked::from(
            [
                ("response_type", "code"),
                ("scope", "openid email"),
                ("code_challenge_method", "S256"),
                ("code_challenge", CHALLENGE),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        for (name, value) in change {
            all.insert((*name).to_owned(), (*value).to_owned());
        }
        all
    }

    #[test]
    fn a_site_asks_for_a_code_with_pkce_or_for_nothing() {
        assert_eq!(fault(&asked(&[])), None);
        for (change, expected) in [
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", "code id_token"), "unsupported_response_type"),
            (("response_type", ""), "unsupported_response_type"),
            (("response_mode", "fragment"), "invalid_request"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("code_challenge_method", ""), "invalid_request"),
            (("code_challenge", ""), "invalid_request"),
            (("code_challenge", "short"), "invalid_request"),
            (("scope", "email"), "invalid_scope"),
            (("request", "a.b.c"), "request_not_supported"),
            (("request_uri", "https://evil.example"), "request_uri_not_supported"),
        ] {
            assert_eq!(fault(&asked(&[change])), Some(expected), "{change:?}");
        }
        assert_eq!(fault(&asked(&[("state", &"a".repeat(LONGEST + 1))])), Some("invalid_request"));
    }

    #[test]
    fn a_parameter_stands_once() {
        assert!(read("client_id=a&state=b").is_some());
        assert!(read("client_id=a&client_id=b").is_none());
    }

    #[test]
    fn signing_in_again_is_asked_for_once() {
        let address = own_address(&asked(&[("prompt", "login"), ("max_age", "0")]), true);
        assert!(
            !address.contains("prompt")
                && !address.contains("max_age")
                && address.contains("scope=openid+email")
        );
        assert!(own_address(&asked(&[("prompt", "consent")]), false).contains("prompt=consent"));
    }
}
