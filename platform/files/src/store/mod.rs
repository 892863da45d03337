//! The only SQL of files.

use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};

pub use plenum_kernel::FileId;

/// A file's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// Its name, as the sender gave it.
    pub name: String,
    /// Its media type, as the sender gave it.
    pub content_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// The SHA-256 of its bytes; none until they have arrived.
    pub sha256: Option<Vec<u8>>,
    /// Who sent it; none when the platform made it.
    pub created_by: Option<AccountId>,
}

/// One file.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: FileId) -> Result<Option<File>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        "SELECT id, name, content_type, size_bytes, sha256, created_by
           FROM files.file
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| File {
        id: row.id.into(),
        name: row.name,
        content_type: row.content_type,
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        created_by: row.created_by.map(AccountId::from),
    }))
}

/// Adds a file's row.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, file: &File) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO files.file (tenant_id, id, name, content_type, size_bytes, sha256, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant,
        file.id.uuid(),
        file.name,
        file.content_type,
        file.size_bytes,
        file.sha256.as_deref(),
        file.created_by.map(TypedId::uuid),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that the bytes have arrived: once only.
///
/// # Errors
/// [`StoreError::Rows`] when they had arrived before.
pub async fn complete(
    tx: &mut TenantTx,
    id: FileId,
    size_bytes: i64,
    sha256: &[u8],
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE files.file SET size_bytes = $3, sha256 = $4 WHERE tenant_id = $1 AND id = $2 AND sha256 IS NULL",
        tenant,
        id.uuid(),
        size_bytes,
        sha256
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Removes a file's row; none is no fault. Its bytes go by [`Files::discard`](crate::Files::discard), before it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut TenantTx, id: FileId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!("DELETE FROM files.file WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many files there are, those on their way included.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM files.file WHERE tenant_id = $1"#, tenant)
        .fetch_one(tx.conn())
        .await?)
}

/// Files whose bytes have arrived, in the order of their ids, after one of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(tx: &mut TenantTx, after: Option<FileId>, limit: i64) -> Result<Vec<File>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, name, content_type, size_bytes, sha256, created_by
           FROM files.file
          WHERE tenant_id = $1 AND sha256 IS NOT NULL AND ($2::uuid IS NULL OR id > $2)
          ORDER BY id
          LIMIT $3",
        tenant,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| File {
            id: row.id.into(),
            name: row.name,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            created_by: row.created_by.map(AccountId::from),
        })
        .collect())
}

/// Bytes of all files, those on their way included.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn used(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT coalesce(sum(size_bytes), 0)::bigint AS "used!" FROM files.file WHERE tenant_id = $1"#,
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}
