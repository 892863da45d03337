//! A member did a task.

use std::sync::Arc;

use plenum_documents_api::{DocumentsRead, TaskDone};
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;

use super::{told, write_by_account};
use crate::{
    domain::history::{Detail, Kind},
    store::history::Fact,
};

pub(super) fn on(all: Reactions, documents: Arc<dyn DocumentsRead>) -> Reactions {
    all.on("members.task_done", move |context, event| {
        let documents = documents.clone();
        async move { react(&context, &*documents, event).await }
    })
}

async fn react(
    context: &EventContext,
    documents: &dyn DocumentsRead,
    event: TaskDone,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    let label = documents.task_text(&mut tx, event.task).await?;
    let fact = told(context, Kind::TaskDone, event.task, Detail { label, ..Detail::default() });
    let fact = Fact { actor: Some(event.account), ..fact };
    write_by_account(context, tx, event.account, fact).await
}
