//! What a request brings with it.

use std::{
    sync::Arc,
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
    /// A connection looks again and again.
    Connection(Mutex<Option<(Instant, Resolved)>>),
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
        let memory = Memory::Connection(Mutex::default());
        Arc::new(Self { source, credential, memory, request: Uuid::now_v7(), address })
    }

    /// What the caller presented.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Lets a connection look anew: what it knew of its caller is not so any more. A request keeps what it began with.
    pub async fn forget(&self) {
        if let Memory::Connection(cell) = &self.memory {
            *cell.lock().await = None;
        }
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
            Memory::Connection(cell) => {
                let mut last = cell.lock().await;
                if let Some((at, resolved)) = &*last
                    && at.elapsed() < TRUST
                {
                    return Ok(resolved.clone());
                }
                let resolved = self.source.resolve(&self.credential).await?;
                *last = Some((Instant::now(), resolved.clone()));
                Ok(resolved)
            }
        }
    }
}
