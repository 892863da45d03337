//! The record of who did what, written into a file; and its chain, checked on request.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject};
use plenum_audit::{
    Entry, EntryFilter, list, record, record_read,
    verify::{Fault, verify},
};
use plenum_db::{StoreError, TenantTx};
use plenum_files::{File, Files, FilesError, graphql::FileNode};
use plenum_graph::{Answer, Doors, Finish, Refusal};
use plenum_identity::{graphql::LanguageName, store::accounts};
use plenum_kernel::{AccountId, Language, TypedId};
use serde_json::json;

use crate::{
    audit_log::{AuditFilter, VIEW},
    audit_words,
};

/// The most entries of one file: a year of a busy organization, and a table that spreadsheets still open.
const MOST: usize = 50_000;
const PAGE: i64 = 5_000;
/// The longest reason, characters.
const LONGEST_REASON: usize = 500;

/// What a check of the chain found.
#[derive(SimpleObject)]
pub struct AuditCheck {
    /// Whether every entry is as it was written and none is missing.
    whole: bool,
    /// How many entries of the chain were read.
    entries: i64,
    /// How many are older than the chain.
    before_chain: i64,
    /// The entry at which the chain breaks.
    broken_at: Option<i64>,
    /// The hash of the last entry, hexadecimal: noted elsewhere, it shows later that nothing was cut off.
    head: Option<String>,
}

/// Root fields.
#[derive(Default)]
pub struct AuditMutation;

#[Object]
impl AuditMutation {
    /// Computes the chain of the organization's entries anew.
    async fn check_audit(&self, ctx: &Context<'_>) -> Answer<AuditCheck> {
        let mut tx = ctx.read(VIEW).await?;
        let tenant = tx.tenant();
        let report = verify(&mut tx, None).await?;
        drop(tx);
        let detail = json!({ "entries": report.entries, "whole": report.fault.is_none() });
        record_read(&ctx.door(), VIEW, "audit.check", tenant, detail).await?;
        Ok(AuditCheck {
            whole: report.fault.is_none(),
            entries: report.entries,
            before_chain: report.before_chain,
            broken_at: report.fault.map(|fault| match fault {
                Fault::Missing(number) | Fault::Changed(number) => number,
            }),
            head: report.head.map(|(_, hash)| hex::encode(hash)),
        })
    }

    /// Writes entries into a CSV file, newest first; refused when there are more than 50,000. The viewer has to be
    /// confirmed.
    async fn export_audit(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        #[graphql(default_with = "LanguageName::Ru")] language: LanguageName,
        reason: Option<String>,
    ) -> Answer<FileNode> {
        let mut tx = ctx.write_confirmed(VIEW).await?;
        let filter = filter.unwrap_or_default().read()?;
        let reason = reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if reason.as_ref().is_some_and(|text| text.chars().count() > LONGEST_REASON) {
            return Err(Refusal::invalid_field("reason", "too_long"));
        }
        let files = ctx.data_unchecked::<Files>();
        let outcome = export(&mut tx, files, &filter, language.into(), reason).await;
        tx.finish(outcome).await.map(FileNode)
    }
}

async fn export(
    tx: &mut TenantTx,
    files: &Files,
    filter: &EntryFilter,
    language: Language,
    reason: Option<String>,
) -> Answer<File> {
    let mut csv = String::from(match language {
        // Excel takes a file with this mark for UTF-8.
        Language::Ru => "\u{feff}№;Время (UTC);Кто;Действие;Код;Над чем;Подробности;Запрос;Хэш\r\n",
        Language::En => "\u{feff}No.;Time (UTC);Who;Action;Code;To what;Detail;Request;Hash\r\n",
    });
    let (mut after, mut written) = (None, 0);
    loop {
        let page = list(tx, filter, after, PAGE).await?;
        written += page.len();
        if written > MOST {
            return Err(Refusal::invalid_field("filter", "too_many"));
        }
        let actors: Vec<AccountId> = page.iter().filter_map(|one| one.actor).map(AccountId::from).collect();
        let names = accounts::names(tx.conn(), &actors).await?;
        for entry in &page {
            csv.push_str(&line(entry, &names, language));
        }
        match page.last() {
            Some(last) if page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) => after = Some(last.id),
            _ => break,
        }
    }
    let name = format!("audit-{}.csv", tx.now().format("%Y-%m-%d"));
    let file =
        files.keep(tx, &name, "text/csv", csv.into_bytes().into()).await.map_err(|error| match error {
            FilesError::Store(error) => Refusal::from(error),
            other => Refusal::internal(&other),
        })?;
    let tenant = tx.tenant();
    let detail = json!({ "entries": written, "file": file.id.global(), "reason": reason });
    record(tx, "audit.export", tenant, detail).await.map_err(|error: StoreError| Refusal::from(error))?;
    Ok(file)
}

fn line(entry: &Entry, names: &HashMap<AccountId, String>, language: Language) -> String {
    let title = audit_words::of(&entry.action).map(|words| match language {
        Language::Ru => words.title.ru,
        Language::En => words.title.en,
    });
    let actor = entry.actor.and_then(|id| names.get(&AccountId::from(id)).cloned());
    let cells = [
        entry.number.map(|number| number.to_string()).unwrap_or_default(),
        entry.at.format("%d.%m.%Y %H:%M:%S").to_string(),
        actor.or_else(|| entry.system.clone()).unwrap_or_default(),
        title.unwrap_or(&entry.action).to_owned(),
        entry.action.clone(),
        entry.subject.clone(),
        entry.detail.to_string(),
        entry.request.map(|id| id.to_string()).unwrap_or_default(),
        entry.hash.as_ref().map(hex::encode).unwrap_or_default(),
    ];
    format!("{}\r\n", cells.map(|cell| quoted(&cell)).join(";"))
}

/// A cell; what a spreadsheet would take for a formula is neutralized (OWASP, "CSV Injection").
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_formula_in_a_name_stays_a_text_and_an_unknown_action_keeps_its_code() {
        let actor = AccountId::new();
        let entry = Entry {
            id: Uuid::nil(),
            at: DateTime::from_timestamp(1_795_424_400, 0).expect("a moment"),
            actor: Some(actor.uuid()),
            system: None,
            request: None,
            action: "older.verb".to_owned(),
            subject: "Member_1".to_owned(),
            detail: json!({ "reason": "=1+1; \"x\"" }),
            number: Some(7),
            hash: Some(vec![0xab]),
        };
        let names = HashMap::from([(actor, "=HYPERLINK(\"x\")".to_owned())]);
        let written = line(&entry, &names, Language::Ru);
        assert!(written.starts_with("\"7\";\"23.11.2026 "), "{written}");
        assert!(written.contains(";\"'=HYPERLINK(\"\"x\"\")\";\"older.verb\";\"older.verb\";"), "{written}");
        assert!(written.contains("=1+1; \\\"\"x\\\"\"") && written.ends_with(";\"ab\"\r\n"), "{written}");
        let known = Entry { action: "audit.export".to_owned(), ..entry };
        assert!(line(&known, &names, Language::En).contains("\"The audit was exported\";\"audit.export\""));
    }
}
