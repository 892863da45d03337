//! What a provider says of itself (OpenID Connect Discovery 1.0), and its keys; remembered for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use plenum_outgoing::{Outgoing, OutgoingError};
use serde::{Deserialize, de::DeserializeOwned};

use crate::jose::{Algorithm, Jwks};

/// For how long what a provider said is believed.
const REMEMBERED: TimeDelta = TimeDelta::minutes(10);
/// For how long a provider that failed is not asked again: strangers begin sign-ins, and must not make us call it without
/// end.
const FAILED: TimeDelta = TimeDelta::seconds(20);
/// The earliest moment after which keys are asked for again because a token names an unknown one.
const NEW_KEYS: TimeDelta = TimeDelta::minutes(1);
/// So many providers are remembered.
const MOST: usize = 500;

/// What stands in the way of a provider's use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It could not be called.
    #[error("the provider could not be called")]
    Unreachable(#[source] OutgoingError),
    /// It answers, but not as one that we can use: another issuer, no code flow, no keys.
    #[error("the provider does not answer as one that can be used")]
    Unusable,
}

/// What a provider says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where more claims are.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
    jwks_uri: String,
    #[serde(default)]
    response_types_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether its answers name it (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Whether it wants the client's secret in the body; most take it as a header, which is the default.
    #[must_use]
    pub fn secret_in_body(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let takes = |name: &str| methods.iter().any(|method| method == name);
        !methods.is_empty() && !takes("client_secret_basic") && takes("client_secret_post")
    }

    /// Whether it is the issuer that was asked, and can do what we need.
    fn usable(&self, issuer: &str, outgoing: &Outgoing) -> bool {
        let lists = |list: &Option<Vec<String>>, wanted: &dyn Fn(&str) -> bool| {
            list.as_ref().is_none_or(|all| all.iter().any(|one| wanted(one)))
        };
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        self.issuer == issuer
            && lists(&self.response_types_supported, &|one| one == "code")
            // Who names the methods and has no S256 would let PKCE be left out.
            && lists(&self.code_challenge_methods_supported, &|one| one == "S256")
            && lists(&self.id_token_signing_alg_values_supported, &Algorithm::is_taken)
            && endpoints.iter().all(|one| outgoing.acceptable(one).is_ok() && !one.contains('#'))
    }
}

/// A provider, as it was last seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it says of itself.
    pub metadata: Arc<Metadata>,
    /// Its keys.
    pub keys: Arc<Jwks>,
    keys_at: DateTime<Utc>,
}

/// Asks providers, and remembers.
#[derive(Clone)]
pub struct Directory {
    outgoing: Outgoing,
    known: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    at: DateTime<Utc>,
    seen: Result<Seen, ProviderError>,
}

impl Directory {
    /// With the door to the servers of others.
    #[must_use]
    pub fn new(outgoing: Outgoing) -> Self {
        Self { outgoing, known: Arc::default() }
    }

    /// A provider, by its issuer.
    ///
    /// # Errors
    /// [`ProviderError`], also when it failed a moment ago.
    pub async fn provider(&self, issuer: &str, now: DateTime<Utc>) -> Result<Seen, ProviderError> {
        if let Some(entry) = self.remembered(issuer)
            && now - entry.at < if entry.seen.is_ok() { REMEMBERED } else { FAILED }
        {
            return entry.seen;
        }
        self.ask(issuer, now).await
    }

    /// The same, asked now: for whoever has just set it.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn ask(&self, issuer: &str, now: DateTime<Utc>) -> Result<Seen, ProviderError> {
        let seen = self.fetch(issuer, now).await;
        if let Err(error) = &seen {
            tracing::warn!(issuer, "a provider of sign-in cannot be used: {error}");
        }
        self.remember(issuer, Entry { at: now, seen: seen.clone() });
        seen
    }

    /// The provider with the keys that it has now, because a token names one that is not known; unless they were asked for
    /// a moment ago.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn with_new_keys(
        &self,
        issuer: &str,
        seen: &Seen,
        now: DateTime<Utc>,
    ) -> Result<Seen, ProviderError> {
        if now - seen.keys_at < NEW_KEYS {
            return Ok(seen.clone());
        }
        let keys = Arc::new(self.json::<Jwks>(&seen.metadata.jwks_uri).await?);
        let renewed = Seen { keys, keys_at: now, ..seen.clone() };
        self.remember(issuer, Entry { at: now, seen: Ok(renewed.clone()) });
        Ok(renewed)
    }

    async fn fetch(&self, issuer: &str, now: DateTime<Utc>) -> Result<Seen, ProviderError> {
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.json(&place).await?;
        if !metadata.usable(issuer, &self.outgoing) {
            return Err(ProviderError::Unusable);
        }
        let keys = Arc::new(self.json::<Jwks>(&metadata.jwks_uri).await?);
        Ok(Seen { metadata: Arc::new(metadata), keys, keys_at: now })
    }

    async fn json<T: DeserializeOwned>(&self, address: &str) -> Result<T, ProviderError> {
        let request = axum::http::Request::get(address)
            .header("accept", "application/json")
            .body(Vec::new())
            .map_err(|_| ProviderError::Unreachable(OutgoingError::Address))?;
        let answer = self.outgoing.send(request).await.map_err(ProviderError::Unreachable)?;
        if answer.status() != 200 {
            return Err(ProviderError::Unusable);
        }
        serde_json::from_slice(answer.body()).map_err(|_| ProviderError::Unusable)
    }

    fn remembered(&self, issuer: &str) -> Option<Entry> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    fn remember(&self, issuer: &str, entry: Entry) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(issuer.to_owned(), entry);
    }
}
