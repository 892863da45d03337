//! What a request brings with it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_authz::Viewer;
use plenum_db::StoreError;
use plenum_kernel::AccountId;
use tokio::sync::{Mutex, OnceCell};
use uuid::Uuid;

/// What the caller presents: the SHA-256 of the session cookie's token, and the slug of a tenant.
#[derive(Debug, Clone, Default)]
pub struct Credential {
    /// SHA-256 of the token in the cookie.
    pub token_hash: Option<[u8; 32]>,
    /// The tenant named by the `X-Plenum-Tenant` header or the connection's payload.
    pub tenant: Option<String>,
}

/// An account with a live web session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub account: AccountId,
    /// The viewer in the named tenant, when the account may enter it.
    pub viewer: Option<Viewer>,
}

/// What a credential stands for, now. `None`: nobody is signed in.
pub type Resolved = Option<SignedIn>;

/// Turns credentials into viewers; `platform/identity` implements it.
#[async_trait]
pub trait ViewerSource: Send + Sync {
    /// Looks the credential up.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn resolve(&self, credential: &Credential) -> Result<Resolved, StoreError>;

    /// When the holder of the session last proved that it is them; a source that does not know says never.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn confirmed_at(&self, _: &Credential) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(None)
    }
}

/// For how long a connection trusts what it looked up: one push reads a dozen fields. A role that is taken away does not
/// wait for it: the news of it makes the connection forget.
const TRUST: Duration = Duration::from_millis(300);

enum Memory {
    /// A request looks once.
    Request(OnceCell<Resolved>),
    /// A connection looks again and again. What was found is trusted as long as the number of times that it was told to
    /// forget is the same.
    Connection(Mutex<Option<(Instant, u64, Resolved)>>, AtomicU64),
}

/// The scope of a request or of a WebSocket connection; resolvers find it,
/// behind an `Arc`, in the GraphQL context.
pub struct RequestScope {
    source: Arc<dyn ViewerSource>,
    credential: Credential,
    memory: Memory,
    /// The request's id, for the audit and for questions of the support; a connection has one for all of its operations.
    pub request: Uuid,
    /// The caller's network address as far as it is known, for limits of attempts.
    pub address: String,
}

impl RequestScope {
    /// The scope of one request over HTTP.
    #[must_use]
    pub fn request(source: Arc<dyn ViewerSource>, credential: Credential, address: String) -> Arc<Self> {
        let memory = Memory::Request(OnceCell::new());
        Arc::new(Self { source, credential, memory, request: Uuid::now_v7(), address })
    }

    /// The scope of a WebSocket connection.
    #[must_use]
    pub fn connection(source: Arc<dyn ViewerSource>, credential: Credential, address: String) -> Arc<Self> {
        let memory = Memory::Connection(Mutex::default(), AtomicU64::default());
        Arc::new(Self { source, credential, memory, request: Uuid::now_v7(), address })
    }

    /// What the caller presented.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Lets a connection look anew: what it knew of its caller is not so any more. A request keeps what it began with.
    pub fn forget(&self) {
        if let Memory::Connection(_, forgotten) = &self.memory {
            forgotten.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Who calls, by a look of its own. It waits for no other look: who asks so may be the one that keeps the other
    /// waiting.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn look(&self) -> Result<Resolved, StoreError> {
        self.source.resolve(&self.credential).await
    }

    /// When the caller last proved that it is them. Asked each time: it may have been a moment ago.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn confirmed_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.source.confirmed_at(&self.credential).await
    }

    /// Who calls.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn resolve(&self) -> Result<Resolved, StoreError> {
        match &self.memory {
            Memory::Request(cell) => {
                cell.get_or_try_init(|| self.source.resolve(&self.credential)).await.cloned()
            }
            Memory::Connection(cell, forgotten) => {
                // Held while looking, so that the fields of one push look once.
                let mut last = cell.lock().await;
                let number = forgotten.load(Ordering::SeqCst);
                if let Some((at, seen, resolved)) = &*last
                    && at.elapsed() < TRUST
                    && *seen == number
                {
                    return Ok(resolved.clone());
                }
                let resolved = self.source.resolve(&self.credential).await?;
                *last = Some((Instant::now(), number, resolved.clone()));
                Ok(resolved)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use futures_util::FutureExt;

    use super::*;

    /// Never ends its first look, and counts.
    #[derive(Default)]
    struct Slow(AtomicUsize);

    #[async_trait]
    impl ViewerSource for Slow {
        async fn resolve(&self, _: &Credential) -> Result<Resolved, StoreError> {
            if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
                std::future::pending::<()>().await;
            }
            Ok(Some(SignedIn { account: AccountId::new(), viewer: None }))
        }
    }

    #[test]
    fn a_look_that_nobody_carries_on_keeps_nobody_from_looking() {
        let source = Arc::new(Slow::default());
        let scope = RequestScope::connection(source, Credential::default(), String::new());
        let mut begun = Box::pin(scope.resolve());
        assert!((&mut begun).now_or_never().is_none(), "it waits");
        scope.forget();
        let found = scope.look().now_or_never().expect("it waits for nothing").expect("found");
        assert!(found.is_some());
    }

    #[test]
    fn what_was_forgotten_is_looked_up_anew() {
        let source = Arc::new(Slow(AtomicUsize::new(1)));
        let scope = RequestScope::connection(source, Credential::default(), String::new());
        let look = || {
            let found = scope.resolve().now_or_never().expect("at once").expect("found");
            found.map(|signed_in| signed_in.account)
        };
        let first = look();
        assert_eq!(look(), first, "for a moment it is trusted");
        scope.forget();
        assert_ne!(look(), first);
    }
}
