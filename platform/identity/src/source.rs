//! From a cookie to a viewer.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, OpenError, StoreError};
use plenum_graph::{Credential, Resolved, SignedIn, ViewerSource};
use plenum_mail::Mailer;
use plenum_tenancy::store::{access, grants, tenants};

use crate::{Passkeys, Sealer, store::web_sessions};

const READ_GRANTS: Permission = Permission::new("identity.read_grants");

/// What this crate's resolvers and the door need.
#[derive(Clone)]
pub struct Identity {
    /// The database.
    pub db: Db,
    /// For letters with links.
    pub mailer: Arc<Mailer>,
    /// Where the web app is served, without a slash at the end: the start of every link in a letter.
    pub public_url: Arc<str>,
    /// Whether cookies carry `Secure`: the public address is https.
    pub secure_cookies: bool,
    /// Opens the secrets of authenticators from before the vault.
    pub sealer: Sealer,
    /// Asks for passkeys; none when the public address is none that browsers keep them for.
    pub passkeys: Option<Passkeys>,
}

#[async_trait]
impl ViewerSource for Identity {
    async fn resolve(&self, credential: &Credential) -> Result<Resolved, StoreError> {
        let Some(token_hash) = &credential.token_hash else { return Ok(None) };
        let mut tx = self.db.global(None).await?;
        let now = tx.now();
        let Some(session) = web_sessions::live(tx.conn(), token_hash, now).await? else { return Ok(None) };
        let account = session.account;
        if web_sessions::touch(&mut tx, &session).await? {
            tx.commit().await?;
            tx = self.db.global(None).await?;
        }
        let Some(slug) = &credential.tenant else { return Ok(Some(SignedIn { account, viewer: None })) };
        let Some(tenant) = tenants::by_slug(&mut tx, slug).await? else {
            return Ok(Some(SignedIn { account, viewer: None }));
        };
        drop(tx);
        let door = Viewer::system(tenant.id, "identity");
        let mut tx = match self.db.tenant(&door, READ_GRANTS, Access::Read).await {
            Ok(tx) => tx,
            Err(OpenError::Store(error)) => return Err(error),
            Err(OpenError::Forbidden { .. }) => return Ok(Some(SignedIn { account, viewer: None })),
        };
        let entry = access::entry(&mut tx, account).await?;
        if session.only.is_some_and(|only| only != tenant.id) || !entry.admitted {
            return Ok(Some(SignedIn { account, viewer: None }));
        }
        let grants = grants::of_account(&mut tx, account).await?;
        let viewer = Viewer { off: entry.off, ..Viewer::person(account, tenant.id, grants) };
        Ok(Some(SignedIn { account, viewer: Some(viewer) }))
    }

    async fn confirmed_at(&self, credential: &Credential) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(token_hash) = &credential.token_hash else { return Ok(None) };
        let mut tx = self.db.global(None).await?;
        let now = tx.now();
        let session = web_sessions::live(tx.conn(), token_hash, now).await?;
        Ok(session.and_then(|session| session.confirmed_at))
    }
}
