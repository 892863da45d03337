//! With its seat, the office of a member ends.

use std::sync::Arc;

use plenum_bodies_api::{BodiesRead, SeatEnded};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use super::told;
use crate::{
    domain::history::{Detail, Kind},
    store::{history, offices},
};

pub(super) fn on(all: Reactions, bodies: Arc<dyn BodiesRead>) -> Reactions {
    all.on("members.seat_ended", move |context, event| {
        let bodies = bodies.clone();
        async move { react(&context, &*bodies, event).await }
    })
}

async fn react(context: &EventContext, bodies: &dyn BodiesRead, event: SeatEnded) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let body = bodies.body(&mut tx, event.body).await?;
    if let Some((member, office)) = offices::end_seat(&mut tx, event.seat, context.at).await? {
        let detail = Detail { office: Some(office), label: body.map(|body| body.name), ..Detail::default() };
        history::write(&mut tx, member, told(context, Kind::OfficeEnded, event.body, detail)).await?;
    }
    Ok(tx.commit().await?)
}
