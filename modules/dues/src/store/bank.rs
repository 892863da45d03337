//! Lists of payments.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_dues_api::BankListId;
use plenum_kernel::{FileId, Money, TypedId, UnitId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units;
use uuid::Uuid;

use crate::domain::bank::{Line, Outcome};

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListState {
    /// Tried; it waits for a decision.
    Checked,
    /// Its matched payments are in the ledger.
    Recorded,
    /// Put away.
    Discarded,
}

impl ListState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Recorded => "recorded",
            Self::Discarded => "discarded",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        match text {
            "checked" => Ok(Self::Checked),
            "recorded" => Ok(Self::Recorded),
            "discarded" => Ok(Self::Discarded),
            other => Err(StoreError::Value { what: "state of a list", value: other.to_owned() }),
        }
    }
}

/// A list.
#[derive(Debug, Clone)]
pub struct BankList {
    /// Its id.
    pub id: BankListId,
    /// The unit whose members it may pay for.
    pub unit: UnitId,
    /// The file's name.
    pub file_name: String,
    /// How far it has come.
    pub state: ListState,
    /// When it was tried.
    pub created_at: DateTime<Utc>,
}

/// A row of a list.
#[derive(Debug, Clone)]
pub struct BankRow {
    /// As it was read.
    pub line: Line,
    /// Who pays.
    pub member: Option<MemberId>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// How many rows of each outcome a list has, and what the matched ones come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Matched.
    pub matched: i64,
    /// Unmatched.
    pub unmatched: i64,
    /// Duplicates.
    pub duplicates: i64,
    /// Unreadable.
    pub unreadable: i64,
    /// The sum of the matched ones.
    pub total: Money,
}

/// A list and its place, for permits.
#[derive(Debug, Clone)]
pub struct PlacedList {
    /// The list.
    pub list: BankList,
    place: Place,
}

impl Resource for PlacedList {
    type Id = BankListId;

    async fn find(tx: &mut TenantTx, id: BankListId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            "SELECT unit_id, file_name, state, created_at FROM dues.bank_list WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(unit) = units::by_id(tx, row.unit_id.into()).await? else { return Ok(None) };
        let list = BankList {
            id,
            unit: unit.id,
            file_name: row.file_name,
            state: ListState::read(&row.state)?,
            created_at: row.created_at,
        };
        Ok(Some(Self { list, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// A page of the lists of these units, the latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    units: &[Uuid],
    after: Option<BankListId>,
    limit: i64,
) -> Result<Vec<BankList>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id, unit_id, file_name, state, created_at
           FROM dues.bank_list
          WHERE tenant_id = $1 AND unit_id = ANY ($2) AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC
          LIMIT $4",
        tenant,
        units,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(BankList {
            id: row.id.into(),
            unit: row.unit_id.into(),
            file_name: row.file_name,
            state: ListState::read(&row.state)?,
            created_at: row.created_at,
        })
    })
    .collect()
}

/// Adds a list that was tried.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    list: &BankList,
    file: FileId,
    rows: &[BankRow],
) -> Result<(), StoreError> {
    let (tenant, by) = (tx.tenant().uuid(), tx.viewer().account());
    sqlx::query!(
        "INSERT INTO dues.bank_list (tenant_id, id, unit_id, file_id, file_name, state, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant,
        list.id.uuid(),
        list.unit.uuid(),
        file.uuid(),
        list.file_name,
        list.state.as_str(),
        by.map(TypedId::uuid),
        list.created_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    let text = |of: fn(&Line) -> &String| rows.iter().map(|row| of(&row.line).clone()).collect::<Vec<_>>();
    let numbers: Vec<i32> = rows.iter().map(|row| row.line.number).collect();
    let days: Vec<Option<NaiveDate>> = rows.iter().map(|row| row.line.paid_on).collect();
    let sums: Vec<Option<i64>> = rows.iter().map(|row| row.line.amount.map(Money::kopecks)).collect();
    let members: Vec<Option<Uuid>> = rows.iter().map(|row| row.member.map(TypedId::uuid)).collect();
    let outcomes: Vec<&str> = rows.iter().map(|row| outcome_text(row.outcome)).collect();
    sqlx::query!(
        "INSERT INTO dues.bank_row (tenant_id, list_id, number, card, paid_on_text, amount_text, reference, paid_on,
                                    kopecks, member_id, outcome)
         SELECT $1, $2, u.*
           FROM UNNEST($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::bigint[],
                       $10::uuid[], $11::text[]) AS u",
        tenant,
        list.id.uuid(),
        &numbers,
        &text(|line| &line.card),
        &text(|line| &line.paid_on_text),
        &text(|line| &line.amount_text),
        &text(|line| &line.reference),
        &days as &[Option<NaiveDate>],
        &sums as &[Option<i64>],
        &members as &[Option<Uuid>],
        &outcomes as &[&str]
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Matched => "matched",
        Outcome::Unmatched => "unmatched",
        Outcome::Duplicate => "duplicate",
        Outcome::Unreadable => "unreadable",
    }
}

fn read_outcome(text: &str) -> Result<Outcome, StoreError> {
    match text {
        "matched" => Ok(Outcome::Matched),
        "unmatched" => Ok(Outcome::Unmatched),
        "duplicate" => Ok(Outcome::Duplicate),
        "unreadable" => Ok(Outcome::Unreadable),
        other => Err(StoreError::Value { what: "outcome of a row", value: other.to_owned() }),
    }
}

/// Rows of a list after a number, optionally of one outcome only.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rows(
    tx: &mut TenantTx,
    list: BankListId,
    outcome: Option<Outcome>,
    after: i32,
    limit: i64,
) -> Result<Vec<BankRow>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT number, card, paid_on_text, amount_text, reference, paid_on, kopecks, member_id, outcome
           FROM dues.bank_row
          WHERE tenant_id = $1 AND list_id = $2 AND number > $3 AND ($4::text IS NULL OR outcome = $4)
          ORDER BY number
          LIMIT $5",
        tenant,
        list.uuid(),
        after,
        outcome.map(outcome_text),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(BankRow {
            line: Line {
                number: row.number,
                card: row.card,
                paid_on_text: row.paid_on_text,
                amount_text: row.amount_text,
                reference: row.reference,
                paid_on: row.paid_on,
                amount: row.kopecks.map(Money::from_kopecks),
            },
            member: row.member_id.map(MemberId::from),
            outcome: read_outcome(&row.outcome)?,
        })
    })
    .collect()
}

/// Counts a list's rows.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn counts(tx: &mut TenantTx, list: BankListId) -> Result<Counts, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE outcome = 'matched') AS "matched!",
                  count(*) FILTER (WHERE outcome = 'unmatched') AS "unmatched!",
                  count(*) FILTER (WHERE outcome = 'duplicate') AS "duplicates!",
                  count(*) FILTER (WHERE outcome = 'unreadable') AS "unreadable!",
                  coalesce(sum(kopecks) FILTER (WHERE outcome = 'matched'), 0)::bigint AS "total!"
             FROM dues.bank_row
            WHERE tenant_id = $1 AND list_id = $2"#,
        tenant,
        list.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Counts {
        matched: row.matched,
        unmatched: row.unmatched,
        duplicates: row.duplicates,
        unreadable: row.unreadable,
        total: Money::from_kopecks(row.total),
    })
}

/// Locks a list until the end of the transaction and tells how far it has come.
///
/// # Errors
/// [`StoreError`] when the database fails or the list is gone.
pub async fn lock(tx: &mut TenantTx, list: BankListId) -> Result<ListState, StoreError> {
    let tenant = tx.tenant().uuid();
    let state = sqlx::query_scalar!(
        "SELECT state FROM dues.bank_list WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant,
        list.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    ListState::read(&state)
}

/// Ends the work on a list.
///
/// # Errors
/// [`StoreError::Rows`] when it had ended before.
pub async fn finish(tx: &mut TenantTx, list: BankListId, state: ListState) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE dues.bank_list SET state = $3, finished_at = $4
          WHERE tenant_id = $1 AND id = $2 AND state = 'checked'",
        tenant,
        list.uuid(),
        state.as_str(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Changes what becomes of a row.
///
/// # Errors
/// [`StoreError::Rows`] when there is no such row.
pub async fn decide(
    tx: &mut TenantTx,
    list: BankListId,
    number: i32,
    member: Option<MemberId>,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE dues.bank_row SET member_id = $4, outcome = $5
          WHERE tenant_id = $1 AND list_id = $2 AND number = $3",
        tenant,
        list.uuid(),
        number,
        member.map(TypedId::uuid),
        outcome_text(outcome)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
