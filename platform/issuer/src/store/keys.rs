//! Keys that sign.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, StoreError};
use plenum_kernel::TypedId;
use plenum_vault::{Field, Opened, Sealed};
use serde_json::Value;

use crate::SigningKeyId;

/// For how long a key that signs no more is shown: an ID token is looked at when it comes, and as a hint at the end of a
/// session.
const SHOWN: TimeDelta = TimeDelta::days(30);

/// A key, opened.
pub struct Key {
    /// Its name in tokens.
    pub id: SigningKeyId,
    /// PKCS#8.
    pub key: Opened,
}

fn field(id: SigningKeyId) -> Field {
    Field::new("issuer.signing_key", "sealed_key", id.uuid())
}

/// The key that signs by an algorithm now.
///
/// # Errors
/// [`StoreError`] when the database fails or the key does not open.
pub async fn active(tx: &mut GlobalTx, algorithm: &str) -> Result<Option<Key>, StoreError> {
    let row = sqlx::query!(
        "SELECT id, sealed_key FROM issuer.signing_key WHERE algorithm = $1 AND retired_at IS NULL",
        algorithm
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = SigningKeyId::from(row.id);
    let key = plenum_vault::open(tx, &field(id), &Sealed::from(row.sealed_key)).await?;
    Ok(Some(Key { id, key }))
}

/// Adds a key; `false` when another signs by its algorithm.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    id: SigningKeyId,
    algorithm: &str,
    key: &[u8],
    public_key: &Value,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let sealed = plenum_vault::seal(tx, &field(id), key).await?;
    let inserted = sqlx::query!(
        "INSERT INTO issuer.signing_key (id, algorithm, sealed_key, public_key, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        id.uuid(),
        algorithm,
        sealed.as_bytes(),
        public_key,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Lets the keys that sign now sign no more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn retire(tx: &mut GlobalTx) -> Result<u64, StoreError> {
    let now = tx.now();
    let retired = sqlx::query!("UPDATE issuer.signing_key SET retired_at = $1 WHERE retired_at IS NULL", now)
        .execute(tx.conn())
        .await?;
    Ok(retired.rows_affected())
}

/// The public keys that are shown, the newest first; at most twenty.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn shown(tx: &mut GlobalTx) -> Result<Vec<Value>, StoreError> {
    let since = tx.now() - SHOWN;
    Ok(sqlx::query_scalar!(
        "SELECT public_key FROM issuer.signing_key
          WHERE retired_at IS NULL OR retired_at > $1
          ORDER BY created_at DESC, id
          LIMIT 20",
        since
    )
    .fetch_all(tx.conn())
    .await?)
}
