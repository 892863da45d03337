//! Pure rules: what an ID token has to say, and who may come in.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

/// How far two clocks may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// An ID token that was issued longer ago is not the answer to this sign-in.
const FRESH: TimeDelta = TimeDelta::minutes(15);

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Another issuer.
    #[error("the token is by another issuer")]
    Issuer,
    /// Not for us, or for others too and not made for us.
    #[error("the token is for another client")]
    Audience,
    /// Over, not begun, or made at another time than now.
    #[error("the token is not of now")]
    Time,
    /// Not the answer to this sign-in.
    #[error("the token answers another sign-in")]
    Nonce,
    /// Nobody is named.
    #[error("the token names nobody")]
    Subject,
    /// The access token beside it belongs to another.
    #[error("the token stands beside another's access token")]
    AccessToken,
}

/// One or more audiences.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// Seconds since 1970; providers write fractions too (RFC 7519 §2, NumericDate).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(transparent)]
pub struct Seconds(f64);

impl Seconds {
    fn moment(self) -> Option<DateTime<Utc>> {
        // Far beyond any date that is meant, and well within what the number holds.
        let plausible = self.0.is_finite() && (0.0..1e11).contains(&self.0);
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        let whole = plausible.then_some(self.0 as i64)?;
        DateTime::from_timestamp(whole, 0)
    }
}

/// The claims of an ID token (OpenID Connect Core 1.0 §2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct IdToken {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Seconds,
    iat: Seconds,
    #[serde(default)]
    nbf: Option<Seconds>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    at_hash: Option<String>,
    /// All others.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// What this sign-in expects.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// Who signs.
    pub issuer: &'e str,
    /// Who we are to them.
    pub client: &'e str,
    /// What was sent along.
    pub nonce: &'e str,
    /// The name that the token has to give the access token beside it, when it gives one.
    pub access_token_hash: Option<&'e str>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl IdToken {
    /// Who it is at the provider, when the token is the answer to this sign-in (OpenID Connect Core 1.0 §3.1.3.7).
    ///
    /// # Errors
    /// [`ClaimError`].
    pub fn subject(&self, expected: Expected<'_>) -> Result<&str, ClaimError> {
        let Expected { issuer, client, nonce, access_token_hash, now } = expected;
        if self.iss != issuer {
            return Err(ClaimError::Issuer);
        }
        let (ours, several) = match &self.aud {
            Audience::One(one) => (one == client, false),
            Audience::Many(all) => (all.iter().any(|one| one == client), all.len() > 1),
        };
        let party = self.azp.as_deref();
        if !ours || party.is_some_and(|party| party != client) || (several && party.is_none()) {
            return Err(ClaimError::Audience);
        }
        let ends = self.exp.moment().ok_or(ClaimError::Time)?;
        let made = self.iat.moment().ok_or(ClaimError::Time)?;
        let begins = match self.nbf {
            Some(at) => at.moment().ok_or(ClaimError::Time)?,
            None => made,
        };
        if ends + SKEW <= now || made > now + SKEW || made + FRESH < now || begins > now + SKEW {
            return Err(ClaimError::Time);
        }
        if self.nonce.as_deref() != Some(nonce) {
            return Err(ClaimError::Nonce);
        }
        if let (Some(said), Some(is)) = (self.at_hash.as_deref(), access_token_hash)
            && said != is
        {
            return Err(ClaimError::AccessToken);
        }
        if self.sub.is_empty() || self.sub.len() > 255 {
            return Err(ClaimError::Subject);
        }
        Ok(&self.sub)
    }
}

/// The address that a provider vouches for: of the claim that the organization names, and only when the provider says
/// that it is verified (OpenID Connect Core 1.0 §5.1).
#[must_use]
pub fn verified_address(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    // Some providers write the word instead of the value.
    let verified = matches!(claims.get("email_verified"), Some(Value::Bool(true)))
        || claims.get("email_verified").and_then(Value::as_str) == Some("true");
    let address = claims.get(claim)?.as_str()?.trim();
    let (name, domain) = address.rsplit_once('@')?;
    let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    (verified && plain && !name.is_empty() && domain.contains('.') && address.len() <= 254)
        .then(|| address.to_owned())
}

/// Whether an address is of one of these domains; of any when there are none.
#[must_use]
pub fn is_of(address: &str, domains: &[String]) -> bool {
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
    domains.is_empty() || domains.contains(&domain)
}

/// How a person is called, for an account that is made for them.
#[must_use]
pub fn display_name(claims: &Map<String, Value>, address: &str) -> String {
    let text =
        |key: &str| claims.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let name = match (text("name"), text("given_name"), text("family_name")) {
        (Some(name), ..) => name.to_owned(),
        (None, Some(given), Some(family)) => format!("{given} {family}"),
        _ => address.split('@').next().unwrap_or_default().to_owned(),
    };
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// What is known of whoever comes back from a provider and is linked with no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stranger {
    /// The account with the verified address, when there is one.
    pub account: Option<Known>,
    /// Whether the address is of a domain that is taken.
    pub domain_taken: bool,
    /// Whether the organization makes accounts for whom it does not know.
    pub makes_accounts: bool,
}

/// An account with the address that the provider vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether it may enter the organization.
    pub admitted: bool,
    /// Whether it has a password, a second factor or the like.
    pub has_own_means: bool,
    /// Whether it is linked with somebody else at the provider.
    pub is_linked: bool,
}

/// What becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The account is linked, and enters.
    Link,
    /// An account is made, linked, let in.
    Make,
    /// Nothing, because of this.
    Refuse(Reason),
}

/// Why somebody does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// They gave up at the provider, or were refused there.
    Cancelled,
    /// Too old, used, or of another browser: begin anew.
    Expired,
    /// The provider does not answer, or answers what cannot be trusted.
    Failed,
    /// The provider vouches for no address.
    NoAddress,
    /// The address is of a domain that is not taken.
    Domain,
    /// The organization does not know them, or does not let them in.
    NotInvited,
    /// The account has a sign-in of its own: link it when signed in by that.
    LinkFirst,
    /// The account, or the person at the provider, is linked with another.
    LinkedOtherwise,
}

impl Reason {
    /// The word by which the web app knows it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::NoAddress => "no_address",
            Self::Domain => "domain",
            Self::NotInvited => "not_invited",
            Self::LinkFirst => "link_first",
            Self::LinkedOtherwise => "linked_otherwise",
        }
    }
}

/// Decides. An address that the provider vouches for is enough to let in whom the organization invited and who has nothing
/// of their own yet; whoever has, could be somebody whom the provider only claims to know.
#[must_use]
pub fn decide(stranger: Stranger) -> Decision {
    if !stranger.domain_taken {
        return Decision::Refuse(Reason::Domain);
    }
    match stranger.account {
        None if stranger.makes_accounts => Decision::Make,
        None => Decision::Refuse(Reason::NotInvited),
        Some(known) if !known.admitted => Decision::Refuse(Reason::NotInvited),
        Some(known) if known.is_linked => Decision::Refuse(Reason::LinkedOtherwise),
        Some(known) if known.has_own_means => Decision::Refuse(Reason::LinkFirst),
        Some(_) => Decision::Link,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use serde_json::json;

    use super::*;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a moment")
    }

    fn token(change: Value) -> IdToken {
        let at = now().timestamp();
        let mut claims = json!({ "iss": "https://idp.example", "sub": "anna", "aud": "plenum", "exp": at + 300,
            "iat": at, "nonce": "n" });
        for (key, value) in change.as_object().expect("an object") {
            claims[key] = value.clone();
        }
        serde_json::from_value(claims).expect("claims")
    }

    fn check(change: Value, expected: Result<&str, ClaimError>) {
        let wanted = Expected {
            issuer: "https://idp.example",
            client: "plenum",
            nonce: "n",
            access_token_hash: Some("h"),
            now: now(),
        };
        assert_eq!(token(change.clone()).subject(wanted), expected, "{change}");
    }

    #[test]
    fn a_token_is_the_answer_to_this_sign_in_or_none() {
        let at = now().timestamp();
        check(json!({}), Ok("anna"));
        check(json!({ "aud": ["plenum"] }), Ok("anna"));
        check(json!({ "aud": ["plenum", "other"], "azp": "plenum" }), Ok("anna"));
        check(json!({ "exp": at as f64 + 0.5 }), Ok("anna"));
        check(json!({ "at_hash": "h" }), Ok("anna"));
        check(json!({ "iss": "https://idp.example/" }), Err(ClaimError::Issuer));
        check(json!({ "iss": "https://evil.example" }), Err(ClaimError::Issuer));
        check(json!({ "aud": "other" }), Err(ClaimError::Audience));
        check(json!({ "aud": [] }), Err(ClaimError::Audience));
        check(json!({ "aud": ["plenum", "other"] }), Err(ClaimError::Audience));
        check(json!({ "azp": "other" }), Err(ClaimError::Audience));
        check(json!({ "exp": at - 61 }), Err(ClaimError::Time));
        check(json!({ "iat": at + 61 }), Err(ClaimError::Time));
        check(json!({ "iat": at - 901 }), Err(ClaimError::Time));
        check(json!({ "nbf": at + 61 }), Err(ClaimError::Time));
        check(json!({ "exp": 1e300 }), Err(ClaimError::Time));
        check(json!({ "exp": -1 }), Err(ClaimError::Time));
        check(json!({ "nonce": "other" }), Err(ClaimError::Nonce));
        check(json!({ "nonce": null }), Err(ClaimError::Nonce));
        check(json!({ "sub": "" }), Err(ClaimError::Subject));
        check(json!({ "at_hash": "other" }), Err(ClaimError::AccessToken));
    }

    fn address(claims: Value, claim: &str) -> Option<String> {
        verified_address(claims.as_object().expect("an object"), claim)
    }

    #[test]
    fn only_a_verified_address_is_one() {
        let anna = Some("anna@example.org".to_owned());
        assert_eq!(address(json!({ "email": "anna@example.org", "email_verified": true }), "email"), anna);
        assert_eq!(address(json!({ "email": "anna@example.org", "email_verified": "true" }), "email"), anna);
        assert_eq!(address(json!({ "upn": "anna@example.org", "email_verified": true }), "upn"), anna);
        for claims in [
            json!({ "email": "anna@example.org" }),
            json!({ "email": "anna@example.org", "email_verified": false }),
            json!({ "email": "anna@example.org", "email_verified": "yes" }),
            json!({ "email": "anna@example.org", "email_verified": 1 }),
            json!({ "email": ["anna@example.org"], "email_verified": true }),
            json!({ "email": "anna", "email_verified": true }),
            json!({ "email": "@example.org", "email_verified": true }),
            json!({ "email": "a\r\nBcc: x@example.org", "email_verified": true }),
            json!({ "email": "Anna <anna@example.org>", "email_verified": true }),
            json!({ "email_verified": true }),
        ] {
            assert_eq!(address(claims.clone(), "email"), None, "{claims}");
        }
    }

    #[test]
    fn a_domain_is_compared_whole() {
        let domains = ["example.org".to_owned()];
        assert!(is_of("anna@Example.org", &domains) && is_of("anna@other.org", &[]));
        assert!(!is_of("anna@evil-example.org", &domains) && !is_of("anna@example.org.evil.com", &domains));
        assert!(!is_of("anna@sub.example.org", &domains));
    }

    #[test]
    fn an_address_alone_never_takes_an_account_over() {
        let known = Known { admitted: true, has_own_means: false, is_linked: false };
        let of = |account, makes_accounts| decide(Stranger { account, domain_taken: true, makes_accounts });
        assert_eq!(of(Some(known), false), Decision::Link);
        for makes_accounts in [false, true] {
            let refused = |known| of(Some(known), makes_accounts);
            assert_eq!(refused(Known { has_own_means: true, ..known }), Decision::Refuse(Reason::LinkFirst));
            assert_eq!(refused(Known { admitted: false, ..known }), Decision::Refuse(Reason::NotInvited));
            assert_eq!(
                refused(Known { is_linked: true, ..known }),
                Decision::Refuse(Reason::LinkedOtherwise)
            );
        }
        assert_eq!(of(None, true), Decision::Make);
        assert_eq!(of(None, false), Decision::Refuse(Reason::NotInvited));
        let outside = Stranger { account: None, domain_taken: false, makes_accounts: true };
        assert_eq!(decide(outside), Decision::Refuse(Reason::Domain));
    }

    #[test]
    fn a_name_is_what_the_provider_says_or_the_address() {
        let of = |claims: Value| display_name(claims.as_object().expect("an object"), "anna@example.org");
        assert_eq!(of(json!({ "name": "Анна Ким" })), "Анна Ким");
        assert_eq!(of(json!({ "given_name": "Анна", "family_name": "Ким" })), "Анна Ким");
        assert_eq!(of(json!({ "name": " " })), "anna");
        assert_eq!(of(json!({ "name": "А\nБ" })), "АБ");
    }
}
