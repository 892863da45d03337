//! A bank's list that is not recorded is put away.

use plenum_db::{Permit, StoreError, TenantTx};

use crate::{
    actions::record_bank_list::Recorded,
    permissions::Record,
    store::bank::{self as lists, ListState, PlacedList},
};

/// Puts it away; again is no fault, but a recorded one stays.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn discard_bank_list(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedList>,
) -> Result<Recorded, StoreError> {
    let list = permit.resource().list.id;
    match lists::lock(tx, list).await? {
        ListState::Checked => lists::finish(tx, list, ListState::Discarded).await?,
        ListState::Discarded => {}
        ListState::Recorded => return Ok(Recorded::WrongState),
    }
    Ok(Recorded::Done)
}
