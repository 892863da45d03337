//! Which rows of a sheet are people, and which are titles, footers or nothing.

use super::column::Column;
use super::fields::Field;
use super::layout::Layout;
use super::table::{Cell, Row, Sheet};
use crate::domain::text::fold;

/// First words of the rows under a register: sums and signatures.
const FOOTER_WORDS: [&str; 15] = [
    "итого",
    "всего",
    "председатель",
    "подпись",
    "исполнитель",
    "м.п",
    "мп",
    "главный бухгалтер",
    "ответственный",
    "дата",
    "составил",
    "примечание",
    "total",
    "chair",
    "signature",
];
/// Endings by which a lone text is known for a person's name.
const PATRONYMIC_ENDINGS: [&str; 5] = ["вич", "вна", "ична", "оглы", "кызы"];

/// Goes through the rows below the header, gives those that are data and counts the blank ones between them.
#[derive(Debug)]
pub(super) struct DataRows<'t> {
    sheet: &'t Sheet,
    position: usize,
    header: Vec<(Column, String)>,
    mapped: Vec<Column>,
    name_column: Option<Column>,
    birth_date_column: Option<Column>,
    /// Number of the last data row, 0 before the first.
    last_data_row: u32,
    /// Titles and footers since then, which are not blank either.
    others_since: u32,
    blank_rows: u64,
}

enum Kind {
    Data,
    Blank,
    Other,
}

impl<'t> DataRows<'t> {
    pub(super) fn new(sheet: &'t Sheet, layout: &Layout) -> Self {
        let mapping = &layout.mapping;
        let mapped = mapping.columns.iter().filter(|mapped| mapped.field.is_some());
        Self {
            sheet,
            position: sheet.rows().take_while(|row| row.number() <= layout.header_row).count(),
            header: mapped.clone().map(|mapped| (mapped.column, mapped.header.clone())).collect(),
            mapped: mapped.map(|mapped| mapped.column).collect(),
            name_column: mapping.column_of(Field::FullName).or(mapping.column_of(Field::Surname)),
            birth_date_column: mapping.column_of(Field::BirthDate),
            last_data_row: 0,
            others_since: 0,
            blank_rows: 0,
        }
    }

    /// Blank rows between the data rows so far. Those after the last one belong to nothing and do not count.
    pub(super) fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// How many of the sheet's rows have been looked at.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    fn kind(&self, row: Row<'_>) -> Kind {
        let cells: Vec<(Column, Cell<'_>)> = row.cells().filter(|(_, cell)| !cell.is_blank()).collect();
        let mapped = cells.iter().filter(|(column, _)| self.mapped.contains(column)).count();
        if mapped == 0 {
            // Rows numbered in advance and never filled are as good as blank.
            let only_number = cells.iter().all(|(_, cell)| is_number(*cell));
            return if only_number { Kind::Blank } else { Kind::Other };
        }
        let is_title = self.repeats_header(&cells)
            || numbers_columns(&cells)
            || self.is_footer(row, &cells)
            || (mapped == 1 && cells.len() == 1 && !self.is_lone_name(cells[0]));
        if is_title { Kind::Other } else { Kind::Data }
    }

    /// True for the header written again, as on each page of a printout.
    fn repeats_header(&self, cells: &[(Column, Cell<'_>)]) -> bool {
        let equal = cells
            .iter()
            .filter(|(column, cell)| {
                matches!(cell, Cell::Text(text)
                    if self.header.iter().any(|(at, header)| at == column && header.split_whitespace().eq(text.split_whitespace())))
            })
            .count();
        equal >= 3
    }

    fn is_footer(&self, row: Row<'_>, cells: &[(Column, Cell<'_>)]) -> bool {
        if self.birth_date_column.is_some_and(|column| !row.cell(column).is_blank()) {
            return false;
        }
        let Some((_, Cell::Text(first))) = cells.iter().find(|(_, cell)| !is_number(*cell)) else {
            return false;
        };
        let first = fold(first);
        FOOTER_WORDS
            .iter()
            .any(|word| first.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    }

    /// True when the only text of a row is a person's name: such a row is refused by the rules, not passed over.
    fn is_lone_name(&self, (column, cell): (Column, Cell<'_>)) -> bool {
        let Cell::Text(text) = cell else { return false };
        let text = fold(text);
        let words = text.split(' ').count();
        self.name_column == Some(column)
            && (3..=4).contains(&words)
            && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'))
            && PATRONYMIC_ENDINGS.iter().any(|ending| text.ends_with(ending))
    }
}

impl<'t> Iterator for DataRows<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        loop {
            let row = self.sheet.row(self.position)?;
            self.position += 1;
            match self.kind(row) {
                Kind::Blank => {}
                Kind::Other => self.others_since = self.others_since.saturating_add(1),
                Kind::Data => {
                    if self.last_data_row > 0 {
                        let between = row.number().saturating_sub(self.last_data_row + 1);
                        self.blank_rows += u64::from(between.saturating_sub(self.others_since));
                    }
                    self.last_data_row = row.number();
                    self.others_since = 0;
                    return Some(row);
                }
            }
        }
    }
}

fn is_number(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.trim().trim_end_matches('.').parse::<u32>().is_ok(),
        _ => false,
    }
}

/// True for the row "1, 2, 3, …" that official forms have under their header.
fn numbers_columns(cells: &[(Column, Cell<'_>)]) -> bool {
    cells.len() >= 3
        && cells.iter().zip(1u32..).all(|((_, cell), expected)| {
            is_number(*cell) && cell.text().trim().trim_end_matches('.').parse() == Ok(expected)
        })
}
