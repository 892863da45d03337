//! Journals and their counters.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_documents_api::JournalId;
use plenum_kernel::TypedId;
use uuid::Uuid;

use super::unknown;
use crate::domain::{card::Kind, number::Pattern};

/// A registration journal.
#[derive(Debug, Clone)]
pub struct Journal {
    /// Its id.
    pub id: JournalId,
    /// What is registered in it.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// How it writes numbers.
    pub pattern: Pattern,
    /// Whether numbers begin anew each year.
    pub yearly: bool,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

struct Row {
    id: Uuid,
    kind: String,
    name: String,
    pattern: String,
    yearly: bool,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Journal {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let pattern = Pattern::new("pattern", &row.pattern)
            .map_err(|_| StoreError::Value { what: "pattern of a journal", value: row.pattern })?;
        Ok(Self {
            id: row.id.into(),
            kind: Kind::read(&row.kind).map_err(unknown)?,
            name: row.name,
            pattern,
            yearly: row.yearly,
            created_at: row.created_at,
        })
    }
}

/// All journals, by kind and name, at most 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<Journal>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, name, pattern, yearly, created_at
           FROM documents.journal
          WHERE tenant_id = $1
          ORDER BY kind, name, id
          LIMIT 200",
        tenant
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Journal::try_from)
    .collect()
}

/// One journal.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: JournalId) -> Result<Option<Journal>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, name, pattern, yearly, created_at
           FROM documents.journal
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Journal::try_from)
    .transpose()
}

/// The first journal of a kind, opened under this name when there is none: what the platform registers in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_kind(tx: &mut TenantTx, kind: Kind, name: &str) -> Result<Journal, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let first = |all: Vec<Journal>| {
        all.into_iter()
            .filter(|journal| journal.kind == kind)
            .min_by_key(|journal| (journal.created_at, journal.id))
    };
    if let Some(journal) = first(all(tx).await?) {
        return Ok(journal);
    }
    // Somebody else may open it in the same moment, or use the name for another kind.
    sqlx::query!(
        "INSERT INTO documents.journal (tenant_id, id, kind, name, pattern, yearly, created_at)
         VALUES ($1, $2, $3, $4, '{n}-{yy}', true, $5)
         ON CONFLICT (tenant_id, name) DO NOTHING",
        tenant,
        JournalId::new().uuid(),
        kind.as_str(),
        name,
        now
    )
    .execute(tx.conn())
    .await?;
    first(all(tx).await?).ok_or_else(|| StoreError::Value {
        what: "name of a journal, taken by another kind",
        value: name.to_owned(),
    })
}

/// Opens a journal.
///
/// # Errors
/// [`StoreError`], violating `journal_name` when the name is taken.
pub async fn insert(tx: &mut TenantTx, journal: &Journal) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO documents.journal (tenant_id, id, kind, name, pattern, yearly, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant,
        journal.id.uuid(),
        journal.kind.as_str(),
        journal.name,
        journal.pattern.as_str(),
        journal.yearly,
        journal.created_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Takes the next number. Its row stays locked until the end of the transaction, so that numbers are given one after
/// another and one that is not kept is given again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn next(tx: &mut TenantTx, journal: JournalId, year: i32) -> Result<i32, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "INSERT INTO documents.counter AS c (tenant_id, journal_id, year, last)
         VALUES ($1, $2, $3, 1)
         ON CONFLICT (tenant_id, journal_id, year) DO UPDATE SET last = c.last + 1
         RETURNING last",
        tenant,
        journal.uuid(),
        year
    )
    .fetch_one(tx.conn())
    .await?)
}

/// The years in which a journal has entries, the latest first, and the last number of each.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn counters(tx: &mut TenantTx, journal: JournalId) -> Result<Vec<(i32, i32)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT year, last
           FROM documents.counter
          WHERE tenant_id = $1 AND journal_id = $2
          ORDER BY year DESC
          LIMIT 100",
        tenant,
        journal.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.year, row.last)).collect())
}
