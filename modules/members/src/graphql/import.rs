//! An import, its columns, its counts and its rows.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged};

use super::names::{Date, ImportField, MemberImportState, RowOutcome, Severity};
use crate::{
    AccountNames,
    domain::import::{self, Code, Field, Outcome, PreviewRow, Report},
    permissions,
    store::{
        imports::{ImportRecord, PlacedImport, ShownLayout},
        pages::{self, Sought},
    },
};

/// An import of a register from a file.
#[derive(Clone)]
pub struct MemberImportNode(pub(super) ImportRecord);

impl From<PlacedImport> for MemberImportNode {
    fn from(placed: PlacedImport) -> Self {
        Self(placed.import)
    }
}

/// How far a commit has come.
#[derive(SimpleObject)]
pub struct Progress {
    /// Rows of the sheet looked at.
    done: i32,
    /// Rows of the sheet.
    total: i32,
}

impl Progress {
    pub(super) fn new(done: i32, total: i32) -> Self {
        Self { done, total }
    }
}

/// A column of the file.
#[derive(SimpleObject)]
pub struct ImportColumn {
    /// The column's place, the first is 0.
    index: i32,
    /// The same as a spreadsheet's letters.
    letter: String,
    /// The header's text.
    header: String,
    /// What it holds; null is ignored.
    field: Option<ImportField>,
    /// A few of its values.
    samples: Vec<String>,
}

/// How often a code was found.
#[derive(SimpleObject)]
pub struct CodeCount {
    code: &'static str,
    count: i64,
}

/// How many people a unit gets.
#[derive(SimpleObject)]
pub struct UnitCount {
    /// The unit's name.
    unit: String,
    count: i64,
}

/// The counts of an import.
#[derive(SimpleObject)]
pub struct ImportReport {
    /// Rows that speak of a person.
    rows: i64,
    /// Rows that are imported.
    accepted: i64,
    /// Rows that repeat a person.
    duplicates: i64,
    /// Rows that are refused, by the first rule they break.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    rejected: Vec<CodeCount>,
    /// Values that accepted rows go without.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    warnings: Vec<CodeCount>,
    /// Accepted rows per unit, in the order of the tree.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    accepted_by_unit: Vec<UnitCount>,
    /// Accepted rows with an elected office.
    accepted_with_elected_office: i64,
    /// Blank rows between rows that speak of people.
    blank_rows: i64,
}

impl From<Report> for ImportReport {
    fn from(report: Report) -> Self {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let codes = |counts: std::collections::BTreeMap<Code, u64>| {
            counts
                .into_iter()
                .map(|(code, count)| CodeCount { code: code.as_str(), count: whole(count) })
                .collect()
        };
        let by_unit = report.accepted_by_unit.0.into_iter();
        Self {
            rows: whole(report.rows),
            accepted: whole(report.accepted),
            duplicates: whole(report.duplicates),
            rejected: codes(report.rejected),
            warnings: codes(report.warnings),
            accepted_by_unit: by_unit.map(|(unit, count)| UnitCount { unit, count: whole(count) }).collect(),
            accepted_with_elected_office: whole(report.accepted_with_elected_office),
            blank_rows: whole(report.blank_rows),
        }
    }
}

/// Something wrong in one cell of a row.
#[derive(SimpleObject)]
pub struct ImportProblem {
    severity: Severity,
    /// name_missing, birth_date_invalid, duplicate, unit_unknown, unit_ambiguous, card_number_taken,
    /// joined_before_birth (errors); email_invalid, phone_invalid, patronymic_missing, consent_missing,
    /// joined_on_invalid, sex_invalid (warnings).
    code: &'static str,
    /// The cell's column; null when the file has none for the field.
    column_letter: Option<String>,
    /// What the cell should hold.
    field: Option<ImportField>,
    /// What the cell holds.
    value: Option<String>,
    /// The earlier row of the file that has the same card.
    other_row: Option<i32>,
}

impl From<import::Problem> for ImportProblem {
    fn from(problem: import::Problem) -> Self {
        Self {
            severity: problem.severity.into(),
            code: problem.code.as_str(),
            column_letter: problem.column.map(|column| column.to_string()),
            field: Some(problem.field.into()),
            value: problem.value,
            other_row: problem.other_row.and_then(|row| i32::try_from(row).ok()),
        }
    }
}

/// A row as it is understood.
#[derive(SimpleObject)]
pub struct ImportRow {
    /// The row's number in the file, the first is 1.
    row_number: i32,
    outcome: RowOutcome,
    full_name: Option<String>,
    birth_date: Option<Date>,
    /// The unit's name as written.
    unit: Option<String>,
    card_number: Option<String>,
    /// All that is wrong with it, errors first.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    problems: Vec<ImportProblem>,
}

fn shown_row(row: PreviewRow, name_column: Option<import::Column>) -> ImportRow {
    let mut problems: Vec<ImportProblem> = row.problems.into_iter().map(Into::into).collect();
    if row.outcome == Outcome::Duplicate {
        problems.push(ImportProblem {
            severity: Severity::Error,
            code: "duplicate",
            column_letter: name_column.map(|column| column.to_string()),
            field: None,
            value: row.full_name.clone(),
            other_row: None,
        });
    }
    ImportRow {
        row_number: i32::try_from(row.row_number).unwrap_or(i32::MAX),
        outcome: row.outcome.into(),
        full_name: row.full_name,
        birth_date: row.birth_date.map(Date),
        unit: row.unit,
        card_number: row.card_number,
        problems,
    }
}

fn columns(shown: &ShownLayout) -> Vec<ImportColumn> {
    let samples = shown.samples.iter().cloned().chain(std::iter::repeat_with(Vec::new));
    let columns = shown.layout.mapping.columns.iter().zip(samples);
    columns
        .map(|(mapped, samples)| ImportColumn {
            index: i32::from(mapped.column.0),
            letter: mapped.column.to_string(),
            header: mapped.header.clone(),
            field: mapped.field.map(ImportField::from),
            samples,
        })
        .collect()
}

#[Object(name = "MemberImport")]
impl MemberImportNode {
    /// The id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Who imports; `plenum` when a command does.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<String> {
        let Some(account) = self.0.created_by else { return Ok("plenum".to_owned()) };
        let mut tx = ctx.read(permissions::IMPORT).await?;
        let name = ctx.data_unchecked::<Arc<dyn AccountNames>>().display_name(&mut tx, account).await?;
        Ok(name.unwrap_or_default())
    }
    async fn state(&self) -> MemberImportState {
        self.0.state.into()
    }
    /// Why the file could not be read: not_a_spreadsheet, encrypted, no_header, empty, too_large.
    async fn unreadable(&self) -> Option<&str> {
        self.0.unreadable.as_deref()
    }
    async fn progress(&self) -> Progress {
        Progress::new(self.0.done, self.0.total)
    }
    /// The number of the header's last row.
    async fn header_row(&self) -> Option<i32> {
        self.0.layout.as_ref().and_then(|shown| i32::try_from(shown.layout.header_row).ok())
    }
    /// The sheet's name; null for a text table.
    async fn sheet(&self) -> Option<&str> {
        self.0.layout.as_ref().map(|shown| shown.layout.sheet_name.as_str()).filter(|name| !name.is_empty())
    }
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn columns(&self) -> Vec<ImportColumn> {
        self.0.layout.as_ref().map(columns).unwrap_or_default()
    }
    /// The counts of the trial run, and of the real import once it is done; null until the columns are told.
    async fn report(&self) -> Option<ImportReport> {
        self.0.report.clone().map(Into::into)
    }
    /// What becomes of each row.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        outcome: Option<Vec<RowOutcome>>,
        with_problems: Option<bool>,
    ) -> Answer<Paged<ImportRow>> {
        let mut tx = ctx.read(permissions::IMPORT).await?;
        let paging = Paging::new(first, after)?;
        let after = match &paging.after {
            Some(cursor) => cursor.parse().map_err(|_| Paging::bad_cursor())?,
            None => 0,
        };
        let sought = Sought {
            outcomes: outcome.unwrap_or_default().into_iter().map(Into::into).collect(),
            with_problems: with_problems.unwrap_or_default(),
        };
        let limit = usize::try_from(paging.limit()).unwrap_or_default();
        let rows = pages::rows(&mut tx, self.0.id, &sought, after, limit).await?;
        let mapping = self.0.layout.as_ref().map(|shown| &shown.layout.mapping);
        let name_column = mapping.and_then(|mapping| {
            mapping.column_of(Field::FullName).or_else(|| mapping.column_of(Field::Surname))
        });
        let rows = rows.into_iter().map(|row| (row.row_number.to_string(), shown_row(row, name_column)));
        Ok(paged(&paging, rows))
    }
}
