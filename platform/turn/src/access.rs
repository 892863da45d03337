//! What those who are let into a room are told of the relay.

use std::sync::Arc;

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::credentials::{LIFETIME, TurnKey};

/// How a browser reaches the media server when no direct way does: an entry of `iceServers` (W3C WebRTC), whose
/// addresses and credentials are for this person and this hour.
#[derive(SimpleObject, Clone, PartialEq, Eq)]
pub struct RelayAccess {
    /// Addresses such as `turns:plenum.example.org:5349?transport=tcp` (RFC 7065).
    pub urls: Vec<String>,
    /// Until when, and an opaque id.
    pub username: String,
    /// The password.
    pub credential: String,
    /// From this moment on they are worth nothing; new ones come with a new admission.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for RelayAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayAccess").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Gives access to the relay, this machine's or one elsewhere; or to none, when there is none.
#[derive(Debug, Clone, Default)]
pub struct Relays(Option<Arc<(Vec<String>, TurnKey)>>);

impl Relays {
    /// There is no relay: everybody reaches the media server directly, or not at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The relay at these addresses, which knows the key.
    #[must_use]
    pub fn at(urls: Vec<String>, key: TurnKey) -> Self {
        Self(Some(Arc::new((urls, key))))
    }

    /// Access for a participant, from now on for an hour.
    #[must_use]
    pub fn access(&self, participant: Uuid, now: DateTime<Utc>) -> Option<RelayAccess> {
        let (urls, key) = self.0.as_deref()?;
        let credentials = key.issue(participant, now + LIFETIME);
        Some(RelayAccess {
            urls: urls.clone(),
            username: credentials.username,
            credential: credentials.password,
            expires_at: credentials.expires_at,
        })
    }
}
