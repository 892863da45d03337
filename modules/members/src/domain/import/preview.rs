//! What an import shows of a row, whatever becomes of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::{Problem, RowOutcome, Verdict};
use super::fields::Field;
use super::layout::Layout;
use super::reading::Reader;
use super::table::{Row, Sheet, Table};
use crate::domain::text::tidy;

/// What becomes of a row, without the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is imported.
    Accepted,
    /// It repeats a person.
    Duplicate,
    /// It breaks a rule.
    Rejected,
}

/// A row as the preview shows it. Kept by the thousand, so the names in JSON are short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// The row's number in the file, the first is 1.
    #[serde(rename = "r")]
    pub row_number: u32,
    /// What becomes of it.
    #[serde(rename = "o")]
    pub outcome: Outcome,
    /// The name, as read or, when it cannot be read, as written.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// The date of birth, when it can be read.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// The unit's name as written.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The card's number.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// All that is wrong with it.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// Makes previews of outcomes, which have to come in the order of the rows.
#[derive(Debug)]
pub struct Previewer<'t> {
    sheet: Option<&'t Sheet>,
    position: usize,
    reader: Reader,
}

impl<'t> Previewer<'t> {
    /// Begins at the top of the sheet that the layout names.
    #[must_use]
    pub fn new(table: &'t Table, layout: &Layout) -> Self {
        Self { sheet: table.sheets().get(layout.sheet), position: 0, reader: Reader::new(&layout.mapping) }
    }

    /// The preview of the next outcome.
    pub fn show<M, U>(&mut self, outcome: &RowOutcome<M, U>) -> PreviewRow {
        let row = self.row(outcome.row_number);
        let unit = row.map(|row| tidy(&self.reader.text(row, Field::Unit))).filter(|unit| !unit.is_empty());
        let problems = outcome.problems.clone();
        let row_number = outcome.row_number;
        if let Verdict::Accepted { person, .. } = &outcome.verdict {
            return PreviewRow {
                row_number,
                outcome: Outcome::Accepted,
                full_name: Some(person.name.to_string()),
                birth_date: Some(person.birth_date),
                unit,
                card_number: person.card_number.as_ref().map(ToString::to_string),
                problems,
            };
        }
        let reading = row.map(|row| self.reader.read(row));
        let name = reading.as_ref().and_then(|reading| reading.name.as_ref()).map(ToString::to_string);
        PreviewRow {
            row_number,
            outcome: match outcome.verdict {
                Verdict::Duplicate { .. } => Outcome::Duplicate,
                _ => Outcome::Rejected,
            },
            full_name: name.or_else(|| row.and_then(|row| self.name_as_written(row))),
            birth_date: reading.as_ref().and_then(|reading| reading.birth_date),
            unit,
            card_number: reading.and_then(|reading| reading.card_number).map(|card| card.to_string()),
            problems,
        }
    }

    fn row(&mut self, number: u32) -> Option<Row<'t>> {
        loop {
            let row = self.sheet?.row(self.position)?;
            if row.number() > number {
                return None;
            }
            self.position += 1;
            if row.number() == number {
                return Some(row);
            }
        }
    }

    fn name_as_written(&self, row: Row<'_>) -> Option<String> {
        let fields = [Field::FullName, Field::Surname, Field::GivenName, Field::Patronymic];
        let parts = fields.map(|field| tidy(&self.reader.text(row, field)));
        let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    }
}

/// The first few values of each column of the layout, for recognizing it.
#[must_use]
pub fn samples(table: &Table, layout: &Layout) -> Vec<Vec<String>> {
    const SAMPLES: usize = 3;
    const LONGEST_CHARS: usize = 80;
    let columns = &layout.mapping.columns;
    let mut samples: Vec<Vec<String>> = columns.iter().map(|_| Vec::new()).collect();
    let rows = table.sheets().get(layout.sheet).into_iter().flat_map(Sheet::rows);
    for row in rows.skip_while(|row| row.number() <= layout.header_row).take(100) {
        for (mapped, found) in columns.iter().zip(&mut samples) {
            let text = tidy(&row.cell(mapped.column).text());
            if found.len() < SAMPLES && !text.is_empty() {
                found.push(text.chars().take(LONGEST_CHARS).collect());
            }
        }
    }
    samples
}
