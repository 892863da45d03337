//! Writes a journal out, as a table or as a paper.

use chrono::NaiveDate;
use plenum_db::TenantTx;
use plenum_documents_api::JournalId;
use plenum_files::File;
use plenum_identity::store::accounts;
use plenum_kernel::AccountId;
use plenum_print::Template;
use plenum_tenancy::store::tenants;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde::Serialize;
use serde_json::json;

use crate::{
    Desk,
    actions::Refused,
    store::{
        documents::{self, Document},
        journals::{self, Journal},
        views,
    },
};

const JOURNAL: Template = Template { name: "journal", source: include_str!("../print/journal.typ") };
/// The most entries of one export.
const MOST: i64 = 20_000;
/// The most of a paper: some 400 pages.
const MOST_PRINTED: i64 = 5_000;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// A workbook.
    Xlsx,
    /// A paper.
    Pdf,
}

#[derive(Clone, Serialize)]
struct Line {
    number: String,
    #[serde(skip)]
    day: NaiveDate,
    date: String,
    title: String,
    correspondent: String,
    their: String,
    executor: String,
}

/// Writes out the entries of a year, or of all, and keeps them as a file of the viewer.
///
/// # Errors
/// [`Refused::NotFound`] without such a journal.
pub async fn export_journal(
    tx: &mut TenantTx,
    desk: &Desk,
    journal: JournalId,
    year: Option<i32>,
    form: Form,
) -> Result<File, Refused> {
    let journal = journals::by_id(tx, journal).await?.ok_or(Refused::NotFound)?;
    let most = if form == Form::Pdf { MOST_PRINTED } else { MOST };
    let eyes = views::Eyes::of(tx).await?;
    let mut ids = views::entries(tx, &eyes, journal.id, year, None, most).await?;
    ids.reverse();
    let entries = documents::by_ids(tx, &ids).await?;
    let lines = lines(tx, desk, &entries).await?;
    let part = year.map(|year| format!(", {year}")).unwrap_or_default();
    let (name, content_type, bytes) = match form {
        Form::Csv => (format!("{}{part}.csv", journal.name), "text/csv", table(&lines)),
        Form::Xlsx => {
            let sheet = lines.clone();
            let bytes = tokio::task::spawn_blocking(move || workbook(&sheet))
                .await
                .expect("writing a table does not panic")?;
            (format!("{}{part}.xlsx", journal.name), XLSX, bytes)
        }
        Form::Pdf => {
            let bytes = paper(tx, desk, &journal, year, &lines).await?;
            (format!("{}{part}.pdf", journal.name), "application/pdf", bytes)
        }
    };
    let name = name.replace(['/', '\\'], "-");
    let file = desk.tools.files.keep(tx, &name, content_type, bytes.into()).await?;
    plenum_audit::record(tx, "documents.export_journal", journal.id, json!({ "entries": lines.len() }))
        .await?;
    Ok(file)
}

async fn lines(tx: &mut TenantTx, desk: &Desk, entries: &[Document]) -> Result<Vec<Line>, Refused> {
    let executor = |document: &Document| document.card.executor.or(document.author);
    let mut people: Vec<AccountId> = entries.iter().filter_map(executor).collect();
    people.sort_unstable();
    people.dedup();
    let names = accounts::names(tx.conn(), &people).await?;
    let mut lines = Vec::with_capacity(entries.len());
    for document in entries {
        let Some(registration) = &document.registration else { continue };
        let executor = executor(document).and_then(|account| names.get(&account)).cloned();
        let their = match (&document.card.their_number, document.card.their_date) {
            (Some(number), Some(date)) => format!("{number} от {}", date.format("%d.%m.%Y")),
            (Some(number), None) => number.clone(),
            (None, Some(date)) => date.format("%d.%m.%Y").to_string(),
            (None, None) => String::new(),
        };
        let day = desk.day(registration.at);
        lines.push(Line {
            number: registration.number.clone(),
            day,
            date: day.format("%d.%m.%Y").to_string(),
            title: document.card.title.clone(),
            correspondent: document.card.correspondent.clone().unwrap_or_default(),
            their,
            executor: executor.unwrap_or_default(),
        });
    }
    Ok(lines)
}

const HEAD: [&str; 6] =
    ["Номер", "Дата", "Заголовок", "Корреспондент", "Номер и дата корреспондента", "Исполнитель"];

/// With a byte order mark and semicolons: what Russian spreadsheets open as it is.
fn table(lines: &[Line]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    // Writing to memory cannot fail.
    writer.write_record(HEAD).ok();
    for line in lines {
        let cells = [&line.number, &line.date, &line.title, &line.correspondent, &line.their, &line.executor];
        writer.write_record(cells.map(|cell| harmless(cell))).ok();
    }
    writer.into_inner().unwrap_or_default()
}

/// Texts are written as texts, so that no cell computes; the apostrophe stays for who copies it elsewhere.
fn workbook(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("Журнал")?;
    let (bold, date) = (CellFormat::new().set_bold(), CellFormat::new().set_num_format("dd.mm.yyyy"));
    for (column, width) in (0..).zip([14, 12, 60, 40, 30, 34]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, header) in (0..).zip(HEAD) {
        sheet.write_string_with_format(0, column, header, &bold)?;
    }
    for (row, line) in (1..).zip(lines) {
        sheet.write_string(row, 0, harmless(&line.number))?;
        let day = ExcelDateTime::parse_from_str(&line.day.to_string())?;
        sheet.write_datetime_with_format(row, 1, day, &date)?;
        for (column, cell) in (2..).zip([&line.title, &line.correspondent, &line.their, &line.executor]) {
            sheet.write_string(row, column, harmless(cell))?;
        }
    }
    book.save_to_buffer()
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

async fn paper(
    tx: &mut TenantTx,
    desk: &Desk,
    journal: &Journal,
    year: Option<i32>,
    lines: &[Line],
) -> Result<Vec<u8>, Refused> {
    let tenant = tx.tenant();
    let organization = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.name).unwrap_or_default();
    let data = json!({
        "organization": organization,
        "journal": journal.name,
        "year": year.filter(|year| *year > 0),
        "lines": lines,
    });
    let printed_at = tx.now().with_timezone(&desk.tools.time_zone).fixed_offset();
    Ok(desk.tools.printer.pdf_async(&JOURNAL, &data, printed_at).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_table_is_a_formula() {
        let line = |title: &str| Line {
            number: "1-26".to_owned(),
            day: NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day"),
            date: "23.11.2026".to_owned(),
            title: title.to_owned(),
            correspondent: String::new(),
            their: String::new(),
            executor: String::new(),
        };
        let bytes = table(&[line("=HYPERLINK(\"http://x\")"), line("О смете; на год")]);
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.starts_with("\u{feff}Номер;"));
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{text}");
        assert!(text.contains("\"О смете; на год\""), "{text}");
    }
}
