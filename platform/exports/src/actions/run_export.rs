//! Writes an export.
//!
//! Tables are read from one snapshot; then files, which never change, are read from the object store without holding it.
//! What was written vanishes with the program that died, except for a half object in the store, which the next attempt
//! removes.

use std::io::{BufRead, BufReader, Seek, Write};

use bytes::Bytes;
use futures_util::StreamExt;
use plenum_audit::verify;
use plenum_authz::{Text, Viewer};
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx, catalogue, catalogue::TenantTable};
use plenum_files::{File, FilesError};
use plenum_kernel::{FileId, TenantId, TypedId};
use plenum_tenancy::store::tenants::{self, Tenant};
use plenum_vault::{Field, Holds, Sealed, SealedColumn, SealedTable};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Tools,
    archive::{Archive, ArchiveError},
    domain::{Counted, Facts, MOST_ATTEMPTS, OFFERED_FOR, readme, safe_name},
    jobs::RemoveExport,
    permissions::TENANT,
    store::{
        exports::{self, Progress, State, TenantExportId},
        rows::Rows,
    },
};

/// Acts for exports.
const ACTOR: &str = "exports";
/// Files listed at once.
const FILES_AT_ONCE: i64 = 500;
/// Files between two pieces of news of the progress.
const NEWS: i64 = 20;

/// There is no file.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The list of files cannot be kept on the disk.
    #[error("could not keep the list of files")]
    List(#[from] std::io::Error),
    /// The object store failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// What the database gave is no JSON.
    #[error("a row is not what it was declared as")]
    Row(#[from] serde_json::Error),
    /// A transaction cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was cancelled.
    #[error("it was cancelled")]
    Cancelled,
}

/// Writes an ordered export. One that is over is left alone; one that was tried too often has failed.
///
/// # Errors
/// [`RunError`]; doing it again begins anew.
pub async fn run_export(
    db: &Db,
    tools: &Tools,
    tenant: TenantId,
    id: TenantExportId,
) -> Result<(), RunError> {
    let work = Work { db, tools, tenant, id, system: Viewer::system(tenant, ACTOR) };
    let mut tx = work.write().await?;
    let Some(export) = exports::by_id(&mut tx, id).await? else { return Ok(()) };
    let wanted = match export.state {
        State::Running if export.attempts < MOST_ATTEMPTS => {
            exports::attempt(&mut tx, id).await?;
            true
        }
        State::Running => {
            exports::end(&mut tx, id, State::Running, State::Failed).await?;
            plenum_audit::record(&mut tx, "exports.fail", id, json!({ "attempts": export.attempts })).await?;
            false
        }
        State::Cancelled | State::Failed => false,
        State::Ready | State::Expired => return Ok(()),
    };
    tx.commit().await?;
    // What an attempt that died left in the store.
    tools.files.discard(tenant, export.file).await?;
    if !wanted {
        return Ok(());
    }
    match work.run(export.file).await {
        Err(RunError::Cancelled) => Ok(tools.files.discard(tenant, export.file).await?),
        outcome => outcome,
    }
}

/// One attempt.
struct Work<'w> {
    db: &'w Db,
    tools: &'w Tools,
    tenant: TenantId,
    id: TenantExportId,
    system: Viewer,
}

/// A file that is to be written, as the snapshot knows it.
#[derive(Serialize, Deserialize)]
struct Listed {
    id: FileId,
    name: String,
    content_type: String,
    size_bytes: i64,
    sha256: String,
}

/// A table in the manifest.
#[derive(Serialize)]
struct TableEntry {
    table: String,
    path: String,
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// A file in the manifest.
#[derive(Serialize)]
struct FileEntry {
    id: String,
    name: String,
    content_type: String,
    /// Where it is in the archive; none when the store has lost it.
    path: Option<String>,
    bytes: u64,
    sha256: String,
    /// Whether the bytes are those of which the table keeps the sum.
    as_recorded: bool,
}

impl Work<'_> {
    async fn write(&self) -> Result<TenantTx, RunError> {
        Ok(self.db.tenant(&self.system, TENANT, Access::Write).await?)
    }

    async fn advance(&self, progress: &Progress) -> Result<(), RunError> {
        let mut tx = self.write().await?;
        if !exports::advance(&mut tx, self.id, progress).await? {
            return Err(RunError::Cancelled);
        }
        Ok(tx.commit().await?)
    }

    async fn run(&self, file: FileId) -> Result<(), RunError> {
        let mut progress = Progress::default();
        let mut tx = self.db.tenant(&self.system, TENANT, Access::Snapshot).await?;
        let at = tx.now();
        let mut archive = Archive::begin(&self.tools.folder, at)?;
        let tenant = tenants::by_id(tx.conn(), self.tenant)
            .await?
            .ok_or(StoreError::Rows { expected: 1, found: 0 })?;
        let head = verify::head(&mut tx).await?;
        let left_out = &self.tools.contents.tables_left_out;
        let tables: Vec<TenantTable> = catalogue::tenant_tables(tx.conn())
            .await?
            .into_iter()
            .filter(|table| left_out.iter().all(|out| out.table != table.name))
            .collect();
        // One more for the accounts.
        progress.tables_total = i32::try_from(tables.len() + 1).unwrap_or(i32::MAX);
        let mut written = Vec::with_capacity(tables.len() + 1);
        for table in &tables {
            self.advance(&progress).await?;
            written.push(self.table(&mut tx, &mut archive, table, &mut progress).await?);
            progress.tables_done += 1;
        }
        self.advance(&progress).await?;
        written.push(self.accounts(&mut tx, &mut archive, &mut progress).await?);
        progress.tables_done += 1;
        let mut list = self.list_files(&mut tx, &mut progress).await?;
        drop(tx);
        self.advance(&progress).await?;
        let mut entries = tempfile::tempfile_in(&self.tools.folder)?;
        let count = self.files(&mut archive, &mut list, &mut entries, &mut progress).await?;
        self.advance(&progress).await?;
        self.describe(&mut archive, &tenant, at, &written, count).await?;
        self.manifest(&mut archive, &tenant, at, head, &written, entries).await?;
        let finished = archive.finish().await?;
        self.keep(&tenant, file, finished).await
    }

    /// One table: its rows, without what is left out and with what is sealed opened.
    async fn table(
        &self,
        tx: &mut TenantTx,
        archive: &mut Archive,
        table: &TenantTable,
        progress: &mut Progress,
    ) -> Result<TableEntry, RunError> {
        let path = format!("data/{}.jsonl", table.name);
        archive.entry(&path, true).await?;
        let contents = &self.tools.contents;
        let sealed = contents.sealed.iter().find(|sealed| sealed.name() == table.name);
        let hidden: Vec<&str> = contents
            .columns_left_out
            .iter()
            .filter(|out| out.table == table.name)
            .map(|out| out.column)
            .collect();
        let (mut rows, mut count) = (Rows::of_table(tx, table).await?, 0_u64);
        loop {
            let page = rows.next(tx).await?;
            if page.is_empty() {
                break;
            }
            count += u64::try_from(page.len()).unwrap_or(u64::MAX);
            let lines = if sealed.is_none() && hidden.is_empty() {
                lines(page)
            } else {
                let mut shown = Vec::with_capacity(page.len());
                for row in page {
                    let mut row: Map<String, Value> = serde_json::from_str(&row)?;
                    for column in &hidden {
                        row.remove(*column);
                    }
                    if let Some(sealed) = sealed {
                        open(tx, &**sealed, &mut row).await?;
                    }
                    shown.push(serde_json::to_string(&row)?);
                }
                lines(shown)
            };
            archive.write(lines).await?;
        }
        progress.rows += i64::try_from(count).unwrap_or(i64::MAX);
        let written = archive.written();
        Ok(TableEntry {
            table: table.name.clone(),
            path,
            rows: count,
            bytes: written.size,
            sha256: written.sha256,
        })
    }

    async fn accounts(
        &self,
        tx: &mut TenantTx,
        archive: &mut Archive,
        progress: &mut Progress,
    ) -> Result<TableEntry, RunError> {
        let path = "data/accounts.jsonl".to_owned();
        archive.entry(&path, true).await?;
        let (mut rows, mut count) = (Rows::of_accounts(tx).await?, 0_u64);
        loop {
            let page = rows.next(tx).await?;
            if page.is_empty() {
                break;
            }
            count += u64::try_from(page.len()).unwrap_or(u64::MAX);
            archive.write(lines(page)).await?;
        }
        progress.rows += i64::try_from(count).unwrap_or(i64::MAX);
        let written = archive.written();
        Ok(TableEntry {
            table: "accounts".to_owned(),
            path,
            rows: count,
            bytes: written.size,
            sha256: written.sha256,
        })
    }

    /// The files of the snapshot, but for earlier exports, on the disk: there may be more than memory holds.
    async fn list_files(
        &self,
        tx: &mut TenantTx,
        progress: &mut Progress,
    ) -> Result<std::fs::File, RunError> {
        let mut list = tempfile::tempfile_in(&self.tools.folder)?;
        let own = exports::files(tx).await?;
        let mut after = None;
        loop {
            let page = plenum_files::store::page(tx, after, FILES_AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let mut lines = Vec::new();
            for file in page.iter().filter(|file| own.binary_search(&file.id.uuid()).is_err()) {
                serde_json::to_writer(
                    &mut lines,
                    &Listed {
                        id: file.id,
                        name: file.name.clone(),
                        content_type: file.content_type.clone(),
                        size_bytes: file.size_bytes,
                        sha256: file.sha256.as_deref().map(hex::encode).unwrap_or_default(),
                    },
                )?;
                lines.push(b'\n');
                progress.files_total += 1;
            }
            list.write_all(&lines)?;
        }
        list.rewind()?;
        Ok(list)
    }

    /// The bytes of the files, and a line about each for the manifest.
    async fn files(
        &self,
        archive: &mut Archive,
        list: &mut std::fs::File,
        entries: &mut std::fs::File,
        progress: &mut Progress,
    ) -> Result<u64, RunError> {
        let mut found = 0;
        for line in BufReader::new(list).lines() {
            let listed: Listed = serde_json::from_str(&line?)?;
            let entry = self.file(archive, listed).await?;
            found += u64::from(entry.path.is_some());
            let mut text = serde_json::to_vec(&entry)?;
            text.push(b'\n');
            entries.write_all(&text)?;
            progress.files_done += 1;
            if progress.files_done % NEWS == 0 {
                self.advance(progress).await?;
            }
        }
        Ok(found)
    }

    async fn file(&self, archive: &mut Archive, listed: Listed) -> Result<FileEntry, RunError> {
        let mut bytes = match self.tools.files.stream(self.tenant, listed.id).await {
            Ok(bytes) => bytes,
            // The store has lost it: the rest is worth having all the same, and the manifest tells.
            Err(FilesError::NotFound) => {
                tracing::warn!(file.id = %listed.id, "file {} is not in the store; an export tells of it", listed.id);
                return Ok(FileEntry {
                    id: listed.id.global(),
                    name: listed.name,
                    content_type: listed.content_type,
                    path: None,
                    bytes: u64::try_from(listed.size_bytes).unwrap_or_default(),
                    sha256: listed.sha256,
                    as_recorded: false,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let path = format!("files/{}-{}", listed.id.uuid().simple(), safe_name(&listed.name));
        archive.entry(&path, false).await?;
        while let Some(part) = bytes.next().await {
            archive.write(part?).await?;
        }
        let written = archive.written();
        Ok(FileEntry {
            id: listed.id.global(),
            name: listed.name,
            content_type: listed.content_type,
            path: Some(path),
            bytes: written.size,
            as_recorded: written.sha256 == listed.sha256,
            sha256: written.sha256,
        })
    }

    async fn describe(
        &self,
        archive: &mut Archive,
        tenant: &Tenant,
        at: chrono::DateTime<chrono::Utc>,
        written: &[TableEntry],
        files: u64,
    ) -> Result<(), RunError> {
        const ACCOUNTS: Text = Text {
            ru: "учётные записи тех, у кого есть доступ",
            en: "accounts of those who may enter",
        };
        let contents = &self.tools.contents;
        let meaning =
            |table: &str| contents.described.iter().find(|one| one.table == table).map(|one| one.meaning);
        let tables: Vec<Counted> = written
            .iter()
            .map(|one| Counted {
                table: one.table.clone(),
                meaning: meaning(&one.table).or_else(|| (one.table == "accounts").then_some(ACCOUNTS)),
                rows: one.rows,
            })
            .collect();
        let left_out: Vec<(String, Text)> = contents
            .tables_left_out
            .iter()
            .map(|one| (one.table.to_owned(), one.meaning))
            .chain(
                contents
                    .columns_left_out
                    .iter()
                    .map(|one| (format!("{}.{}", one.table, one.column), one.reason)),
            )
            .collect();
        let text =
            readme(&Facts { organization: &tenant.name, at, tables: &tables, files, left_out: &left_out });
        archive.entry("README.txt", true).await?;
        // Notepad takes a file with this mark for UTF-8.
        Ok(archive.write(format!("\u{feff}{text}")).await?)
    }

    /// Part by part: the list of files may be longer than memory holds.
    async fn manifest(
        &self,
        archive: &mut Archive,
        tenant: &Tenant,
        at: chrono::DateTime<chrono::Utc>,
        head: Option<(i64, Vec<u8>)>,
        tables: &[TableEntry],
        mut entries: std::fs::File,
    ) -> Result<(), RunError> {
        let contents = &self.tools.contents;
        let facts = json!({
            "format": "plenum.tenant-export.1",
            "export": self.id.global(),
            "at": at,
            "organization": {
                "id": tenant.id.global(),
                "slug": tenant.slug,
                "name": tenant.name,
                "short_name": tenant.short_name,
            },
            "audit_head": head.map(|(number, hash)| json!({ "number": number, "sha256": hex::encode(hash) })),
            "tables": tables,
            "left_out": {
                "tables": contents.tables_left_out.iter().map(|one| one.table).collect::<Vec<_>>(),
                "columns": contents
                    .columns_left_out
                    .iter()
                    .map(|one| format!("{}.{}", one.table, one.column))
                    .collect::<Vec<_>>(),
            },
        });
        let beginning = serde_json::to_string_pretty(&facts)?;
        let beginning = beginning.strip_suffix("\n}").unwrap_or(&beginning);
        archive.entry("manifest.json", true).await?;
        archive.write(format!("{beginning},\n  \"files\": [")).await?;
        entries.rewind()?;
        let mut separator = "\n    ";
        for line in BufReader::new(&mut entries).lines() {
            archive.write(format!("{separator}{}", line?)).await?;
            separator = ",\n    ";
        }
        Ok(archive.write("\n  ]\n}\n").await?)
    }

    /// Puts it into the store, and offers it.
    async fn keep(&self, tenant: &Tenant, id: FileId, finished: std::fs::File) -> Result<(), RunError> {
        let (size_bytes, sha256) = self.tools.files.put(self.tenant, id, finished).await?;
        let mut tx = self.write().await?;
        let expires_at = tx.now() + OFFERED_FOR;
        if !exports::finish(&mut tx, self.id, size_bytes, expires_at).await? {
            return Err(RunError::Cancelled);
        }
        let sum = hex::encode(&sha256);
        let file = File {
            id,
            name: format!("{}-{}.zip", tenant.slug, tx.now().format("%Y-%m-%d")),
            content_type: "application/zip".to_owned(),
            size_bytes,
            sha256: Some(sha256),
            created_by: None,
        };
        plenum_files::store::insert(&mut tx, &file).await?;
        plenum_jobs::enqueue_at(&mut tx, &RemoveExport { export: self.id }, expires_at).await?;
        let detail = json!({ "file": id.global(), "bytes": size_bytes, "sha256": sum });
        plenum_audit::record(&mut tx, "exports.finish", self.id, detail).await?;
        Ok(tx.commit().await?)
    }
}

fn lines(rows: Vec<String>) -> Bytes {
    let mut lines = String::with_capacity(rows.iter().map(|row| row.len() + 1).sum());
    for row in rows {
        lines.push_str(&row);
        lines.push('\n');
    }
    lines.into()
}

/// Puts opened values in the place of sealed ones.
async fn open(
    tx: &mut TenantTx,
    table: &dyn SealedTable,
    row: &mut Map<String, Value>,
) -> Result<(), RunError> {
    for column in table.columns() {
        let Some(sealed) = row.remove(column.column) else { continue };
        // From before it was sealed: the value stands in its old place.
        let Value::String(text) = sealed else { continue };
        if column.holds == Holds::Secret {
            continue;
        }
        let value = opened(tx, table.name(), column, row, &text).await?;
        row.insert(column.opened.to_owned(), value);
    }
    Ok(())
}

async fn opened(
    tx: &mut TenantTx,
    table: &'static str,
    column: &SealedColumn,
    row: &Map<String, Value>,
    text: &str,
) -> Result<Value, RunError> {
    let unread = || StoreError::Value { what: "sealed value", value: format!("{table}.{}", column.column) };
    // PostgreSQL writes bytes as `\x` and hexadecimal digits.
    let bytes = text.strip_prefix("\\x").and_then(|digits| hex::decode(digits).ok()).ok_or_else(unread)?;
    let id = |name: &str| {
        row.get(name).and_then(Value::as_str).and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(unread)
    };
    let mut field = Field::new(table, column.column, id(column.row)?);
    if let Some(owner) = column.owner {
        field = field.owned_by(id(owner)?);
    }
    let opened = plenum_vault::open(tx, &field, &Sealed::from(bytes)).await.map_err(StoreError::from)?;
    Ok(match column.holds {
        Holds::Json => serde_json::from_slice(opened.bytes())?,
        Holds::Number => {
            let number = <[u8; 8]>::try_from(opened.bytes()).map_err(|_| unread())?;
            Value::from(i64::from_be_bytes(number))
        }
        Holds::Text => Value::from(std::str::from_utf8(opened.bytes()).map_err(|_| unread())?),
        Holds::Secret => Value::Null,
    })
}
