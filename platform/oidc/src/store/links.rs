//! Which account somebody at the provider is.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};

/// A link of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which provider.
    pub issuer: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// The account of somebody at a provider.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn account(
    tx: &mut TenantTx,
    issuer: &str,
    subject: &str,
) -> Result<Option<AccountId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT account_id FROM oidc.link WHERE tenant_id = $1 AND issuer = $2 AND subject = $3",
        tenant,
        issuer,
        subject
    )
    .fetch_optional(tx.conn())
    .await?
    .map(AccountId::from))
}

/// The link of an account.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(tx: &mut TenantTx, account: AccountId) -> Result<Option<Link>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Link,
        "SELECT issuer, created_at FROM oidc.link WHERE tenant_id = $1 AND account_id = $2",
        tenant,
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// How many accounts are linked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM oidc.link WHERE tenant_id = $1"#, tenant)
        .fetch_one(tx.conn())
        .await?)
}

/// Links; `false` when the account or the person is linked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    account: AccountId,
    issuer: &str,
    subject: &str,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let inserted = sqlx::query!(
        "INSERT INTO oidc.link (tenant_id, account_id, issuer, subject, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        tenant,
        account.uuid(),
        issuer,
        subject,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Notes that a link was used.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such link.
pub async fn used(tx: &mut TenantTx, account: AccountId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE oidc.link SET last_used_at = $3 WHERE tenant_id = $1 AND account_id = $2",
        tenant,
        account.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Forgets an account's link; tells whether there was one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn delete(tx: &mut TenantTx, account: AccountId) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let deleted = sqlx::query!(
        "DELETE FROM oidc.link WHERE tenant_id = $1 AND account_id = $2",
        tenant,
        account.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Forgets the links with all other providers than this one, or with all.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut TenantTx, kept: Option<&str>) -> Result<u64, StoreError> {
    let tenant = tx.tenant().uuid();
    let deleted = sqlx::query!(
        "DELETE FROM oidc.link WHERE tenant_id = $1 AND issuer IS DISTINCT FROM $2",
        tenant,
        kept
    )
    .execute(tx.conn())
    .await?;
    Ok(deleted.rows_affected())
}
