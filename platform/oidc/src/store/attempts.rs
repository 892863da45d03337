//! Sign-ins that came back.

use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;

/// Uses an attempt up, and forgets those that are too old to come back; `false` when it was used before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(
    tx: &mut TenantTx,
    state_hash: &[u8; 32],
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!("DELETE FROM oidc.used_attempt WHERE tenant_id = $1 AND expires_at <= $2", tenant, now)
        .execute(tx.conn())
        .await?;
    let taken = sqlx::query!(
        "INSERT INTO oidc.used_attempt (tenant_id, state_hash, expires_at)
         VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, state_hash) DO NOTHING",
        tenant,
        &state_hash[..],
        expires_at
    )
    .execute(tx.conn())
    .await?;
    Ok(taken.rows_affected() == 1)
}
