//! Which master key is meant, and the locks of its change.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, OperatorTx, PgConnection, StoreError};

/// The check value of the master key that wraps the keys; `None` before the first start.
pub(crate) async fn check_value(conn: &mut PgConnection) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!("SELECT check_value FROM vault.master_key").fetch_optional(conn).await?)
}

/// Notes the first master key; of several servers that start at once, one comes first.
pub(crate) async fn note(
    conn: &mut PgConnection,
    check_value: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO vault.master_key (check_value, since) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        check_value,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes another master key.
pub(crate) async fn replace(tx: &mut OperatorTx, check_value: &[u8]) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!("UPDATE vault.master_key SET check_value = $1, since = $2", check_value, now)
        .execute(tx.conn())
        .await?
        .exactly(1)
}

/// Until the end of the transaction the master key does not change.
pub(crate) async fn hold(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock_shared(hashtextextended('vault.master_key', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// Until the end of the transaction nobody else wraps keys.
pub(crate) async fn hold_alone(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('vault.master_key', 0))")
        .execute(conn)
        .await?;
    Ok(())
}
