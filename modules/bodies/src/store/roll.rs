//! The roll of a session: the seats called to it, and their notices.

use chrono::{DateTime, Utc};
use plenum_bodies_api::{BodyId, SeatId, SessionId};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};

/// A line of the roll: the notice to one seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The seat.
    pub seat: SeatId,
    /// When the letter was handed to the mail.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the personal link was first followed.
    pub opened_at: Option<DateTime<Utc>>,
}

/// Puts all seats of the body on the roll that are not on it yet; returns those added.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn call(tx: &mut TenantTx, session: SessionId, body: BodyId) -> Result<Vec<SeatId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "INSERT INTO bodies.roll (tenant_id, session_id, seat_id)
         SELECT tenant_id, $2, id FROM bodies.seat WHERE tenant_id = $1 AND body_id = $3 AND ended_at IS NULL
         ON CONFLICT (tenant_id, session_id, seat_id) DO NOTHING
         RETURNING seat_id",
        tenant,
        session.uuid(),
        body.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(SeatId::from)
    .collect())
}

/// Takes a seat off the rolls of all sessions of its body that have not opened.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn strike(tx: &mut TenantTx, seat: SeatId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM bodies.roll r
          USING bodies.session s
          WHERE r.tenant_id = $1
            AND r.seat_id = $2
            AND s.tenant_id = r.tenant_id
            AND s.id = r.session_id
            AND s.state = 'scheduled'",
        tenant,
        seat.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The notices of a session, by seat.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn notices(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Notice>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        "SELECT seat_id, notice_sent_at, notice_opened_at
           FROM bodies.roll
          WHERE tenant_id = $1 AND session_id = $2
          ORDER BY seat_id
          LIMIT 2000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Notice {
        seat: row.seat_id.into(),
        sent_at: row.notice_sent_at,
        opened_at: row.notice_opened_at,
    })
    .collect())
}

/// Gives a line of the roll the token of its personal link.
///
/// # Errors
/// [`StoreError::Rows`] when the seat is not on the roll.
pub async fn set_token(
    tx: &mut TenantTx,
    session: SessionId,
    seat: SeatId,
    token_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE bodies.roll SET notice_token_hash = $4 WHERE tenant_id = $1 AND session_id = $2 AND seat_id = $3",
        tenant,
        session.uuid(),
        seat.uuid(),
        &token_hash[..]
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that the letter was handed to the mail.
///
/// # Errors
/// [`StoreError::Rows`] when the seat is not on the roll.
pub async fn sent(tx: &mut TenantTx, session: SessionId, seat: SeatId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.roll SET notice_sent_at = $4 WHERE tenant_id = $1 AND session_id = $2 AND seat_id = $3",
        tenant,
        session.uuid(),
        seat.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that a personal link was followed by the account that it was sent to; the session, when it was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn opened(
    tx: &mut TenantTx,
    token_hash: &[u8; 32],
    account: AccountId,
) -> Result<Option<SessionId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    Ok(sqlx::query_scalar!(
        "UPDATE bodies.roll r
            SET notice_opened_at = coalesce(r.notice_opened_at, $4)
           FROM bodies.seat s
          WHERE r.tenant_id = $1
            AND r.notice_token_hash = $2
            AND s.tenant_id = r.tenant_id
            AND s.id = r.seat_id
            AND s.account_id = $3
         RETURNING r.session_id",
        tenant,
        &token_hash[..],
        account.uuid(),
        now
    )
    .fetch_optional(tx.conn())
    .await?
    .map(SessionId::from))
}
