//! Registers a document: gives it its number.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::{DocumentId, DocumentRegistered, JournalId};
use plenum_events::Publish;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, tell},
    domain::{Fault, number},
    permissions::Register,
    store::{
        documents::{self, Document, Registration},
        history,
        journals::{self, Journal},
    },
};

/// How a registration ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// Registered now.
    Now(Registration),
    /// It was registered before, and keeps that number.
    Before(Registration),
}

/// Registers a document in a journal of its kind.
///
/// # Errors
/// [`Refused::NotFound`] without such a journal, [`Refused::Faults`] for a journal of another kind.
pub async fn register_document(
    tx: &mut TenantTx,
    permit: Permit<Register, Document>,
    desk: &Desk,
    journal: JournalId,
) -> Result<Registered, Refused> {
    let journal = journals::by_id(tx, journal).await?.ok_or(Refused::NotFound)?;
    if journal.kind != permit.resource().kind {
        return Err(Fault::new("journal", "another_kind").into());
    }
    number_document(tx, desk, permit.resource().id, &journal).await
}

/// Gives a document the next number of a journal. The document's row is locked first and the counter's second, always
/// in this order; what is rolled back gives its number back.
pub(crate) async fn number_document(
    tx: &mut TenantTx,
    desk: &Desk,
    id: DocumentId,
    journal: &Journal,
) -> Result<Registered, Refused> {
    let document = documents::lock(tx, id).await?;
    if let Some(registration) = document.registration {
        return Ok(Registered::Before(registration));
    }
    let today = desk.day(tx.now());
    let year = number::counting_year(journal.yearly, today);
    let sequence = journals::next(tx, journal.id, year).await?;
    let registration = Registration {
        journal: journal.id,
        year,
        sequence,
        number: journal.pattern.number(sequence, today),
        at: tx.now(),
        by: tx.viewer().account(),
    };
    documents::register(tx, id, &registration).await?;
    history::add(tx, id, "registered", &registration.number).await?;
    plenum_audit::record(
        tx,
        "documents.register",
        id,
        json!({ "journal": journal.id, "number": registration.number }),
    )
    .await?;
    tx.publish(&DocumentRegistered { document: id }).await?;
    tell(tx, id).await?;
    Ok(Registered::Now(registration))
}
