//! The directory of tenants.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, GlobalTx, OperatorTx, PgConnection, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use uuid::Uuid;

use super::deletions::Deletion;

/// A tenant, as the directory shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses: `federation`.
    pub slug: String,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short_name: String,
    /// Whether it is the federation's own apparatus.
    pub is_federation: bool,
}

struct Row {
    id: Uuid,
    slug: String,
    name: String,
    short_name: String,
    is_federation: bool,
}

impl From<Row> for Tenant {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            slug: row.slug,
            name: row.name,
            short_name: row.short_name,
            is_federation: row.is_federation,
        }
    }
}

/// The tenant with this slug, whoever asks: for commands and for the door, not for lists. One that is being deleted, or
/// was, is not there any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_slug(tx: &mut GlobalTx, slug: &str) -> Result<Option<Tenant>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, slug, name, short_name, is_federation
           FROM tenancy.tenant WHERE slug = $1 AND deletion_begun_at IS NULL",
        slug
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Tenant::from))
}

/// The tenant with this id; also one that was deleted, whose name others still have in what it sent them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(conn: &mut PgConnection, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, slug, name, short_name, is_federation FROM tenancy.tenant WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Tenant::from))
}

/// The tenants that the account of this transaction may enter, the federation first, then by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(tx: &mut GlobalTx, account: AccountId) -> Result<Vec<Tenant>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT t.id, t.slug, t.name, t.short_name, t.is_federation
           FROM tenancy.account_access a
           JOIN tenancy.tenant t ON t.id = a.tenant_id
          WHERE a.account_id = $1 AND a.suspended_at IS NULL AND t.suspended_at IS NULL
          ORDER BY t.is_federation DESC, t.name, t.id
          LIMIT 200",
        account.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Tenant::from).collect())
}

/// The other organizations of a tenant's tree, the federation first, then by name, at most 500: those between which
/// documents are exchanged.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_tree(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Tenant>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"WITH RECURSIVE above AS (
               SELECT id, parent_id FROM tenancy.tenant WHERE id = $1
               UNION
               SELECT t.id, t.parent_id FROM tenancy.tenant t JOIN above a ON t.id = a.parent_id),
           tree AS (
               SELECT id FROM above WHERE parent_id IS NULL
               UNION
               SELECT t.id FROM tenancy.tenant t JOIN tree ON t.parent_id = tree.id)
           SELECT t.id, t.slug, t.name, t.short_name, t.is_federation
             FROM tree
             JOIN tenancy.tenant t ON t.id = tree.id
            WHERE t.id <> $1 AND t.deletion_begun_at IS NULL
            ORDER BY t.is_federation DESC, t.name, t.id
            LIMIT 500"#,
        tenant.uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Tenant::from).collect())
}

/// The ids of all tenants but those that are being deleted, or were: the directory belongs to nobody, so the platform may
/// walk it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut GlobalTx) -> Result<Vec<TenantId>, StoreError> {
    let ids =
        sqlx::query_scalar!("SELECT id FROM tenancy.tenant WHERE deletion_begun_at IS NULL ORDER BY id")
            .fetch_all(tx.conn())
            .await?;
    Ok(ids.into_iter().map(TenantId::from).collect())
}

/// Adds a tenant to the directory: an operator's act.
///
/// # Errors
/// [`StoreError`], also when the slug is taken.
pub async fn insert(
    tx: &mut OperatorTx,
    tenant: &Tenant,
    parent: Option<TenantId>,
) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO tenancy.tenant (id, slug, name, short_name, is_federation, parent_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.id.uuid(),
        tenant.slug,
        tenant.name,
        tenant.short_name,
        tenant.is_federation,
        parent.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// What a tenant may use; none is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files.
    pub storage_bytes: Option<i64>,
    /// Letters of mailings in a day.
    pub letters_daily: Option<i64>,
    /// People in video rooms at the same time.
    pub participants: Option<i64>,
}

/// The limits of the transaction's tenant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn limits(tx: &mut TenantTx) -> Result<Limits, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Limits,
        "SELECT storage_limit_bytes AS storage_bytes,
                letters_limit_daily AS letters_daily,
                participants_limit AS participants
           FROM tenancy.tenant WHERE id = $1",
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether the transaction's tenant is suspended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_suspended(tx: &mut TenantTx) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT suspended_at IS NOT NULL AS "suspended!" FROM tenancy.tenant WHERE id = $1"#,
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}

/// A tenant as its federation oversees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overseen {
    /// The tenant.
    pub tenant: Tenant,
    /// The tenant above it.
    pub parent: Option<TenantId>,
    /// Since when it is.
    pub created_at: DateTime<Utc>,
    /// Since when nobody may enter.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Why.
    pub suspended_reason: Option<String>,
    /// What it may use.
    pub limits: Limits,
    /// Its deletion, when that was asked for.
    pub deletion: Option<Deletion>,
}

/// A federation and the tenants below it, without those that were deleted: itself first, then by name, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn overseen(conn: &mut PgConnection, federation: TenantId) -> Result<Vec<Overseen>, StoreError> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE tree AS (
               SELECT id FROM tenancy.tenant WHERE id = $1
               UNION
               SELECT t.id FROM tenancy.tenant t JOIN tree ON t.parent_id = tree.id)
           SELECT t.id, t.slug, t.name, t.short_name, t.is_federation, t.parent_id, t.created_at, t.suspended_at,
                  t.suspended_reason, t.storage_limit_bytes, t.letters_limit_daily, t.participants_limit,
                  t.deletion_asked_at, t.deletion_asked_by, t.deletion_reason, t.deletion_due_at,
                  t.deletion_begun_at
             FROM tree
             JOIN tenancy.tenant t ON t.id = tree.id
            WHERE t.deleted_at IS NULL
            ORDER BY t.id <> $1, t.name, t.id
            LIMIT 500"#,
        federation.uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Overseen {
            tenant: Tenant {
                id: row.id.into(),
                slug: row.slug,
                name: row.name,
                short_name: row.short_name,
                is_federation: row.is_federation,
            },
            parent: row.parent_id.map(TenantId::from),
            created_at: row.created_at,
            suspended_at: row.suspended_at,
            suspended_reason: row.suspended_reason,
            limits: Limits {
                storage_bytes: row.storage_limit_bytes,
                letters_daily: row.letters_limit_daily,
                participants: row.participants_limit,
            },
            deletion: Deletion::read(
                row.deletion_asked_at,
                row.deletion_asked_by,
                row.deletion_reason,
                row.deletion_due_at,
                row.deletion_begun_at,
            ),
        })
        .collect())
}

/// The tenant right above one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn parent(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<TenantId>, StoreError> {
    let parent = sqlx::query_scalar!("SELECT parent_id FROM tenancy.tenant WHERE id = $1", tenant.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(parent.flatten().map(TenantId::from))
}

/// Gives a tenant other names: an operator's act.
///
/// # Errors
/// [`StoreError`], also when there is no such tenant.
pub async fn rename(
    tx: &mut OperatorTx,
    tenant: TenantId,
    name: &str,
    short_name: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE tenancy.tenant SET name = $2, short_name = $3 WHERE id = $1",
        tenant.uuid(),
        name,
        short_name
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Suspends a tenant: an operator's act; false when it is suspended already. Who has something open there is not told
/// here.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn suspend(
    tx: &mut OperatorTx,
    tenant: TenantId,
    reason: Option<&str>,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let done = sqlx::query!(
        "UPDATE tenancy.tenant SET suspended_at = $2, suspended_reason = $3
          WHERE id = $1 AND suspended_at IS NULL",
        tenant.uuid(),
        now,
        reason
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a suspended tenant back: an operator's act; false when it is not suspended, or is being deleted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resume(tx: &mut OperatorTx, tenant: TenantId) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE tenancy.tenant SET suspended_at = NULL, suspended_reason = NULL
          WHERE id = $1 AND suspended_at IS NOT NULL AND deletion_begun_at IS NULL",
        tenant.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Limits what a tenant uses: an operator's act.
///
/// # Errors
/// [`StoreError`], also when there is no such tenant.
pub async fn limit(tx: &mut OperatorTx, tenant: TenantId, limits: Limits) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE tenancy.tenant
            SET storage_limit_bytes = $2, letters_limit_daily = $3, participants_limit = $4
          WHERE id = $1",
        tenant.uuid(),
        limits.storage_bytes,
        limits.letters_daily,
        limits.participants
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
