//! Letting in whom an organization's provider of identities vouches for.
//!
//! The provider belongs to one organization, and an account may enter several: whoever runs the provider could name any
//! account. So a sign-in by it is bound to that organization, confirms nothing that belongs to the account as a whole,
//! and asks for the account's own second factor where there is one.

use axum::http::HeaderMap;
use plenum_db::StoreError;
use plenum_kernel::{AccountId, TenantId};

use crate::{
    Browser, Identity,
    admit::Visit,
    cookie, factors,
    notices::{self, Notice},
    store::{accounts::Account, bound_sessions, pending_sign_ins, web_sessions},
    token,
};

/// From where somebody comes back from a provider.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The network address.
    pub address: String,
    /// The browser.
    pub browser: Browser,
    /// The hash of the session token that the request carried.
    pub token_hash: Option<[u8; 32]>,
}

impl Arrival {
    /// Reads the headers of a request.
    #[must_use]
    pub fn of(headers: &HeaderMap, address: String, secure: bool) -> Self {
        Self {
            address,
            browser: Browser::of(headers, secure),
            token_hash: cookie::read(headers, secure).map(|secret| token::hash(&secret)),
        }
    }
}

/// How an arrival goes on.
#[derive(Debug)]
pub enum Entered {
    /// Signed in: the cookies to set.
    SignedIn(Vec<String>),
    /// The account's own second factor is asked for.
    SecondStep {
        /// The ticket of the second step.
        ticket: String,
        /// What the account has, as the API calls it.
        factors: Vec<&'static str>,
    },
}

/// Who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// The account.
    pub account: AccountId,
    /// The only organization that the sign-in enters, when it is bound to one.
    pub only: Option<TenantId>,
}

/// What is told to the holder of an account.
#[derive(Debug, Clone)]
pub enum Told {
    /// The account can be signed in by the provider of an organization from now on: its name.
    Linked(String),
    /// It cannot any more.
    Unlinked(String),
}

impl Identity {
    /// Whether an account has something of its own to sign in by: then only its holder, signed in by that, links it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_own_means(&self, account: &Account) -> Result<bool, StoreError> {
        if account.password_hash.is_some() {
            return Ok(true);
        }
        let mut tx = self.db.global(Some(account.id)).await?;
        Ok(factors::of_account(&mut tx, account.id).await?.asked_for())
    }

    /// Lets an account into an organization whose provider vouches for it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn enter(
        &self,
        account: &Account,
        tenant: TenantId,
        arrival: &Arrival,
    ) -> Result<Entered, StoreError> {
        let visit = Visit::at(arrival.address.clone(), arrival.browser.clone(), arrival.token_hash);
        let mut tx = self.db.global(Some(account.id)).await?;
        let factors = factors::of_account(&mut tx, account.id).await?;
        if factors.asked_for() {
            let ticket = token::generate();
            pending_sign_ins::insert(&mut tx, account.id, &token::hash(&ticket)).await?;
            bound_sessions::bind_pending(&mut tx, &token::hash(&ticket), tenant).await?;
            tx.commit().await?;
            return Ok(Entered::SecondStep { ticket, factors: factors.names() });
        }
        drop(tx);
        let guesser = self.guesser(Some(account.id), &visit).await?;
        Ok(Entered::SignedIn(self.admit_to(account, &visit, &guesser, Some((tenant, false))).await?))
    }

    /// Who a session token stands for.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn present(&self, token_hash: Option<&[u8; 32]>) -> Result<Option<Present>, StoreError> {
        let Some(token_hash) = token_hash else { return Ok(None) };
        let mut tx = self.db.global(None).await?;
        let now = tx.now();
        let live = web_sessions::live(tx.conn(), token_hash, now).await?;
        Ok(live.map(|session| Present { account: session.account, only: session.only }))
    }

    /// Writes to an account's holder.
    pub async fn tell(&self, account: &Account, told: Told) {
        let notice = match told {
            Told::Linked(organization) => Notice::ProviderLinked { organization },
            Told::Unlinked(organization) => Notice::ProviderUnlinked { organization },
        };
        notices::send(self, account, notice).await;
    }
}
