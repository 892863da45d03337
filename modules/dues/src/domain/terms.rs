//! What a member has to pay: rates, and what excuses from paying.

use plenum_dues_api::{ExemptionId, RateId};
use plenum_kernel::{Money, UnitId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::{Fault, month::Month};

/// The largest sum of one entry, rate or salary: a billion roubles, beyond any slip of a key.
pub const LARGEST: Money = Money::from_kopecks(100_000_000_000);

/// How much a month costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tariff {
    /// A share of the declared salary, in hundredths of a percent, at most 10,000.
    Percent(u16),
    /// The same for everybody.
    Fixed(Money),
}

impl Tariff {
    /// Checks a percentage.
    ///
    /// # Errors
    /// [`Fault`] when it is more than everything or less than nothing.
    pub fn percent(hundredths: i64) -> Result<Self, Fault> {
        match u16::try_from(hundredths) {
            Ok(hundredths) if hundredths <= 10_000 => Ok(Self::Percent(hundredths)),
            _ => Err(Fault::new("input.value", "out_of_range")),
        }
    }

    /// Checks a sum.
    ///
    /// # Errors
    /// [`Fault`] when it is negative or beyond [`LARGEST`].
    pub fn fixed(kopecks: i64) -> Result<Self, Fault> {
        if (0..=LARGEST.kopecks()).contains(&kopecks) {
            Ok(Self::Fixed(Money::from_kopecks(kopecks)))
        } else {
            Err(Fault::new("input.value", "out_of_range"))
        }
    }
}

/// A rate of a unit, from a month on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its id; of two from the same month the later one counts.
    pub id: RateId,
    /// Whose members pay it, and those of all units below that set none of their own.
    pub unit: UnitId,
    /// How much.
    pub tariff: Tariff,
    /// From when.
    pub valid_from: Month,
}

/// The rate that holds in a unit in a month: of the nearest unit upward that has one by then, its latest. `path` is the
/// units from the root to the unit itself.
#[must_use]
pub fn rate_of<'r>(rates: &'r [Rate], path: &[Uuid], month: Month) -> Option<&'r Rate> {
    path.iter().rev().find_map(|unit| {
        rates
            .iter()
            .filter(|rate| rate.unit == UnitId::from(*unit) && rate.valid_from <= month)
            .max_by_key(|rate| (rate.valid_from, rate.id))
    })
}

/// Why a member does not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Retired and not working.
    Pensioner,
    /// On parental leave.
    ParentalLeave,
    /// Studies full time.
    Student,
    /// Without work.
    Unemployed,
    /// By a decision of the committee; a note says which.
    Other,
}

/// Months for which a member is not charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Its id.
    pub id: ExemptionId,
    /// Who.
    pub member: MemberId,
    /// Why.
    pub ground: Ground,
    /// The first month.
    pub from: Month,
    /// The last month, included; `None` is for good. Before the first month when it was withdrawn.
    pub until: Option<Month>,
    /// What is to be known besides.
    pub note: Option<String>,
}

impl Exemption {
    /// Whether it excuses from this month.
    #[must_use]
    pub fn covers(&self, month: Month) -> bool {
        self.from <= month && self.until.is_none_or(|until| month <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    #[test]
    fn the_nearest_rate_holds_and_the_latest_of_it() {
        let units: Vec<UnitId> = (0..3).map(|_| UnitId::new()).collect();
        let path: Vec<Uuid> = units.iter().map(|unit| plenum_kernel::TypedId::uuid(*unit)).collect();
        let rate = |unit: usize, percent: u16, from: &str| Rate {
            id: RateId::new(),
            unit: units[unit],
            tariff: Tariff::Percent(percent),
            valid_from: month(from),
        };
        let rates = [
            rate(0, 100, "2026-01"),
            rate(0, 120, "2026-06"),
            rate(1, 50, "2026-03"),
            rate(1, 60, "2026-03"),
        ];
        let at =
            |depth: usize, when: &str| rate_of(&rates, &path[..=depth], month(when)).map(|rate| rate.tariff);
        assert_eq!(at(0, "2025-12"), None);
        assert_eq!(at(0, "2026-05"), Some(Tariff::Percent(100)));
        assert_eq!(at(0, "2026-06"), Some(Tariff::Percent(120)));
        assert_eq!(at(2, "2026-02"), Some(Tariff::Percent(100)));
        assert_eq!(at(2, "2026-03"), Some(Tariff::Percent(60)), "the later of two from the same month");
        assert_eq!(at(1, "2026-12"), Some(Tariff::Percent(60)), "the nearer one, though older");
    }

    #[test]
    fn an_exemption_covers_its_months_only() {
        let exemption = |until: Option<&str>| Exemption {
            id: ExemptionId::new(),
            member: MemberId::new(),
            ground: Ground::ParentalLeave,
            from: month("2026-03"),
            until: until.map(month),
            note: None,
        };
        let covered = |until, when: &str| exemption(until).covers(month(when));
        assert!(!covered(Some("2026-05"), "2026-02"));
        assert!(covered(Some("2026-05"), "2026-03") && covered(Some("2026-05"), "2026-05"));
        assert!(!covered(Some("2026-05"), "2026-06"));
        assert!(covered(None, "2030-01"));
        assert!(!covered(Some("2026-02"), "2026-03"), "withdrawn");
    }

    #[test]
    fn an_impossible_tariff_is_refused() {
        for hundredths in [-1, 10_001, 70_000] {
            assert!(Tariff::percent(hundredths).is_err(), "{hundredths}");
        }
        assert!(Tariff::fixed(-1).is_err() && Tariff::fixed(LARGEST.kopecks() + 1).is_err());
        assert_eq!(Tariff::percent(100), Ok(Tariff::Percent(100)));
    }
}
