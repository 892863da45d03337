//! A member signed a document.

use std::sync::Arc;

use plenum_documents_api::{DocumentSigned, DocumentsRead};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use super::{told, write_by_account};
use crate::{
    domain::history::{Detail, Kind},
    store::history::Fact,
};

pub(super) fn on(all: Reactions, documents: Arc<dyn DocumentsRead>) -> Reactions {
    all.on("members.document_signed", move |context, event| {
        let documents = documents.clone();
        async move { react(&context, &*documents, event).await }
    })
}

async fn react(
    context: &EventContext,
    documents: &dyn DocumentsRead,
    event: DocumentSigned,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    let label = documents.document(&mut tx, event.document).await?.map(|document| match document.number {
        Some(number) => format!("{} № {number}", document.title),
        None => document.title,
    });
    let fact = told(context, Kind::DocumentSigned, event.document, Detail { label, ..Detail::default() });
    let fact = Fact { actor: Some(event.account), ..fact };
    write_by_account(context, tx, event.account, fact).await
}
