//! The deletion of a tenant: asked for, called off, carried out, and what is left to know of it.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, OperatorTx, PgConnection, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::tenants::Tenant;

/// A deletion that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: AccountId,
    /// Why.
    pub reason: String,
    /// From when on everything is deleted.
    pub due_at: DateTime<Utc>,
    /// Since when it is carried out and nothing calls it off.
    pub begun_at: Option<DateTime<Utc>>,
}

impl Deletion {
    pub(super) fn read(
        asked_at: Option<DateTime<Utc>>,
        asked_by: Option<Uuid>,
        reason: Option<String>,
        due_at: Option<DateTime<Utc>>,
        begun_at: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        Some(Self {
            asked_at: asked_at?,
            asked_by: asked_by?.into(),
            reason: reason?,
            due_at: due_at?,
            begun_at,
        })
    }
}

/// The end of the audit of a tenant: the number of its last entry, and the hash of that.
pub type AuditHead = (i64, Vec<u8>);

/// What is known of a tenant that was deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Tombstone {
    /// The tenant.
    pub tenant: Tenant,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who asked for the deletion, when and why.
    pub deletion: Deletion,
    /// When the last of it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// How many files it had.
    pub files: i64,
    /// Their bytes.
    pub bytes: i64,
    /// Rows by table.
    pub rows: Value,
    /// The end of its audit; none when it had no entry.
    pub audit_head: Option<AuditHead>,
}

/// The deletion of a tenant; none when it was not asked for, or was called off.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<Deletion>, StoreError> {
    let row = sqlx::query!(
        "SELECT deletion_asked_at, deletion_asked_by, deletion_reason, deletion_due_at, deletion_begun_at
           FROM tenancy.tenant WHERE id = $1",
        tenant.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        Deletion::read(
            row.deletion_asked_at,
            row.deletion_asked_by,
            row.deletion_reason,
            row.deletion_due_at,
            row.deletion_begun_at,
        )
    }))
}

/// The deletion of the transaction's tenant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn own(tx: &mut TenantTx) -> Result<Option<Deletion>, StoreError> {
    let tenant = tx.tenant();
    of(tx.conn(), tenant).await
}

/// Whether a tenant is being deleted, or was: then nothing is written there any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn has_begun(tx: &mut TenantTx) -> Result<bool, StoreError> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar!(
        r#"SELECT deletion_begun_at IS NOT NULL AS "begun!" FROM tenancy.tenant WHERE id = $1"#,
        tenant.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .unwrap_or(false))
}

/// How many tenants are right below one, without those that were deleted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn below(conn: &mut PgConnection, tenant: TenantId) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM tenancy.tenant WHERE parent_id = $1 AND deleted_at IS NULL"#,
        tenant.uuid()
    )
    .fetch_one(conn)
    .await?)
}

/// Sets the day on which a tenant is deleted: an operator's act; false when it is set already.
///
/// # Errors
/// [`StoreError`], also for the apparatus of a federation.
pub async fn ask(
    tx: &mut OperatorTx,
    tenant: TenantId,
    by: AccountId,
    reason: &str,
    due_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let done = sqlx::query!(
        "UPDATE tenancy.tenant
            SET deletion_asked_at = $2, deletion_asked_by = $3, deletion_reason = $4, deletion_due_at = $5
          WHERE id = $1 AND deletion_asked_at IS NULL",
        tenant.uuid(),
        now,
        by.uuid(),
        reason,
        due_at
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Calls the deletion off: an operator's act; false when it was not asked for, or has begun.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn call_off(tx: &mut OperatorTx, tenant: TenantId) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE tenancy.tenant
            SET deletion_asked_at = NULL, deletion_asked_by = NULL, deletion_reason = NULL, deletion_due_at = NULL
          WHERE id = $1 AND deletion_asked_at IS NOT NULL AND deletion_begun_at IS NULL",
        tenant.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Begins a deletion that is due: the tenant is suspended, and nothing calls it off any more. False when it is not due,
/// was called off, or is over; true also when it had begun before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begin(tx: &mut OperatorTx, tenant: TenantId) -> Result<bool, StoreError> {
    let now = tx.now();
    let done = sqlx::query!(
        "UPDATE tenancy.tenant
            SET deletion_begun_at = coalesce(deletion_begun_at, $2), suspended_at = coalesce(suspended_at, $2)
          WHERE id = $1 AND deletion_due_at <= $2 AND deleted_at IS NULL",
        tenant.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes once, before the first row goes, what the tenant was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn measure(
    tx: &mut OperatorTx,
    tenant: TenantId,
    files: i64,
    bytes: i64,
    audit_head: Option<&AuditHead>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE tenancy.tenant
            SET deleted_files = $2, deleted_bytes = $3, deleted_audit_number = $4, deleted_audit_hash = $5,
                deleted_rows = '{}'
          WHERE id = $1 AND deletion_begun_at IS NOT NULL AND deleted_files IS NULL",
        tenant.uuid(),
        files,
        bytes,
        audit_head.map(|(number, _)| *number),
        audit_head.map(|(_, hash)| hash.as_slice())
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether it was noted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_measured(conn: &mut PgConnection, tenant: TenantId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT deleted_files IS NOT NULL AS "measured!" FROM tenancy.tenant WHERE id = $1"#,
        tenant.uuid()
    )
    .fetch_optional(conn)
    .await?
    .unwrap_or(false))
}

/// Whether the deletion is over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_over(conn: &mut PgConnection, tenant: TenantId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT deleted_at IS NOT NULL AS "over!" FROM tenancy.tenant WHERE id = $1"#,
        tenant.uuid()
    )
    .fetch_optional(conn)
    .await?
    .unwrap_or(false))
}

/// Empties one table, which is named as the catalogue names it, of a tenant whose deletion has begun, and adds up how
/// many rows went. The statement is not limited in time: what it does it does wholly or not at all.
///
/// # Errors
/// [`StoreError`], also when the deletion of that tenant has not begun.
pub async fn empty(
    tx: &mut OperatorTx,
    tenant: TenantId,
    table: &plenum_db::catalogue::TenantTable,
) -> Result<u64, StoreError> {
    let begun = sqlx::query_scalar!(
        "SELECT id FROM tenancy.tenant WHERE id = $1 AND deleted_files IS NOT NULL AND deleted_at IS NULL
            FOR NO KEY UPDATE",
        tenant.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    if begun.is_none() {
        return Err(StoreError::Rows { expected: 1, found: 0 });
    }
    sqlx::query("SET LOCAL statement_timeout = 0").execute(tx.conn()).await?;
    // The operator's role is not bound by row security: this is the one statement by which it deletes, and it names the
    // tenant. The table's name is the catalogue's, never a text from outside.
    let delete = format!("DELETE FROM {} WHERE tenant_id = $1", table.quoted());
    let gone = sqlx::query(sqlx::AssertSqlSafe(delete)).bind(tenant.uuid()).execute(tx.conn()).await?;
    let count = gone.rows_affected();
    if count > 0 {
        let counted = json!({ table.name.as_str(): count });
        sqlx::query!(
            "UPDATE tenancy.tenant
                SET deleted_rows = deleted_rows || (
                        SELECT jsonb_object_agg(key, value::bigint + coalesce((deleted_rows ->> key)::bigint, 0))
                          FROM jsonb_each_text($2::jsonb))
              WHERE id = $1",
            tenant.uuid(),
            counted
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
    }
    Ok(count)
}

/// The first of these tables in which the transaction's tenant has a row.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn first_with_rows(
    tx: &mut TenantTx,
    tables: &[plenum_db::catalogue::TenantTable],
) -> Result<Option<usize>, StoreError> {
    let tenant = tx.tenant().uuid();
    let all: Vec<String> = (0_i32..)
        .zip(tables)
        .map(|(at, table)| {
            format!("SELECT {at} AS at WHERE EXISTS (SELECT FROM {} WHERE tenant_id = $1)", table.quoted())
        })
        .collect();
    if all.is_empty() {
        return Ok(None);
    }
    let first = format!("SELECT min(at) FROM ({}) AS filled", all.join(" UNION ALL "));
    let at: Option<i32> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(first)).bind(tenant).fetch_one(tx.conn()).await?;
    Ok(at.and_then(|at| usize::try_from(at).ok()))
}

/// Ends the deletion: what is left is the tombstone.
///
/// # Errors
/// [`StoreError`] when the database fails or it is over already.
pub async fn end(tx: &mut OperatorTx, tenant: TenantId) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE tenancy.tenant SET deleted_at = $2
          WHERE id = $1 AND deleted_files IS NOT NULL AND deleted_at IS NULL",
        tenant.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The tenants below a federation that were deleted, the latest first, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn tombstones(conn: &mut PgConnection, federation: TenantId) -> Result<Vec<Tombstone>, StoreError> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE tree AS (
               SELECT id FROM tenancy.tenant WHERE id = $1
               UNION
               SELECT t.id FROM tenancy.tenant t JOIN tree ON t.parent_id = tree.id)
           SELECT t.id, t.slug, t.name, t.short_name, t.is_federation, t.created_at, t.deletion_asked_at,
                  t.deletion_asked_by, t.deletion_reason, t.deletion_due_at, t.deletion_begun_at,
                  t.deleted_at AS "deleted_at!", t.deleted_files AS "files!", t.deleted_bytes AS "bytes!",
                  t.deleted_rows AS "rows!", t.deleted_audit_number, t.deleted_audit_hash
             FROM tree
             JOIN tenancy.tenant t ON t.id = tree.id
            WHERE t.deleted_at IS NOT NULL
            ORDER BY t.deleted_at DESC, t.id
            LIMIT 500"#,
        federation.uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Tombstone {
                tenant: Tenant {
                    id: row.id.into(),
                    slug: row.slug,
                    name: row.name,
                    short_name: row.short_name,
                    is_federation: row.is_federation,
                },
                created_at: row.created_at,
                deletion: Deletion::read(
                    row.deletion_asked_at,
                    row.deletion_asked_by,
                    row.deletion_reason,
                    row.deletion_due_at,
                    row.deletion_begun_at,
                )?,
                deleted_at: row.deleted_at,
                files: row.files,
                bytes: row.bytes,
                rows: row.rows,
                audit_head: row.deleted_audit_number.zip(row.deleted_audit_hash),
            })
        })
        .collect())
}
