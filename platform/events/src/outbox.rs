//! The outbox.

use std::future::Future;

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_jobs::Job;
use plenum_kernel::{TypedId, id_types};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

id_types! {
    /// A published event.
    EventId = "Event";
}

/// A fact of the past. Its payload holds ids, no personal data.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `module.fact`, for example `bodies.session_closed`; stored, so it never changes.
    const NAME: &'static str;
}

/// Publishes in a transaction.
pub trait Publish {
    /// Tells all who react to it, when and only when the transaction commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    fn publish<E: Event>(&mut self, event: &E) -> impl Future<Output = Result<EventId, StoreError>> + Send;
}

impl Publish for TenantTx {
    async fn publish<E: Event>(&mut self, event: &E) -> Result<EventId, StoreError> {
        let id = EventId::new();
        let payload = serde_json::to_value(event)
            .map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))?;
        let (tenant, now) = (self.tenant().uuid(), self.now());
        sqlx::query!(
            "INSERT INTO events.outbox (tenant_id, id, name, payload, at) VALUES ($1, $2, $3, $4, $5)",
            tenant,
            id.uuid(),
            E::NAME,
            payload,
            now
        )
        .execute(self.conn())
        .await?
        .exactly(1)?;
        plenum_jobs::enqueue(self, &Relay { event: id }).await?;
        Ok(id)
    }
}

/// Hand an event to those who react to it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Relay {
    pub(crate) event: EventId,
}

impl Job for Relay {
    const KIND: &'static str = "events.relay";
}

pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) payload: Value,
    pub(crate) at: DateTime<Utc>,
    pub(crate) relayed: bool,
}

/// Finds an event and locks it until the end of the transaction.
pub(crate) async fn lock(tx: &mut TenantTx, id: EventId) -> Result<Option<Published>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT name, payload, at, relayed_at IS NOT NULL AS "relayed!"
             FROM events.outbox
            WHERE tenant_id = $1 AND id = $2
              FOR NO KEY UPDATE"#,
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Published { name: row.name, payload: row.payload, at: row.at, relayed: row.relayed }))
}

pub(crate) async fn relayed(tx: &mut TenantTx, id: EventId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE events.outbox SET relayed_at = $3 WHERE tenant_id = $1 AND id = $2 AND relayed_at IS NULL",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that a reaction takes effect in this transaction; false when it did before.
pub(crate) async fn react_once(tx: &mut TenantTx, id: EventId, reaction: &str) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "INSERT INTO events.reaction (tenant_id, event_id, reaction, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, event_id, reaction) DO NOTHING",
        tenant,
        id.uuid(),
        reaction,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
