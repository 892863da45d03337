//! The notice of a session went to a member.

use std::sync::Arc;

use plenum_bodies_api::{BodiesRead, NoticeSent};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use super::{member_of, told};
use crate::{
    domain::history::{Detail, Kind},
    store::history,
};

pub(super) fn on(all: Reactions, bodies: Arc<dyn BodiesRead>) -> Reactions {
    all.on("members.notice_sent", move |context, event| {
        let bodies = bodies.clone();
        async move { react(&context, &*bodies, event).await }
    })
}

async fn react(context: &EventContext, bodies: &dyn BodiesRead, event: NoticeSent) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let (Some(seat), Some(session)) =
        (bodies.seat(&mut tx, event.seat).await?, bodies.session(&mut tx, event.session).await?)
    else {
        return Err(JobError::GiveUp("the seat or the session is gone".to_owned()));
    };
    if let Some(member) = member_of(&mut tx, &seat).await? {
        let detail = Detail::named(session.title);
        history::write(&mut tx, member, told(context, Kind::NoticeSent, session.id, detail)).await?;
    }
    Ok(tx.commit().await?)
}
