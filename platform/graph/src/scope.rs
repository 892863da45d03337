//! What a request brings with it.

use std::sync::Arc;

use async_trait::async_trait;
use plenum_authz::Viewer;
use plenum_db::StoreError;
use plenum_kernel::AccountId;
use tokio::sync::OnceCell;

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
}

/// The scope of a request or of a WebSocket connection; resolvers find it in the GraphQL context.
pub struct RequestScope {
    source: Arc<dyn ViewerSource>,
    credential: Credential,
    /// A request looks once. A connection looks every time: a role taken away works at the next push.
    remembered: Option<OnceCell<Resolved>>,
    /// The caller's network address as far as it is known, for limits of attempts.
    pub address: String,
}

impl RequestScope {
    /// The scope of one request over HTTP.
    #[must_use]
    pub fn request(source: Arc<dyn ViewerSource>, credential: Credential, address: String) -> Self {
        Self { source, credential, remembered: Some(OnceCell::new()), address }
    }

    /// The scope of a WebSocket connection.
    #[must_use]
    pub fn connection(source: Arc<dyn ViewerSource>, credential: Credential, address: String) -> Self {
        Self { source, credential, remembered: None, address }
    }

    /// What the caller presented.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Who calls.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn resolve(&self) -> Result<Resolved, StoreError> {
        match &self.remembered {
            Some(cell) => cell.get_or_try_init(|| self.source.resolve(&self.credential)).await.cloned(),
            None => self.source.resolve(&self.credential).await,
        }
    }
}
