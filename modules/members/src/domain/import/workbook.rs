//! Workbooks (`.xlsx`), read cell by cell: a lone cell in the last row must not cost a full grid.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, DataType, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::column::Column;
use super::table::{Cell, Limits, ReadError, Sheet, SheetBuilder, Size};

/// True for an OLE container that holds an encrypted workbook: its folder has a stream of that name, in UTF-16.
pub(super) fn is_encrypted_container(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

/// The reader of workbooks gave up in a way that it does not report as an error.
#[derive(Debug, thiserror::Error)]
#[error("a place or a value in the workbook is out of all bounds")]
struct OutOfBounds;

/// Reads all sheets of a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ReadError> {
    measure(bytes, limits.unpacked_bytes)?;
    // The library computes places such as "A5000000000" unchecked and panics on them. All it works on is made
    // and dropped inside, so nothing half-done is left behind.
    std::panic::catch_unwind(|| read_sheets(bytes, limits))
        .unwrap_or_else(|_| Err(ReadError::Damaged { source: Box::new(OutOfBounds) }))
}

fn read_sheets(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ReadError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(read_error)?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut read = Vec::with_capacity(sheets.len());
    for sheet in sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let hidden = sheet.visible != SheetVisible::Visible;
        let mut builder = SheetBuilder::new(limits, &read, sheet.name.clone(), hidden);
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(read_error)?;
        while let Some(cell) = cells.next_cell().map_err(read_error)? {
            let (row, column) = cell.get_position();
            // A sheet has 16,384 columns; what claims to lie beyond them is nobody's data.
            if let Ok(column) = u16::try_from(column) {
                push(&mut builder, row.saturating_add(1), Column(column), cell.get_value())?;
            }
        }
        read.push(builder.finish());
    }
    Ok(read)
}

fn push(
    builder: &mut SheetBuilder<'_>,
    row: u32,
    column: Column,
    value: &DataRef<'_>,
) -> Result<(), ReadError> {
    let shown;
    let cell = match value {
        DataRef::Empty => Cell::Blank,
        DataRef::String(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text),
        DataRef::Int(number) => {
            shown = number.to_string();
            Cell::Text(&shown)
        }
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) => match value.as_date() {
            Some(date) => Cell::Date(date),
            None => {
                // A moment that is no day, such as a duration; the rules will not read a date from it.
                shown = value.as_string().unwrap_or_default();
                Cell::Text(&shown)
            }
        },
        DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::Error(error) => {
            shown = error.to_string();
            Cell::Text(&shown)
        }
    };
    builder.push(row, column, cell)
}

/// Unpacks the archive into nothing, to learn how large it is before anything is kept.
///
/// The sizes in the archive's own directory are not trusted: an archive made to exhaust memory lies there.
fn measure(bytes: &[u8], limit: u64) -> Result<(), ReadError> {
    let damaged = |source| ReadError::Damaged { source };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(Box::new(error)))?;
    let is_workbook =
        archive.file_names().flatten().any(|name| name.to_lowercase().ends_with("workbook.xml"));
    if !is_workbook {
        return Err(ReadError::NotASpreadsheet);
    }
    let mut left = limit;
    for index in 0..archive.len() {
        let is_encrypted = archive.by_index_raw(index).map_err(|error| damaged(Box::new(error)))?.encrypted();
        if is_encrypted {
            return Err(ReadError::Encrypted);
        }
        let entry = archive.by_index(index).map_err(|error| damaged(Box::new(error)))?;
        let size = io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| damaged(Box::new(error)))?;
        left = left.checked_sub(size).ok_or(ReadError::TooLarge { what: Size::UnpackedBytes, limit })?;
    }
    Ok(())
}

fn read_error(error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted,
        error => ReadError::Damaged { source: Box::new(error) },
    }
}
