//! Puts a person on record.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::MemberId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    domain::{
        history::{Detail, Kind},
        record::{Draft, Fault},
    },
    permissions::Edit,
    store::{
        history::{self, Fact},
        persons,
    },
};

/// How it ended, when the card could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saved {
    /// On record.
    Done(MemberId),
    /// Nothing is different.
    Unchanged,
    /// A person of this name and date of birth is on record.
    Duplicate,
    /// The card is another member's.
    CardTaken,
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveError {
    /// Some fields cannot be taken.
    #[error("some fields of the card cannot be taken")]
    Faults(Vec<Fault>),
    /// The record is closed.
    #[error("the record is closed")]
    Left,
    /// Somebody changed it since it was read.
    #[error("the record changed meanwhile")]
    Changed,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts the person on record in the unit.
pub(crate) async fn add_member(
    tx: &mut TenantTx,
    permit: Permit<Edit, Unit>,
    draft: Draft,
) -> Result<Saved, SaveError> {
    let unit = permit.resource();
    let details = draft.read(None, tx.now().date_naive()).map_err(SaveError::Faults)?;
    if persons::twin(tx, &details.name.key(), details.birth_date).await?.is_some() {
        return Ok(Saved::Duplicate);
    }
    if let Some(card) = &details.card_number
        && persons::card_is_taken(tx, card, None).await?
    {
        return Ok(Saved::CardTaken);
    }
    let id = MemberId::new();
    persons::insert(tx, id, unit.id, &details).await?;
    let detail = Detail { to: Some(unit.name.clone()), ..Detail::named(unit.name.clone()) };
    history::write(tx, id, Fact::new(Kind::Added, Some(unit.id.global()), detail)).await?;
    plenum_audit::record(tx, "members.add_member", id, json!({ "unit": unit.id.global() })).await?;
    Ok(Saved::Done(id))
}
