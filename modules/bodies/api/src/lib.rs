//! The contract of bodies: ids, and who may enter the room of a session.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, id_types};

id_types! {
    /// An elected body: a council, a presidium…
    BodyId = "Body";
    /// A seat in a body: one person, one vote.
    SeatId = "Seat";
    /// A session (sitting) of a body.
    SessionId = "Session";
    /// An item of a session's agenda.
    AgendaItemId = "AgendaItem";
    /// A vote on a motion.
    VoteId = "Vote";
}

/// What a person enters a session's room as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The seat.
    pub seat: SeatId,
    /// How the person is called in the room.
    pub full_name: String,
    /// Where the person comes from.
    pub organization: String,
}

/// Whether an account may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It may.
    Admitted(Admission),
    /// The account has no seat on the session's roll.
    NotInvited,
    /// The session is closed or cancelled.
    Over,
    /// The tenant has no such session.
    NoSession,
}

/// What other modules may ask of bodies, inside their own transaction.
#[async_trait]
pub trait BodiesRead: Send + Sync {
    /// May this account enter the room of this session, and as whom?
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn entry(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
        account: AccountId,
    ) -> Result<Entry, StoreError>;
}
