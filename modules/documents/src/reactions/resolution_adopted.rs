//! What a resolution obliges to becomes tasks.

use plenum_bodies_api::{MeasureKind, ResolutionAdopted};
use plenum_documents_api::TaskId;
use plenum_events::EventContext;
use plenum_jobs::JobError;

use super::chair;
use crate::{
    Desk,
    actions::give_resolution,
    domain::task::TaskState,
    store::{documents, tasks::Task},
};

/// Gives a task for each measure that somebody is to carry out; the chair controls it. It is linked to the minutes when
/// they are made already, and by them when they are made later.
pub(crate) async fn give_tasks(
    context: &EventContext,
    desk: &Desk,
    event: ResolutionAdopted,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    documents::serialize_session(&mut tx, event.session).await?;
    let bodies = desk.tools.bodies.clone();
    let Some(resolution) = bodies.resolution(&mut tx, event.item).await? else { return Ok(()) };
    let Some(session) = bodies.session(&mut tx, event.session).await? else { return Ok(()) };
    let document = documents::of_session(&mut tx, event.session).await?;
    let held_on = desk.day(session.starts_at).format("%d.%m.%Y");
    for measure in resolution.measures {
        let MeasureKind::Task { assignee } = measure.kind else { continue };
        let task = Task {
            id: TaskId::new(),
            document,
            resolution: None,
            measure: Some((event.session, measure.id)),
            source: format!("{}, {held_on}: {}", session.body.name, resolution.title),
            text: measure.text,
            assignee,
            controller: chair(&session),
            due_on: measure.due_on,
            state: TaskState::Given,
            report: String::new(),
            remark: String::new(),
            created_at: tx.now(),
            closed_at: None,
        };
        give_resolution::give(&mut tx, desk, &task).await?;
    }
    tx.commit().await?;
    Ok(())
}
