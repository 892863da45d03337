//! What other modules ask of documents.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{DocumentId, DocumentSummary, DocumentsRead, TaskId};

use crate::store::{documents, tasks};

/// Answers other modules.
#[derive(Debug, Clone, Copy, Default)]
pub struct DocumentsReads;

#[async_trait]
impl DocumentsRead for DocumentsReads {
    async fn document(
        &self,
        tx: &mut TenantTx,
        id: DocumentId,
    ) -> Result<Option<DocumentSummary>, StoreError> {
        Ok(documents::by_id(tx, id).await?.map(|document| DocumentSummary {
            id: document.id,
            title: document.card.title,
            number: document.registration.map(|registration| registration.number),
        }))
    }

    async fn task_text(&self, tx: &mut TenantTx, id: TaskId) -> Result<Option<String>, StoreError> {
        Ok(tasks::by_id(tx, id).await?.map(|task| task.text))
    }
}
