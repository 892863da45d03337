//! The contract of documents: ids, events, and what other modules may ask about documents and tasks.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Event;
use plenum_kernel::{AccountId, TenantId, id_types};
use serde::{Deserialize, Serialize};

id_types! {
    /// A document.
    DocumentId = "Document";
    /// A version of a document's file.
    VersionId = "DocumentVersion";
    /// A registration journal.
    JournalId = "Journal";
    /// A step of a route.
    StepId = "RouteStep";
    /// A signature.
    SignatureId = "Signature";
    /// A task given by a resolution.
    TaskId = "Task";
    /// A document's way to another organization.
    DispatchId = "Dispatch";
    /// A person's substitute for a period.
    SubstituteId = "Substitute";
}

/// A document, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSummary {
    /// Its id.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
    /// Its registration number, when it is registered.
    pub number: Option<String>,
}

/// What other modules may ask of documents, inside their own transaction.
#[async_trait]
pub trait DocumentsRead: Send + Sync {
    /// One document.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn document(
        &self,
        tx: &mut TenantTx,
        id: DocumentId,
    ) -> Result<Option<DocumentSummary>, StoreError>;

    /// What a task is about; none when the tenant has no such task.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn task_text(&self, tx: &mut TenantTx, id: TaskId) -> Result<Option<String>, StoreError>;
}

/// A document was registered in a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DocumentRegistered {
    /// The document.
    pub document: DocumentId,
}

impl Event for DocumentRegistered {
    const NAME: &'static str = "documents.document_registered";
}

/// Somebody signed a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DocumentSigned {
    /// The document.
    pub document: DocumentId,
    /// The signature.
    pub signature: SignatureId,
    /// Who signed.
    pub account: AccountId,
}

impl Event for DocumentSigned {
    const NAME: &'static str = "documents.document_signed";
}

/// A task was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskGiven {
    /// The task.
    pub task: TaskId,
    /// To whom.
    pub account: AccountId,
}

impl Event for TaskGiven {
    const NAME: &'static str = "documents.task_given";
}

/// A task was done and accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskDone {
    /// The task.
    pub task: TaskId,
    /// Who did it.
    pub account: AccountId,
}

impl Event for TaskDone {
    const NAME: &'static str = "documents.task_done";
}

/// A document from another organization arrived in this tenant's incoming journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DocumentReceived {
    /// The document, in this tenant.
    pub document: DocumentId,
    /// The organization that sent it.
    pub from: TenantId,
}

impl Event for DocumentReceived {
    const NAME: &'static str = "documents.document_received";
}
