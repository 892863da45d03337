//! A member asks to have their own data corrected.

use plenum_db::TenantTx;
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::CorrectionId;
use serde_json::json;

use super::{add_member::SaveError, update_member::locked};
use crate::{
    domain::{
        history::{Detail, Kind},
        record::Draft,
        text::is_blank,
    },
    store::{
        corrections,
        history::{self, Fact},
        persons::Person,
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It waits for the keeper.
    Done(CorrectionId),
    /// It says what is on record.
    Unchanged,
    /// Another one waits.
    AlreadyPending(CorrectionId),
}

/// Keeps what the member asks for until a keeper decides; nothing changes before.
pub(crate) async fn request_correction(
    tx: &mut TenantTx,
    own: &Person,
    by: AccountId,
    draft: Draft,
    note: Option<&str>,
) -> Result<Asked, SaveError> {
    let person = locked(tx, own.id).await?;
    if let Some(waiting) = corrections::pending_of(tx, person.id).await? {
        return Ok(Asked::AlreadyPending(waiting));
    }
    let before = person.details()?;
    let after = draft.read(Some(&before), tx.now().date_naive()).map_err(SaveError::Faults)?;
    let changes = before.changes_to(&after);
    if changes.is_empty() {
        return Ok(Asked::Unchanged);
    }
    let id = CorrectionId::new();
    let note = note.map(str::trim).filter(|note| !is_blank(note));
    corrections::insert(tx, id, person.id, &changes, note, by).await?;
    let fields: Vec<_> = changes.iter().map(|change| change.field).collect();
    let detail = Detail { changes, ..Detail::default() };
    history::write(tx, person.id, Fact::new(Kind::CorrectionRequested, Some(id.global()), detail)).await?;
    plenum_audit::record(tx, "members.request_correction", id, json!({ "fields": fields })).await?;
    Ok(Asked::Done(id))
}
