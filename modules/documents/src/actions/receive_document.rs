//! A document of another organization arrives: its copy is registered among the incoming, once.

use bytes::Bytes;
use plenum_db::TenantTx;
use plenum_documents_api::{DispatchId, DocumentReceived};
use plenum_events::Publish;
use plenum_kernel::TenantId;
use plenum_tenancy::store::units;
use serde_json::{Value, json};

use crate::{
    Desk,
    actions::{Refused, add_version, register_document},
    domain::card::Kind,
    store::{
        dispatches::Receipt,
        documents::{self, Card, Document, Origin, Registration},
        history, journals,
    },
};

/// What arrives.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// From where.
    pub from: TenantId,
    /// What that organization is called.
    pub from_name: String,
    /// The dispatch there.
    pub dispatch: DispatchId,
    /// Its document.
    pub document: Document,
    /// Its registration there.
    pub registration: Registration,
    /// The file's name.
    pub file_name: String,
    /// The file's media type.
    pub content_type: String,
    /// The bytes.
    pub bytes: Bytes,
    /// Its signatures, as that organization states them.
    pub statement: Value,
}

/// Takes the parcel in, in a transaction of the receiving organization that acts as the platform. Taken in before, it
/// gives the same receipt again.
pub(crate) async fn receive_document(
    tx: &mut TenantTx,
    desk: &Desk,
    parcel: Parcel,
) -> Result<Receipt, Refused> {
    if let Some(known) = documents::of_source(tx, parcel.from, parcel.dispatch).await? {
        let known = documents::by_id(tx, known).await?.ok_or(Refused::NotFound)?;
        let registration = known.registration.ok_or(Refused::State("not_registered"))?;
        return Ok(receipt(desk, &registration));
    }
    let root = units::root(tx).await?;
    let card = Card {
        title: parcel.document.card.title,
        summary: parcel.document.card.summary,
        correspondent: Some(parcel.from_name.clone()),
        their_number: Some(parcel.registration.number),
        their_date: Some(desk.day(parcel.registration.at)),
        executor: None,
        pages: parcel.document.card.pages,
        due_on: parcel.document.card.due_on,
        tags: parcel.document.card.tags,
    };
    let origin = Origin {
        session: None,
        source: Some((parcel.from, parcel.dispatch)),
        statement: Some(parcel.statement),
    };
    let id = documents::insert(tx, Kind::Incoming, root.id, &card, None, &origin).await?;
    documents::lock(tx, id).await?;
    let file =
        desk.tools.files.keep(tx, &parcel.file_name, &parcel.content_type, parcel.bytes.clone()).await?;
    history::add(tx, id, "received", &parcel.from_name).await?;
    add_version::keep(tx, id, &file, parcel.bytes, None, String::new()).await?;
    let journal = journals::of_kind(tx, Kind::Incoming, "Входящие документы").await?;
    let (register_document::Registered::Now(registration)
    | register_document::Registered::Before(registration)) =
        register_document::number_document(tx, desk, id, &journal).await?;
    let detail = json!({ "from": parcel.from, "dispatch": parcel.dispatch, "number": registration.number });
    plenum_audit::record(tx, "documents.receive", id, detail).await?;
    tx.publish(&DocumentReceived { document: id, from: parcel.from }).await?;
    Ok(receipt(desk, &registration))
}

fn receipt(desk: &Desk, registration: &Registration) -> Receipt {
    Receipt {
        received_at: registration.at,
        number: registration.number.clone(),
        on: desk.day(registration.at),
    }
}
