//! A row's cells read as what their columns mean.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::column::Column;
use super::fields::Field;
use super::layout::Mapping;
use super::table::{Cell, Row};
use crate::domain::card::CardNumber;
use crate::domain::contacts::{Email, Phone};
use crate::domain::dates::{from_serial, parse_date};
use crate::domain::names::PersonName;
use crate::domain::sex::Sex;
use crate::domain::text::{fold, tidy};

/// What a register says about consent to the processing of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// The person agreed.
    Given,
    /// The person did not agree.
    Refused,
    /// Nothing that can be understood is said about it.
    Missing,
}

/// A person as the import would record them. Values that were missing or wrong are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The name.
    pub name: PersonName,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The sex.
    pub sex: Option<Sex>,
    /// The phone number.
    pub phone: Option<Phone>,
    /// The e-mail address.
    pub email: Option<Email>,
    /// The workplace.
    pub workplace: Option<String>,
    /// The position at the workplace.
    pub position: Option<String>,
    /// The date of joining the union.
    pub joined_on: Option<NaiveDate>,
    /// The number of the union card.
    pub card_number: Option<CardNumber>,
    /// Consent to the processing of personal data.
    pub consent: Consent,
    /// The office that the person was elected to.
    pub elected_office: Option<String>,
}

/// A value as it was found in its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found<T> {
    Nothing,
    Unreadable,
    Value(T),
}

impl<T> Found<T> {
    fn of(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Self {
        if crate::domain::text::is_blank(text) {
            return Self::Nothing;
        }
        parse(text).map_or(Self::Unreadable, Self::Value)
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }
}

/// A row's values before any rule is applied to them.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) name: Option<PersonName>,
    pub(super) birth_date: Option<NaiveDate>,
    pub(super) unit: String,
    pub(super) sex: Found<Sex>,
    pub(super) phone: Found<Phone>,
    pub(super) email: Found<Email>,
    pub(super) workplace: Option<String>,
    pub(super) position: Option<String>,
    pub(super) joined_on: Found<NaiveDate>,
    pub(super) card_number: Option<CardNumber>,
    pub(super) consent: Consent,
    pub(super) elected_office: Option<String>,
}

/// The columns of the fields, found once and not for every row.
#[derive(Debug)]
pub(super) struct Reader {
    columns: [Option<Column>; Field::ALL.len()],
}

impl Reader {
    pub(super) fn new(mapping: &Mapping) -> Self {
        Self { columns: Field::ALL.map(|field| mapping.column_of(field)) }
    }

    /// The column of a field. `Field::ALL` is in the order of the variants.
    pub(super) fn column(&self, field: Field) -> Option<Column> {
        self.columns[field as usize]
    }

    fn cell<'t>(&self, row: Row<'t>, field: Field) -> Cell<'t> {
        self.column(field).map_or(Cell::Blank, |column| row.cell(column))
    }

    /// A field's text as it was written.
    pub(super) fn text<'t>(&self, row: Row<'t>, field: Field) -> Cow<'t, str> {
        self.cell(row, field).text()
    }

    pub(super) fn read(&self, row: Row<'_>) -> Reading {
        let text = |field| self.text(row, field);
        Reading {
            name: self.name(row),
            birth_date: date(self.cell(row, Field::BirthDate)).value(),
            unit: tidy(&text(Field::Unit)),
            sex: Found::of(&text(Field::Sex), Sex::parse),
            phone: Found::of(&text(Field::Phone), Phone::parse),
            email: Found::of(&text(Field::Email), Email::parse),
            workplace: plain(&text(Field::Workplace)),
            position: plain(&text(Field::Position)),
            joined_on: date(self.cell(row, Field::JoinedOn)),
            card_number: CardNumber::parse(&text(Field::CardNumber)),
            consent: consent(self.cell(row, Field::Consent)),
            elected_office: plain(&text(Field::ElectedOffice)).filter(|office| !is_none_word(office)),
        }
    }

    fn name(&self, row: Row<'_>) -> Option<PersonName> {
        if self.column(Field::FullName).is_some() {
            return PersonName::from_full(&self.text(row, Field::FullName));
        }
        PersonName::from_parts(
            &self.text(row, Field::Surname),
            &self.text(row, Field::GivenName),
            &self.text(row, Field::Patronymic),
        )
    }
}

fn date(cell: Cell<'_>) -> Found<NaiveDate> {
    match cell {
        Cell::Date(date) => Found::Value(date),
        // The fraction of a day number is the time of day.
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and no date lies out there")]
        Cell::Number(number) => from_serial(number.floor() as i64).map_or(Found::Unreadable, Found::Value),
        Cell::Bool(_) => Found::Unreadable,
        Cell::Blank => Found::Nothing,
        Cell::Text(text) => Found::of(text, parse_date),
    }
}

fn plain(text: &str) -> Option<String> {
    (!crate::domain::text::is_blank(text)).then(|| tidy(text))
}

fn is_none_word(text: &str) -> bool {
    matches!(
        fold(text).trim_end_matches('.'),
        "нет" | "не избран" | "не избрана" | "не имеет" | "no" | "none" | "0"
    )
}

fn consent(cell: Cell<'_>) -> Consent {
    if let Cell::Date(_) = cell {
        // Some registers keep the day on which consent was given.
        return Consent::Given;
    }
    match fold(&cell.text()).trim_end_matches('.') {
        "да" | "д" | "+" | "1" | "есть" | "имеется" | "дано" | "получено" | "согласен" | "согласна"
        | "yes" | "y" | "true" | "v" | "✓" | "✔" => Consent::Given,
        "нет"
        | "н"
        | "-"
        | "0"
        | "отказ"
        | "не дано"
        | "не согласен"
        | "не согласна"
        | "отозвано"
        | "no"
        | "n"
        | "false" => Consent::Refused,
        _ => Consent::Missing,
    }
}
