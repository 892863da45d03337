//! What other modules ask of bodies.

use std::sync::Arc;

use async_trait::async_trait;
use plenum_bodies_api::{
    Admission, AgendaItemId, BodiesRead, BodyId, BodySummary, Consideration, Entry, Resolution, SeatId,
    SeatSummary, SessionId, SessionOutline, SessionSummary,
};
use plenum_db::{Resource, StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_meetings_api::MeetingsRead;

use crate::{
    proceedings::Proceedings,
    store::{
        agenda,
        bodies::{self, Body},
        measures,
        seats::{self, Seat},
        sessions::{self, Sitting},
    },
};

/// Answers other modules.
#[derive(Clone)]
pub struct BodiesReads {
    meetings: Arc<dyn MeetingsRead>,
}

impl BodiesReads {
    /// Takes what tells who was in a room.
    #[must_use]
    pub fn new(meetings: Arc<dyn MeetingsRead>) -> Self {
        Self { meetings }
    }
}

#[async_trait]
impl BodiesRead for BodiesReads {
    async fn entry(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
        account: AccountId,
    ) -> Result<Entry, StoreError> {
        let Some(session) = sessions::by_id(tx, session).await? else { return Ok(Entry::NoSession) };
        let seat = seats::of_session(tx, session.id).await?.into_iter().find(|seat| seat.account == account);
        // The roll of an open session stays as it was called; who has lost the seat since does not enter.
        let kept = seats::of_body(tx, session.body).await?;
        let seat = seat.filter(|seat| kept.iter().any(|one| one.id == seat.id));
        Ok(match seat {
            None => Entry::NotInvited,
            Some(_) if !session.state.room_is_open() => Entry::Over,
            Some(seat) => Entry::Admitted(Admission {
                seat: seat.id,
                full_name: seat.full_name,
                organization: seat.organization,
            }),
        })
    }

    async fn bodies(&self, tx: &mut TenantTx) -> Result<Vec<BodySummary>, StoreError> {
        Ok(bodies::all(tx).await?.into_iter().map(body_summary).collect())
    }

    async fn body(&self, tx: &mut TenantTx, id: BodyId) -> Result<Option<BodySummary>, StoreError> {
        Ok(bodies::by_id(tx, id).await?.map(body_summary))
    }

    async fn seats(&self, tx: &mut TenantTx, body: BodyId) -> Result<Vec<SeatSummary>, StoreError> {
        Ok(seats::of_body(tx, body).await?.into_iter().map(seat_summary).collect())
    }

    async fn seat(&self, tx: &mut TenantTx, id: SeatId) -> Result<Option<SeatSummary>, StoreError> {
        Ok(seats::ever(tx, id).await?.map(seat_summary))
    }

    async fn session(&self, tx: &mut TenantTx, id: SessionId) -> Result<Option<SessionSummary>, StoreError> {
        let Some(sitting) = Sitting::find(tx, id).await? else { return Ok(None) };
        let all = Proceedings::load(tx, &*self.meetings, sitting).await?;
        let attended = all.roll.iter().filter(|seat| all.attended(seat)).map(|seat| seat.account).collect();
        let Proceedings { sitting: Sitting { session, body }, roll, .. } = all;
        Ok(Some(SessionSummary {
            id: session.id,
            body: body_summary(body),
            number: session.number,
            title: session.title,
            starts_at: session.starts_at,
            closed_at: session.closed_at,
            minutes: session.minutes,
            roll: roll.into_iter().map(seat_summary).collect(),
            attended,
        }))
    }

    async fn outline(&self, tx: &mut TenantTx, id: SessionId) -> Result<Option<SessionOutline>, StoreError> {
        let Some(Sitting { session, body }) = Sitting::find(tx, id).await? else { return Ok(None) };
        Ok(Some(SessionOutline {
            id: session.id,
            place: body.place().clone(),
            body: body.name,
            title: session.title,
            starts_at: session.starts_at,
            room_is_open: session.state.room_is_open(),
        }))
    }

    async fn considered(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
    ) -> Result<Vec<Consideration>, StoreError> {
        agenda::considered(tx, session).await
    }

    async fn resolution(
        &self,
        tx: &mut TenantTx,
        item: AgendaItemId,
    ) -> Result<Option<Resolution>, StoreError> {
        measures::resolution(tx, item).await
    }
}

fn body_summary(body: Body) -> BodySummary {
    BodySummary { id: body.id, unit: body.unit, name: body.name }
}

fn seat_summary(seat: Seat) -> SeatSummary {
    SeatSummary {
        id: seat.id,
        body: seat.body,
        account: seat.account,
        member: seat.member,
        full_name: seat.full_name,
        office: seat.office.as_str().to_owned(),
    }
}
