//! Ways of documents to other organizations.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{DispatchId, DocumentId, VersionId};
use plenum_kernel::{AccountId, TenantId, TypedId};
use uuid::Uuid;

/// What the recipient answered by itself: that it arrived, and under which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Its number there.
    pub number: String,
    /// The date of that number.
    pub on: NaiveDate,
}

/// A document's way to one organization.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// Its id.
    pub id: DispatchId,
    /// The document.
    pub document: DocumentId,
    /// The version that was sent.
    pub version: VersionId,
    /// To whom.
    pub recipient: TenantId,
    /// Who sent it.
    pub sent_by: Option<AccountId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The receipt, once it has arrived.
    pub receipt: Option<Receipt>,
}

struct Row {
    id: Uuid,
    document_id: Uuid,
    version_id: Uuid,
    recipient_id: Uuid,
    sent_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    received_at: Option<DateTime<Utc>>,
    their_number: Option<String>,
    their_date: Option<NaiveDate>,
}

impl From<Row> for Dispatch {
    fn from(row: Row) -> Self {
        let receipt = match (row.received_at, row.their_number, row.their_date) {
            (Some(received_at), Some(number), Some(on)) => Some(Receipt { received_at, number, on }),
            _ => None,
        };
        Self {
            id: row.id.into(),
            document: row.document_id.into(),
            version: row.version_id.into(),
            recipient: row.recipient_id.into(),
            sent_by: row.sent_by.map(AccountId::from),
            created_at: row.created_at,
            receipt,
        }
    }
}

/// The dispatches of a document in order, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Dispatch>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, document_id, version_id, recipient_id, sent_by, created_at, received_at, their_number, their_date
           FROM documents.dispatch
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY id
          LIMIT 500",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Dispatch::from).collect())
}

/// One dispatch.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: DispatchId) -> Result<Option<Dispatch>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, document_id, version_id, recipient_id, sent_by, created_at, received_at, their_number, their_date
           FROM documents.dispatch
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Dispatch::from))
}

/// Adds a dispatch; none when this version is on its way there already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    document: DocumentId,
    version: VersionId,
    recipient: TenantId,
) -> Result<Option<DispatchId>, StoreError> {
    let id = DispatchId::new();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let by = tx.viewer().account().map(TypedId::uuid);
    let done = sqlx::query!(
        "INSERT INTO documents.dispatch
             (tenant_id, id, document_id, version_id, recipient_id, state, sent_by, created_at)
         VALUES ($1, $2, $3, $4, $5, 'sending', $6, $7)
         ON CONFLICT (tenant_id, version_id, recipient_id) DO NOTHING",
        tenant,
        id.uuid(),
        document.uuid(),
        version.uuid(),
        recipient.uuid(),
        by,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Keeps the receipt; false when it was kept before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn received(tx: &mut TenantTx, id: DispatchId, receipt: &Receipt) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let done = sqlx::query!(
        "UPDATE documents.dispatch SET state = 'received', received_at = $3, their_number = $4, their_date = $5
          WHERE tenant_id = $1 AND id = $2 AND state = 'sending'",
        tenant,
        id.uuid(),
        receipt.received_at,
        receipt.number,
        receipt.on
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
