//! What strangers may do with a signed token: leave a list, come back, report a bounce.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_kernel::TenantId;
use plenum_mail::Report;
use plenum_tenancy::store::tenants;

use crate::{
    actions::{
        leave_list::{self, Standing},
        record_bounce::{self, Recorded},
    },
    domain::token::Signer,
    permissions::LEAVE,
};

/// The key by which tokens are read, with the database behind.
#[derive(Clone)]
pub struct Tokens {
    db: Db,
    signer: Signer,
}

impl Tokens {
    /// Takes the database and the installation's key.
    #[must_use]
    pub fn new(db: Db, key: &[u8]) -> Self {
        Self { db, signer: Signer::new(key) }
    }

    async fn open(&self, tenant: TenantId) -> Result<TenantTx, StoreError> {
        let viewer = Viewer::system(tenant, "mailings.recipient");
        self.db.tenant(&viewer, LEAVE, Access::Write).await.map_err(|error| match error {
            OpenError::Store(error) => error,
            OpenError::Forbidden { .. } => StoreError::Rows { expected: 1, found: 0 },
        })
    }

    /// What a link is about, and the organization's name; none when we did not sign it or the letter was a test.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn standing(&self, token: &str) -> Result<Option<(Standing, String)>, StoreError> {
        let Some((tenant, letter)) = self.signer.read_unsubscribe(token) else { return Ok(None) };
        let mut tx = self.open(tenant).await?;
        let Some(standing) = leave_list::standing(&mut tx, letter).await? else { return Ok(None) };
        let name = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.name).unwrap_or_default();
        Ok(Some((standing, name)))
    }

    /// Leaves the list of a link, or comes back to it. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn leave(&self, token: &str, leaves: bool) -> Result<bool, StoreError> {
        let Some((tenant, letter)) = self.signer.read_unsubscribe(token) else { return Ok(false) };
        let mut tx = self.open(tenant).await?;
        let found = leave_list::leave_list(&mut tx, letter, leaves).await?.is_some();
        tx.commit().await?;
        Ok(found)
    }

    /// Records what a mail server reports; `sent_to` may name the return path when the message's own headers do not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn bounce(&self, report: &Report, sent_to: Option<&str>) -> Result<Recorded, StoreError> {
        let mut tx = self.db.global(None).await?;
        let tenants = tenants::all(&mut tx).await?;
        drop(tx);
        let found = report
            .sent_to
            .iter()
            .map(String::as_str)
            .chain(sent_to)
            .find_map(|address| self.signer.read_return_path(address, &tenants));
        let Some((tenant, letter)) = found else { return Ok(Recorded::NoLetter) };
        let mut tx = self.open(tenant).await?;
        let recorded = record_bounce::record_bounce(&mut tx, letter, report).await?;
        tx.commit().await?;
        Ok(recorded)
    }
}

/// `/u/<token>`, the address in the headers of every letter: a POST leaves the list at once (RFC 8058 §3.1); a GET
/// leads to the page with the button and changes nothing, for programs fetch links ahead.
pub fn router(tokens: Tokens) -> Router {
    Router::new().route("/u/{token}", get(lead).post(leave)).with_state(Arc::new(tokens))
}

async fn lead(Path(token): Path<String>) -> Response {
    // What is no token is no address either.
    let plain = token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if plain {
        Redirect::to(&format!("/unsubscribe/{token}")).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

async fn leave(State(tokens): State<Arc<Tokens>>, Path(token): Path<String>) -> Response {
    match tokens.leave(&token, true).await {
        Ok(true) => StatusCode::OK.into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "could not take a recipient off a list");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
