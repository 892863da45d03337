//! Reading.

use chrono::{DateTime, Utc};
use plenum_db::{Db, StoreError, TenantTx};
use plenum_kernel::TypedId;
use serde_json::Value;
use uuid::Uuid;

/// One entry, as read back.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Which account, when a person acted.
    pub actor: Option<Uuid>,
    /// Which part of the platform, when it acted by itself.
    pub system: Option<String>,
    /// By which request.
    pub request: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Facts of the act.
    pub detail: Value,
    /// Its number in the tenant's chain; none for what is older than the chain.
    pub number: Option<i64>,
    /// Its hash, 32 bytes.
    pub hash: Option<Vec<u8>>,
}

/// Which entries are meant; what is left out does not narrow.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Of this action, `bodies.open_vote`, or, ending in a dot, of all that begin so: `bodies.`.
    pub action: Option<String>,
    /// By this account.
    pub actor: Option<Uuid>,
    /// Done to this.
    pub subject: Option<String>,
    /// Only reads, or only what is none.
    pub reads: Option<bool>,
    /// Not earlier than this.
    pub from: Option<DateTime<Utc>>,
    /// Earlier than this.
    pub until: Option<DateTime<Utc>>,
}

/// Entries, newest first, at most `limit`, after the one with this id.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn list(
    tx: &mut TenantTx,
    filter: &EntryFilter,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Entry,
        "SELECT id, at, actor_id AS actor, actor_name AS system, request_id AS request, action, subject, detail,
                number, hash
           FROM audit.entry
          WHERE tenant_id = $1
            AND ($2::text IS NULL OR action = $2 OR right($2, 1) = '.' AND starts_with(action, $2))
            AND ($3::uuid IS NULL OR actor_id = $3)
            AND ($4::text IS NULL OR subject = $4)
            AND ($5::timestamptz IS NULL OR at >= $5)
            AND ($6::timestamptz IS NULL OR at < $6)
            AND ($7::bool IS NULL OR starts_with(split_part(action, '.', 2), 'read_') = $7)
            AND ($8::uuid IS NULL OR id < $8)
          ORDER BY id DESC
          LIMIT $9",
        tenant,
        filter.action,
        filter.actor,
        filter.subject,
        filter.from,
        filter.until,
        filter.reads,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The latest entries of an action, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn latest(tx: &mut TenantTx, action: &str, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let filter = EntryFilter { action: Some(action.to_owned()), ..EntryFilter::default() };
    list(tx, &filter, None, limit).await
}

/// When an operator last did this; looking is an act of the operator too.
///
/// # Errors
/// [`StoreError`] when the database fails or no operator role is configured.
pub async fn last_operator_act(db: &Db, purpose: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut tx = db.operator("audit.look").await?;
    let last = sqlx::query_scalar!("SELECT max(at) FROM audit.operator_entry WHERE purpose = $1", purpose)
        .fetch_one(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(last)
}
