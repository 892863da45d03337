//! One member's dues.

use std::collections::HashMap;

use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_db::TenantTx;
use plenum_dues_api::LedgerEntryId;
use plenum_graph::{Answer, Paged, Paging, Refusal, global, paged};
use plenum_kernel::{Money, TypedId};
use plenum_members_api::Member;
use plenum_tenancy::{
    graphql::UnitNode,
    store::units::{self, Unit},
};

use super::{
    cursor,
    names::{DuesRateKind, ExemptionGround, LedgerEntryKind, PaymentMethod},
};
use crate::{
    domain::{
        ledger::{self, Entry, MonthSum, Overdue},
        month::Month,
        terms::{Exemption, Rate, Tariff, rate_of},
    },
    store::{
        entries,
        terms::{self, Salary},
    },
};

/// A rate of a unit.
#[derive(SimpleObject, Clone)]
#[graphql(name = "DuesRate")]
pub struct RateNode {
    id: ID,
    /// The unit that set it; it holds below it too, unless a nearer unit sets its own.
    unit: UnitNode,
    kind: DuesRateKind,
    /// Hundredths of a percent, or kopecks a month.
    value: i64,
    /// The first month, `2026-11`.
    valid_from: String,
}

impl RateNode {
    pub(super) fn new(rate: &Rate, unit: Unit) -> Self {
        let (kind, value) = match rate.tariff {
            Tariff::Percent(hundredths) => (DuesRateKind::Percent, i64::from(hundredths)),
            Tariff::Fixed(sum) => (DuesRateKind::Fixed, sum.kopecks()),
        };
        let valid_from = rate.valid_from.to_string();
        Self { id: global(rate.id), unit: UnitNode(unit), kind, value, valid_from }
    }
}

/// Months for which a member is not charged.
#[derive(SimpleObject, Clone)]
#[graphql(name = "DuesExemption")]
pub struct ExemptionNode {
    id: ID,
    ground: ExemptionGround,
    /// The first month.
    from: String,
    /// The last month, included; null is for good. Before the first month when it was withdrawn.
    until: Option<String>,
    note: Option<String>,
    /// Whether it excuses from the present month.
    current: bool,
}

/// A declared salary.
#[derive(SimpleObject, Clone)]
pub struct DeclaredSalary {
    kopecks: i64,
    /// The first month.
    valid_from: String,
}

/// What is owed for months that are over.
#[derive(SimpleObject, Clone)]
pub struct OverdueDues {
    kopecks: i64,
    /// For how many months at least something is owed.
    months: i32,
    /// The first of them.
    since: String,
}

/// What happened in one month.
#[derive(SimpleObject, Clone)]
pub struct DuesMonth {
    month: String,
    /// Charged for it.
    charged_kopecks: i64,
    /// Paid in it.
    paid_kopecks: i64,
    /// The balance when it ended: negative is owed.
    balance_kopecks: i64,
}

impl From<MonthSum> for DuesMonth {
    fn from(sum: MonthSum) -> Self {
        Self {
            month: sum.month.to_string(),
            charged_kopecks: sum.charged.kopecks(),
            paid_kopecks: sum.paid.kopecks(),
            balance_kopecks: sum.balance.kopecks(),
        }
    }
}

/// One line of the ledger.
#[derive(SimpleObject, Clone)]
#[graphql(name = "LedgerEntry")]
pub struct LedgerEntryNode {
    id: ID,
    kind: LedgerEntryKind,
    /// The month charged for, or paid in.
    month: String,
    /// Negative raises what is owed.
    kopecks: i64,
    /// The balance after it: negative is owed.
    balance_kopecks: i64,
    /// The day of the payment, or of the booking.
    entered_on: NaiveDate,
    entered_at: DateTime<Utc>,
    method: Option<PaymentMethod>,
    /// The bank's number, or that of a receipt.
    reference: Option<String>,
    note: Option<String>,
    /// Why it takes another entry back.
    reason: Option<String>,
    /// The entry that it takes back.
    reverses: Option<ID>,
    /// The entry that takes it back.
    reversed_by: Option<ID>,
}

/// A member's dues, as one reading of the ledger tells them.
pub struct DuesNode {
    member: Member,
    unit: Unit,
    entries: Vec<Entry>,
    rate: Option<RateNode>,
    salary: Option<Salary>,
    exemptions: Vec<Exemption>,
    current: Month,
}

impl DuesNode {
    /// Reads them; the caller answers for who may see them.
    pub(super) async fn load(tx: &mut TenantTx, member: Member, today: NaiveDate) -> Answer<Self> {
        let current = Month::of(today).ok_or_else(|| Refusal::unavailable("clock"))?;
        let unit = units::by_id(tx, member.unit).await?.ok_or_else(Refusal::not_found)?;
        let entries = entries::of_member(tx, member.id).await?;
        let rates = terms::rates_by(tx, current).await?;
        let rate = match rate_of(&rates, &unit.path, current) {
            Some(rate) => units::by_id(tx, rate.unit).await?.map(|unit| RateNode::new(rate, unit)),
            None => None,
        };
        let salary = terms::salaries(tx, &[member.id], current).await?.remove(&member.id);
        let exemptions = terms::exemptions(tx, member.id).await?;
        Ok(Self { member, unit, entries, rate, salary, exemptions, current })
    }
}

/// A member's dues.
#[Object(name = "Dues")]
impl DuesNode {
    /// The member.
    async fn member(&self) -> ID {
        global(self.member.id)
    }
    /// Surname, given name and patronymic.
    async fn full_name(&self) -> &str {
        &self.member.full_name
    }
    /// Where they are on record.
    async fn unit(&self) -> UnitNode {
        UnitNode(self.unit.clone())
    }
    /// The sum of all entries: negative is owed, positive is paid ahead.
    async fn balance_kopecks(&self) -> i64 {
        ledger::balance(&self.entries).kopecks()
    }
    /// What is owed for months that are over; null when nothing is.
    async fn overdue(&self) -> Option<OverdueDues> {
        ledger::overdue(&self.entries, self.current).map(|Overdue { sum, months, since }| OverdueDues {
            kopecks: sum.kopecks(),
            months: i32::try_from(months).unwrap_or(i32::MAX),
            since: since.to_string(),
        })
    }
    /// The rate of the present month; null when no unit has set one.
    async fn rate(&self) -> Option<RateNode> {
        self.rate.clone()
    }
    /// The salary that holds in the present month.
    async fn salary(&self) -> Option<DeclaredSalary> {
        self.salary.map(|salary| DeclaredSalary {
            kopecks: salary.sum.kopecks(),
            valid_from: salary.valid_from.to_string(),
        })
    }
    /// Exemptions, the latest first.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn exemptions(&self) -> Vec<ExemptionNode> {
        self.exemptions
            .iter()
            .map(|exemption| ExemptionNode {
                id: global(exemption.id),
                ground: exemption.ground.into(),
                from: exemption.from.to_string(),
                until: exemption.until.map(|until| until.to_string()),
                note: exemption.note.clone(),
                current: exemption.covers(self.current),
            })
            .collect()
    }
    /// The latest months in which anything happened, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn months(&self, #[graphql(default = 12)] first: i32) -> Answer<Vec<DuesMonth>> {
        let paging = Paging::new(first, None)?;
        let most = usize::try_from(paging.limit() - 1).unwrap_or_default();
        Ok(ledger::months(&self.entries).into_iter().rev().take(most).map(DuesMonth::from).collect())
    }
    /// The ledger, the latest entry first; `month` takes only what counts for that month.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn entries(
        &self,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        month: Option<String>,
    ) -> Answer<Paged<LedgerEntryNode>> {
        let paging = Paging::new(first, after)?;
        let month = month.map(|text| super::month("month", &text)).transpose()?;
        let after: Option<LedgerEntryId> = cursor(&paging)?;
        let taken_back: HashMap<LedgerEntryId, LedgerEntryId> =
            self.entries.iter().filter_map(|entry| Some((entry.reverses?, entry.id))).collect();
        let mut balance = Money::ZERO;
        let mut nodes: Vec<(LedgerEntryId, LedgerEntryNode)> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            balance = [balance, entry.sum].into_iter().sum();
            if month.is_none_or(|month| entry.month == month) {
                nodes.push((entry.id, node(entry, balance, taken_back.get(&entry.id).copied())));
            }
        }
        let limit = usize::try_from(paging.limit()).unwrap_or_default();
        let rows = nodes.into_iter().rev().skip_while(|(id, _)| after.is_some_and(|after| *id >= after));
        Ok(paged(&paging, rows.take(limit).map(|(id, node)| (id.global(), node))))
    }
}

fn node(entry: &Entry, balance: Money, taken_back: Option<LedgerEntryId>) -> LedgerEntryNode {
    LedgerEntryNode {
        id: global(entry.id),
        kind: LedgerEntryKind::of(entry),
        month: entry.month.to_string(),
        kopecks: entry.sum.kopecks(),
        balance_kopecks: balance.kopecks(),
        entered_on: entry.entered_on,
        entered_at: entry.entered_at,
        method: entry.method.map(PaymentMethod::from),
        reference: entry.reference.clone(),
        note: entry.note.clone(),
        reason: entry.reason.clone(),
        reverses: entry.reverses.map(global),
        reversed_by: taken_back.map(global),
    }
}
