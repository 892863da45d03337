//! A member's statement as a file: a table or a paper.

use plenum_db::{StoreError, TenantTx};
use plenum_files::{FilesError, store::File};
use plenum_members_api::Member;
use plenum_print::{PrintError, Template};
use plenum_tenancy::store::{tenants, units};
use serde_json::json;

use crate::{
    Tools,
    domain::{
        csv_text::harmless,
        ledger::{Entry, Kind, Method, balance},
        month::Month,
    },
    store::entries,
};

const STATEMENT: Template = Template { name: "statement", source: include_str!("../print/statement.typ") };

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table for spreadsheets: UTF-8, semicolons.
    Csv,
    /// A paper.
    Pdf,
}

/// Why it was not made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file could not be kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The paper could not be typeset.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The table could not be written.
    #[error("the table could not be written")]
    Csv(#[from] csv::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the statement of the months `from` to `until`, both included, and keeps it as a file of the tenant. The caller
/// answers for who may see the member.
///
/// # Errors
/// [`ExportError`].
pub async fn export_statement(
    tx: &mut TenantTx,
    tools: &Tools,
    member: &Member,
    (from, until): (Month, Month),
    format: Format,
) -> Result<File, ExportError> {
    let all = entries::of_member(tx, member.id).await?;
    let opening = balance(all.iter().filter(|entry| entry.month < from));
    let mut shown: Vec<&Entry> =
        all.iter().filter(|entry| entry.month >= from && entry.month <= until).collect();
    shown.sort_by_key(|entry| (entry.month, entry.id));
    let (bytes, extension, content_type) = match format {
        Format::Csv => (table(&shown)?, "csv", "text/csv"),
        Format::Pdf => {
            let tenant_id = tx.tenant();
            let tenant = tenants::by_id(tx.conn(), tenant_id).await?;
            let unit = units::by_id(tx, member.unit).await?;
            let now = tx.now().with_timezone(&tools.time_zone).fixed_offset();
            let closing = balance(all.iter().filter(|entry| entry.month <= until));
            let data = json!({
                "organization": tenant.map(|tenant| tenant.name).unwrap_or_default(),
                "unit": unit.map(|unit| unit.name).unwrap_or_default(),
                "member": member.full_name,
                "from": from.to_string(),
                "until": until.to_string(),
                "date": now.format("%Y-%m-%d").to_string(),
                "opening": opening.to_string(),
                "closing": closing.to_string(),
                "rows": shown.iter().map(|entry| json!({
                    "date": entry.entered_on.format("%d.%m.%Y").to_string(),
                    "what": describe(entry),
                    "charged": if entry.is_charge() { (-entry.sum).to_string() } else { String::new() },
                    "paid": if entry.is_charge() { String::new() } else { entry.sum.to_string() },
                })).collect::<Vec<_>>(),
            });
            (tools.printer.pdf_async(&STATEMENT, &data, now).await?, "pdf", "application/pdf")
        }
    };
    let name = format!("Взносы {} {from} — {until}.{extension}", member.full_name);
    Ok(tools.files.keep(tx, &name, content_type, bytes.into()).await?)
}

fn table(entries: &[&Entry]) -> Result<Vec<u8>, csv::Error> {
    // The mark tells Excel that this is UTF-8.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(["Дата", "Месяц", "Операция", "Начислено", "Оплачено", "Документ", "Примечание"])?;
    for entry in entries {
        let (charged, paid) = if entry.is_charge() {
            ((-entry.sum).to_string(), String::new())
        } else {
            (String::new(), entry.sum.to_string())
        };
        let note = entry.reason.as_deref().or(entry.note.as_deref()).unwrap_or_default();
        writer.write_record([
            entry.entered_on.format("%d.%m.%Y").to_string(),
            entry.month.to_string(),
            operation(entry).to_owned(),
            charged,
            paid,
            harmless(entry.reference.as_deref().unwrap_or_default()),
            harmless(note),
        ])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn operation(entry: &Entry) -> &'static str {
    match (entry.kind, entry.reverses.is_some(), entry.method) {
        (Kind::Charge, false, _) => "Начисление",
        (Kind::Charge, true, _) => "Отмена начисления",
        (Kind::Payment, true, _) => "Отмена платежа",
        (Kind::Payment, false, Some(Method::Cash)) => "Оплата наличными",
        (Kind::Payment, false, Some(Method::Payroll)) => "Удержание из зарплаты",
        (Kind::Payment, false, _) => "Оплата через банк",
    }
}

fn describe(entry: &Entry) -> String {
    let mut text = match entry.kind {
        Kind::Charge => format!("{} за {}", operation(entry), entry.month.first_day().format("%m.%Y")),
        Kind::Payment => operation(entry).to_owned(),
    };
    for (name, part) in [(" № ", &entry.reference), (": ", &entry.reason)] {
        if let Some(part) = part {
            text.push_str(name);
            text.push_str(part);
        }
    }
    text
}
