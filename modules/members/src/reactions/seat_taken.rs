//! A seat in a body is an office of the member, and makes the account known.

use std::sync::Arc;

use plenum_bodies_api::{BodiesRead, SeatTaken};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_members_api::Office;

use super::{member_of, told};
use crate::{
    domain::history::{Detail, Kind},
    store::{history, offices},
};

pub(super) fn on(all: Reactions, bodies: Arc<dyn BodiesRead>) -> Reactions {
    all.on("members.seat_taken", move |context, event| {
        let bodies = bodies.clone();
        async move { react(&context, &*bodies, event).await }
    })
}

async fn react(context: &EventContext, bodies: &dyn BodiesRead, event: SeatTaken) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let (Some(seat), Some(body)) =
        (bodies.seat(&mut tx, event.seat).await?, bodies.body(&mut tx, event.body).await?)
    else {
        return Err(JobError::GiveUp("the seat or the body is gone".to_owned()));
    };
    if let Some(member) = member_of(&mut tx, &seat).await? {
        let office = match seat.office.as_str() {
            "chair" => Office::Chair,
            "deputy_chair" => Office::DeputyChair,
            "secretary" => Office::Secretary,
            _ => Office::BodyMember,
        };
        // Events come in no order: a seat that has ended by now is told of by its end.
        let held = bodies.seats(&mut tx, body.id).await?.iter().any(|one| one.id == seat.id);
        let place = (seat.id, body.id);
        offices::take_seat(&mut tx, member, office, body.unit, place, context.at).await?;
        if !held {
            let now = tx.now();
            offices::end_seat(&mut tx, seat.id, now).await?;
        }
        let detail = Detail { office: Some(office), ..Detail::named(body.name) };
        history::write(&mut tx, member, told(context, Kind::OfficeTaken, body.id, detail)).await?;
    }
    Ok(tx.commit().await?)
}
