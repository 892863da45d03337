//! The authenticators of accounts, at most one each.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

/// An authenticator.
#[derive(Clone)]
pub struct Authenticator {
    /// The secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// Since when its codes are asked for; none until the first one was typed.
    pub proven_at: Option<DateTime<Utc>>,
}

/// The account's authenticator.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<Option<Authenticator>, StoreError> {
    Ok(sqlx::query_as!(
        Authenticator,
        "SELECT sealed_secret, proven_at FROM identity.totp WHERE account_id = $1",
        account.uuid()
    )
    .fetch_optional(conn)
    .await?)
}

/// Keeps a secret that has to be proven; one that was begun before is forgotten. Refuses, with `false`, when the account
/// has an authenticator that is proven.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begin(tx: &mut GlobalTx, account: AccountId, sealed_secret: &[u8]) -> Result<bool, StoreError> {
    let now = tx.now();
    sqlx::query!("DELETE FROM identity.totp WHERE account_id = $1 AND proven_at IS NULL", account.uuid())
        .execute(tx.conn())
        .await?;
    let begun = sqlx::query!(
        "INSERT INTO identity.totp (account_id, sealed_secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO NOTHING",
        account.uuid(),
        sealed_secret,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// Its codes are asked for from now on.
///
/// # Errors
/// [`StoreError`] when the database fails or it was begun anew meanwhile.
pub async fn prove(tx: &mut GlobalTx, account: AccountId, sealed_secret: &[u8]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE identity.totp SET proven_at = $3
          WHERE account_id = $1 AND sealed_secret = $2 AND proven_at IS NULL",
        account.uuid(),
        sealed_secret,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Uses a step up; `false` when it, or a later one, was used before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn use_step(tx: &mut GlobalTx, account: AccountId, step: i64) -> Result<bool, StoreError> {
    let used = sqlx::query!(
        "UPDATE identity.totp SET last_step = $2 WHERE account_id = $1 AND (last_step IS NULL OR last_step < $2)",
        account.uuid(),
        step
    )
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Forgets the authenticator; tells whether a proven one was there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut GlobalTx, account: AccountId) -> Result<bool, StoreError> {
    let proven = sqlx::query_scalar!(
        "DELETE FROM identity.totp WHERE account_id = $1 RETURNING proven_at IS NOT NULL",
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(proven.flatten().unwrap_or(false))
}
