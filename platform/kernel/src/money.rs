//! Sums of money: whole kopecks, never floats.

use std::{fmt, iter::Sum, ops::Neg, str::FromStr};

use serde::{Deserialize, Serialize};

/// A sum in roubles, counted in kopecks; negative is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// The text is not a sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sum of money")]
pub struct NotMoney;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many kopecks.
    #[must_use]
    pub const fn from_kopecks(kopecks: i64) -> Self {
        Self(kopecks)
    }

    /// In kopecks.
    #[must_use]
    pub const fn kopecks(self) -> i64 {
        self.0
    }

    /// Both together; `None` beyond what can be counted, 92 quadrillion roubles.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(kopecks) => Some(Self(kopecks)),
            None => None,
        }
    }

    /// A share of it in hundredths of a percent (10,000 is all of it), rounded to the nearest kopeck, half a kopeck
    /// away from zero.
    #[must_use]
    pub fn share(self, hundredths_of_percent: u16) -> Self {
        let product = i128::from(self.0) * i128::from(hundredths_of_percent);
        let half = if product < 0 { -5_000 } else { 5_000 };
        // A share of at most 6.5536 times an i64 may leave its range only from 15 quadrillion roubles on.
        Self(i64::try_from((product + half) / 10_000).unwrap_or(if product < 0 {
            i64::MIN
        } else {
            i64::MAX
        }))
    }
}

impl Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|one| one.0).sum())
    }
}

/// As offices write it: `1234,50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kopecks = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{},{:02}", kopecks / 100, kopecks % 100)
    }
}

/// Reads `1 234,5`, `1234.50`, `1234`: spaces of all kinds group digits, a comma or a point stands before at most two
/// digits of kopecks.
impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (roubles, kopecks) = digits.split_once([',', '.']).unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if roubles.is_empty() || kopecks.len() > 2 || !all_digits(roubles) || !all_digits(kopecks) {
            return Err(NotMoney);
        }
        let count = format!("{roubles}{kopecks:0<2}").parse::<i64>().map_err(|_| NotMoney)?;
        Ok(Self(if negative { -count } else { count }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_offices_write_them() {
        for (text, kopecks) in [
            ("1234,50", 123_450),
            ("1 234,5", 123_450),
            ("1\u{a0}234", 123_400),
            ("0.01", 1),
            ("-12,30", -1_230),
            ("−12", -1_200),
        ] {
            assert_eq!(text.parse(), Ok(Money::from_kopecks(kopecks)), "{text}");
        }
        for text in ["", ",50", "12,345", "1,2,3", "1е3", "12руб", "99999999999999999999"] {
            assert_eq!(text.parse::<Money>(), Err(NotMoney), "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for kopecks in [0, 1, -1, 99, 100, -12_345, i64::MAX] {
            let money = Money::from_kopecks(kopecks);
            assert_eq!(money.to_string().parse(), Ok(money));
        }
    }

    #[test]
    fn a_share_is_rounded_to_the_kopeck() {
        assert_eq!(Money::from_kopecks(4_512_345).share(100), Money::from_kopecks(45_123));
        assert_eq!(Money::from_kopecks(50).share(100), Money::from_kopecks(1));
        assert_eq!(Money::from_kopecks(49).share(100), Money::ZERO);
        assert_eq!(Money::from_kopecks(-50).share(100), Money::from_kopecks(-1));
        assert_eq!(Money::from_kopecks(12_345).share(10_000), Money::from_kopecks(12_345));
    }
}
