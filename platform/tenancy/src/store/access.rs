//! Which accounts may enter a tenant.

use chrono::{DateTime, Utc};
use plenum_authz::ModulesOff;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_live::Topic;

/// An account's access to the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who.
    pub account: AccountId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was suspended, if it is.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Who suspended it; none is the platform.
    pub suspended_by: Option<AccountId>,
    /// Why it was suspended.
    pub suspended_reason: Option<String>,
}

/// Lets an account in; again is no fault, and does not resume what is suspended.
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

/// What the tenant is to an account that knocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whether it may enter: it was let in, and neither it nor the tenant is suspended.
    pub admitted: bool,
    /// What the tenant does without.
    pub off: ModulesOff,
}

/// Whether an account may enter, and what it does not find inside: what every viewer is made of, beside the grants.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn entry(tx: &mut TenantTx, account: AccountId) -> Result<Entry, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM tenancy.account_access a
                            JOIN tenancy.tenant t ON t.id = a.tenant_id
                           WHERE a.tenant_id = $1
                             AND a.account_id = $2
                             AND a.suspended_at IS NULL
                             AND t.suspended_at IS NULL) AS "admitted!",
                  (SELECT refused FROM tenancy.settings WHERE tenant_id = $1) AS refused"#,
        tenant,
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Entry { admitted: row.admitted, off: ModulesOff::new(row.refused.unwrap_or_default()) })
}

/// Whether an account may enter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn admits(tx: &mut TenantTx, account: AccountId) -> Result<bool, StoreError> {
    Ok(entry(tx, account).await?.admitted)
}

/// An account's access; none when it was never let in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(tx: &mut TenantTx, account: AccountId) -> Result<Option<Access>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        "SELECT created_at, suspended_at, suspended_by, suspended_reason
           FROM tenancy.account_access
          WHERE tenant_id = $1 AND account_id = $2",
        tenant,
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(|row| Access {
        account,
        since: row.created_at,
        suspended_at: row.suspended_at,
        suspended_by: row.suspended_by.map(AccountId::from),
        suspended_reason: row.suspended_reason,
    }))
}

/// Suspends access: the account and its roles stay, and nothing is allowed. What it has open ends with the commit.
///
/// # Errors
/// [`StoreError`], also when the account was never let in or is suspended already.
pub async fn suspend(tx: &mut TenantTx, account: AccountId, reason: Option<&str>) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let by = tx.viewer().account().map(TypedId::uuid);
    sqlx::query!(
        "UPDATE tenancy.account_access
            SET suspended_at = $3, suspended_by = $4, suspended_reason = $5
          WHERE tenant_id = $1 AND account_id = $2 AND suspended_at IS NULL",
        tenant.uuid(),
        account.uuid(),
        now,
        by,
        reason
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    plenum_live::touch(tx, &Topic::access(tenant, account)).await
}

/// Gives suspended access back.
///
/// # Errors
/// [`StoreError`], also when it is not suspended.
pub async fn resume(tx: &mut TenantTx, account: AccountId) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    sqlx::query!(
        "UPDATE tenancy.account_access
            SET suspended_at = NULL, suspended_by = NULL, suspended_reason = NULL
          WHERE tenant_id = $1 AND account_id = $2 AND suspended_at IS NOT NULL",
        tenant.uuid(),
        account.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    plenum_live::touch(tx, &Topic::access(tenant, account)).await
}

/// How many accounts may enter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM tenancy.account_access WHERE tenant_id = $1 AND suspended_at IS NULL"#,
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}
