//! Opens a registration journal.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::JournalId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::Refused,
    domain::{
        Fault,
        card::{self, Kind},
        number::Pattern,
    },
    permissions::Register,
    store::journals::{self, Journal},
};

/// Opens the journal. The permit is for the apparatus: journals are of the whole organization.
///
/// # Errors
/// [`Refused::Faults`] for a name that is empty or taken and for a pattern without a number.
pub async fn create_journal(
    tx: &mut TenantTx,
    _permit: Permit<Register, Unit>,
    kind: Kind,
    name: &str,
    pattern: &str,
    yearly: bool,
) -> Result<Journal, Refused> {
    let name = card::required("input.name", name, card::LONGEST_LINE)?;
    let pattern = Pattern::new("input.pattern", pattern)?;
    let journal = Journal { id: JournalId::new(), kind, name, pattern, yearly, created_at: tx.now() };
    journals::insert(tx, &journal).await.map_err(|error| {
        if error.violates("journal_name") {
            Fault::new("input.name", "name_taken").into()
        } else {
            Refused::Store(error)
        }
    })?;
    plenum_audit::record(tx, "documents.create_journal", journal.id, json!({ "kind": kind.as_str() }))
        .await?;
    Ok(journal)
}
