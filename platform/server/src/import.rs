//! Imports from the command line: the same action as in the browser, with or without a running server.

use std::{fmt::Write, path::Path};

use anyhow::{Context as _, bail};
use plenum_authz::Viewer;
use plenum_db::Db;
use plenum_files::Files;
use plenum_members::domain::import::Report;
use plenum_tenancy::store::tenants;

/// Imports a register of members into the organization with this slug.
///
/// # Errors
/// When there is no such organization or the file cannot be taken; then nothing is kept.
pub async fn members(db: &Db, files: &Files, slug: &str, file: &Path) -> anyhow::Result<Report> {
    let bytes = std::fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let mut tx = db.global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut tx, slug).await? else {
        bail!("there is no organization «{slug}»; for a demonstration run `plenum demo` first");
    };
    drop(tx);
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let report =
        plenum_members::import_file(db, files, &Viewer::system(tenant.id, "import"), name, bytes.into())
            .await
            .with_context(|| format!("{} was not imported", file.display()))?;
    Ok(report)
}

/// The report for people.
#[must_use]
pub fn describe(report: &Report) -> String {
    let mut text = format!(
        "rows {}, accepted {}, duplicates {}, blank rows {}",
        report.rows, report.accepted, report.duplicates, report.blank_rows
    );
    for (title, counts) in [("rejected", &report.rejected), ("accepted with a warning", &report.warnings)] {
        for (code, count) in counts.iter().filter(|(_, count)| **count > 0) {
            // Writing to a string cannot fail.
            write!(text, "\n{title}: {} {count}", code.as_str()).ok();
        }
    }
    text
}
