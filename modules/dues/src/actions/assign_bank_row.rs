//! A row of a bank's list is given to a member by hand.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_members_api::Member;

use crate::{
    actions::check_bank_list::is_open,
    domain::bank::Outcome,
    permissions::Record,
    store::{
        bank::{self as lists, ListState, PlacedList},
        tree::Tree,
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    /// The row will be recorded for the member, or for nobody.
    Done,
    /// There is no such row, or it cannot be recorded for anybody.
    NotOpen,
    /// The list is not waiting any more.
    WrongState,
    /// The member is not of the list's unit.
    OtherUnit,
}

/// Gives the row to a member; to nobody without one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn assign_bank_row(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedList>,
    number: i32,
    member: Option<&Member>,
) -> Result<Assigned, StoreError> {
    let list = &permit.resource().list;
    if lists::lock(tx, list.id).await? != ListState::Checked {
        return Ok(Assigned::WrongState);
    }
    if let Some(member) = member {
        let tree = Tree::load(tx).await?;
        if !tree.below(list.unit).contains(&plenum_kernel::TypedId::uuid(member.unit)) {
            return Ok(Assigned::OtherUnit);
        }
    }
    let row = lists::rows(tx, list.id, None, number.saturating_sub(1), 1).await?.pop();
    match row {
        Some(row) if row.line.number == number && is_open(&row) => {}
        _ => return Ok(Assigned::NotOpen),
    }
    let outcome = if member.is_some() { Outcome::Matched } else { Outcome::Unmatched };
    lists::decide(tx, list.id, number, member.map(|member| member.id), outcome).await?;
    Ok(Assigned::Done)
}
