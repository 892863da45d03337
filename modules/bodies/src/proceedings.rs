//! Everything that a session's page, its minutes and its pushes show, read in one go.

use chrono::{DateTime, Utc};
use plenum_bodies_api::{SeatId, SessionId, VoteId};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_meetings_api::{Interruption, MeetingsRead, Presence, Recorded};

use crate::{
    domain::{choice::Choice, quorum::Quorum, tally::Tally},
    store::{
        agenda::{self, AgendaItem},
        roll::{self, Notice},
        seats::{self, Seat},
        sessions::Sitting,
        votes::{self, Ballot, Vote},
    },
};

/// What each participant said; `None` for one who did not vote.
pub(crate) type ByName<'p> = Vec<(&'p Seat, Option<Choice>)>;

/// A session with all that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct Proceedings {
    pub(crate) sitting: Sitting,
    pub(crate) roll: Vec<Seat>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) presence: Vec<Presence>,
    pub(crate) recorded: Vec<Recorded>,
    /// While it was open.
    pub(crate) interruptions: Vec<Interruption>,
    pub(crate) agenda: Vec<AgendaItem>,
    pub(crate) votes: Vec<Vote>,
    ballots: Vec<Ballot>,
}

impl Proceedings {
    /// Reads a session's proceedings.
    pub(crate) async fn load(
        tx: &mut TenantTx,
        meetings: &dyn MeetingsRead,
        sitting: Sitting,
    ) -> Result<Self, StoreError> {
        let id: SessionId = sitting.session.id;
        let (opened, closed) = (sitting.session.opened_at, sitting.session.closed_at);
        let mut interruptions = meetings.interruptions(tx, id).await?;
        interruptions.retain(|one| {
            let after = one.ended_at.is_none_or(|ended| opened.is_some_and(|opened| ended >= opened));
            opened.is_some() && after && closed.is_none_or(|closed| one.began_at <= closed)
        });
        Ok(Self {
            sitting,
            roll: seats::of_session(tx, id).await?,
            notices: roll::notices(tx, id).await?,
            presence: meetings.presence(tx, id).await?,
            recorded: meetings.recorded(tx, id).await?,
            interruptions,
            agenda: agenda::of_session(tx, id).await?,
            votes: votes::of_session(tx, id).await?,
            ballots: votes::ballots(tx, id).await?,
        })
    }

    /// Whether the seat's holder is in the room.
    pub(crate) fn is_present(&self, seat: &Seat) -> bool {
        self.presence.iter().any(|someone| someone.account == seat.account && someone.present)
    }

    /// When the seat's holder first entered the room.
    pub(crate) fn first_joined(&self, seat: &Seat) -> Option<DateTime<Utc>> {
        self.presence
            .iter()
            .find(|someone| someone.account == seat.account)
            .map(|someone| someone.first_joined_at)
    }

    /// Whether the seat's holder was in the room at any time while the session was open.
    pub(crate) fn attended(&self, seat: &Seat) -> bool {
        let closed = self.sitting.session.closed_at;
        self.first_joined(seat).is_some_and(|at| closed.is_none_or(|closed| at <= closed))
    }

    /// The quorum now.
    pub(crate) fn quorum(&self) -> Quorum {
        let present = self.roll.iter().filter(|seat| self.is_present(seat)).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Quorum::count(self.sitting.body.quorum, count(self.roll.len()), count(present))
    }

    /// The seat that an account holds on the roll.
    pub(crate) fn seat_of(&self, account: AccountId) -> Option<&Seat> {
        self.roll.iter().find(|seat| seat.account == account)
    }

    /// How many seats have said something in a vote.
    pub(crate) fn cast_count(&self, vote: VoteId) -> usize {
        self.ballots.iter().filter(|ballot| ballot.vote == vote && ballot.choice.is_some()).count()
    }

    /// What a seat said in a vote.
    pub(crate) fn choice(&self, vote: VoteId, seat: SeatId) -> Option<Choice> {
        self.ballots
            .iter()
            .find(|ballot| ballot.vote == vote && ballot.seat == seat)
            .and_then(|ballot| ballot.choice)
    }

    /// The result of a closed vote; there is none before: an interim count would sway those who have not voted.
    pub(crate) fn result(&self, vote: &Vote) -> Option<(Tally, ByName<'_>)> {
        vote.closed_at?;
        let mine = |seat: &Seat| self.ballots.iter().find(|b| b.vote == vote.id && b.seat == seat.id);
        let by_name: Vec<_> =
            self.roll.iter().filter_map(|seat| mine(seat).map(|ballot| (seat, ballot.choice))).collect();
        Some((Tally::count(by_name.iter().map(|(_, choice)| *choice)), by_name))
    }
}
