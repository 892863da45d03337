//! Checking the chain of a tenant.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;

use crate::chain::{BEGINNING, Content, Hash, link};

/// So many entries are read at once.
const PAGE: i64 = 2_000;

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The entry with this number is missing.
    Missing(i64),
    /// The entry with this number is not as it was written, or one before it.
    Changed(i64),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many entries of the chain were read.
    pub entries: i64,
    /// How many are older than the chain.
    pub before_chain: i64,
    /// The number and the hash of the last entry: noted elsewhere, it shows later that nothing was cut off and nothing
    /// written anew. None in an empty chain.
    pub head: Option<(i64, Hash)>,
    /// The first fault, after which nothing is checked.
    pub fault: Option<Fault>,
}

/// The number and the hash of the last entry, as it stands there and without checking it; none in an empty chain.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn head(tx: &mut TenantTx) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let last = sqlx::query!(
        r#"SELECT number AS "number!", hash AS "hash!" FROM audit.entry
            WHERE tenant_id = $1 AND number IS NOT NULL
            ORDER BY number DESC LIMIT 1"#,
        tenant
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(last.map(|last| (last.number, last.hash)))
}

/// Reads the whole chain and computes it anew. With `known`, a head that was noted earlier, also whether it is part of
/// this chain.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn verify(tx: &mut TenantTx, known: Option<(i64, Hash)>) -> Result<Report, StoreError> {
    let tenant = tx.tenant();
    let id = tenant.uuid();
    let before_chain = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM audit.entry WHERE tenant_id = $1 AND number IS NULL"#,
        id
    )
    .fetch_one(tx.conn())
    .await?;
    let mut report = Report { entries: 0, before_chain, head: None, fault: None };
    let mut before = BEGINNING;
    loop {
        let page = sqlx::query!(
            r#"SELECT id, at, actor_id, actor_name, request_id, action, subject, detail,
                      number AS "number!", hash AS "hash!"
                 FROM audit.entry WHERE tenant_id = $1 AND number > $2 ORDER BY number LIMIT $3"#,
            id,
            report.entries,
            PAGE
        )
        .fetch_all(tx.conn())
        .await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let expected = report.entries + 1;
            if row.number != expected {
                report.fault = Some(Fault::Missing(expected));
                return Ok(report);
            }
            let content = Content {
                id: row.id,
                at: row.at,
                actor: row.actor_id,
                system: row.actor_name,
                request: row.request_id,
                action: row.action,
                subject: row.subject,
                detail: row.detail,
            };
            before = link(&before, tenant, expected, &content);
            if row.hash != before || known.is_some_and(|(number, hash)| number == expected && hash != before)
            {
                report.fault = Some(Fault::Changed(expected));
                return Ok(report);
            }
            report.entries = expected;
            report.head = Some((expected, before));
        }
    }
    if let Some((number, _)) = known
        && number > report.entries
    {
        report.fault = Some(Fault::Missing(report.entries + 1));
    }
    Ok(report)
}
