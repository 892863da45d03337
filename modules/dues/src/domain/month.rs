//! A month of a year: what dues are charged for.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A month, from January 2000 to December 2100. Written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(NaiveDate);

/// The text is not a month that dues know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month")]
pub struct NotAMonth;

impl Month {
    /// The month of a day; `None` outside of the years that dues know.
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<Self> {
        (2000..=2100).contains(&day.year()).then(|| day.with_day(1)).flatten().map(Self)
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month so many later.
    #[must_use]
    pub fn later(self, by: u32) -> Option<Self> {
        self.0.checked_add_months(Months::new(by)).and_then(Self::of)
    }

    /// The month so many earlier.
    #[must_use]
    pub fn earlier(self, by: u32) -> Option<Self> {
        self.0.checked_sub_months(Months::new(by)).and_then(Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(NotAMonth);
        }
        let year = year.parse().map_err(|_| NotAMonth)?;
        let month = month.parse().map_err(|_| NotAMonth)?;
        NaiveDate::from_ymd_opt(year, month, 1).and_then(Self::of).ok_or(NotAMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_back() {
        let month: Month = "2026-11".parse().expect("a month");
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(month.later(2).map(|later| later.to_string()).as_deref(), Some("2027-01"));
        assert_eq!(month.earlier(11).map(|later| later.to_string()).as_deref(), Some("2025-12"));
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "1999-12", "2101-01", "2026-11-01"]
        {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
