//! An entry is taken back by an entry of its own.

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::LedgerEntryId;
use serde_json::json;

use crate::{
    domain::{Fault, ledger::Entry, required},
    permissions::Record,
    store::{
        accounts,
        entries::{self, Keys, PlacedEntry},
    },
};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversed {
    /// Taken back.
    Done,
    /// It had been taken back before.
    Before,
    /// It takes something back itself: enter that anew instead.
    IsReversal,
}

/// Why it was refused.
#[derive(Debug, thiserror::Error)]
pub enum ReverseEntryError {
    /// The reason is missing or too long.
    #[error("the reason cannot be taken")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes it back.
///
/// # Errors
/// [`ReverseEntryError`].
pub async fn reverse_entry(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedEntry>,
    reason: &str,
    today: NaiveDate,
) -> Result<Reversed, ReverseEntryError> {
    let reason = required("reason", reason, LONGEST_REASON).map_err(ReverseEntryError::Input)?;
    let wrong = permit.resource().entry.clone();
    if wrong.reverses.is_some() {
        return Ok(Reversed::IsReversal);
    }
    accounts::lock(tx, wrong.member).await?;
    if entries::reversal_of(tx, wrong.id).await?.is_some() {
        return Ok(Reversed::Before);
    }
    let entry = Entry {
        id: LedgerEntryId::new(),
        sum: -wrong.sum,
        entered_on: today,
        reverses: Some(wrong.id),
        reason: Some(reason),
        note: None,
        entered_by: tx.viewer().account(),
        entered_at: tx.now(),
        ..wrong
    };
    entries::append(tx, &entry, Keys::default()).await?;
    plenum_audit::record(tx, "dues.reverse_entry", entry.member, json!({ "entry": wrong.id.to_string() }))
        .await?;
    Ok(Reversed::Done)
}
