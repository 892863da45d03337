//! Sign-ins whose password was right and whose second factor is awaited.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

/// For how long the second factor is awaited: the time to find the phone or the sheet with the codes.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Keeps a sign-in that waits, and forgets those of the account that waited too long.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut GlobalTx, account: AccountId, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "DELETE FROM identity.pending_sign_in WHERE account_id = $1 AND expires_at <= $2",
        account.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO identity.pending_sign_in (token_hash, account_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
        &token_hash[..],
        account.uuid(),
        now,
        now + LIFETIME
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whose sign-in waits.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn account(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<Option<AccountId>, StoreError> {
    let now = tx.now();
    Ok(sqlx::query_scalar!(
        "SELECT account_id FROM identity.pending_sign_in WHERE token_hash = $1 AND expires_at > $2",
        &token_hash[..],
        now
    )
    .fetch_optional(tx.conn())
    .await?
    .map(AccountId::from))
}

/// Uses it up; `false` when it is gone already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let taken = sqlx::query!("DELETE FROM identity.pending_sign_in WHERE token_hash = $1", &token_hash[..])
        .execute(tx.conn())
        .await?;
    Ok(taken.rows_affected() == 1)
}

/// Ends all that wait for an account: its password changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(conn: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.pending_sign_in WHERE account_id = $1", account.uuid())
        .execute(conn)
        .await?;
    Ok(())
}
