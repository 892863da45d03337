//! The ledger: it is read and appended to, nothing else.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_dues_api::{BankListId, LedgerEntryId, RateId};
use plenum_kernel::{AccountId, Money, TypedId, UnitId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::read_month;
use crate::domain::{
    ledger::{Entry, Kind, Method},
    month::Month,
};

/// The most entries of one member that are read: two a month for four centuries.
const MOST: i64 = 10_000;

struct Row {
    id: Uuid,
    member_id: Uuid,
    unit_id: Uuid,
    kind: String,
    month: NaiveDate,
    kopecks: i64,
    entered_on: NaiveDate,
    reverses_id: Option<Uuid>,
    reason: Option<String>,
    rate_id: Option<Uuid>,
    method: Option<String>,
    reference: Option<String>,
    note: Option<String>,
    entered_by: Option<Uuid>,
    entered_at: DateTime<Utc>,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            member: row.member_id.into(),
            unit: row.unit_id.into(),
            kind: match row.kind.as_str() {
                "charge" => Kind::Charge,
                "payment" => Kind::Payment,
                _ => return Err(StoreError::Value { what: "kind of entry", value: row.kind }),
            },
            month: read_month(row.month)?,
            sum: Money::from_kopecks(row.kopecks),
            entered_on: row.entered_on,
            reverses: row.reverses_id.map(LedgerEntryId::from),
            reason: row.reason,
            rate: row.rate_id.map(RateId::from),
            method: row.method.map(read_method).transpose()?,
            reference: row.reference,
            note: row.note,
            entered_by: row.entered_by.map(AccountId::from),
            entered_at: row.entered_at,
        })
    }
}

fn read_method(text: String) -> Result<Method, StoreError> {
    Ok(match text.as_str() {
        "cash" => Method::Cash,
        "bank" => Method::Bank,
        "payroll" => Method::Payroll,
        _ => return Err(StoreError::Value { what: "method", value: text }),
    })
}

fn method_text(method: Method) -> &'static str {
    match method {
        Method::Cash => "cash",
        Method::Bank => "bank",
        Method::Payroll => "payroll",
    }
}

fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Charge => "charge",
        Kind::Payment => "payment",
    }
}

/// An entry and the unit of its member now, for permits.
#[derive(Debug, Clone)]
pub struct PlacedEntry {
    /// The entry.
    pub entry: Entry,
    place: Place,
}

impl Resource for PlacedEntry {
    type Id = LedgerEntryId;

    async fn find(tx: &mut TenantTx, id: LedgerEntryId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query_as!(
            Row,
            "SELECT id, member_id, unit_id, kind, month, kopecks, entered_on, reverses_id, reason, rate_id, method,
                    reference, note, entered_by, entered_at
               FROM dues.entry
              WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let unit = sqlx::query_scalar!(
            "SELECT unit_id FROM dues.account WHERE tenant_id = $1 AND member_id = $2",
            tenant,
            row.member_id
        )
        .fetch_one(tx.conn())
        .await?;
        let Some(unit) = units::by_id(tx, unit.into()).await? else { return Ok(None) };
        Ok(Some(Self { entry: row.try_into()?, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// All entries of a member, in the order of entering.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_member(tx: &mut TenantTx, member: MemberId) -> Result<Vec<Entry>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, member_id, unit_id, kind, month, kopecks, entered_on, reverses_id, reason, rate_id, method,
                reference, note, entered_by, entered_at
           FROM dues.entry
          WHERE tenant_id = $1 AND member_id = $2
          ORDER BY id
          LIMIT $3",
        tenant,
        member.uuid(),
        MOST
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

/// The entry that takes this one back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn reversal_of(tx: &mut TenantTx, id: LedgerEntryId) -> Result<Option<LedgerEntryId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT id FROM dues.entry WHERE tenant_id = $1 AND reverses_id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(LedgerEntryId::from))
}

/// The payment that was recorded by a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_request(tx: &mut TenantTx, request: Uuid) -> Result<Option<Entry>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, member_id, unit_id, kind, month, kopecks, entered_on, reverses_id, reason, rate_id, method,
                reference, note, entered_by, entered_at
           FROM dues.entry
          WHERE tenant_id = $1 AND request_id = $2",
        tenant,
        request
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Entry::try_from)
    .transpose()
}

/// Which of these members have ever been charged for a month, taken back or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn charged(
    tx: &mut TenantTx,
    members: &[MemberId],
    month: Month,
) -> Result<HashSet<MemberId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = members.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_scalar!(
        "SELECT DISTINCT member_id
           FROM dues.entry
          WHERE tenant_id = $1
            AND member_id = ANY ($2)
            AND month = $3
            AND kind = 'charge'
            AND reverses_id IS NULL",
        tenant,
        &ids,
        month.first_day()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(MemberId::from).collect())
}

/// A charge to be appended.
#[derive(Debug, Clone, Copy)]
pub struct NewCharge {
    /// Whom.
    pub member: MemberId,
    /// Their unit.
    pub unit: UnitId,
    /// By which rate.
    pub rate: RateId,
    /// How much, positive.
    pub sum: Money,
}

/// Charges members for a month for the first time; who is charged already, by whomever meanwhile, is passed over.
/// Returns what was charged.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn charge(
    tx: &mut TenantTx,
    month: Month,
    on: NaiveDate,
    charges: &[NewCharge],
) -> Result<Vec<(MemberId, Money)>, StoreError> {
    let (tenant, now, by) = (tx.tenant().uuid(), tx.now(), tx.viewer().account());
    let column = |of: fn(&NewCharge) -> Uuid| charges.iter().map(of).collect::<Vec<Uuid>>();
    let ids: Vec<Uuid> = charges.iter().map(|_| LedgerEntryId::new().uuid()).collect();
    let sums: Vec<i64> = charges.iter().map(|charge| -charge.sum.kopecks()).collect();
    let rows = sqlx::query!(
        "INSERT INTO dues.entry (tenant_id, id, member_id, unit_id, kind, month, kopecks, entered_on, rate_id, round,
                                 entered_by, entered_at)
         SELECT $1, u.id, u.member_id, u.unit_id, 'charge', $6, u.kopecks, $8, u.rate_id, 0, $9, $10
           FROM UNNEST($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $7::bigint[])
                AS u (id, member_id, unit_id, rate_id, kopecks)
         ON CONFLICT (tenant_id, member_id, month, round) WHERE kind = 'charge' AND reverses_id IS NULL
         DO NOTHING
         RETURNING member_id, kopecks",
        tenant,
        &ids,
        &column(|charge| charge.member.uuid()),
        &column(|charge| charge.unit.uuid()),
        &column(|charge| charge.rate.uuid()),
        month.first_day(),
        &sums,
        on,
        by.map(TypedId::uuid),
        now
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.member_id.into(), Money::from_kopecks(-row.kopecks))).collect())
}

/// What stands in the table beside the entry itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keys {
    /// Chosen by whoever records a payment.
    pub request: Option<Uuid>,
    /// The list that it stands in.
    pub list: Option<BankListId>,
    /// How many like it were taken back before.
    pub round: i32,
}

/// Appends an entry.
///
/// # Errors
/// [`StoreError`], which [`violates`](StoreError::violates) `entry_charge`, `entry_reference`, `entry_request` or
/// `entry_reversal` when the like of it is there already.
pub async fn append(tx: &mut TenantTx, entry: &Entry, keys: Keys) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO dues.entry (tenant_id, id, member_id, unit_id, kind, month, kopecks, entered_on, reverses_id,
                                 reason, rate_id, method, reference, request_id, bank_list_id, round, note, entered_by,
                                 entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        tenant,
        entry.id.uuid(),
        entry.member.uuid(),
        entry.unit.uuid(),
        kind_text(entry.kind),
        entry.month.first_day(),
        entry.sum.kopecks(),
        entry.entered_on,
        entry.reverses.map(TypedId::uuid),
        entry.reason,
        entry.rate.map(TypedId::uuid),
        entry.method.map(method_text),
        entry.reference,
        keys.request,
        keys.list.map(TypedId::uuid),
        keys.round,
        entry.note,
        entry.entered_by.map(TypedId::uuid),
        entry.entered_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// How often payments with each of these numbers of a bank were recorded, and how often taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn references(
    tx: &mut TenantTx,
    references: &[String],
) -> Result<HashMap<String, (i32, i32)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT e.reference AS "reference!",
                  count(*) FILTER (WHERE e.reverses_id IS NULL) AS "recorded!",
                  count(*) FILTER (WHERE e.reverses_id IS NOT NULL) AS "reversed!"
             FROM dues.entry e
            WHERE e.tenant_id = $1 AND e.method = 'bank' AND e.reference = ANY ($2)
            GROUP BY e.reference"#,
        tenant,
        references
    )
    .fetch_all(tx.conn())
    .await?;
    let count = |many: i64| i32::try_from(many).unwrap_or(i32::MAX);
    Ok(rows.into_iter().map(|row| (row.reference, (count(row.recorded), count(row.reversed)))).collect())
}
