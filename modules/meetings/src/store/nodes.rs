//! Servers, and which of them has which room.

use std::time::Duration;

use chrono::{DateTime, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::{AffectedRows, GlobalTx, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_meetings_api::Interruption;
use uuid::Uuid;

/// One life of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) life: i64,
    pub(crate) name: String,
    /// When it was there last.
    pub(crate) seen_at: DateTime<Utc>,
}

/// Where a room is, and whether the server is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) life: i64,
    pub(crate) epoch: i64,
    /// None when its server's life has been forgotten.
    pub(crate) name: Option<String>,
    pub(crate) alive: bool,
    /// Whether it is counted as dead, or has ended and been forgotten.
    pub(crate) dead: bool,
}

/// How a server presents itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bearing<'b> {
    pub(crate) name: &'b str,
    pub(crate) media: &'b [String],
    pub(crate) takes_rooms: bool,
    pub(crate) lease: Duration,
}

fn seconds(lease: Duration) -> f64 {
    lease.as_secs_f64()
}

/// A server begins a life; its number.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn begin(tx: &mut GlobalTx, bearing: Bearing<'_>) -> Result<i64, StoreError> {
    let now = tx.now();
    Ok(sqlx::query_scalar!(
        "INSERT INTO meetings.node (name, media, takes_rooms, seen_at, leased_until)
         VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
         RETURNING life",
        bearing.name,
        bearing.media,
        bearing.takes_rooms,
        now,
        seconds(bearing.lease)
    )
    .fetch_one(tx.conn())
    .await?)
}

/// A server goes on; false when it has been counted as dead.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn renew(
    tx: &mut GlobalTx,
    life: i64,
    people: i32,
    takes_rooms: bool,
    lease: Duration,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let done = sqlx::query!(
        "UPDATE meetings.node
            SET people = $2, takes_rooms = $3, seen_at = $4, leased_until = clock_timestamp() + make_interval(secs => $5)
          WHERE life = $1 AND NOT dead",
        life,
        people,
        takes_rooms,
        now,
        seconds(lease)
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Where the other servers that are alive take media.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn media_of_others(tx: &mut GlobalTx, but: i64) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT unnest(media) AS "media!"
             FROM meetings.node
            WHERE life <> $1 AND NOT dead AND leased_until > clock_timestamp()
            LIMIT 1000"#,
        but
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The lives of others whose lease has ended or that are counted as dead already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn lost(tx: &mut GlobalTx, but: i64) -> Result<Vec<Life>, StoreError> {
    Ok(sqlx::query_as!(
        Life,
        "SELECT life, name, seen_at
           FROM meetings.node
          WHERE life <> $1 AND (dead OR leased_until <= clock_timestamp())
          ORDER BY life
          LIMIT 1000",
        but
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The earlier lives of a server: whoever starts it has ended them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn earlier(tx: &mut GlobalTx, name: &str, but: i64) -> Result<Vec<Life>, StoreError> {
    Ok(sqlx::query_as!(
        Life,
        "UPDATE meetings.node SET dead = true
          WHERE name = $1 AND life < $2
         RETURNING life, name, seen_at",
        name,
        but
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Whether a later life of the same server is alive: then two go by one name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn has_later(tx: &mut GlobalTx, name: &str, than: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM meetings.node
                           WHERE name = $1 AND life > $2 AND NOT dead
                             AND leased_until > clock_timestamp()) AS "later!""#,
        name,
        than
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Counts a life as dead whose lease has ended, or ends sooner than `early`; false when it has been renewed since.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn declare_dead(tx: &mut GlobalTx, life: i64, early: Duration) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE meetings.node SET dead = true
          WHERE life = $1 AND (dead OR leased_until <= clock_timestamp() + make_interval(secs => $2))",
        life,
        seconds(early)
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets a life.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn forget(tx: &mut GlobalTx, life: i64) -> Result<(), StoreError> {
    // Another server may have forgotten it first.
    sqlx::query!("DELETE FROM meetings.node WHERE life = $1", life).execute(tx.conn()).await?;
    Ok(())
}

/// Where a room is; nobody else places it until the transaction ends. A server is alive whose lease does not end sooner than
/// `early`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn placed(
    tx: &mut TenantTx,
    room: Uuid,
    early: Duration,
) -> Result<Option<Placed>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Placed,
        r#"SELECT p.life, p.epoch, n.name AS "name?",
                  coalesce(NOT n.dead AND n.leased_until > clock_timestamp() + make_interval(secs => $3), false)
                      AS "alive!",
                  coalesce(n.dead, true) AS "dead!"
             FROM meetings.placement p
             LEFT JOIN meetings.node n ON n.life = p.life
            WHERE p.tenant_id = $1 AND p.room_id = $2
              FOR UPDATE OF p"#,
        tenant,
        room,
        seconds(early)
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The server with the fewest people, which reckons with some more from now on; of several, this one (`here`), if it takes
/// the room. Its life and its name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn choose(
    tx: &mut TenantTx,
    here: i64,
    takes: bool,
) -> Result<Option<(i64, String)>, StoreError> {
    let chosen = sqlx::query!(
        "UPDATE meetings.node SET people = people + 10
          WHERE life = (SELECT life FROM meetings.node
                         WHERE NOT dead AND leased_until > clock_timestamp()
                           AND CASE WHEN life = $1 THEN $2 ELSE takes_rooms END
                         ORDER BY people, life <> $1, life
                         LIMIT 1)
         RETURNING life, name",
        here,
        takes
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(chosen.map(|chosen| (chosen.life, chosen.name)))
}

/// Gives a room to a server, as of this epoch; false when another transaction was the first to give it to one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn put(tx: &mut TenantTx, room: Uuid, life: i64, epoch: i64) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "INSERT INTO meetings.placement AS known (tenant_id, room_id, life, epoch, placed_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, room_id) DO UPDATE
            SET life = excluded.life, epoch = excluded.epoch, placed_at = excluded.placed_at
          WHERE known.epoch = excluded.epoch - 1",
        tenant,
        room,
        life,
        epoch,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A room is on no server any more, if this one has it as of this epoch.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn release(tx: &mut TenantTx, room: Uuid, life: i64, epoch: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    // The row stays for the sake of its epoch. No server leads life 0.
    sqlx::query!(
        "UPDATE meetings.placement SET life = 0
          WHERE tenant_id = $1 AND room_id = $2 AND life = $3 AND epoch = $4",
        tenant,
        room,
        life,
        epoch
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a server has a room, as of this epoch; no other gets it until the transaction ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn holds(tx: &mut TenantTx, room: Uuid, life: i64, epoch: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT true AS "held!" FROM meetings.placement
            WHERE tenant_id = $1 AND room_id = $2 AND life = $3 AND epoch = $4
              FOR SHARE"#,
        tenant,
        room,
        life,
        epoch
    )
    .fetch_optional(tx.conn())
    .await?
    .unwrap_or(false))
}

/// Records that a server was lost with people in a session's room.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn interrupt(
    tx: &mut TenantTx,
    session: SessionId,
    began_at: DateTime<Utc>,
    node: &str,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO meetings.interruption (tenant_id, session_id, began_at, node) VALUES ($1, $2, $3, $4)",
        tenant,
        session.uuid(),
        began_at,
        node
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// When the room of a session was interrupted, in the order of time.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn interruptions(
    tx: &mut TenantTx,
    session: SessionId,
) -> Result<Vec<Interruption>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Interruption,
        "SELECT i.began_at,
                (SELECT min(a.joined_at) FROM meetings.attendance a
                  WHERE a.tenant_id = i.tenant_id AND a.session_id = i.session_id
                    AND a.joined_at >= i.began_at AND a.node <> i.node) AS ended_at
           FROM meetings.interruption i
          WHERE i.tenant_id = $1 AND i.session_id = $2
          ORDER BY i.began_at
          LIMIT 500",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}
