//! Addresses that wait for their confirmation.

use chrono::TimeDelta;
use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};

use super::accounts::email_key;

/// How long a link works.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// An address that waits.
#[derive(Debug, Clone)]
pub struct EmailChange {
    /// Whose it shall be.
    pub account: AccountId,
    /// The address, as the person writes it.
    pub email: String,
}

/// Keeps an address that waits; an earlier one of the account is forgotten.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    account: AccountId,
    email: &str,
    token_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let now = tx.now();
    forget(tx, account).await?;
    sqlx::query!(
        "INSERT INTO identity.email_change (account_id, token_hash, email, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        account.uuid(),
        &token_hash[..],
        email,
        now,
        now + LIFETIME
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Uses a link up; `None` when it is unknown, used or too old.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<Option<EmailChange>, StoreError> {
    let now = tx.now();
    let row = sqlx::query!(
        "DELETE FROM identity.email_change WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id, email",
        &token_hash[..],
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| EmailChange { account: row.account_id.into(), email: row.email }))
}

/// The address that waits, of an account.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT email FROM identity.email_change WHERE account_id = $1 AND expires_at > $2",
        account.uuid(),
        now
    )
    .fetch_optional(conn)
    .await?)
}

/// Takes the link of an account back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut GlobalTx, account: AccountId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM identity.email_change WHERE account_id = $1", account.uuid())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Gives an account a confirmed address; `false` when it is another account's.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn set(tx: &mut GlobalTx, account: AccountId, email: &str) -> Result<bool, StoreError> {
    let now = tx.now();
    let key = email_key(email);
    let taken = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM identity.account WHERE email_key = $1 AND id <> $2) AS "taken!""#,
        key,
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if taken {
        return Ok(false);
    }
    let done = sqlx::query!(
        "UPDATE identity.account SET email = $2, email_key = $3, email_verified_at = $4 WHERE id = $1",
        account.uuid(),
        email.trim(),
        key,
        now
    )
    .execute(tx.conn())
    .await
    .map_err(StoreError::from);
    match done {
        Ok(done) => done.exactly(1).map(|()| true),
        // Taken between the two statements.
        Err(error) if error.violates("account_email_key_key") => Ok(false),
        Err(error) => Err(error),
    }
}

/// Notes that the account's holder received a letter at its address.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn received(
    conn: &mut PgConnection,
    account: AccountId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE identity.account SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL",
        account.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the account's address is confirmed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_verified(conn: &mut PgConnection, account: AccountId) -> Result<bool, StoreError> {
    let verified = sqlx::query_scalar!(
        r#"SELECT email_verified_at IS NOT NULL AS "verified!" FROM identity.account WHERE id = $1"#,
        account.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(verified.unwrap_or(false))
}
