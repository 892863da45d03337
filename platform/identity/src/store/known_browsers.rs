//! Browsers in which an account has signed in before.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

/// A browser that was not used for so long is forgotten: a year, as browsers keep a cookie little longer (RFC 6265bis
/// §5.5 ends it after 400 days).
pub const LIFETIME: TimeDelta = TimeDelta::days(365);

/// Whether the account has signed in with this browser before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn knows(tx: &mut GlobalTx, account: AccountId, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let since = tx.now() - LIFETIME;
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (
            SELECT FROM identity.known_browser WHERE token_hash = $1 AND account_id = $2 AND last_used_at > $3
         )",
        &token_hash[..],
        account.uuid(),
        since
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found.unwrap_or(false))
}

/// Whether the account has signed in with any browser since they are kept.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn any(tx: &mut GlobalTx, account: AccountId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT FROM identity.known_browser WHERE account_id = $1)",
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found.unwrap_or(false))
}

/// Keeps a browser with which the account has just signed in, and forgets old ones.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep(tx: &mut GlobalTx, account: AccountId, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "DELETE FROM identity.known_browser WHERE account_id = $1 AND last_used_at <= $2",
        account.uuid(),
        now - LIFETIME
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO identity.known_browser (token_hash, account_id, created_at, last_used_at)
         VALUES ($1, $2, $3, $3)
         ON CONFLICT (token_hash, account_id) DO UPDATE SET last_used_at = $3",
        &token_hash[..],
        account.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets all browsers of an account: after its password was set anew by mail, whoever had it may have signed in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(conn: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.known_browser WHERE account_id = $1", account.uuid())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether any account has signed in with this browser before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn exists(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let since = tx.now() - LIFETIME;
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT FROM identity.known_browser WHERE token_hash = $1 AND last_used_at > $2)",
        &token_hash[..],
        since
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found.unwrap_or(false))
}
