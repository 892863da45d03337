//! Writes a journal out, as a table or as a paper.

use std::collections::{HashMap, hash_map::Entry};

use plenum_db::TenantTx;
use plenum_documents_api::JournalId;
use plenum_files::File;
use plenum_identity::store::accounts;
use plenum_kernel::AccountId;
use plenum_print::Template;
use plenum_tenancy::store::tenants;
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

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// A paper.
    Pdf,
}

#[derive(Serialize)]
struct Line {
    number: String,
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
    let most = if form == Form::Csv { MOST } else { MOST_PRINTED };
    let eyes = views::Eyes::of(tx).await?;
    let mut ids = views::entries(tx, &eyes, journal.id, year, None, most).await?;
    ids.reverse();
    let entries = documents::by_ids(tx, &ids).await?;
    let lines = lines(tx, desk, &entries).await?;
    let part = year.map(|year| format!(", {year}")).unwrap_or_default();
    let (name, content_type, bytes) = match form {
        Form::Csv => (format!("{}{part}.csv", journal.name), "text/csv", table(&lines)),
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
    let mut names: HashMap<AccountId, String> = HashMap::new();
    let mut lines = Vec::with_capacity(entries.len());
    for document in entries {
        let Some(registration) = &document.registration else { continue };
        let executor = match document.card.executor.or(document.author) {
            Some(account) => {
                if let Entry::Vacant(unknown) = names.entry(account) {
                    let known = accounts::by_id(tx.conn(), account).await?;
                    unknown.insert(known.map(|known| known.display_name).unwrap_or_default());
                }
                names[&account].clone()
            }
            None => String::new(),
        };
        let their = match (&document.card.their_number, document.card.their_date) {
            (Some(number), Some(date)) => format!("{number} от {}", date.format("%d.%m.%Y")),
            (Some(number), None) => number.clone(),
            (None, Some(date)) => date.format("%d.%m.%Y").to_string(),
            (None, None) => String::new(),
        };
        lines.push(Line {
            number: registration.number.clone(),
            date: desk.day(registration.at).format("%d.%m.%Y").to_string(),
            title: document.card.title.clone(),
            correspondent: document.card.correspondent.clone().unwrap_or_default(),
            their,
            executor,
        });
    }
    Ok(lines)
}

/// With a byte order mark and semicolons: what Russian spreadsheets open as it is.
fn table(lines: &[Line]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    let head = ["Номер", "Дата", "Заголовок", "Корреспондент", "Номер и дата корреспондента", "Исполнитель"];
    // Writing to memory cannot fail.
    writer.write_record(head).ok();
    for line in lines {
        let cells = [&line.number, &line.date, &line.title, &line.correspondent, &line.their, &line.executor];
        writer.write_record(cells.map(|cell| harmless(cell))).ok();
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
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
