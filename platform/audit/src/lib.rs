//! The append-only record of who did what, written in the transaction of the act itself: an act that is undone
//! leaves no entry, an act that is kept always has one.
//!
//! What it is not: a log of requests. Details hold ids and facts of the act, never contact data.

use plenum_authz::Actor;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use serde_json::Value;
use uuid::Uuid;

/// Adds an entry: `action` is `module.verb` in the past or present sense of the act (`bodies.open_vote`),
/// `subject` the id that it was done to.
///
/// # Errors
/// [`StoreError`] when the database fails; then the act must fail too.
pub async fn record(
    tx: &mut TenantTx,
    action: &'static str,
    subject: impl TypedId,
    detail: Value,
) -> Result<(), StoreError> {
    let (actor_id, actor_name) = match tx.viewer().actor {
        Actor::Account(id) => (Some(id.uuid()), None),
        Actor::System(name) => (None, Some(name)),
    };
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO audit.entry (tenant_id, id, at, actor_id, actor_name, action, subject, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant,
        Uuid::now_v7(),
        now,
        actor_id,
        actor_name,
        action,
        subject.global(),
        detail
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One entry, as read back.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Which account, when a person acted.
    pub actor: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Facts of the act.
    pub detail: Value,
}

/// The latest entries of an action, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn latest(tx: &mut TenantTx, action: &str, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Entry,
        "SELECT at, actor_id AS actor, action, subject, detail
           FROM audit.entry
          WHERE tenant_id = $1 AND action = $2
          ORDER BY id DESC
          LIMIT $3",
        tenant,
        action,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}
