//! A body has a channel; who has a seat takes part; a session that is called is announced there.

use std::sync::Arc;

use plenum_bodies_api::{BodiesRead, BodyCreated, BodyId, SeatEnded, SeatTaken, SessionScheduled};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_kernel::TypedId;

use crate::actions::{
    keep_participants::keep_body,
    post::{Post, post},
};

/// Reacts to bodies.
#[must_use]
pub fn on_bodies(reactions: Reactions, bodies: Arc<dyn BodiesRead>) -> Reactions {
    let (made, taken, ended, called) = (bodies.clone(), bodies.clone(), bodies.clone(), bodies);
    reactions
        .on("chat.body_created", move |context, event: BodyCreated| {
            let bodies = made.clone();
            async move { keep(&context, &*bodies, event.body).await }
        })
        .on("chat.seat_taken", move |context, event: SeatTaken| {
            let bodies = taken.clone();
            async move { keep(&context, &*bodies, event.body).await }
        })
        .on("chat.seat_ended", move |context, event: SeatEnded| {
            let bodies = ended.clone();
            async move { keep(&context, &*bodies, event.body).await }
        })
        .on("chat.session_scheduled", move |context, event: SessionScheduled| {
            let bodies = called.clone();
            async move { announce(&context, &*bodies, event).await }
        })
}

async fn keep(context: &EventContext, bodies: &dyn BodiesRead, body: BodyId) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    keep_body(&mut tx, bodies, body).await?;
    tx.commit().await?;
    Ok(())
}

async fn announce(
    context: &EventContext,
    bodies: &dyn BodiesRead,
    event: SessionScheduled,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    let Some(session) = bodies.session(&mut tx, event.session).await? else { return Ok(()) };
    let Some(channel) = keep_body(&mut tx, bodies, session.body.id).await? else { return Ok(()) };
    let notice = Post::Session { session: session.id, title: session.title, starts_at: session.starts_at };
    post(&mut tx, channel, session.id.uuid(), notice).await?;
    tx.commit().await?;
    Ok(())
}
