//! What happened to a document, for its readers. The audit keeps its own record.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_documents_api::DocumentId;
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Happening {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; none when the platform did.
    pub account: Option<AccountId>,
    /// A stable word.
    pub what: String,
    /// A name, number or comment that belongs to it.
    pub detail: String,
}

/// Adds a line.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn add(
    tx: &mut TenantTx,
    document: DocumentId,
    what: &'static str,
    detail: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let account = tx.viewer().account().map(TypedId::uuid);
    sqlx::query!(
        "INSERT INTO documents.history (tenant_id, id, document_id, at, account_id, what, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant,
        Uuid::now_v7(),
        document.uuid(),
        now,
        account,
        what,
        detail
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The lines of a document, the latest first, at most 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Happening>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT at, account_id, what, detail
           FROM documents.history
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY id DESC
          LIMIT 200",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Happening {
            at: row.at,
            account: row.account_id.map(AccountId::from),
            what: row.what,
            detail: row.detail,
        })
        .collect())
}
