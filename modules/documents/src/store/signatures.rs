//! Signatures: only added.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_documents_api::{DocumentId, SignatureId};
use plenum_kernel::{AccountId, TenantId, TypedId};
use uuid::Uuid;

use super::hash;
use crate::domain::seal::Record;

/// A signature as it is stored.
#[derive(Debug, Clone)]
pub struct Signature {
    /// What was sealed.
    pub record: Record,
    /// Its seal.
    pub seal: [u8; 32],
}

struct Row {
    id: Uuid,
    document_id: Uuid,
    version_id: Uuid,
    step_id: Uuid,
    ordinal: i32,
    signer_id: Uuid,
    signer_name: String,
    on_behalf_of: Option<Uuid>,
    on_behalf_name: Option<String>,
    signed_at: DateTime<Utc>,
    intent: String,
    sha256: Vec<u8>,
    seal: Vec<u8>,
}

fn read(row: Row, tenant: TenantId) -> Result<Signature, StoreError> {
    Ok(Signature {
        record: Record {
            tenant,
            id: row.id.into(),
            document: row.document_id.into(),
            version: row.version_id.into(),
            step: row.step_id.into(),
            ordinal: row.ordinal,
            signer: row.signer_id.into(),
            signer_name: row.signer_name,
            on_behalf_of: row.on_behalf_of.map(AccountId::from),
            on_behalf_name: row.on_behalf_name,
            signed_at: row.signed_at,
            intent: row.intent,
            sha256: hash(row.sha256)?,
        },
        seal: hash(row.seal)?,
    })
}

/// The signatures of a document in order, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Signature>, StoreError> {
    let tenant = tx.tenant();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, version_id, step_id, ordinal, signer_id, signer_name, on_behalf_of, on_behalf_name,
                signed_at, intent, sha256, seal
           FROM documents.signature
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY ordinal
          LIMIT 500",
        tenant.uuid(),
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| read(row, tenant))
    .collect()
}

/// Those of these signatures that a document does not have.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn missing(
    tx: &mut TenantTx,
    document: DocumentId,
    ids: &[SignatureId],
) -> Result<HashSet<SignatureId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let missing = sqlx::query_scalar!(
        r#"SELECT wanted.id AS "id!"
             FROM unnest($3::uuid[]) AS wanted (id)
            WHERE NOT EXISTS (SELECT
                                FROM documents.signature s
                               WHERE s.tenant_id = $1 AND s.document_id = $2 AND s.id = wanted.id)"#,
        tenant,
        document.uuid(),
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(missing.into_iter().map(SignatureId::from).collect())
}

/// Adds a signature.
///
/// # Errors
/// [`StoreError`], violating `signature_step` when the step was signed before.
pub async fn insert(tx: &mut TenantTx, signature: &Signature) -> Result<(), StoreError> {
    let Signature { record, seal } = signature;
    sqlx::query!(
        "INSERT INTO documents.signature
             (tenant_id, id, document_id, version_id, step_id, ordinal, signer_id, signer_name, on_behalf_of,
              on_behalf_name, signed_at, intent, sha256, seal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        record.tenant.uuid(),
        record.id.uuid(),
        record.document.uuid(),
        record.version.uuid(),
        record.step.uuid(),
        record.ordinal,
        record.signer.uuid(),
        record.signer_name,
        record.on_behalf_of.map(TypedId::uuid),
        record.on_behalf_name,
        record.signed_at,
        record.intent,
        &record.sha256[..],
        &seal[..]
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
