//! Text tables (`.csv`): encoding and delimiter are found out, not asked for.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1251};

use super::column::Column;
use super::fields::recognized;
use super::table::{Cell, Limits, ReadError, Sheet, SheetBuilder};

/// The delimiters that offices use, the likelier first: a Russian Excel writes semicolons.
const DELIMITERS: [u8; 3] = *b";,\t";
/// How much of the file is looked at to find the delimiter, in bytes.
const SAMPLE_BYTES: usize = 64 << 10;
/// How many rows of it are looked at.
const SAMPLE_ROWS: usize = 60;
/// A quoted cell with more lines than this was opened by a stray quote and swallowed the rows after it.
const MOST_LINES_IN_A_CELL: usize = 20;

/// Reads the only sheet of a text table.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, ReadError> {
    let text = decode(bytes)?;
    let (text, stated) = stated_delimiter(&text);
    let delimiter = stated.unwrap_or_else(|| find_delimiter(text));
    match parse(text, delimiter, true, limits)? {
        Some(sheet) => Ok(sheet),
        None => Ok(parse(text, delimiter, false, limits)?.unwrap_or_default()),
    }
}

/// Decodes by the byte order mark, else as UTF-8, else as windows-1251, the only other encoding offices send.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark_len)) => encoding.decode_without_bom_handling(&bytes[mark_len..]).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1251.decode_without_bom_handling(bytes).0,
        },
    };
    // Windows-1251 gives every byte a meaning, so pictures and programs decode too; control characters betray them.
    let is_binary =
        text.chars().any(|c| c < '\u{20}' && !matches!(c, '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{1a}'));
    if is_binary { Err(ReadError::NotASpreadsheet) } else { Ok(text) }
}

/// Splits off the line `sep=;` that Excel understands at the beginning of a file.
///
/// The line is blanked, not cut, so that the numbers of the rows stay those of the file.
fn stated_delimiter(text: &str) -> (&str, Option<u8>) {
    let Some(rest) = text.strip_prefix("sep=") else { return (text, None) };
    match rest.as_bytes() {
        [delimiter, b'\r' | b'\n', ..] if DELIMITERS.contains(delimiter) => (&rest[1..], Some(*delimiter)),
        _ => (text, None),
    }
}

/// The delimiter that makes the best header of some row; without any header, the one that makes most columns.
fn find_delimiter(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut best = (DELIMITERS[0], (0, 0));
    for delimiter in DELIMITERS {
        let mut score = (0, 0);
        for row in rows(&text[..end], delimiter, true).take(SAMPLE_ROWS) {
            score = score.max((recognized(row.cells.iter()), row.cells.len()));
        }
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// Fills a sheet; `None` when a stray quote has swallowed rows, so that quotes mean nothing in this file.
fn parse(text: &str, delimiter: u8, quoting: bool, limits: &Limits) -> Result<Option<Sheet>, ReadError> {
    let mut builder = SheetBuilder::new(limits, &[], String::new(), false);
    for row in rows(text, delimiter, quoting) {
        for (index, value) in row.cells.iter().enumerate() {
            if quoting && value.bytes().filter(|b| *b == b'\n').count() > MOST_LINES_IN_A_CELL {
                return Ok(None);
            }
            if let Ok(column) = u16::try_from(index) {
                builder.push(row.number, Column(column), Cell::Text(value))?;
            }
        }
    }
    Ok(Some(builder.finish()))
}

struct NumberedRecord {
    number: u32,
    cells: StringRecord,
}

/// The records with the numbers a spreadsheet would give them: the parser skips empty lines, the numbering must not.
fn rows(text: &str, delimiter: u8, quoting: bool) -> impl Iterator<Item = NumberedRecord> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut number = 0u32;
    std::iter::from_fn(move || {
        let mut cells = StringRecord::new();
        // Reading from memory does not fail, and decoded text is UTF-8: an error would only mean the end.
        if !reader.read_record(&mut cells).unwrap_or(false) {
            return None;
        }
        let start = cells.position().map_or(0, |position| position.byte());
        let skipped = empty_lines(text, usize::try_from(start).unwrap_or(text.len()));
        number = number.saturating_add(skipped).saturating_add(1);
        Some(NumberedRecord { number, cells })
    })
}

/// How many line ends lie between the end of one record and the first character of the next.
fn empty_lines(text: &str, start: usize) -> u32 {
    let bytes = text.as_bytes();
    let mut at = start.min(bytes.len());
    // The second half of a line end whose first half closed the record before.
    if at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
        at += 1;
    }
    let mut lines = 0u32;
    loop {
        match bytes.get(at) {
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            Some(b'\r' | b'\n') => at += 1,
            _ => return lines,
        }
        lines = lines.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_16LE;

    use super::*;

    fn grid(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let sheet = read(bytes, &Limits::default()).expect("a table");
        sheet
            .rows()
            .map(|row| (row.number(), row.cells().map(|(_, cell)| cell.text().into_owned()).collect()))
            .collect()
    }

    #[test]
    fn every_delimiter_and_encoding_gives_the_same_cells() {
        let expected = vec![
            (1, vec!["ФИО".to_owned(), "Дата рождения".to_owned(), "Телефон".to_owned()]),
            (2, vec!["Ким, Анна".to_owned(), "01.02.1990".to_owned(), "8;900".to_owned()]),
        ];
        for delimiter in [";", ",", "\t"] {
            let text = ["ФИО|Дата рождения|Телефон", "\"Ким, Анна\"|01.02.1990|\"8;900\"", ""]
                .join("\r\n")
                .replace('|', delimiter);
            let utf16: Vec<u8> =
                "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            assert_eq!(UTF_16LE.decode(&utf16).0, text);
            assert_eq!(grid(text.as_bytes()), expected);
            assert_eq!(grid(format!("\u{feff}{text}").as_bytes()), expected);
            assert_eq!(grid(&WINDOWS_1251.encode(&text).0), expected);
            assert_eq!(grid(&utf16), expected);
        }
    }

    #[test]
    fn rows_keep_their_numbers_over_empty_lines() {
        for end in ["\r\n", "\n", "\r"] {
            let text = ["ФИО;Пол", "", ";;", "А;м", "", "", "\"Б\";ж", ""].join(end);
            let numbers: Vec<u32> = grid(text.as_bytes()).into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [1, 4, 7], "{end:?}");
        }
    }

    #[test]
    fn a_stated_delimiter_wins_and_counts_as_a_row() {
        assert_eq!(grid(b"sep=,\r\na;b,c\r\n"), [(2, vec!["a;b".to_owned(), "c".to_owned()])]);
    }

    #[test]
    fn a_stray_quote_does_not_swallow_the_rest() {
        let mut text = "ФИО;Место работы\n".to_owned();
        for row in 0..60 {
            text.push_str(if row == 3 { "А;\"Ромашка\n" } else { "А;Завод\n" });
        }
        assert_eq!(grid(text.as_bytes()).len(), 61);
    }

    #[test]
    fn binary_content_is_no_table() {
        assert!(matches!(
            read(b"\x7fELF\x02\x01\x00\x00", &Limits::default()),
            Err(ReadError::NotASpreadsheet)
        ));
    }
}
