//! Hashes of recovery codes.

use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

/// Keeps new codes; earlier ones of the account stop working.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn replace(tx: &mut GlobalTx, account: AccountId, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
    let now = tx.now();
    forget(tx, account).await?;
    let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    sqlx::query!(
        "INSERT INTO identity.recovery_code (account_id, code_hash, created_at)
         SELECT $1, code_hash, $3 FROM unnest($2::bytea[]) AS code_hash",
        account.uuid(),
        &hashes,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(hashes.len() as u64)
}

/// Uses a code up; `false` when it is unknown or used.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut GlobalTx, account: AccountId, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let now = tx.now();
    let used = sqlx::query!(
        "UPDATE identity.recovery_code SET used_at = $3
          WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL",
        account.uuid(),
        &hash[..],
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// How many are left.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn left(conn: &mut PgConnection, account: AccountId) -> Result<i64, StoreError> {
    let left = sqlx::query_scalar!(
        "SELECT count(*) FROM identity.recovery_code WHERE account_id = $1 AND used_at IS NULL",
        account.uuid()
    )
    .fetch_one(conn)
    .await?;
    Ok(left.unwrap_or(0))
}

/// Forgets all codes: the account has no second factor any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut GlobalTx, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.recovery_code WHERE account_id = $1", account.uuid())
        .execute(tx.conn())
        .await?;
    Ok(())
}
