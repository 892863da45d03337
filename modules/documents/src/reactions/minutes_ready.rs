//! The minutes of a session become a registered document that waits for its signatures.

use plenum_bodies_api::MinutesReady;
use plenum_events::EventContext;
use plenum_jobs::JobError;
use plenum_kernel::AccountId;

use super::{chair, holder};
use crate::{
    Desk,
    actions::{
        add_version, register_document,
        start_route::{self, NewStep},
    },
    domain::{card::Kind, route::Act},
    store::{
        documents::{self, Card, Origin},
        history, journals, tasks,
    },
};

/// Files, registers and routes them: the secretary signs first, then the chair. Tasks of the session's resolutions that
/// were given before are linked to them.
pub(crate) async fn file_minutes(
    context: &EventContext,
    desk: &Desk,
    event: MinutesReady,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    documents::serialize_session(&mut tx, event.session).await?;
    if documents::of_session(&mut tx, event.session).await?.is_some() {
        return Ok(());
    }
    let session = desk
        .tools
        .bodies
        .session(&mut tx, event.session)
        .await?
        .ok_or_else(|| JobError::GiveUp("the session is gone".to_owned()))?;
    let held_on = desk.day(session.starts_at).format("%d.%m.%Y");
    let card = Card {
        title: format!("Протокол № {} от {held_on}. {}", session.number, session.body.name),
        summary: session.title.clone(),
        correspondent: None,
        their_number: None,
        their_date: None,
        executor: holder(&session, "secretary").map(|seat| seat.account),
        pages: None,
        due_on: None,
        tags: vec![session.body.name.clone()],
    };
    let origin = Origin { session: Some(event.session), source: None, statement: None };
    let id = documents::insert(&mut tx, Kind::Minutes, session.body.unit, &card, None, &origin).await?;
    documents::lock(&mut tx, id).await?;
    history::add(&mut tx, id, "minutes_filed", &session.title).await?;
    let (file, bytes) = desk.tools.files.fetch(&mut tx, event.file).await.map_err(JobError::retry)?;
    add_version::keep(&mut tx, id, &file, bytes, None, String::new()).await?;
    let journal = journals::of_kind(&mut tx, Kind::Minutes, "Протоколы").await?;
    register_document::number_document(&mut tx, desk, id, &journal).await?;
    let mut signers: Vec<AccountId> =
        holder(&session, "secretary").map(|seat| seat.account).into_iter().collect();
    signers.extend(chair(&session).filter(|chair| !signers.contains(chair)));
    let route: Vec<NewStep> = (1..)
        .zip(signers)
        .map(|(group, account)| NewStep { group, act: Act::Sign, account, due_on: None })
        .collect();
    if !route.is_empty() {
        start_route::begin(&mut tx, desk, id, 1, &route).await?;
    }
    tasks::link(&mut tx, event.session, id).await?;
    tx.commit().await?;
    Ok(())
}
