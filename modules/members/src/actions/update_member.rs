//! Changes what a record card says.

use plenum_db::{Permit, TenantTx};
use serde_json::json;

use super::add_member::{SaveError, Saved};
use crate::{
    domain::{
        history::{Detail, Kind},
        record::{Change, Draft},
    },
    permissions::Edit,
    store::{
        history::{self, Fact},
        persons::{self, MemberState, Person, Placed},
    },
};

/// Changes what the draft says. With a revision, only if the record is still that one.
pub(crate) async fn update_member(
    tx: &mut TenantTx,
    permit: Permit<Edit, Placed>,
    revision: Option<i32>,
    draft: Draft,
) -> Result<Saved, SaveError> {
    let id = permit.resource().person.id;
    let person = locked(tx, id).await?;
    if revision.is_some_and(|known| known != person.revision) {
        return Err(SaveError::Changed);
    }
    let (saved, changes) = change(tx, &person, draft).await?;
    if saved == Saved::Done(id) {
        let fields: Vec<_> = changes.iter().map(|change| change.field).collect();
        let detail = Detail { changes, ..Detail::default() };
        history::write(tx, id, Fact::new(Kind::Updated, None, detail)).await?;
        plenum_audit::record(tx, "members.update_member", id, json!({ "fields": fields })).await?;
    }
    Ok(saved)
}

/// The record, locked, if it is not closed.
pub(super) async fn locked(tx: &mut TenantTx, id: plenum_members_api::MemberId) -> Result<Person, SaveError> {
    let person = persons::lock(tx, id).await?.ok_or(SaveError::Changed)?;
    if person.state == MemberState::Left { Err(SaveError::Left) } else { Ok(person) }
}

/// Changes a locked record, and tells what changed.
pub(super) async fn change(
    tx: &mut TenantTx,
    person: &Person,
    draft: Draft,
) -> Result<(Saved, Vec<Change>), SaveError> {
    let before = person.details()?;
    let after = draft.read(Some(&before), tx.now().date_naive()).map_err(SaveError::Faults)?;
    let changes = before.changes_to(&after);
    if changes.is_empty() {
        return Ok((Saved::Unchanged, changes));
    }
    let twin = persons::twin(tx, &after.name.key(), after.birth_date).await?;
    if twin.is_some_and(|twin| twin.id != person.id) {
        return Ok((Saved::Duplicate, changes));
    }
    if let Some(card) = &after.card_number
        && persons::card_is_taken(tx, card, Some(person.id)).await?
    {
        return Ok((Saved::CardTaken, changes));
    }
    persons::update(tx, person.id, &after).await?;
    Ok((Saved::Done(person.id), changes))
}
