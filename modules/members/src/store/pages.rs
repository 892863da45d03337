//! What became of an import's rows, a few hundred to a page.

use std::collections::HashMap;

use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::ImportId;
use sha2::{Digest, Sha256};

use crate::domain::import::{Outcome, PreviewRow};

/// Rows to a page: reading one for fifty rows is quick, and a large import has a few hundred of them.
pub(crate) const ROWS_TO_A_PAGE: usize = 500;

/// A full page, ready to be kept.
#[derive(Debug)]
pub(crate) struct Page {
    number: i32,
    last_row: i32,
    accepted: i32,
    duplicates: i32,
    rejected: i32,
    with_problems: i32,
    rows: String,
    digest: [u8; 32],
}

impl Page {
    /// Makes a page of rows.
    pub(crate) fn of(number: usize, rows: &[PreviewRow]) -> Self {
        let count = |wanted: &dyn Fn(&PreviewRow) -> bool| {
            i32::try_from(rows.iter().filter(|row| wanted(row)).count()).unwrap_or(i32::MAX)
        };
        let text = serde_json::to_string(rows).expect("rows are plain data");
        Self {
            number: i32::try_from(number).unwrap_or(i32::MAX),
            last_row: rows.last().map_or(0, |row| i32::try_from(row.row_number).unwrap_or(i32::MAX)),
            accepted: count(&|row| row.outcome == Outcome::Accepted),
            duplicates: count(&|row| row.outcome == Outcome::Duplicate),
            rejected: count(&|row| row.outcome == Outcome::Rejected),
            with_problems: count(&has_problems),
            digest: Sha256::digest(&text).into(),
            rows: text,
        }
    }
}

/// Whether a row is among those with problems: a duplicate is its own problem.
pub(crate) fn has_problems(row: &PreviewRow) -> bool {
    row.outcome == Outcome::Duplicate || !row.problems.is_empty()
}

/// The pages that are kept already, by their digests.
#[derive(Debug, Default)]
pub(crate) struct Kept(HashMap<i32, Vec<u8>>);

/// What is kept of an import's pages.
pub(crate) async fn kept(tx: &mut TenantTx, import: ImportId) -> Result<Kept, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT number, digest FROM members.import_page WHERE tenant_id = $1 AND import_id = $2",
        tenant,
        import.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(Kept(rows.into_iter().map(|row| (row.number, row.digest)).collect()))
}

/// Keeps those pages that are new or came out otherwise than before.
pub(crate) async fn keep(
    tx: &mut TenantTx,
    import: ImportId,
    kept: &Kept,
    pages: Vec<Page>,
) -> Result<(), StoreError> {
    let changed =
        pages.into_iter().filter(|page| kept.0.get(&page.number).is_none_or(|old| *old != page.digest));
    let tenant = tx.tenant().uuid();
    for page in changed {
        sqlx::query!(
            "INSERT INTO members.import_page
                 (tenant_id, import_id, number, last_row, accepted, duplicates, rejected, with_problems, rows, digest)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (tenant_id, import_id, number) DO UPDATE
                SET last_row = excluded.last_row, accepted = excluded.accepted, duplicates = excluded.duplicates,
                    rejected = excluded.rejected, with_problems = excluded.with_problems, rows = excluded.rows,
                    digest = excluded.digest",
            tenant,
            import.uuid(),
            page.number,
            page.last_row,
            page.accepted,
            page.duplicates,
            page.rejected,
            page.with_problems,
            page.rows,
            page.digest.as_slice()
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
    }
    Ok(())
}

/// Removes the pages from this number on: all of them, or those that a shorter walk left over.
pub(crate) async fn remove_from(
    tx: &mut TenantTx,
    import: ImportId,
    number: usize,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM members.import_page WHERE tenant_id = $1 AND import_id = $2 AND number >= $3",
        tenant,
        import.uuid(),
        i32::try_from(number).unwrap_or(i32::MAX)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Which rows a preview shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sought {
    /// Only these outcomes; empty is all.
    pub(crate) outcomes: Vec<Outcome>,
    /// Only those with problems.
    pub(crate) with_problems: bool,
}

impl Sought {
    fn takes(&self, row: &PreviewRow) -> bool {
        (self.outcomes.is_empty() || self.outcomes.contains(&row.outcome))
            && (!self.with_problems || has_problems(row))
    }
}

/// Up to `limit` rows after a row's number, in the order of the file. Pages in which no row is sought are passed over.
pub(crate) async fn rows(
    tx: &mut TenantTx,
    import: ImportId,
    sought: &Sought,
    after: u32,
    limit: usize,
) -> Result<Vec<PreviewRow>, StoreError> {
    let tenant = tx.tenant().uuid();
    let wants = |outcome| sought.outcomes.is_empty() || sought.outcomes.contains(&outcome);
    let mut found = Vec::new();
    let mut after = i32::try_from(after).unwrap_or(i32::MAX);
    while found.len() < limit {
        let page = sqlx::query!(
            "SELECT last_row, rows
               FROM members.import_page
              WHERE tenant_id = $1
                AND import_id = $2
                AND last_row > $3
                AND (($4 AND accepted > 0) OR ($5 AND duplicates > 0) OR ($6 AND rejected > 0))
                AND (NOT $7 OR with_problems > 0)
              ORDER BY number
              LIMIT 1",
            tenant,
            import.uuid(),
            after,
            wants(Outcome::Accepted),
            wants(Outcome::Duplicate),
            wants(Outcome::Rejected),
            sought.with_problems
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(page) = page else { break };
        let all: Vec<PreviewRow> = serde_json::from_str(&page.rows)
            .map_err(|error| StoreError::Value { what: "page of an import", value: error.to_string() })?;
        let later =
            all.into_iter().filter(|row| i64::from(row.row_number) > i64::from(after) && sought.takes(row));
        found.extend(later);
        after = page.last_row;
    }
    found.truncate(limit);
    Ok(found)
}
