//! The only SQL of meetings.

pub(crate) mod broadcasts;
pub(crate) mod nodes;
pub(crate) mod recordings;

use chrono::{DateTime, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_meetings_api::Presence;
use uuid::Uuid;

/// Records that a connection was made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn joined(
    tx: &mut TenantTx,
    connection: Uuid,
    session: SessionId,
    account: AccountId,
    node: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO meetings.attendance (tenant_id, id, session_id, account_id, node, joined_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant,
        connection,
        session.uuid(),
        account.uuid(),
        node,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that a connection ended; ending it twice is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn left(tx: &mut TenantTx, connection: Uuid) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE meetings.attendance SET left_at = greatest($3, joined_at)
          WHERE tenant_id = $1 AND id = $2 AND left_at IS NULL",
        tenant,
        connection,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends what a server left behind when it died, as of the moment when it was there last; the sessions concerned.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn end_all_of(
    tx: &mut TenantTx,
    node: &str,
    seen_at: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let mut sessions: Vec<SessionId> = sqlx::query_scalar!(
        "UPDATE meetings.attendance SET left_at = greatest($3, joined_at)
          WHERE tenant_id = $1 AND node = $2 AND left_at IS NULL
         RETURNING session_id",
        tenant,
        node,
        seen_at
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(SessionId::from)
    .collect();
    sessions.sort();
    sessions.dedup();
    Ok(sessions)
}

/// Everyone who is or was in the room, each person once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn presence(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Presence>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        r#"SELECT account_id, bool_or(left_at IS NULL) AS "present!", min(joined_at) AS "first_joined_at!"
             FROM meetings.attendance
            WHERE tenant_id = $1 AND session_id = $2
            GROUP BY account_id
            ORDER BY account_id
            LIMIT 5000"#,
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Presence {
        account: row.account_id.into(),
        present: row.present,
        first_joined_at: row.first_joined_at,
    })
    .collect())
}

/// How many seconds a person was connected to a room between two moments; connections at once count once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn seconds_in_room(
    tx: &mut TenantTx,
    room: Uuid,
    account: AccountId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<i64, StoreError> {
    if from >= until {
        return Ok(0);
    }
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    Ok(sqlx::query_scalar!(
        r#"SELECT floor(extract(epoch FROM coalesce(sum(upper(part) - lower(part)), interval '0')))::bigint AS "seconds!"
             FROM (SELECT unnest(range_agg(tstzrange(greatest(joined_at, $4),
                                                     least(coalesce(left_at, greatest(joined_at, $6)), $5)))) AS part
                     FROM meetings.attendance
                    WHERE tenant_id = $1 AND session_id = $2 AND account_id = $3
                      AND joined_at < $5 AND coalesce(left_at, greatest(joined_at, $6)) > $4) AS parts"#,
        tenant,
        room,
        account.uuid(),
        from,
        until,
        now
    )
    .fetch_one(tx.conn())
    .await?)
}

/// How many people are in rooms now; with `but`, beside this one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn people_in_rooms(tx: &mut TenantTx, but: Option<AccountId>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(DISTINCT account_id) AS "count!"
             FROM meetings.attendance
            WHERE tenant_id = $1 AND left_at IS NULL AND ($2::uuid IS NULL OR account_id <> $2)"#,
        tenant,
        but.map(TypedId::uuid)
    )
    .fetch_one(tx.conn())
    .await?)
}
