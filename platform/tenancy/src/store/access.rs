//! Which accounts may enter a tenant.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};

/// Lets an account in; again is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn admit(tx: &mut TenantTx, account: AccountId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO tenancy.account_access (tenant_id, account_id, created_at)
         VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, account_id) DO NOTHING",
        tenant,
        account.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether an account may enter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn admits(tx: &mut TenantTx, account: AccountId) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM tenancy.account_access WHERE tenant_id = $1 AND account_id = $2) AS "admits!""#,
        tenant,
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?)
}
