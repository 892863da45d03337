//! Writes a list of members into a file.

use bytes::Bytes;
use chrono::NaiveDate;
use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_files::{Files, FilesError};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::Topic;
use plenum_members_api::{Consent, MemberExportId, Office};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde_json::json;
use uuid::Uuid;

use crate::{
    domain::{export::neutralized, sex::Sex},
    jobs::ExportMembers,
    permissions,
    store::{
        exports::{self, Export, ExportState, Format},
        filters::{List, ListError, Query},
        offices::{self, Held},
        persons::Person,
        tree::Tree,
    },
};

/// Acts for exports.
const ACTOR: &str = "members.export";
/// Members read at once.
const AT_ONCE: i64 = 1000;
/// Rows between two pieces of news of the progress.
const NEWS: usize = 5000;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// The list cannot be asked for.
    #[error(transparent)]
    List(#[from] ListError),
    /// The list names a unit that is not there.
    #[error("no such unit")]
    NoUnit,
    /// The workbook cannot be written.
    #[error("could not write the workbook")]
    Workbook(#[from] XlsxError),
    /// The text table cannot be written.
    #[error("could not write the table")]
    Table(#[from] csv::Error),
    /// The file cannot be kept.
    #[error("could not keep the exported list")]
    Files(#[from] FilesError),
    /// A transaction cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for a list of those of `visible` units (`None` is all) as a file.
pub(crate) async fn export_members(
    tx: &mut TenantTx,
    by: AccountId,
    visible: Option<Vec<Uuid>>,
    format: Format,
    list: &List,
) -> Result<MemberExportId, ExportError> {
    if !list.filter.units.is_empty() {
        let tree = Tree::load(tx).await?;
        if !list.filter.units.iter().all(|unit| tree.has(*unit)) {
            return Err(ExportError::NoUnit);
        }
    }
    let query = Query::new(tx, list, visible.clone()).await?;
    let total = i32::try_from(query.count(tx).await?).unwrap_or(i32::MAX);
    let id = MemberExportId::new();
    exports::insert(tx, id, format, list, visible.as_deref(), total, by).await?;
    plenum_jobs::enqueue(tx, &ExportMembers { export: id }).await?;
    // What was looked for may be a name: the audit gets how many, not who.
    let detail = json!({ "format": format, "members": total });
    plenum_audit::record(tx, "members.export_members", id, detail).await?;
    Ok(id)
}

/// Writes the file. An export that is written, or given up, is left alone.
pub(crate) async fn run_export(
    db: &Db,
    files: &Files,
    tenant: TenantId,
    id: MemberExportId,
) -> Result<(), ExportError> {
    let system = Viewer::system(tenant, ACTOR);
    let mut tx = db.tenant(&system, permissions::EXPORT, Access::Read).await?;
    let Some(export) = wanted(&mut tx, id).await? else { return Ok(()) };
    let rows = read(db, &system, &mut tx, &export).await?;
    drop(tx);
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let format = export.format;
    let bytes = tokio::task::spawn_blocking(move || write(format, &rows))
        .await
        .expect("writing a table does not panic")?;
    let mut tx = db.tenant(&system, permissions::EXPORT, Access::Write).await?;
    if wanted(&mut tx, id).await?.is_none() {
        return Ok(());
    }
    let (name, media) = match format {
        Format::Xlsx => {
            ("Члены профсоюза.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        Format::Csv => ("Члены профсоюза.csv", "text/csv"),
    };
    let file = files.keep(&mut tx, name, media, bytes).await?;
    exports::finish(&mut tx, id, Some(file.id), count).await?;
    plenum_audit::record(&mut tx, "members.export", id, json!({ "members": count })).await?;
    tell(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Says that there will be no file.
pub(crate) async fn give_up(db: &Db, tenant: TenantId, id: MemberExportId) -> Result<(), ExportError> {
    let system = Viewer::system(tenant, ACTOR);
    let mut tx = db.tenant(&system, permissions::EXPORT, Access::Write).await?;
    if let Some(export) = wanted(&mut tx, id).await? {
        exports::finish(&mut tx, id, None, export.total).await?;
        tell(&mut tx, id).await?;
    }
    Ok(tx.commit().await?)
}

async fn wanted(tx: &mut TenantTx, id: MemberExportId) -> Result<Option<Export>, StoreError> {
    Ok(exports::by_id(tx, id).await?.filter(|export| export.state == ExportState::Running))
}

async fn tell(tx: &mut TenantTx, id: MemberExportId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), id);
    plenum_live::touch(tx, &topic).await
}

/// A line of the file.
struct Line {
    person: Person,
    unit: String,
    offices: String,
}

async fn read(
    db: &Db,
    system: &Viewer,
    tx: &mut TenantTx,
    export: &Export,
) -> Result<Vec<Line>, ExportError> {
    let query = Query::new(tx, &export.list, export.scope.clone()).await?;
    let tree = Tree::load(tx).await?;
    let mut lines: Vec<Line> = Vec::new();
    let mut told = 0;
    loop {
        let after = lines.last().map(|line| line.person.id);
        let page = query.page(tx, after, AT_ONCE).await?;
        let last = i64::try_from(page.len()).unwrap_or(i64::MAX) < AT_ONCE;
        let ids: Vec<_> = page.iter().map(|person| person.id).collect();
        let held = offices::of(tx, &ids).await?;
        lines.extend(page.into_iter().map(|person| Line {
            unit: tree.name(person.unit.uuid()).unwrap_or_default().to_owned(),
            offices: offices_ru(held.iter().filter(|one| one.person == person.id && one.until.is_none())),
            person,
        }));
        if last {
            return Ok(lines);
        }
        if lines.len() >= told + NEWS {
            told = lines.len();
            let mut tx = db.tenant(system, permissions::EXPORT, Access::Write).await?;
            let done = i32::try_from(told).unwrap_or(i32::MAX);
            exports::keep_progress(&mut tx, export.id, done, export.total.max(done)).await?;
            tell(&mut tx, export.id).await?;
            tx.commit().await?;
        }
    }
}

fn offices_ru<'h>(held: impl Iterator<Item = &'h Held>) -> String {
    let names: Vec<&str> = held
        .map(|one| match one.office {
            Office::Chair => "председатель",
            Office::DeputyChair => "заместитель председателя",
            Office::Secretary => "секретарь",
            Office::Treasurer => "казначей",
            Office::CommitteeMember => "член комитета",
            Office::AuditMember => "член контрольно-ревизионной комиссии",
            Office::BodyMember => "член выборного органа",
        })
        .collect();
    names.join(", ")
}

/// The headers, in words that an import understands again.
const HEADERS: [&str; 14] = [
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Пол",
    "Телефон",
    "Эл. почта",
    "Место работы",
    "Должность",
    "Первичная организация",
    "Дата вступления",
    "№ профбилета",
    "Согласие на обработку ПДн",
    "Выборная должность",
];

enum Cell {
    Text(String),
    Date(Option<NaiveDate>),
}

fn cells(line: &Line) -> [Cell; HEADERS.len()] {
    let person = &line.person;
    let text = |text: Option<&str>| Cell::Text(neutralized(text.unwrap_or_default()));
    [
        text(Some(&person.surname)),
        text(Some(&person.given_name)),
        text(person.patronymic.as_deref()),
        Cell::Date(Some(person.birth_date)),
        text(person.sex.map(|sex| if sex == Sex::Female { "жен." } else { "муж." })),
        text(person.phone.as_deref()),
        text(person.email.as_deref()),
        text(person.workplace.as_deref()),
        text(person.position.as_deref()),
        text(Some(&line.unit)),
        Cell::Date(person.joined_on),
        text(person.card_number.as_deref()),
        text(match person.consent {
            Consent::Given => Some("да"),
            Consent::Refused => Some("нет"),
            Consent::Missing => None,
        }),
        text(Some(&line.offices)),
    ]
}

fn write(format: Format, lines: &[Line]) -> Result<Bytes, ExportError> {
    match format {
        Format::Xlsx => workbook(lines),
        Format::Csv => table(lines),
    }
}

/// Texts are written as texts, so that no cell computes; the apostrophe stays for who copies it elsewhere.
fn workbook(lines: &[Line]) -> Result<Bytes, ExportError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("Члены профсоюза")?;
    let (bold, date) = (CellFormat::new().set_bold(), CellFormat::new().set_num_format("dd.mm.yyyy"));
    for (column, width) in (0..).zip([18, 16, 18, 14, 8, 16, 28, 30, 24, 30, 16, 18, 26, 34]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write_string_with_format(0, column, header, &bold)?;
    }
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(cells(line)) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, text)?;
                }
                Cell::Date(None) => {}
                Cell::Date(Some(day)) => match ExcelDateTime::parse_from_str(&day.to_string()) {
                    Ok(day) => {
                        sheet.write_datetime_with_format(row, column, day, &date)?;
                    }
                    // Spreadsheets know no day before 1900.
                    Err(_) => {
                        sheet.write_string(row, column, day.format("%d.%m.%Y").to_string())?;
                    }
                },
            }
        }
    }
    Ok(book.save_to_buffer()?.into())
}

/// UTF-8 with its mark and semicolons: what the usual Russian spreadsheet opens by a double click.
fn table(lines: &[Line]) -> Result<Bytes, ExportError> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(HEADERS)?;
    for line in lines {
        writer.write_record(cells(line).into_iter().map(|cell| match cell {
            Cell::Text(text) => text,
            Cell::Date(date) => date.map(|date| date.format("%d.%m.%Y").to_string()).unwrap_or_default(),
        }))?;
    }
    writer.flush().map_err(csv::Error::from)?;
    drop(writer);
    Ok(bytes.into())
}
