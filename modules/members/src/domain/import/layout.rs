//! Where a register begins in a file, and what its columns mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::fields::{Field, recognized};
use super::table::{ReadError, Row, Sheet, Table};
use crate::domain::text::tidy;

/// How many rows from the top are searched for the header.
const HEADER_SEARCH_ROWS: usize = 50;
/// How many different columns a row must name to be a header.
const FEWEST_RECOGNIZED: usize = 3;

/// A column of the file and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// The column's place, exchanged as its letters.
    pub column: Column,
    /// The header's text in the file.
    pub header: String,
    /// What the column holds; `None` is ignored.
    pub field: Option<Field>,
}

/// What every column of a register means. The user may change it before the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The columns from left to right.
    pub columns: Vec<MappedColumn>,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Two columns are mapped to one field.
    #[error("{field:?} is mapped to the columns {first} and {second}")]
    FieldTwice {
        /// The field.
        field: Field,
        /// The left column.
        first: Column,
        /// The right column.
        second: Column,
    },
    /// Both a column with full names and columns with their parts are mapped.
    #[error("the name is mapped both as a whole and in parts")]
    NameTwice,
    /// There is no name: neither a full name nor a surname with a given name.
    #[error("no column is mapped to the name")]
    NameMissing,
    /// There is no date of birth.
    #[error("no column is mapped to the date of birth")]
    BirthDateMissing,
    /// There is no primary organization.
    #[error("no column is mapped to the primary organization")]
    UnitMissing,
    /// The layout was made for another file.
    #[error("the file has no sheet at position {sheet}")]
    SheetMissing {
        /// The sheet's position according to the layout.
        sheet: usize,
    },
}

impl MappingError {
    /// The stable code of this error, for programs and for texts in the user's language.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FieldTwice { .. } => "mapping_field_twice",
            Self::NameTwice => "mapping_name_twice",
            Self::NameMissing => "mapping_name_missing",
            Self::BirthDateMissing => "mapping_birth_date_missing",
            Self::UnitMissing => "mapping_unit_missing",
            Self::SheetMissing { .. } => "mapping_sheet_missing",
        }
    }
}

impl Mapping {
    /// The column of a field.
    #[must_use]
    pub fn column_of(&self, field: Field) -> Option<Column> {
        self.columns.iter().find(|mapped| mapped.field == Some(field)).map(|mapped| mapped.column)
    }

    /// Gives a column another meaning, or none. False when there is no such column.
    pub fn assign(&mut self, column: Column, field: Option<Field>) -> bool {
        match self.columns.iter_mut().find(|mapped| mapped.column == column) {
            Some(mapped) => {
                mapped.field = field;
                true
            }
            None => false,
        }
    }

    /// Checks that the mapping can be used: name, date of birth and primary organization are there, and no
    /// field has two columns.
    ///
    /// # Errors
    ///
    /// The first [`MappingError`] that applies.
    pub fn validate(&self) -> Result<(), MappingError> {
        let mut taken = BTreeMap::new();
        for mapped in &self.columns {
            let Some(field) = mapped.field else { continue };
            if let Some(first) = taken.insert(field, mapped.column) {
                return Err(MappingError::FieldTwice { field, first, second: mapped.column });
            }
        }
        let has = |field| taken.contains_key(&field);
        let (has_full, has_surname, has_given) =
            (has(Field::FullName), has(Field::Surname), has(Field::GivenName));
        if has_full && (has_surname || has_given || has(Field::Patronymic)) {
            return Err(MappingError::NameTwice);
        }
        let has_parts = has_surname && has_given;
        if !has_full && !has_parts {
            return Err(MappingError::NameMissing);
        }
        if !has(Field::BirthDate) {
            return Err(MappingError::BirthDateMissing);
        }
        if !has(Field::Unit) {
            return Err(MappingError::UnitMissing);
        }
        Ok(())
    }

    /// Proposes a meaning for each header; of several columns with one meaning, the left one gets it.
    fn propose(headers: Vec<(Column, String)>) -> Self {
        let mut taken = Vec::new();
        let mut columns: Vec<MappedColumn> = headers
            .into_iter()
            .map(|(column, header)| {
                let field = Field::recognize(&header).filter(|field| !taken.contains(field));
                taken.extend(field);
                MappedColumn { column, header, field }
            })
            .collect();
        // Parts say more than the whole: a full name beside them is a formula or a copy.
        let has_parts = taken.contains(&Field::Surname) && taken.contains(&Field::GivenName);
        let has_whole = taken.contains(&Field::FullName);
        for mapped in &mut columns {
            let is_surplus = match mapped.field {
                Some(Field::FullName) => has_parts,
                Some(Field::Surname | Field::GivenName | Field::Patronymic) => has_whole && !has_parts,
                _ => false,
            };
            if is_surplus {
                mapped.field = None;
            }
        }
        Self { columns }
    }
}

/// Where the register is in a file, with the proposed or changed mapping of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Position of the sheet in the file, the first is 0.
    pub sheet: usize,
    /// The sheet's name; empty for a text table.
    pub sheet_name: String,
    /// Number of the header's last row; the register's rows follow it.
    pub header_row: u32,
    /// What the columns mean.
    pub mapping: Mapping,
}

/// A row, or two rows under each other, that may be the header.
struct Candidate {
    recognized: usize,
    last_row: u32,
    headers: Vec<(Column, String)>,
}

impl Layout {
    /// Finds the sheet and the header in it. Visible sheets come before hidden ones; then the header that
    /// names more columns wins, then the sheet with more rows.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoHeader`] when no row names at least three columns of a register.
    pub fn find(table: &Table) -> Result<Self, ReadError> {
        let mut best: Option<((bool, usize, usize), Self)> = None;
        for (position, sheet) in table.sheets().iter().enumerate() {
            let Some(header) = find_header(sheet) else { continue };
            let rank = (!sheet.is_hidden(), header.recognized, sheet.len());
            if best.as_ref().is_none_or(|(best_rank, _)| rank > *best_rank) {
                let layout = Self {
                    sheet: position,
                    sheet_name: sheet.name().to_owned(),
                    header_row: header.last_row,
                    mapping: Mapping::propose(header.headers),
                };
                best = Some((rank, layout));
            }
        }
        best.map(|(_, layout)| layout).ok_or(ReadError::NoHeader)
    }
}

/// The best header near the top of a sheet: one row, or two whose upper one has the titles of merged columns.
fn find_header(sheet: &Sheet) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    let mut consider = |headers: Vec<(Column, String)>, last_row: u32| {
        let recognized = recognized(headers.iter().map(|(_, header)| header.as_str()));
        if recognized >= FEWEST_RECOGNIZED && best.as_ref().is_none_or(|best| recognized > best.recognized) {
            best = Some(Candidate { recognized, last_row, headers });
        }
    };
    let top: Vec<Row<'_>> = sheet.rows().take(HEADER_SEARCH_ROWS).collect();
    for row in &top {
        consider(labels(*row), row.number());
    }
    for pair in top.windows(2) {
        if pair[1].number() == pair[0].number() + 1 {
            consider(stacked(labels(pair[0]), labels(pair[1])), pair[1].number());
        }
    }
    best
}

fn labels(row: Row<'_>) -> Vec<(Column, String)> {
    row.cells().map(|(column, cell)| (column, tidy(&cell.text()))).collect()
}

/// Two rows of a header as one: the lower text names the column, the upper one where the lower is silent.
fn stacked(upper: Vec<(Column, String)>, lower: Vec<(Column, String)>) -> Vec<(Column, String)> {
    let mut joined: BTreeMap<Column, String> = upper.into_iter().collect();
    joined.extend(lower);
    joined.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::Limits;
    use super::*;

    fn find(text: &str) -> Result<Layout, ReadError> {
        let table = Table::read(text.as_bytes(), "register.csv", &Limits::default()).expect("a table");
        Layout::find(&table)
    }

    fn fields(layout: &Layout) -> Vec<Option<Field>> {
        layout.mapping.columns.iter().map(|mapped| mapped.field).collect()
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let layout = find(
            "РЕЕСТР\nпо состоянию на 01.10.2026;;;\n\n№;ФИО;Дата рождения;ППО\n1;Ким Анна;1.2.1990;ППО № 1\n",
        )
        .expect("a header");
        assert_eq!(layout.header_row, 4);
        assert_eq!(fields(&layout), [None, Some(Field::FullName), Some(Field::BirthDate), Some(Field::Unit)]);
        assert_eq!(layout.mapping.validate(), Ok(()));
    }

    #[test]
    fn a_header_of_two_rows_is_read_as_one() {
        let layout = find(
            "ФИО;;;Дата рождения;Первичная организация\nФамилия;Имя;Отчество;;\nКим;Анна;;1.2.1990;ППО № 1\n",
        )
        .expect("a header");
        assert_eq!(layout.header_row, 2);
        assert_eq!(layout.mapping.column_of(Field::Surname), Some(Column(0)));
        assert_eq!(layout.mapping.column_of(Field::Unit), Some(Column(4)));
        assert_eq!(layout.mapping.validate(), Ok(()));
    }

    #[test]
    fn a_file_about_something_else_has_no_header() {
        assert!(matches!(find("Товар;Цена;Телефон\nГвозди;1;2\n"), Err(ReadError::NoHeader)));
    }

    #[test]
    fn a_mapping_needs_name_birth_date_and_unit_once() {
        let mut mapping = find("ФИО;Дата рождения;ППО;Телефон;Прочее\n").expect("a header").mapping;
        assert_eq!(mapping.validate(), Ok(()));
        assert!(mapping.assign(Column(4), Some(Field::Phone)));
        assert_eq!(
            mapping.validate(),
            Err(MappingError::FieldTwice { field: Field::Phone, first: Column(3), second: Column(4) })
        );
        mapping.assign(Column(4), Some(Field::Surname));
        assert_eq!(mapping.validate(), Err(MappingError::NameTwice));
        mapping.assign(Column(4), None);
        for (column, error) in [
            (2, MappingError::UnitMissing),
            (1, MappingError::BirthDateMissing),
            (0, MappingError::NameMissing),
        ] {
            mapping.assign(Column(column), None);
            assert_eq!(mapping.validate(), Err(error));
        }
        assert!(!mapping.assign(Column(99), None));
    }

    #[test]
    fn a_mapping_survives_its_json() {
        let layout = find("ФИО;Дата рождения;ППО\n").expect("a header");
        let json = serde_json::to_value(&layout).expect("serializes");
        assert_eq!(
            json["mapping"]["columns"][1],
            serde_json::json!({"column": "B", "header": "Дата рождения", "field": "birth_date"})
        );
        assert_eq!(serde_json::from_value::<Layout>(json).expect("reads back"), layout);
    }
}
