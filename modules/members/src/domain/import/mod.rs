//! The import of a register: from the bytes of a file to a verdict on each of its rows.
//!
//! The steps are values that can be looked at and changed between them:
//!
//! 1. [`Table::read`] turns an `.xlsx` or `.csv` file into sheets of typed cells with their places.
//! 2. [`Layout::find`] finds the sheet and its header and proposes which column means what; the user may
//!    change the [`Mapping`].
//! 3. [`Register`] says what is there already: units, people, union cards.
//! 4. [`Import`] goes through the rows, one [`RowOutcome`] each, learning from those it accepts, and counts
//!    them in a [`Report`]. A trial run and the real import are the same walk, so they cannot disagree.
//!
//! Nothing here stores anything or knows the time: what is today is an argument.

mod check;
mod column;
mod delimited;
mod fields;
mod layout;
mod preview;
mod reading;
mod register;
mod report;
mod rows;
mod table;
mod workbook;

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod rule_tests;

pub use check::{Import, Problem, RowOutcome, Verdict};
pub use column::{Column, ColumnError};
pub use fields::Field;
pub use layout::{Layout, MappedColumn, Mapping, MappingError};
pub use preview::{Outcome, PreviewRow, Previewer, samples};
pub use reading::{Candidate, Consent};
pub use register::{Holder, Register};
pub use report::{Code, Report, Severity, UnitCounts};
pub use table::{Cell, Limits, ReadError, Row, Sheet, Size, Table};
