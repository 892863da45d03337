//! The rules, applied to one row after another.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::column::Column;
use super::fields::Field;
use super::layout::{Layout, MappingError};
use super::reading::{Candidate, Consent, Reader, Reading};
use super::register::{Holder, Register, UnitFound};
use super::report::{Code, Report, Severity, UnitCounts};
use super::rows::DataRows;
use super::table::{Row, Table};

/// No person on record is older, in years; an older date is a slip of the pen.
const OLDEST_AGE_YEARS: i32 = 120;

/// Something wrong in one cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Whether it keeps the row from being imported.
    pub severity: Severity,
    /// What is wrong.
    pub code: Code,
    /// What the cell should hold.
    pub field: Field,
    /// The cell's column; `None` when the file has no such column.
    pub column: Option<Column>,
    /// What the cell holds; `None` when it is blank.
    pub value: Option<String>,
    /// The earlier row of the file that this one collides with, if it is that.
    pub other_row: Option<u32>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<M, U> {
    /// It is imported.
    Accepted {
        /// The person to record.
        person: Box<Candidate>,
        /// The unit to record them in.
        unit: U,
    },
    /// It repeats a person.
    Duplicate {
        /// Who is repeated.
        of: Holder<M>,
    },
    /// It breaks a rule; the first one in the order of the rules.
    Rejected(Code),
}

/// A row and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome<M, U> {
    /// The row's number in the file, the first is 1.
    pub row_number: u32,
    /// What becomes of it.
    pub verdict: Verdict<M, U>,
    /// All that is wrong with it, errors first. A duplicate has none: it changes nothing.
    pub problems: Vec<Problem>,
}

/// Goes through a register's rows; each step gives one row's outcome and counts it.
///
/// Memory grows with the accepted rows' keys only, and each row costs the same however many came before.
#[derive(Debug)]
pub struct Import<'t, M, U> {
    rows: DataRows<'t>,
    total: usize,
    reader: Reader,
    register: Register<M, U>,
    today: NaiveDate,
    report: Report,
    accepted_by_unit: Vec<u64>,
}

impl<'t, M: Clone, U: Clone> Import<'t, M, U> {
    /// Prepares the walk through the sheet that the layout names. Nobody can
    /// have been born after `today`.
    ///
    /// # Errors
    ///
    /// A [`MappingError`] when the layout's mapping cannot be used.
    pub fn new(
        table: &'t Table,
        layout: &Layout,
        register: Register<M, U>,
        today: NaiveDate,
    ) -> Result<Self, MappingError> {
        layout.mapping.validate()?;
        let sheet =
            table.sheets().get(layout.sheet).ok_or(MappingError::SheetMissing { sheet: layout.sheet })?;
        Ok(Self {
            rows: DataRows::new(sheet, layout),
            total: sheet.len(),
            reader: Reader::new(&layout.mapping),
            accepted_by_unit: vec![0; register.units().len()],
            register,
            today,
            report: Report::default(),
        })
    }

    /// How many of the sheet's rows have been looked at, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.rows.position(), self.total)
    }

    /// The counts so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let by_unit = self.register.units().iter().zip(&self.accepted_by_unit);
        Report {
            accepted_by_unit: UnitCounts(
                by_unit
                    .filter(|(_, count)| **count > 0)
                    .map(|((name, _), count)| (name.clone(), *count))
                    .collect(),
            ),
            blank_rows: self.rows.blank_rows(),
            ..self.report.clone()
        }
    }

    /// Goes through all remaining rows for the counts alone.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.by_ref().for_each(drop);
        self.report()
    }

    fn judge(&mut self, row: Row<'t>) -> RowOutcome<M, U> {
        let reading = self.reader.read(row);
        let row_number = row.number();
        let birth_date = reading.birth_date.filter(|date| self.is_possible_birth_date(*date));
        let person_key = reading.name.as_ref().map(|name| name.key()).zip(birth_date);
        if let Some(of) = person_key.as_ref().and_then(|key| self.register.person(key)) {
            return RowOutcome {
                row_number,
                verdict: Verdict::Duplicate { of: of.clone() },
                problems: Vec::new(),
            };
        }

        // The order of these checks decides by which rule a row is counted that breaks several.
        let mut problems = Vec::new();
        if reading.name.is_none() {
            let field =
                if self.reader.column(Field::FullName).is_some() { Field::FullName } else { Field::Surname };
            problems.push(self.problem(row, Code::NameMissing, field));
        }
        if birth_date.is_none() {
            problems.push(self.problem(row, Code::BirthDateInvalid, Field::BirthDate));
        }
        let unit = self.register.unit(&reading.unit);
        match unit {
            UnitFound::At(_) => {}
            UnitFound::None => problems.push(self.problem(row, Code::UnitUnknown, Field::Unit)),
            UnitFound::Several => problems.push(self.problem(row, Code::UnitAmbiguous, Field::Unit)),
        }
        if let Some(holder) = reading.card_number.as_ref().and_then(|card| self.register.card_holder(card)) {
            let other_row = match holder {
                Holder::Row(number) => Some(*number),
                Holder::Record(_) => None,
            };
            let problem = self.problem(row, Code::CardNumberTaken, Field::CardNumber);
            problems.push(Problem { other_row, ..problem });
        }
        let joined_on = reading.joined_on.clone().value();
        if joined_on.zip(birth_date).is_some_and(|(joined, born)| joined < born) {
            problems.push(self.problem(row, Code::JoinedBeforeBirth, Field::JoinedOn));
        }
        let rejection = problems.first().map(|problem| problem.code);
        problems.extend(self.warnings(row, &reading));

        let verdict = match (rejection, person_key, unit) {
            (None, Some(person_key), UnitFound::At(position)) => {
                self.register.learn(person_key.clone(), reading.card_number.as_ref(), row_number);
                self.accepted_by_unit[position] += 1;
                let name = reading.name.expect("a key is made of a name");
                Verdict::Accepted {
                    person: Box::new(Candidate {
                        name,
                        birth_date: person_key.1,
                        sex: reading.sex.value(),
                        phone: reading.phone.value(),
                        email: reading.email.value(),
                        workplace: reading.workplace,
                        position: reading.position,
                        joined_on,
                        card_number: reading.card_number,
                        consent: reading.consent,
                        elected_office: reading.elected_office,
                    }),
                    unit: self.register.units()[position].1.clone(),
                }
            }
            (rejection, ..) => {
                Verdict::Rejected(rejection.expect("without name, birth date or unit there is a problem"))
            }
        };
        RowOutcome { row_number, verdict, problems }
    }

    fn is_possible_birth_date(&self, date: NaiveDate) -> bool {
        date <= self.today && self.today.year() - date.year() <= OLDEST_AGE_YEARS
    }

    fn warnings(&self, row: Row<'_>, reading: &Reading) -> Vec<Problem> {
        let has_patronymic = reading.name.as_ref().is_none_or(|name| name.patronymic().is_some());
        let patronymic_field =
            if self.reader.column(Field::FullName).is_some() { Field::FullName } else { Field::Patronymic };
        [
            (reading.email.is_unreadable(), Code::EmailInvalid, Field::Email),
            (reading.phone.is_unreadable(), Code::PhoneInvalid, Field::Phone),
            (!has_patronymic, Code::PatronymicMissing, patronymic_field),
            (reading.consent != Consent::Given, Code::ConsentMissing, Field::Consent),
            (reading.joined_on.is_unreadable(), Code::JoinedOnInvalid, Field::JoinedOn),
            (reading.sex.is_unreadable(), Code::SexInvalid, Field::Sex),
        ]
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, code, field)| self.problem(row, code, field))
        .collect()
    }

    fn problem(&self, row: Row<'_>, code: Code, field: Field) -> Problem {
        let value = self.reader.text(row, field);
        Problem {
            severity: code.severity(),
            code,
            field,
            column: self.reader.column(field),
            value: (!value.trim().is_empty()).then(|| value.into_owned()),
            other_row: None,
        }
    }

    fn count(&mut self, outcome: &RowOutcome<M, U>) {
        let report = &mut self.report;
        report.rows += 1;
        match &outcome.verdict {
            Verdict::Accepted { person, .. } => {
                report.accepted += 1;
                report.accepted_with_elected_office += u64::from(person.elected_office.is_some());
                for problem in &outcome.problems {
                    *report.warnings.entry(problem.code).or_default() += 1;
                }
            }
            Verdict::Duplicate { .. } => report.duplicates += 1,
            Verdict::Rejected(code) => *report.rejected.entry(*code).or_default() += 1,
        }
    }
}

impl<M: Clone, U: Clone> Iterator for Import<'_, M, U> {
    type Item = RowOutcome<M, U>;

    fn next(&mut self) -> Option<RowOutcome<M, U>> {
        let row = self.rows.next()?;
        let outcome = self.judge(row);
        self.count(&outcome);
        Some(outcome)
    }
}
