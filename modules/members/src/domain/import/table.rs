//! A file as sheets of typed cells that remember their places.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::column::Column;
use super::{delimited, workbook};
use crate::domain::text::is_blank;

/// What every ZIP archive, and so every `.xlsx` file, begins with.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// What an OLE container begins with: an old `.xls`, or a workbook behind a password (MS-OFFCRYPTO §2.3).
const OLE_MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Beginnings of files that are text or nearly so, but never a table.
const FOREIGN_MAGIC: [&[u8]; 7] =
    [b"%PDF", b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xBC\xAF"];

/// How much of a file is read at most, so that a hostile or mistaken one cannot exhaust the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// Size of an `.xlsx` file's contents once unpacked, in bytes.
    pub unpacked_bytes: u64,
    /// Rows with anything in them, over all sheets.
    pub rows: u64,
    /// Text of all cells together, in bytes; shared strings of a workbook count each time.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 128 << 20, unpacked_bytes: 1 << 30, rows: 500_000, text_bytes: 512 << 20 }
    }
}

/// What was too large about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// The file itself, in bytes.
    FileBytes,
    /// What the archive unpacks to, in bytes.
    UnpackedBytes,
    /// The number of rows.
    Rows,
    /// The text of all cells, in bytes.
    TextBytes,
}

/// Why a file cannot be read as a register.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file has no content.
    #[error("the file is empty")]
    Empty,
    /// The file is neither an `.xlsx` workbook nor a text table.
    #[error("the file is neither an .xlsx workbook nor a .csv table")]
    NotASpreadsheet,
    /// The workbook is protected by a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// The workbook has the format of Excel before 2007.
    #[error("the workbook is in the old .xls format; save it as .xlsx")]
    OldWorkbook,
    /// The workbook is broken.
    #[error("could not read the workbook: it is damaged")]
    Damaged {
        /// What the reader stumbled over.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No row names enough columns of a register.
    #[error("no row with the names of a register's columns was found")]
    NoHeader,
    /// The file exceeds a limit.
    #[error("the file is too large: {what:?} above {limit}")]
    TooLarge {
        /// What is too large.
        what: Size,
        /// The limit that is exceeded.
        limit: u64,
    },
}

impl ReadError {
    /// The stable code of this error, for programs and for texts in the user's language.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NotASpreadsheet => "file_not_a_spreadsheet",
            Self::Encrypted => "file_encrypted",
            Self::OldWorkbook => "file_old_workbook",
            Self::Damaged { .. } => "file_damaged",
            Self::NoHeader => "file_no_header",
            Self::TooLarge { .. } => "file_too_large",
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'t> {
    /// Nothing, or only spaces.
    Blank,
    /// Text as it was written, spaces included.
    Text(&'t str),
    /// A number.
    Number(f64),
    /// A day, from a cell that the workbook formats as a date.
    Date(NaiveDate),
    /// True or false.
    Bool(bool),
}

impl<'t> Cell<'t> {
    /// The cell as text, as a spreadsheet would show it.
    #[must_use]
    pub fn text(self) -> Cow<'t, str> {
        match self {
            Self::Blank => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            // Card and phone numbers typed as numbers come as floats without a fraction.
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(date) => Cow::Owned(date.format("%d.%m.%Y").to_string()),
            Self::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        }
    }

    /// True when the cell holds nothing, or only dashes that stand for nothing.
    #[must_use]
    pub fn is_blank(self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => is_blank(text),
            _ => false,
        }
    }
}

/// A cell's content as it is kept: texts lie end to end in one string per sheet.
#[derive(Debug, Clone, Copy)]
enum Stored {
    Text { start: u32, len: u32 },
    Number(f64),
    Date(NaiveDate),
    Bool(bool),
}

#[derive(Debug, Clone, Copy)]
struct StoredCell {
    column: Column,
    content: Stored,
}

#[derive(Debug, Clone, Copy)]
struct StoredRow {
    number: u32,
    first: usize,
    len: usize,
}

/// One sheet. Only what is not blank is kept, so a hundred thousand rows stay small.
#[derive(Debug, Default)]
pub struct Sheet {
    name: String,
    hidden: bool,
    text: String,
    cells: Vec<StoredCell>,
    rows: Vec<StoredRow>,
}

/// A row with something in it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    sheet: &'t Sheet,
    row: StoredRow,
}

impl<'t> Row<'t> {
    /// The row's number in the file, the first is 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.row.number
    }

    /// The cell in a column.
    #[must_use]
    pub fn cell(self, column: Column) -> Cell<'t> {
        self.cells().find(|(at, _)| *at == column).map_or(Cell::Blank, |(_, cell)| cell)
    }

    /// The cells that are not blank, from left to right.
    pub fn cells(self) -> impl Iterator<Item = (Column, Cell<'t>)> {
        let sheet = self.sheet;
        sheet.cells[self.row.first..self.row.first + self.row.len].iter().map(move |stored| {
            let cell = match stored.content {
                Stored::Text { start, len } => Cell::Text(&sheet.text[start as usize..][..len as usize]),
                Stored::Number(number) => Cell::Number(number),
                Stored::Date(date) => Cell::Date(date),
                Stored::Bool(value) => Cell::Bool(value),
            };
            (stored.column, cell)
        })
    }
}

impl Sheet {
    /// The sheet's name; empty for a text table.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True when the workbook hides the sheet.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.hidden
    }

    /// How many rows have anything in them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when no row has anything in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a position among those that are not blank.
    #[must_use]
    pub fn row(&self, position: usize) -> Option<Row<'_>> {
        self.rows.get(position).map(|row| Row { sheet: self, row: *row })
    }

    /// The rows that are not blank, in the order of their numbers.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|row| Row { sheet: self, row: *row })
    }
}

/// A file's sheets.
#[derive(Debug)]
pub struct Table {
    sheets: Vec<Sheet>,
}

impl Table {
    /// Reads an `.xlsx` workbook or a text table (UTF-8, UTF-16 with a byte order mark or windows-1251; comma,
    /// semicolon or tab). The content decides which it is; the name only helps to refuse what is neither.
    ///
    /// # Errors
    ///
    /// Every [`ReadError`] but `NoHeader`: what the file is instead of a readable table.
    pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Self, ReadError> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file_bytes {
            return Err(ReadError::TooLarge { what: Size::FileBytes, limit: limits.file_bytes });
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(ReadError::Empty);
        }
        let sheets = if bytes.starts_with(ZIP_MAGIC) {
            workbook::read(bytes, limits)?
        } else if bytes.starts_with(OLE_MAGIC) {
            return Err(if workbook::is_encrypted_container(bytes) {
                ReadError::Encrypted
            } else {
                ReadError::OldWorkbook
            });
        } else {
            let name = file_name.to_lowercase();
            let claims_workbook = [".xlsx", ".xlsm"].iter().any(|extension| name.ends_with(extension));
            if claims_workbook || FOREIGN_MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
                return Err(ReadError::NotASpreadsheet);
            }
            vec![delimited::read(bytes, limits)?]
        };
        if sheets.iter().all(Sheet::is_empty) {
            return Err(ReadError::Empty);
        }
        Ok(Self { sheets })
    }

    /// The sheets in the file's order; a text table is one.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
}

/// Fills sheets within the limits.
pub(super) struct SheetBuilder<'l> {
    limits: &'l Limits,
    rows_before: u64,
    text_before: u64,
    sheet: Sheet,
}

impl<'l> SheetBuilder<'l> {
    /// Begins a sheet; `before` are the sheets of the same file that are full already.
    pub(super) fn new(limits: &'l Limits, before: &[Sheet], name: String, hidden: bool) -> Self {
        let rows_before = before.iter().map(|sheet| sheet.rows.len() as u64).sum();
        let text_before = before.iter().map(|sheet| sheet.text.len() as u64).sum();
        Self { limits, rows_before, text_before, sheet: Sheet { name, hidden, ..Sheet::default() } }
    }

    /// Keeps a cell unless it is blank. The row's number begins with 1.
    pub(super) fn push(&mut self, number: u32, column: Column, cell: Cell<'_>) -> Result<(), ReadError> {
        let content = match cell {
            Cell::Blank => return Ok(()),
            Cell::Text(text) if text.trim().is_empty() => return Ok(()),
            Cell::Text(text) => {
                let limit = self.limits.text_bytes;
                let too_large = || ReadError::TooLarge { what: Size::TextBytes, limit };
                let start = u32::try_from(self.sheet.text.len()).map_err(|_| too_large())?;
                let len = u32::try_from(text.len()).map_err(|_| too_large())?;
                if self.text_before + u64::from(start) + u64::from(len) > limit {
                    return Err(too_large());
                }
                self.sheet.text.push_str(text);
                Stored::Text { start, len }
            }
            Cell::Number(number) => Stored::Number(number),
            Cell::Date(date) => Stored::Date(date),
            Cell::Bool(value) => Stored::Bool(value),
        };
        match self.sheet.rows.last_mut() {
            Some(row) if row.number == number => row.len += 1,
            _ => {
                if self.rows_before + self.sheet.rows.len() as u64 >= self.limits.rows {
                    return Err(ReadError::TooLarge { what: Size::Rows, limit: self.limits.rows });
                }
                self.sheet.rows.push(StoredRow { number, first: self.sheet.cells.len(), len: 1 });
            }
        }
        self.sheet.cells.push(StoredCell { column, content });
        Ok(())
    }

    /// The finished sheet, its rows in the order of their numbers even if the file had them otherwise.
    pub(super) fn finish(mut self) -> Sheet {
        self.sheet.rows.sort_by_key(|row| row.number);
        self.sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_shown_without_a_fraction() {
        assert_eq!(Cell::Number(79_000_000_028.0).text(), "79000000028");
        assert_eq!(Cell::Number(1.5).text(), "1.5");
    }
}
