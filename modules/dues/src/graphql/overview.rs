//! Sums over many members.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::global;
use plenum_kernel::{Money, UnitId};
use plenum_tenancy::{graphql::UnitNode, store::units::Unit};

use crate::{
    domain::{charge::Summary, month::Month},
    store::{overview::Takings, runs::Run},
};

/// The takings of a unit, all below it included, in one month.
#[derive(SimpleObject, Clone)]
pub struct UnitDues {
    pub(super) unit: UnitNode,
    /// How many members are charged.
    pub(super) members: i64,
    pub(super) charged_kopecks: i64,
    pub(super) paid_kopecks: i64,
}

impl UnitDues {
    /// Adds up what belongs to the unit.
    pub(super) fn of(unit: Unit, parts: impl Iterator<Item = Takings<UnitId>>) -> Self {
        let mut sum = Self { unit: UnitNode(unit), members: 0, charged_kopecks: 0, paid_kopecks: 0 };
        for part in parts {
            sum.members += part.members;
            sum.charged_kopecks += part.charged.kopecks();
            sum.paid_kopecks += part.paid.kopecks();
        }
        sum
    }
}

/// The takings of one month.
#[derive(SimpleObject, Clone)]
pub struct MonthDues {
    month: String,
    /// How many members are charged.
    members: i64,
    charged_kopecks: i64,
    paid_kopecks: i64,
}

impl MonthDues {
    pub(super) fn new(month: Month, takings: Option<&Takings<Month>>) -> Self {
        Self {
            month: month.to_string(),
            members: takings.map_or(0, |takings| takings.members),
            charged_kopecks: takings.map_or(0, |takings| takings.charged.kopecks()),
            paid_kopecks: takings.map_or(0, |takings| takings.paid.kopecks()),
        }
    }
}

/// What is owed together for months that are over.
#[derive(SimpleObject, Clone)]
pub struct DuesDebt {
    /// How many members owe.
    pub(super) debtors: i64,
    pub(super) kopecks: i64,
}

/// A member who owes something for months that are over.
#[derive(SimpleObject, Clone)]
pub struct Debtor {
    /// The member.
    pub(super) member: ID,
    pub(super) full_name: String,
    pub(super) unit: Option<UnitNode>,
    pub(super) debt_kopecks: i64,
    /// For how many months at least something is owed.
    pub(super) months: i32,
    /// The first of them.
    pub(super) since: String,
}

/// How a charging ended, or would end: how many members.
#[derive(SimpleObject, Clone)]
pub struct ChargeSummary {
    /// Charged.
    charged: i32,
    /// The sum of their charges.
    total_kopecks: i64,
    /// Charged before.
    charged_before: i32,
    /// Nothing to pay.
    exempt: i32,
    /// No unit up to the root has set a rate by then.
    without_rate: i32,
    /// The rate is a percentage, and no salary is declared.
    without_salary: i32,
}

impl From<Summary> for ChargeSummary {
    fn from(summary: Summary) -> Self {
        Self {
            charged: summary.charged,
            total_kopecks: Money::kopecks(summary.total),
            charged_before: summary.charged_before,
            exempt: summary.exempt,
            without_rate: summary.without_rate,
            without_salary: summary.without_salary,
        }
    }
}

/// A charging of a month for a unit and all below it.
#[derive(SimpleObject, Clone)]
#[graphql(name = "ChargeRun")]
pub struct ChargeRunNode {
    /// Its id.
    #[graphql(owned)]
    pub id: ID,
    unit: Option<UnitNode>,
    month: String,
    /// How it ended; null while it waits.
    summary: Option<ChargeSummary>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl ChargeRunNode {
    pub(super) fn new(run: &Run, unit: Option<Unit>) -> Self {
        Self {
            id: global(run.id),
            unit: unit.map(UnitNode),
            month: run.month.to_string(),
            summary: run.finished_at.map(|_| run.summary.into()),
            created_at: run.created_at,
            finished_at: run.finished_at,
        }
    }
}
