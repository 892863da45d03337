//! The passkeys of accounts.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};
use serde_json::Value;

use crate::PasskeyId;

/// An account has no more than so many: a list that somebody can oversee.
pub const MOST: i64 = 20;

/// A passkey as its holder sees it.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// How its holder calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used; none until then.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A passkey as an answer is compared with it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub account: AccountId,
    /// The public key, the counter and what the authenticator said of itself.
    pub credential: Value,
    /// How its holder calls it.
    pub name: String,
}

/// The passkeys of an account, the oldest first; at most [`MOST`].
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, name, created_at, last_used_at
           FROM identity.passkey
          WHERE account_id = $1
          ORDER BY created_at, id
          LIMIT $2",
        account.uuid(),
        MOST
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Passkey {
            id: row.id.into(),
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// How many an account has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(conn: &mut PgConnection, account: AccountId) -> Result<i64, StoreError> {
    let count =
        sqlx::query_scalar!("SELECT count(*) FROM identity.passkey WHERE account_id = $1", account.uuid())
            .fetch_one(conn)
            .await?;
    Ok(count.unwrap_or(0))
}

/// What authenticators find the account's passkeys by.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn credential_ids(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT credential_id FROM identity.passkey WHERE account_id = $1 ORDER BY created_at, id LIMIT $2",
        account.uuid(),
        MOST
    )
    .fetch_all(conn)
    .await?)
}

/// The passkey of this credential, held until the transaction ends: of two answers at once, the second is compared with
/// the counter that the first left.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold(tx: &mut GlobalTx, credential_id: &[u8]) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query!(
        "SELECT id, account_id, credential, name FROM identity.passkey WHERE credential_id = $1 FOR UPDATE",
        credential_id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Kept {
        id: row.id.into(),
        account: row.account_id.into(),
        credential: row.credential,
        name: row.name,
    }))
}

/// Adds a passkey; `false` when there is one of this credential.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    account: AccountId,
    credential_id: &[u8],
    credential: &Value,
    name: &str,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let added = sqlx::query!(
        "INSERT INTO identity.passkey (id, account_id, credential_id, credential, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (credential_id) DO NOTHING",
        PasskeyId::new().uuid(),
        account.uuid(),
        credential_id,
        credential,
        name,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Notes that a passkey was used, with the counter that it told.
///
/// # Errors
/// [`StoreError`] when the database fails or it is gone.
pub async fn used(tx: &mut GlobalTx, passkey: PasskeyId, credential: &Value) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE identity.passkey SET credential = $2, last_used_at = $3 WHERE id = $1",
        passkey.uuid(),
        credential,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Gives an account's passkey another name; tells whether there is one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rename(
    tx: &mut GlobalTx,
    account: AccountId,
    passkey: PasskeyId,
    name: &str,
) -> Result<bool, StoreError> {
    let renamed = sqlx::query!(
        "UPDATE identity.passkey SET name = $3 WHERE id = $1 AND account_id = $2",
        passkey.uuid(),
        account.uuid(),
        name
    )
    .execute(tx.conn())
    .await?;
    Ok(renamed.rows_affected() == 1)
}

/// Forgets all passkeys of an account; how many there were.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove_all(tx: &mut GlobalTx, account: AccountId) -> Result<u64, StoreError> {
    let removed = sqlx::query!("DELETE FROM identity.passkey WHERE account_id = $1", account.uuid())
        .execute(tx.conn())
        .await?;
    Ok(removed.rows_affected())
}

/// Forgets an account's passkey; its name, when there was one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(
    tx: &mut GlobalTx,
    account: AccountId,
    passkey: PasskeyId,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM identity.passkey WHERE id = $1 AND account_id = $2 RETURNING name",
        passkey.uuid(),
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?)
}
