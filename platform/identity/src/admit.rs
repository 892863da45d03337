//! Letting somebody in: what every way of signing in ends with.

use async_graphql::Context;
use plenum_db::StoreError;
use plenum_graph::Doors;
use plenum_kernel::{AccountId, TenantId};

use crate::{
    Browser, Identity, cookie,
    notices::{self, Notice},
    store::{
        accounts::{self, Account},
        attempts::{self, Guesser},
        bound_sessions, known_browsers, web_sessions,
    },
    token,
};

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// The network address.
    pub(crate) address: String,
    /// The browser.
    pub(crate) browser: Browser,
    /// The hash of the session token that the request carried.
    token_hash: Option<[u8; 32]>,
}

impl Visit {
    /// Of this request.
    pub(crate) fn of(ctx: &Context<'_>) -> Self {
        Self {
            address: ctx.scope().address.clone(),
            browser: ctx.data_opt::<Browser>().cloned().unwrap_or_default(),
            token_hash: ctx.scope().credential().token_hash,
        }
    }

    /// Of a request outside of the API.
    pub(crate) fn at(address: String, browser: Browser, token_hash: Option<[u8; 32]>) -> Self {
        Self { address, browser, token_hash }
    }
}

impl Identity {
    /// How failures of this visit to an account are counted: a browser that the account has signed in with before is no
    /// stranger.
    pub(crate) async fn guesser(
        &self,
        account: Option<AccountId>,
        visit: &Visit,
    ) -> Result<Guesser, StoreError> {
        if let (Some(account), Some(known_as)) = (account, visit.browser.known_as) {
            let mut tx = self.db.global(None).await?;
            if known_browsers::knows(&mut tx, account, &known_as).await? {
                return Ok(Guesser::Known(known_as));
            }
        }
        Ok(Guesser::Stranger(visit.address.clone()))
    }

    /// Begins a web session under a new token, so that a token planted before the sign-in is worth nothing (session
    /// fixation), and ends the one that the browser had. Gives the cookies to set.
    pub(crate) async fn admit(
        &self,
        account: &Account,
        visit: &Visit,
        guesser: &Guesser,
    ) -> Result<Vec<String>, StoreError> {
        self.admit_to(account, visit, guesser, None).await
    }

    /// The same, into one organization only: then also whether the holder showed a proof of their own.
    pub(crate) async fn admit_to(
        &self,
        account: &Account,
        visit: &Visit,
        guesser: &Guesser,
        only: Option<(TenantId, bool)>,
    ) -> Result<Vec<String>, StoreError> {
        let mut tx = self.db.global(None).await?;
        attempts::succeeded(&mut tx, &accounts::email_key(&account.email), guesser).await?;
        if let Some(before) = &visit.token_hash {
            web_sessions::delete(&mut tx, before).await?;
        }
        let secret = token::generate();
        let user_agent = &visit.browser.user_agent;
        web_sessions::insert(&mut tx, account.id, &token::hash(&secret), user_agent, &visit.address).await?;
        if let Some((tenant, own_proof)) = only {
            bound_sessions::bind(&mut tx, &token::hash(&secret), tenant, own_proof).await?;
        }
        let mut cookies = vec![cookie::set(&secret, self.secure_cookies)];

        let is_known = matches!(guesser, Guesser::Known(_));
        let is_first = !known_browsers::any(&mut tx, account.id).await?;
        // People share a computer: a browser keeps its token when somebody else signs in with it.
        let kept = match visit.browser.known_as {
            Some(hash) if known_browsers::exists(&mut tx, &hash).await? => Some(hash),
            _ => None,
        };
        let browser = match kept {
            Some(hash) => hash,
            None => {
                let secret = token::generate();
                cookies.push(cookie::set_browser(&secret, self.secure_cookies));
                token::hash(&secret)
            }
        };
        known_browsers::keep(&mut tx, account.id, &browser).await?;
        tx.commit().await?;
        tracing::info!(account.id = %account.id, "signed in {}", account.id);
        if !is_known && !is_first {
            notices::send(self, account, Notice::NewBrowser(visit.clone())).await;
        }
        Ok(cookies)
    }
}
