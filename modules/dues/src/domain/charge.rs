//! Whether a member is charged for a month, and how much.

use plenum_dues_api::RateId;
use plenum_kernel::Money;

use super::terms::{Rate, Tariff};

/// What is to be done about one member and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Charge this sum, by this rate.
    Charge {
        /// The rate.
        rate: RateId,
        /// A positive sum.
        sum: Money,
    },
    /// Nothing is to be paid: exempt, or the rate comes to nothing.
    Exempt,
    /// No unit up to the root has set a rate by then.
    NoRate,
    /// The rate is a percentage, and no salary is declared.
    NoSalary,
}

/// Decides. `salary` is the one declared for that month.
#[must_use]
pub fn decide(rate: Option<&Rate>, salary: Option<Money>, exempt: bool) -> Verdict {
    let Some(rate) = rate else { return Verdict::NoRate };
    if exempt {
        return Verdict::Exempt;
    }
    let sum = match (rate.tariff, salary) {
        (Tariff::Fixed(sum), _) => sum,
        (Tariff::Percent(share), Some(salary)) => salary.share(share),
        (Tariff::Percent(_), None) => return Verdict::NoSalary,
    };
    if sum > Money::ZERO { Verdict::Charge { rate: rate.id, sum } } else { Verdict::Exempt }
}

/// How a charging ended, or would end: how many members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Charged.
    pub charged: i32,
    /// The sum of their charges.
    pub total: Money,
    /// Charged before, or their charge was taken back.
    pub charged_before: i32,
    /// Nothing to pay.
    pub exempt: i32,
    /// Without a rate.
    pub without_rate: i32,
    /// Without a declared salary.
    pub without_salary: i32,
}

#[cfg(test)]
mod tests {
    use plenum_kernel::UnitId;

    use super::*;

    fn rate(tariff: Tariff) -> Rate {
        Rate {
            id: RateId::new(),
            unit: UnitId::new(),
            tariff,
            valid_from: "2026-01".parse().expect("a month"),
        }
    }

    #[test]
    fn a_percentage_needs_a_salary_and_a_fixed_sum_does_not() {
        let (percent, fixed) = (rate(Tariff::Percent(100)), rate(Tariff::Fixed(Money::from_kopecks(30_000))));
        let salary = Some(Money::from_kopecks(5_000_050));
        assert_eq!(
            decide(Some(&percent), salary, false),
            Verdict::Charge { rate: percent.id, sum: Money::from_kopecks(50_001) }
        );
        assert_eq!(decide(Some(&percent), None, false), Verdict::NoSalary);
        assert_eq!(
            decide(Some(&fixed), None, false),
            Verdict::Charge { rate: fixed.id, sum: Money::from_kopecks(30_000) }
        );
        assert_eq!(decide(None, salary, false), Verdict::NoRate);
        assert_eq!(decide(Some(&percent), salary, true), Verdict::Exempt);
        assert_eq!(decide(Some(&rate(Tariff::Fixed(Money::ZERO))), None, false), Verdict::Exempt);
    }
}
