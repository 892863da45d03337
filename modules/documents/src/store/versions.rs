//! Versions of a document's file.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_documents_api::{DocumentId, VersionId};
use plenum_kernel::{AccountId, FileId, TypedId};
use uuid::Uuid;

use super::hash;

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// The document.
    pub document: DocumentId,
    /// 1, 2, 3 …
    pub ordinal: i32,
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// What the bytes are, by looking at them.
    pub content_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// The SHA-256 of its bytes, as they arrived.
    pub sha256: [u8; 32],
    /// Why it is not to be trusted.
    pub flag: Option<String>,
    /// Who added it; none when the platform did.
    pub author: Option<AccountId>,
    /// What the author said of it.
    pub comment: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl Version {
    /// Whether a browser may show it in place.
    #[must_use]
    pub fn may_be_shown(&self) -> bool {
        self.flag.is_none() && self.content_type == "application/pdf"
    }
}

struct Row {
    id: Uuid,
    document_id: Uuid,
    ordinal: i32,
    file_id: Uuid,
    name: String,
    content_type: String,
    size_bytes: i64,
    sha256: Vec<u8>,
    flag: Option<String>,
    author_id: Option<Uuid>,
    comment: String,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Version {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            document: row.document_id.into(),
            ordinal: row.ordinal,
            file: row.file_id.into(),
            name: row.name,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sha256: hash(row.sha256)?,
            flag: row.flag,
            author: row.author_id.map(AccountId::from),
            comment: row.comment,
            created_at: row.created_at,
        })
    }
}

/// The versions of a document, the latest first, at most 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Version>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, ordinal, file_id, name, content_type, size_bytes, sha256, flag, author_id, comment,
                created_at
           FROM documents.version
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY ordinal DESC
          LIMIT 200",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Version::try_from)
    .collect()
}

/// The latest version of a document.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn latest(tx: &mut TenantTx, document: DocumentId) -> Result<Option<Version>, StoreError> {
    Ok(of_document(tx, document).await?.into_iter().next())
}

/// One version.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: VersionId) -> Result<Option<Version>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, ordinal, file_id, name, content_type, size_bytes, sha256, flag, author_id, comment,
                created_at
           FROM documents.version
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Version::try_from)
    .transpose()
}

/// Adds a version; its text is still to be read when `readable`.
///
/// # Errors
/// [`StoreError`], violating `version_ordinal` when another was added meanwhile.
pub async fn insert(tx: &mut TenantTx, version: &Version, readable: bool) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO documents.version
             (tenant_id, id, document_id, ordinal, file_id, name, content_type, size_bytes, sha256, flag, author_id,
              comment, text_state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        tenant,
        version.id.uuid(),
        version.document.uuid(),
        version.ordinal,
        version.file.uuid(),
        version.name,
        version.content_type,
        version.size_bytes,
        &version.sha256[..],
        version.flag,
        version.author.map(TypedId::uuid),
        version.comment,
        if readable { "pending" } else { "none" },
        version.created_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps the text that was read from a version; none when it could not be read.
///
/// # Errors
/// [`StoreError::Rows`] when the version is gone.
pub async fn keep_text(tx: &mut TenantTx, id: VersionId, text: Option<&str>) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.version SET text_state = $3, body = $4 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        if text.is_some() { "done" } else { "failed" },
        text.unwrap_or_default()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
