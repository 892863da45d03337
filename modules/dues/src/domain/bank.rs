//! Lists of payments that banks and employers send: a text table with card number, sum, date and the bank's number.

use std::{borrow::Cow, collections::HashSet};

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::WINDOWS_1251;
use plenum_kernel::Money;

use super::terms::LARGEST;

/// The most rows of one list.
pub const MOST_ROWS: usize = 10_000;
/// The largest file, bytes.
pub const LARGEST_FILE: usize = 5_000_000;
/// The longest text of a cell, in characters.
const LONGEST_CELL: usize = 200;
/// In how many rows the header is looked for: banks put their name above it.
const HEADER_WITHIN: usize = 20;

/// One payment of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row's number in the file.
    pub number: i32,
    /// The card's number.
    pub card: String,
    /// The date as it stands there.
    pub paid_on_text: String,
    /// The sum as it stands there.
    pub amount_text: String,
    /// The bank's number of the payment.
    pub reference: String,
    /// The date; none when it does not read.
    pub paid_on: Option<NaiveDate>,
    /// The sum; none when it does not read or is not above nothing.
    pub amount: Option<Money>,
}

impl Line {
    /// Whether date, sum and the bank's number were understood.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.paid_on.is_some() && self.amount.is_some() && !self.reference.is_empty()
    }
}

/// Why a file is no list of payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list of payments")]
pub enum ListFault {
    /// It is no text.
    NotText,
    /// One of the four columns is not there; the header's names are told in the documentation.
    NoColumns,
    /// There is no row under the header.
    Empty,
    /// Too many rows or bytes.
    TooLarge,
}

impl ListFault {
    /// A stable word.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotText => "not_a_text_table",
            Self::NoColumns => "no_payment_columns",
            Self::Empty => "empty",
            Self::TooLarge => "file_too_large",
        }
    }
}

struct Columns {
    card: usize,
    amount: usize,
    date: usize,
    reference: usize,
}

impl Columns {
    /// Recognizes a header. Names are compared in lower case, without points and spaces.
    fn of(header: &StringRecord) -> Option<Self> {
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                name.to_lowercase()
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .collect::<String>()
                    .replace('ё', "е")
            })
            .collect();
        let find = |starts: &[&str]| {
            names.iter().position(|name| starts.iter().any(|start| name.starts_with(start)))
        };
        Some(Self {
            card: find(&[
                "профбилет",
                "номерпрофбилета",
                "профсоюзныйбилет",
                "номербилета",
                "членскийбилет",
                "card",
            ])
            .or_else(|| names.iter().position(|name| name.contains("билет")))?,
            amount: find(&["сумма", "amount", "sum"])?,
            date: find(&["дата", "date"])?,
            reference: find(&[
                "референс",
                "номерплатежа",
                "номердокумента",
                "номерпп",
                "платежноепоручение",
                "документ",
                "reference",
                "ref",
                "id",
            ])?,
        })
    }
}

/// Reads a list.
///
/// # Errors
/// [`ListFault`] when the file is none.
pub fn read(bytes: &[u8], today: NaiveDate) -> Result<Vec<Line>, ListFault> {
    if bytes.len() > LARGEST_FILE {
        return Err(ListFault::TooLarge);
    }
    let text = decode(bytes)?;
    for delimiter in *b";,\t" {
        if let Some(lines) = read_with(&text, delimiter, today)? {
            return if lines.is_empty() { Err(ListFault::Empty) } else { Ok(lines) };
        }
    }
    Err(ListFault::NoColumns)
}

/// UTF-8, with or without a byte order mark, else windows-1251: what bank programs send.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ListFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1251.decode_without_bom_handling(bytes).0,
    };
    let is_binary = text.chars().any(|c| c < '\u{20}' && !matches!(c, '\t' | '\r' | '\n'));
    if is_binary { Err(ListFault::NotText) } else { Ok(text) }
}

/// Reads with one delimiter; `None` when no header is found so.
fn read_with(text: &str, delimiter: u8, today: NaiveDate) -> Result<Option<Vec<Line>>, ListFault> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    let mut lines = Vec::new();
    for (index, record) in reader.records().enumerate() {
        // Decoded text is UTF-8, and rows may be of any length: nothing else can be wrong.
        let record = record.map_err(|_| ListFault::NotText)?;
        let line_number = record.position().map_or(0, |position| line_of(text, position));
        let Some(columns) = &columns else {
            if index >= HEADER_WITHIN {
                return Ok(None);
            }
            columns = Columns::of(&record);
            continue;
        };
        let cell = |at: usize| -> String {
            record.get(at).unwrap_or_default().trim().chars().take(LONGEST_CELL).collect()
        };
        let (card, amount_text, paid_on_text, reference) =
            (cell(columns.card), cell(columns.amount), cell(columns.date), cell(columns.reference));
        // An empty row, or the total that stands under the list.
        if card.is_empty() && reference.is_empty() {
            continue;
        }
        if lines.len() == MOST_ROWS {
            return Err(ListFault::TooLarge);
        }
        lines.push(Line {
            number: i32::try_from(line_number).unwrap_or(i32::MAX),
            paid_on: read_date(&paid_on_text)
                .filter(|day| *day <= today && super::month::Month::of(*day).is_some()),
            amount: amount_text.parse().ok().filter(|sum: &Money| *sum > Money::ZERO && *sum <= LARGEST),
            card,
            paid_on_text,
            amount_text,
            reference,
        });
    }
    Ok(columns.is_some().then_some(lines))
}

/// The line of the file on which a record begins. The parser's position lies before the empty lines that it skips.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(text.len());
    let skipped = text.as_bytes()[start..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    position.line() + u64::try_from(skipped).unwrap_or(u64::MAX)
}

fn read_date(text: &str) -> Option<NaiveDate> {
    // A time may follow.
    let day = text.split([' ', 'T']).next()?;
    ["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"]
        .into_iter()
        .find_map(|form| NaiveDate::parse_from_str(day, form).ok())
}

/// What is to become of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It will be recorded.
    Matched,
    /// Nobody of the unit has this card.
    Unmatched,
    /// The bank's number is in the ledger, or stands further up in the list.
    Duplicate,
    /// Date, sum or number cannot be read.
    Unreadable,
}

/// Judges the lines in order. `known` are the references in the ledger, `is_member` tells whether a card is somebody's.
pub fn judge(lines: &[Line], known: &HashSet<String>, is_member: impl Fn(&Line) -> bool) -> Vec<Outcome> {
    let mut seen: HashSet<&str> = HashSet::new();
    lines
        .iter()
        .map(|line| {
            if !line.is_readable() {
                Outcome::Unreadable
            } else if known.contains(&line.reference) || !seen.insert(&line.reference) {
                Outcome::Duplicate
            } else if is_member(line) {
                Outcome::Matched
            } else {
                Outcome::Unmatched
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
    }

    const LIST: &str = "Реестр зачислений;;;\n№ профбилета;Дата;Сумма, руб.;Номер платежа\n77-1;20.11.2026;1 234,50;A1\n\n77-2;2026-11-21;99.9;A2\n;;1334,40;\n";

    #[test]
    fn a_list_is_read_with_its_row_numbers() {
        let lines = read(LIST.as_bytes(), today()).expect("a list");
        let read: Vec<_> =
            lines.iter().map(|line| (line.number, line.card.as_str(), line.amount, line.paid_on)).collect();
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        assert_eq!(
            read,
            [
                (3, "77-1", Some(Money::from_kopecks(123_450)), day(20)),
                (5, "77-2", Some(Money::from_kopecks(9_990)), day(21)),
            ]
        );
    }

    #[test]
    fn windows_1251_and_commas_are_understood() {
        let text = "Профбилет,Дата,Сумма,Референс\n77-1,20.11.2026,\"1234,50\",A1\n";
        let (bytes, ..) = WINDOWS_1251.encode(text);
        let lines = read(&bytes, today()).expect("a list");
        assert_eq!(lines[0].amount, Some(Money::from_kopecks(123_450)));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for (bytes, fault) in [
            (&b"a;b\n1;2\n"[..], ListFault::NoColumns),
            (b"", ListFault::NoColumns),
            (b"card;date;sum;ref\n", ListFault::Empty),
            (b"PK\x03\x04\x00\x00", ListFault::NotText),
        ] {
            assert_eq!(read(bytes, today()), Err(fault));
        }
    }

    #[test]
    fn a_payment_is_judged_by_its_number_its_card_and_its_text() {
        let list = "card;date;sum;ref\n1;20.11.2026;1;A\n1;20.11.2026;1;A\n1;20.11.2026;1;B\n9;20.11.2026;1;C\n1;24.11.2026;1;D\n1;20.11.2026;0;E\n1;20.11.2026;1;\n";
        let lines = read(list.as_bytes(), today()).expect("a list");
        let known = HashSet::from(["B".to_owned()]);
        let judged = judge(&lines, &known, |line| line.card == "1");
        use Outcome::*;
        assert_eq!(judged, [Matched, Duplicate, Duplicate, Unmatched, Unreadable, Unreadable, Unreadable]);
    }
}
