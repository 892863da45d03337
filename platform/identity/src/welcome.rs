//! Letting in whom a letter reached: the address is confirmed by the link that came to it.

use chrono::{DateTime, Utc};
use plenum_db::{PgConnection, StoreError};
use plenum_kernel::{AccountId, Language};

use crate::{
    Arrival, Identity,
    admit::Visit,
    cookie,
    notices::{self, Notice},
    store::{
        accounts::{self, Account},
        email_changes, known_browsers, pending_sign_ins, resets, web_sessions,
    },
    token,
};

/// Somebody who wants to sign in with an address that a letter came to.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The address.
    pub email: String,
    /// How they call themselves.
    pub name: String,
    /// The language of their letters.
    pub language: Language,
    /// The hash of the password that they chose.
    pub password_hash: String,
}

/// What became of a newcomer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcomed {
    /// The account was made.
    Made(AccountId),
    /// The account was there, without a password, and has one now.
    Opened(AccountId),
    /// The account has a password: its holder signs in.
    HasPassword,
}

/// Makes the account of an address, or gives it its first password, in the caller's transaction. Of two at once one is
/// done and the other is told that there is a password.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn welcome(
    conn: &mut PgConnection,
    newcomer: &Newcomer,
    now: DateTime<Utc>,
) -> Result<Welcomed, StoreError> {
    let was_there = accounts::by_email(conn, &newcomer.email).await?.is_some();
    let id = accounts::find_or_invite(conn, &newcomer.email, &newcomer.name, now).await?;
    accounts::hold(conn, id).await?;
    if accounts::by_id(conn, id).await?.is_none_or(|account| account.password_hash.is_some()) {
        return Ok(Welcomed::HasPassword);
    }
    accounts::set_name(conn, id, &newcomer.name).await?;
    accounts::set_language(conn, id, newcomer.language).await?;
    accounts::set_password(conn, id, &newcomer.password_hash).await?;
    resets::forget(conn, id).await?;
    set_by_mail(conn, id, now).await?;
    Ok(if was_there { Welcomed::Opened(id) } else { Welcomed::Made(id) })
}

/// What goes with a password that is set by a link of a letter: the address is confirmed, and whatever was signed in
/// before has ended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn set_by_mail(
    conn: &mut PgConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    email_changes::received(conn, account, now).await?;
    web_sessions::end_all(conn, account, None).await?;
    pending_sign_ins::forget(conn, account).await?;
    // Whoever knew the old password may have signed in with it: no browser is trusted any more.
    known_browsers::forget(conn, account).await
}

impl Identity {
    /// Signs a newcomer in, under a new token, and tells the holder of an account that was there. Gives the cookies to
    /// set.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sign_in_newcomer(
        &self,
        account: &Account,
        was_there: bool,
        arrival: Arrival,
    ) -> Result<Vec<String>, StoreError> {
        if was_there {
            notices::send(self, account, Notice::PasswordChanged).await;
        }
        let visit = Visit::at(arrival.address, arrival.browser, arrival.token_hash);
        let guesser = self.guesser(Some(account.id), &visit).await?;
        self.admit(account, &visit, &guesser).await
    }

    /// Gives the session of a token another one, for its holder is allowed more from now on. Gives the cookie to set;
    /// none when the session has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn renew_token(&self, token_hash: &[u8; 32]) -> Result<Option<String>, StoreError> {
        let mut tx = self.db.global(None).await?;
        let now = tx.now();
        let Some(session) = web_sessions::live(tx.conn(), token_hash, now).await? else { return Ok(None) };
        let secret = token::generate();
        web_sessions::renew(&mut tx, session.id, &token::hash(&secret)).await?;
        tx.commit().await?;
        Ok(Some(cookie::set(&secret, self.secure_cookies)))
    }
}
