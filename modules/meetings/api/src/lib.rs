//! The contract of meetings: who is and was in the room of a session, when it was recorded, and the end of a room.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, id_types};
use uuid::Uuid;

/// The first word of the permissions of meetings: an organization that does without it has no rooms, whoever opens them.
pub const MODULE: &str = "meetings";

id_types! {
    /// A recording of a session.
    RecordingId = "Recording";
}

/// From when to when a session was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// From.
    pub started_at: DateTime<Utc>,
    /// Until; none while it is.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// When media were interrupted, because the server that carried a room was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// When that server was there last.
    pub began_at: DateTime<Utc>,
    /// When the first was in the room again; none when nobody was yet.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A person's presence in a session's room. People are counted, not connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Who.
    pub account: AccountId,
    /// Whether at least one connection is open now.
    pub present: bool,
    /// When the first connection was made.
    pub first_joined_at: DateTime<Utc>,
}

/// What other modules may ask of meetings, inside their own transaction.
#[async_trait]
pub trait MeetingsRead: Send + Sync {
    /// Everyone who is or was in the room, each person once, ordered by account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn presence(&self, tx: &mut TenantTx, session: SessionId) -> Result<Vec<Presence>, StoreError>;

    /// When a session was recorded, in the order of time; what was removed since was recorded nevertheless.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn recorded(&self, tx: &mut TenantTx, session: SessionId) -> Result<Vec<Recorded>, StoreError>;

    /// When the room of a session was interrupted, in the order of time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn interruptions(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
    ) -> Result<Vec<Interruption>, StoreError>;

    /// How long a person was in a room between two moments, to the second; two connections at once count once. The
    /// room is named by its raw id: other modules have rooms of their own, a webinar's for one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn time_in_room(
        &self,
        tx: &mut TenantTx,
        room: Uuid,
        account: AccountId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<TimeDelta, StoreError>;
}

/// What other modules may tell the rooms.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Ends the room: everyone's media stop. A room that is not there is no fault.
    async fn close(&self, session: SessionId);
}
