//! Registration numbers.

use chrono::{Datelike, NaiveDate};

use super::Fault;

/// How a journal writes its numbers: `{n}` is the number, `{yy}` and `{yyyy}` the year, the rest stands as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Checks a pattern.
    ///
    /// # Errors
    /// `no_number` without `{n}`, `unknown_placeholder`, `too_long`.
    pub fn new(path: &str, text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.chars().count() > 60 {
            return Err(Fault::new(path, "too_long"));
        }
        if text.matches("{n}").count() != 1 {
            return Err(Fault::new(path, "no_number"));
        }
        let rest = text.replace("{n}", "").replace("{yyyy}", "").replace("{yy}", "");
        if rest.contains(['{', '}']) || rest.chars().any(char::is_control) {
            return Err(Fault::new(path, "unknown_placeholder"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes a number of a day.
    #[must_use]
    pub fn number(&self, n: i32, on: NaiveDate) -> String {
        self.0
            .replace("{yyyy}", &format!("{:04}", on.year()))
            .replace("{yy}", &format!("{:02}", on.year().rem_euclid(100)))
            .replace("{n}", &n.to_string())
    }
}

/// The year under which a journal counts: 0 when it does not begin anew.
#[must_use]
pub fn counting_year(yearly: bool, on: NaiveDate) -> i32 {
    if yearly { on.year() } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pattern_needs_its_number() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        let pattern = Pattern::new("p", "{n}-{yy}").expect("a pattern");
        assert_eq!(pattern.number(7, day), "7-26");
        assert_eq!(
            Pattern::new("p", "01-14/{n}/{yyyy}").expect("a pattern").number(12, day),
            "01-14/12/2026"
        );
        assert_eq!(Pattern::new("p", "{yy}"), Err(Fault::new("p", "no_number")));
        assert_eq!(Pattern::new("p", "{n}/{x}"), Err(Fault::new("p", "unknown_placeholder")));
        assert_eq!(counting_year(true, day), 2026);
        assert_eq!(counting_year(false, day), 0);
    }

    proptest! {
        #[test]
        fn different_numbers_are_written_differently(a in 1..100_000_i32, b in 1..100_000_i32, prefix in "[0-9А-Я/-]{0,8}") {
            let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
            let pattern = Pattern::new("p", &format!("{prefix}{{n}}-{{yy}}")).expect("a pattern");
            prop_assert_eq!(pattern.number(a, day) == pattern.number(b, day), a == b);
        }
    }
}
