//! The matched payments of a bank's list are recorded.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::LedgerEntryId;
use plenum_members_api::{Member, MemberId, MembersRead};
use serde_json::json;

use crate::{
    actions::check_bank_list::recorded,
    domain::{
        bank::{MOST_ROWS, Outcome},
        ledger::{Entry, Kind, Method},
        month::Month,
    },
    permissions::Record,
    store::{
        accounts,
        bank::{self as lists, BankRow, ListState, PlacedList},
        entries::{self, Keys},
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Recorded, now or before.
    Done,
    /// It was put away.
    WrongState,
}

/// Records them all or none. What was recorded by another way since the list was tried becomes a duplicate.
///
/// # Errors
/// [`StoreError`] when the database fails; also when the same bank's number is recorded at the same moment: then
/// nothing is kept, and a repeated call finds the duplicate.
pub async fn record_bank_list(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedList>,
    members: &dyn MembersRead,
) -> Result<Recorded, StoreError> {
    let list = permit.resource().list.id;
    match lists::lock(tx, list).await? {
        ListState::Checked => {}
        ListState::Recorded => return Ok(Recorded::Done),
        ListState::Discarded => return Ok(Recorded::WrongState),
    }
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let rows = lists::rows(tx, list, Some(Outcome::Matched), 0, most).await?;
    let mut kept = 0;
    for rows in rows.chunks(500) {
        kept += record(tx, &permit, members, rows).await?;
    }
    lists::finish(tx, list, ListState::Recorded).await?;
    plenum_audit::record(tx, "dues.record_bank_list", list, json!({ "payments": kept })).await?;
    Ok(Recorded::Done)
}

async fn record(
    tx: &mut TenantTx,
    permit: &Permit<Record, PlacedList>,
    members: &dyn MembersRead,
    rows: &[BankRow],
) -> Result<usize, StoreError> {
    let list = permit.resource().list.id;
    let ids: Vec<MemberId> = rows.iter().filter_map(|row| row.member).collect();
    let people: Vec<Member> = members.by_ids(tx, &ids).await?;
    let places: Vec<_> = people.iter().map(|member| (member.id, member.unit)).collect();
    accounts::open(tx, &places).await?;
    let lines: Vec<_> = rows.iter().map(|row| row.line.clone()).collect();
    let known = recorded(tx, &lines).await?;
    let references: Vec<String> = lines.iter().map(|line| line.reference.clone()).collect();
    let counts = entries::references(tx, &references).await?;
    let (by, now) = (tx.viewer().account(), tx.now());
    let mut kept = 0;
    for row in rows {
        let member = people.iter().find(|member| Some(member.id) == row.member);
        let month = row.line.paid_on.and_then(Month::of);
        let (Some(member), Some(sum), Some(paid_on), Some(month)) =
            (member, row.line.amount, row.line.paid_on, month)
        else {
            lists::decide(tx, list, row.line.number, None, Outcome::Unmatched).await?;
            continue;
        };
        if known.contains(&row.line.reference) {
            lists::decide(tx, list, row.line.number, row.member, Outcome::Duplicate).await?;
            continue;
        }
        let round = counts.get(&row.line.reference).map_or(0, |(_, taken_back)| *taken_back);
        let entry = Entry {
            id: LedgerEntryId::new(),
            member: member.id,
            unit: member.unit,
            kind: Kind::Payment,
            month,
            sum,
            entered_on: paid_on,
            reverses: None,
            reason: None,
            rate: None,
            method: Some(Method::Bank),
            reference: Some(row.line.reference.clone()),
            note: None,
            entered_by: by,
            entered_at: now,
        };
        entries::append(tx, &entry, Keys { list: Some(list), round, ..Keys::default() }).await?;
        kept += 1;
    }
    Ok(kept)
}
