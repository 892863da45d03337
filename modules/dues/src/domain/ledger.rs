//! The ledger: entries, their sum, and what is overdue by it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use plenum_dues_api::{LedgerEntryId, RateId};
use plenum_kernel::{AccountId, Money, UnitId};
use plenum_members_api::MemberId;

use super::month::Month;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Dues of a month.
    Charge,
    /// Money received.
    Payment,
}

/// How money was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// In cash, against a receipt.
    Cash,
    /// By a bank.
    Bank,
    /// Withheld from the salary by the employer.
    Payroll,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; ids are in the order of entering.
    pub id: LedgerEntryId,
    /// Whose.
    pub member: MemberId,
    /// Their unit at that time.
    pub unit: UnitId,
    /// Charge or payment.
    pub kind: Kind,
    /// The month charged for, or paid in.
    pub month: Month,
    /// Negative raises what is owed.
    pub sum: Money,
    /// The day of the payment, or of the booking.
    pub entered_on: NaiveDate,
    /// What it takes back, if anything.
    pub reverses: Option<LedgerEntryId>,
    /// Why it takes that back.
    pub reason: Option<String>,
    /// A charge's rate.
    pub rate: Option<RateId>,
    /// How a payment came.
    pub method: Option<Method>,
    /// A payment's number.
    pub reference: Option<String>,
    /// What is to be known besides.
    pub note: Option<String>,
    /// Who entered it; none when the platform did.
    pub entered_by: Option<AccountId>,
    /// When.
    pub entered_at: DateTime<Utc>,
}

impl Entry {
    /// Where both the entry and its reversal count, each with its own sign.
    #[must_use]
    pub fn is_charge(&self) -> bool {
        self.kind == Kind::Charge
    }
}

/// What is owed for months that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// How much, positive.
    pub sum: Money,
    /// For how many months at least something is owed.
    pub months: u32,
    /// The first of them.
    pub since: Month,
}

/// The balance: negative is owed, positive is paid ahead.
pub fn balance<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Money {
    entries.into_iter().map(|entry| entry.sum).sum()
}

/// What is owed for months before `current`: payments cover the oldest charges first.
#[must_use]
pub fn overdue(entries: &[Entry], current: Month) -> Option<Overdue> {
    let paid: Money = entries.iter().filter(|entry| !entry.is_charge()).map(|entry| entry.sum).sum();
    let mut by_month: BTreeMap<Month, Money> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_charge() && entry.month < current) {
        let sum = by_month.entry(entry.month).or_default();
        *sum = [*sum, -entry.sum].into_iter().sum();
    }
    let mut charged = Money::ZERO;
    let mut found: Option<(u32, Month)> = None;
    for (month, sum) in by_month {
        charged = [charged, sum].into_iter().sum();
        if charged > paid && sum > Money::ZERO {
            found = Some(found.map_or((1, month), |(months, since)| (months + 1, since)));
        }
    }
    let sum: Money = [charged, -paid].into_iter().sum();
    match found {
        Some((months, since)) if sum > Money::ZERO => Some(Overdue { sum, months, since }),
        _ => None,
    }
}

/// What happened in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSum {
    /// The month.
    pub month: Month,
    /// Charged for it, what was taken back subtracted.
    pub charged: Money,
    /// Paid in it, what was taken back subtracted.
    pub paid: Money,
    /// The balance when it ended.
    pub balance: Money,
}

/// The months in which anything happened, the earliest first.
#[must_use]
pub fn months(entries: &[Entry]) -> Vec<MonthSum> {
    let mut by_month: BTreeMap<Month, (Money, Money)> = BTreeMap::new();
    for entry in entries {
        let (charged, paid) = by_month.entry(entry.month).or_default();
        if entry.is_charge() {
            *charged = [*charged, -entry.sum].into_iter().sum();
        } else {
            *paid = [*paid, entry.sum].into_iter().sum();
        }
    }
    let mut balance = Money::ZERO;
    by_month
        .into_iter()
        .map(|(month, (charged, paid))| {
            balance = [balance, -charged, paid].into_iter().sum();
            MonthSum { month, charged, paid, balance }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(kind: Kind, month: Month, kopecks: i64) -> Entry {
        Entry {
            id: LedgerEntryId::new(),
            member: MemberId::new(),
            unit: UnitId::new(),
            kind,
            month,
            sum: Money::from_kopecks(kopecks),
            entered_on: month.first_day(),
            reverses: None,
            reason: None,
            rate: None,
            method: None,
            reference: None,
            note: None,
            entered_by: None,
            entered_at: DateTime::UNIX_EPOCH,
        }
    }

    fn reversal(of: &Entry) -> Entry {
        Entry { id: LedgerEntryId::new(), sum: -of.sum, reverses: Some(of.id), ..of.clone() }
    }

    fn nth(month: u32) -> Month {
        "2026-01".parse::<Month>().expect("a month").later(month).expect("a month")
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let one = (any::<bool>(), 0_u32..12, 1_i64..100_000).prop_map(|(charge, month, sum)| {
            if charge { entry(Kind::Charge, nth(month), -sum) } else { entry(Kind::Payment, nth(month), sum) }
        });
        proptest::collection::vec(one, 0..40)
    }

    proptest! {
        #[test]
        fn the_months_add_up_to_the_balance(all in entries()) {
            let last = months(&all).last().map_or(Money::ZERO, |month| month.balance);
            prop_assert_eq!(last, balance(&all));
        }

        #[test]
        fn a_reversal_restores_balance_months_and_debt(
            all in entries(), wrong in (any::<bool>(), 0_u32..12, 1_i64..100_000)
        ) {
            let (charge, month, sum) = wrong;
            let wrong = if charge {
                entry(Kind::Charge, nth(month), -sum)
            } else {
                entry(Kind::Payment, nth(month), sum)
            };
            let mut after = all.clone();
            after.push(wrong.clone());
            after.push(reversal(&wrong));
            prop_assert_eq!(balance(&after), balance(&all));
            prop_assert_eq!(overdue(&after, nth(6)), overdue(&all, nth(6)));
        }

        #[test]
        fn nobody_is_overdue_beyond_what_is_charged(all in entries()) {
            if let Some(overdue) = overdue(&all, nth(12)) {
                prop_assert_eq!(overdue.sum, -balance(&all));
                prop_assert!(overdue.months >= 1 && overdue.months <= 12);
            } else {
                prop_assert!(balance(&all) >= Money::ZERO);
            }
        }
    }

    #[test]
    fn payments_cover_the_oldest_months_first() {
        let all = [
            entry(Kind::Charge, nth(0), -100),
            entry(Kind::Charge, nth(1), -100),
            entry(Kind::Charge, nth(2), -100),
            entry(Kind::Payment, nth(2), 150),
        ];
        let sum = Money::from_kopecks(150);
        assert_eq!(overdue(&all, nth(3)), Some(Overdue { sum, months: 2, since: nth(1) }));
        let sum = Money::from_kopecks(50);
        assert_eq!(overdue(&all, nth(2)), Some(Overdue { sum, months: 1, since: nth(1) }));
        assert_eq!(overdue(&all, nth(1)), None);
    }
}
