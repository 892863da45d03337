//! The only SQL of dues.

pub mod accounts;
pub mod bank;
pub mod entries;
pub mod overview;
pub mod runs;
pub mod sealed;
pub mod terms;
pub mod tree;

use chrono::NaiveDate;
use plenum_db::StoreError;

use crate::domain::month::Month;

/// Reads a month's first day back.
fn read_month(day: NaiveDate) -> Result<Month, StoreError> {
    Month::of(day).ok_or_else(|| StoreError::Value { what: "month", value: day.to_string() })
}
