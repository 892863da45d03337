//! Live sign-ins of browsers.

use chrono::{TimeDelta, Utc};
use plenum_db::{GlobalTx, StoreError};
use plenum_kernel::{AccountId, TypedId};

use crate::cookie;

/// Keeps a new sign-in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut GlobalTx, account: AccountId, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO identity.web_session (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        &token_hash[..],
        account.uuid(),
        now,
        now + TimeDelta::seconds(cookie::LIFETIME_S)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The account that a live sign-in belongs to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn account(
    conn: &mut plenum_db::PgConnection,
    token_hash: &[u8; 32],
    now: chrono::DateTime<Utc>,
) -> Result<Option<AccountId>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT account_id FROM identity.web_session WHERE token_hash = $1 AND expires_at > $2",
        &token_hash[..],
        now
    )
    .fetch_optional(conn)
    .await?
    .map(AccountId::from))
}

/// Ends one sign-in; one that is gone already is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn delete(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.web_session WHERE token_hash = $1", &token_hash[..])
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends all sign-ins of an account: after its password changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn delete_all(tx: &mut GlobalTx, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.web_session WHERE account_id = $1", account.uuid())
        .execute(tx.conn())
        .await?;
    Ok(())
}
