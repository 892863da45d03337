//! Votes and ballots.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_bodies_api::{AgendaItemId, SeatId, SessionId, VoteId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use uuid::Uuid;

use super::unknown;
use crate::{domain::choice::Choice, store::sessions::Sitting};

/// A named open vote on a motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Its id.
    pub id: VoteId,
    /// Its session.
    pub session: SessionId,
    /// The item that it belongs to.
    pub item: AgendaItemId,
    /// What is voted on.
    pub motion: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed; none while it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// How many were present when it was opened.
    pub present_at_opening: i32,
    /// How many had to be.
    pub required_present: i32,
}

/// What one seat said; `None` for one who was present and did not vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ballot {
    /// The vote.
    pub vote: VoteId,
    /// The seat.
    pub seat: SeatId,
    /// The choice.
    pub choice: Option<Choice>,
}

/// A vote with its session and body, for permits.
#[derive(Debug, Clone)]
pub struct PlacedVote {
    /// The vote.
    pub vote: Vote,
    /// Its session.
    pub sitting: Sitting,
}

impl Resource for PlacedVote {
    type Id = VoteId;

    async fn find(tx: &mut TenantTx, id: VoteId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let session = sqlx::query_scalar!(
            "SELECT session_id FROM bodies.vote WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(session) = session.map(SessionId::from) else { return Ok(None) };
        let vote = of_session(tx, session).await?.into_iter().find(|vote| vote.id == id);
        let sitting = Sitting::find(tx, session).await?;
        Ok(vote.zip(sitting).map(|(vote, sitting)| Self { vote, sitting }))
    }

    fn place(&self) -> Place {
        self.sitting.place()
    }
}

/// The votes of a session, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_session(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Vote>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        "SELECT id, session_id, item_id, motion, opened_at, closed_at, present_at_opening, required_present
           FROM bodies.vote
          WHERE tenant_id = $1 AND session_id = $2
          ORDER BY opened_at, id
          LIMIT 1000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Vote {
        id: row.id.into(),
        session: row.session_id.into(),
        item: row.item_id.into(),
        motion: row.motion,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        present_at_opening: row.present_at_opening,
        required_present: row.required_present,
    })
    .collect())
}

/// All ballots of a session's votes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ballots(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Ballot>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT b.vote_id, b.seat_id, b.choice
           FROM bodies.ballot b
           JOIN bodies.vote v ON v.tenant_id = b.tenant_id AND v.id = b.vote_id
          WHERE b.tenant_id = $1 AND v.session_id = $2
          ORDER BY b.vote_id, b.seat_id
          LIMIT 200000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(Ballot {
            vote: row.vote_id.into(),
            seat: row.seat_id.into(),
            choice: Choice::read(&row.choice).map_err(unknown)?,
        })
    })
    .collect()
}

/// Opens a vote.
///
/// # Errors
/// [`StoreError`], violating `vote_open` when another vote of the session is open.
pub async fn insert(tx: &mut TenantTx, vote: &Vote) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO bodies.vote (tenant_id, id, session_id, item_id, motion, state, opened_at,
                                  present_at_opening, required_present)
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)",
        tenant,
        vote.id.uuid(),
        vote.session.uuid(),
        vote.item.uuid(),
        vote.motion,
        vote.opened_at,
        vote.present_at_opening,
        vote.required_present
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Whether a vote is open, held so until the end of the transaction: the closing waits for all ballots in hand.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold_open(tx: &mut TenantTx, id: VoteId) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let state = sqlx::query_scalar!(
        "SELECT state FROM bodies.vote WHERE tenant_id = $1 AND id = $2 FOR SHARE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(state.as_deref() == Some("open"))
}

/// Casts a seat's ballot, or corrects it: one row however often it is sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn cast(tx: &mut TenantTx, vote: VoteId, seat: SeatId, choice: Choice) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO bodies.ballot AS b (tenant_id, vote_id, seat_id, choice, cast_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, vote_id, seat_id)
         DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at WHERE b.choice <> excluded.choice",
        tenant,
        vote.uuid(),
        seat.uuid(),
        choice.as_str(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Closes a vote, and records who of the present has not voted.
///
/// # Errors
/// [`StoreError::Rows`] when it is not open.
pub async fn close(tx: &mut TenantTx, id: VoteId, present: &[SeatId]) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.vote SET state = 'closed', closed_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'open'",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    let present: Vec<Uuid> = present.iter().map(|seat| seat.uuid()).collect();
    sqlx::query!(
        "INSERT INTO bodies.ballot (tenant_id, vote_id, seat_id, choice, cast_at)
         SELECT $1, $2, seat, 'not_voted', $4 FROM unnest($3::uuid[]) AS seat
         ON CONFLICT (tenant_id, vote_id, seat_id) DO NOTHING",
        tenant,
        id.uuid(),
        &present,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
