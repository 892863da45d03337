//! What follows from other modules' events.

use plenum_bodies_api::SessionClosed;
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use crate::actions::record_session::end_recording;

pub(crate) fn register(reactions: Reactions) -> Reactions {
    reactions.on::<SessionClosed, _, _>("meetings.end_recording", |context, event| async move {
        session_closed(&context, event).await
    })
}

/// A recording ends with its session.
async fn session_closed(context: &EventContext, event: SessionClosed) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    end_recording(&mut tx, event.session).await?;
    tx.commit().await?;
    Ok(())
}
