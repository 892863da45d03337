//! Makes and rewrites registration cards.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::DocumentId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::{Refused, of_organization, person, tell},
    domain::card::{self, Kind},
    permissions::Register,
    store::{
        documents::{self, Card, Document, Origin},
        history,
    },
};

/// Makes a draft in the unit of the permit.
///
/// # Errors
/// [`Refused::Faults`].
pub async fn create_document(
    tx: &mut TenantTx,
    permit: Permit<Register, Unit>,
    kind: Kind,
    card: Card,
) -> Result<DocumentId, Refused> {
    let author = person(tx)?;
    let card = checked(tx, card).await?;
    let unit = permit.resource().id;
    let id = documents::insert(tx, kind, unit, &card, Some(author), &Origin::default()).await?;
    history::add(tx, id, "created", "").await?;
    plenum_audit::record(tx, "documents.create", id, json!({ "kind": kind.as_str() })).await?;
    Ok(id)
}

/// Rewrites a card. What was registered keeps its number. With a revision, only if the card is still that one. Nothing is
/// written when nothing differs.
///
/// # Errors
/// [`Refused::Faults`]; [`Refused::State`] while it is on its route (`card_on_route`), or when somebody rewrote it since
/// it was read (`changed_meanwhile`).
pub async fn edit_document(
    tx: &mut TenantTx,
    permit: Permit<Register, Document>,
    revision: Option<i32>,
    card: Card,
) -> Result<(), Refused> {
    let card = checked(tx, card).await?;
    let document = documents::lock(tx, permit.resource().id).await?;
    if let Some(reason) = card::rewriting_refused(document.state) {
        return Err(Refused::State(reason));
    }
    if revision.is_some_and(|known| known != document.revision) {
        return Err(Refused::State("changed_meanwhile"));
    }
    let fields = document.card.differences(&card);
    if fields.is_empty() {
        return Ok(());
    }
    documents::rewrite(tx, document.id, &card).await?;
    history::add(tx, document.id, "edited", &fields.join(" ")).await?;
    plenum_audit::record(tx, "documents.edit", document.id, json!({ "fields": fields })).await?;
    tell(tx, document.id).await?;
    Ok(())
}

async fn checked(tx: &mut TenantTx, card: Card) -> Result<Card, Refused> {
    let mut faults = Vec::new();
    let mut take = |text: Result<String, _>| {
        text.unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let title = take(card::required("input.title", &card.title, card::LONGEST_TITLE));
    let summary = take(card::optional("input.summary", &card.summary, card::LONGEST_TEXT));
    let mut line = |path: &str, text: Option<String>| {
        text.map(|text| take(card::optional(path, &text, card::LONGEST_LINE))).filter(|text| !text.is_empty())
    };
    let correspondent = line("input.correspondent", card.correspondent);
    let their_number = line("input.theirNumber", card.their_number);
    let tags = card::tags("input.tags", &card.tags).unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    let pages = card::pages("input.pages", card.pages).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    if !faults.is_empty() {
        return Err(Refused::Faults(faults));
    }
    if let Some(executor) = card.executor {
        of_organization(tx, executor, "input.executor".to_owned()).await?;
    }
    Ok(Card { title, summary, correspondent, their_number, pages, tags, ..card })
}
