//! A bank's list is tried: what would be recorded, and what would not.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::BankListId;
use plenum_files::{FileId, FilesError};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units::Unit;

use crate::{
    Tools,
    domain::bank::{self, LARGEST_FILE, Line, ListFault, Outcome},
    permissions::Record,
    store::{
        bank::{self as lists, BankList, BankRow, ListState},
        entries,
        tree::Tree,
    },
};

/// Why it was not tried.
#[derive(Debug, thiserror::Error)]
pub enum CheckBankListError {
    /// The file is no list of payments.
    #[error(transparent)]
    List(#[from] ListFault),
    /// The file is not there, or not the viewer's own.
    #[error(transparent)]
    File(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tries it for the members of a unit and of those below.
///
/// # Errors
/// [`CheckBankListError`].
pub async fn check_bank_list(
    tx: &mut TenantTx,
    permit: Permit<Record, Unit>,
    tools: &Tools,
    file: FileId,
    today: NaiveDate,
) -> Result<BankListId, CheckBankListError> {
    let account = tx.viewer().account();
    let own = tools.files.own(tx, file, account).await?;
    if own.size_bytes > i64::try_from(LARGEST_FILE).unwrap_or(i64::MAX) {
        return Err(ListFault::TooLarge.into());
    }
    let (own, bytes) = tools.files.fetch(tx, file).await?;
    let lines = bank::read(&bytes, today)?;
    let unit = permit.resource().id;
    let holders = holders(tx, tools, &permit, &lines).await?;
    let known = recorded(tx, &lines).await?;
    let outcomes = bank::judge(&lines, &known, |line| holders.contains_key(&line.card));
    let rows: Vec<BankRow> = lines
        .into_iter()
        .zip(outcomes)
        .map(|(line, outcome)| BankRow { member: holders.get(&line.card).copied(), line, outcome })
        .collect();
    let list = BankList {
        id: BankListId::new(),
        unit,
        file_name: own.name,
        state: ListState::Checked,
        created_at: tx.now(),
    };
    lists::insert(tx, &list, own.id, &rows).await?;
    Ok(list.id)
}

/// Who of the unit holds the cards of these lines.
async fn holders(
    tx: &mut TenantTx,
    tools: &Tools,
    permit: &Permit<Record, Unit>,
    lines: &[Line],
) -> Result<HashMap<String, MemberId>, StoreError> {
    let mut cards: Vec<String> =
        lines.iter().filter(|line| !line.card.is_empty()).map(|line| line.card.clone()).collect();
    cards.sort_unstable();
    cards.dedup();
    let mut holders = tools.cards.holders(tx, &cards).await?;
    let ids: Vec<MemberId> = holders.values().copied().collect();
    let tree = Tree::load(tx).await?;
    let below: HashSet<_> = tree.below(permit.resource().id).into_iter().collect();
    let mut of_unit: HashSet<MemberId> = HashSet::new();
    for ids in ids.chunks(1_000) {
        let members = tools.members.by_ids(tx, ids).await?;
        of_unit.extend(
            members
                .into_iter()
                .filter(|member| below.contains(&plenum_kernel::TypedId::uuid(member.unit)))
                .map(|member| member.id),
        );
    }
    holders.retain(|_, member| of_unit.contains(member));
    Ok(holders)
}

/// Which references of these lines stand in the ledger.
pub(super) async fn recorded(tx: &mut TenantTx, lines: &[Line]) -> Result<HashSet<String>, StoreError> {
    let references: Vec<String> = lines.iter().map(|line| line.reference.clone()).collect();
    let known = entries::references(tx, &references).await?;
    Ok(known
        .into_iter()
        .filter(|(_, (recorded, taken_back))| recorded > taken_back)
        .map(|(reference, _)| reference)
        .collect())
}

/// Whether a row may still be given to a member: it was understood, and its number is new.
pub(super) fn is_open(row: &BankRow) -> bool {
    matches!(row.outcome, Outcome::Matched | Outcome::Unmatched)
}
