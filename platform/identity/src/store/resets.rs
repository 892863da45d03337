//! Links for setting a new password.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

/// How long a link works.
pub const LIFETIME: TimeDelta = TimeDelta::hours(2);

/// Keeps a new link; earlier ones of the account stop working.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut GlobalTx, account: AccountId, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!("DELETE FROM identity.password_reset WHERE account_id = $1", account.uuid())
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "INSERT INTO identity.password_reset (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        &token_hash[..],
        account.uuid(),
        now,
        now + LIFETIME
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Uses a link up; `None` when it is unknown, used or too old.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<Option<AccountId>, StoreError> {
    let now = tx.now();
    Ok(sqlx::query_scalar!(
        "UPDATE identity.password_reset
            SET used_at = $2
          WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING account_id",
        &token_hash[..],
        now
    )
    .fetch_optional(tx.conn())
    .await?
    .map(AccountId::from))
}

/// Takes the links of an account back: its password was changed otherwise.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(conn: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.password_reset WHERE account_id = $1", account.uuid())
        .execute(conn)
        .await?;
    Ok(())
}
