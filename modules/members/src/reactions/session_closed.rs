//! Who was called to a session was there, or was not.

use std::sync::Arc;

use plenum_bodies_api::{BodiesRead, SessionClosed};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use super::{member_of, told};
use crate::{
    domain::history::{Detail, Kind},
    store::history,
};

pub(super) fn on(all: Reactions, bodies: Arc<dyn BodiesRead>) -> Reactions {
    all.on("members.session_closed", move |context, event| {
        let bodies = bodies.clone();
        async move { react(&context, &*bodies, event).await }
    })
}

async fn react(
    context: &EventContext,
    bodies: &dyn BodiesRead,
    event: SessionClosed,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let session = bodies.session(&mut tx, event.session).await?;
    let session = session.ok_or_else(|| JobError::GiveUp("the session is gone".to_owned()))?;
    for seat in &session.roll {
        if let Some(member) = member_of(&mut tx, seat).await? {
            let was_there = session.attended.contains(&seat.account);
            let kind = if was_there { Kind::SessionAttended } else { Kind::SessionMissed };
            let fact = told(context, kind, session.id, Detail::named(session.title.clone()));
            history::write(&mut tx, member, fact).await?;
        }
    }
    Ok(tx.commit().await?)
}
