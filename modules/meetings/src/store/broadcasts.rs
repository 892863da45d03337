//! Broadcasts.

use chrono::{DateTime, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use uuid::Uuid;

/// Whether and how a session is shown to others than those on its roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broadcast {
    pub(crate) session: SessionId,
    /// What its link has.
    pub(crate) key: Uuid,
    /// Since when it is on; none while it is off.
    pub(crate) started_at: Option<DateTime<Utc>>,
    /// The encoder that may publish, as it is known in the room.
    pub(crate) encoder: Option<Uuid>,
}

struct Row {
    session_id: Uuid,
    key: Uuid,
    started_at: Option<DateTime<Utc>>,
    encoder_id: Option<Uuid>,
}

impl From<Row> for Broadcast {
    fn from(row: Row) -> Self {
        Self {
            session: row.session_id.into(),
            key: row.key,
            started_at: row.started_at,
            encoder: row.encoder_id,
        }
    }
}

/// The broadcast of a session; none when it never had one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn of_session(
    tx: &mut TenantTx,
    session: SessionId,
) -> Result<Option<Broadcast>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT session_id, key, started_at, encoder_id FROM meetings.broadcast
          WHERE tenant_id = $1 AND session_id = $2",
        tenant,
        session.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Broadcast::from))
}

/// The broadcast whose link has this.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn by_key(tx: &mut TenantTx, key: Uuid) -> Result<Option<Broadcast>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT session_id, key, started_at, encoder_id FROM meetings.broadcast WHERE tenant_id = $1 AND key = $2",
        tenant,
        key
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Broadcast::from))
}

/// The broadcast of a session, made when it has none yet, and locked until the end of the transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn made(tx: &mut TenantTx, session: SessionId) -> Result<Broadcast, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO meetings.broadcast (tenant_id, session_id, key) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, session_id) DO NOTHING",
        tenant,
        session.uuid(),
        Uuid::new_v4()
    )
    .execute(tx.conn())
    .await?;
    let row = sqlx::query_as!(
        Row,
        "SELECT session_id, key, started_at, encoder_id FROM meetings.broadcast
          WHERE tenant_id = $1 AND session_id = $2 FOR UPDATE",
        tenant,
        session.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.into())
}

/// Writes whether it is on, and which encoder may publish.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn set(tx: &mut TenantTx, broadcast: &Broadcast) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE meetings.broadcast SET started_at = $3, encoder_id = $4
          WHERE tenant_id = $1 AND session_id = $2",
        tenant,
        broadcast.session.uuid(),
        broadcast.started_at,
        broadcast.encoder
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
