//! A task is begun, reported, accepted or returned.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::TaskDone;
use plenum_events::Publish;
use serde_json::json;

use crate::{
    actions::{Refused, person, tell},
    domain::{
        card,
        task::{Move, TaskState},
    },
    permissions::TakePart,
    store::{
        history,
        tasks::{self, SharedTask},
    },
};

/// Moves a task. A report needs a text, and so does returning it.
///
/// # Errors
/// [`Refused::NotYours`] for anybody but the assignee (begin, report) or the controller (accept, return);
/// [`Refused::State`] when the task is not in the state for it.
pub async fn move_task(
    tx: &mut TenantTx,
    permit: Permit<TakePart, SharedTask>,
    done: Move,
    text: &str,
) -> Result<(), Refused> {
    let me = person(tx)?;
    let mut task = tasks::lock(tx, permit.resource().task.id).await?;
    match done {
        Move::Begin | Move::Report if me != task.assignee => return Err(Refused::NotYours("assignee_only")),
        Move::Accept | Move::Return if Some(me) != task.controller => {
            return Err(Refused::NotYours("controller_only"));
        }
        _ => {}
    }
    task.state = task.state.after(done)?;
    let (what, action) = match done {
        Move::Begin => ("task_begun", "documents.begin_task"),
        Move::Report => {
            task.report = card::required("report", text, card::LONGEST_TEXT)?;
            ("task_reported", "documents.report_task")
        }
        Move::Accept => ("task_accepted", "documents.accept_task"),
        Move::Return => {
            task.remark = card::required("comment", text, card::LONGEST_TEXT)?;
            ("task_returned", "documents.return_task")
        }
    };
    if task.state == TaskState::Accepted {
        task.closed_at = Some(tx.now());
        tx.publish(&TaskDone { task: task.id, account: task.assignee }).await?;
    }
    tasks::update(tx, &task).await?;
    plenum_audit::record(tx, action, task.id, json!({})).await?;
    if let Some(document) = task.document {
        history::add(tx, document, what, &task.text).await?;
        tell(tx, document).await?;
    }
    Ok(())
}
