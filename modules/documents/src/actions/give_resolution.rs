//! A manager gives an instruction on a document, and tasks with it.

use chrono::NaiveDate;
use plenum_db::{Permit, TenantTx};
use plenum_documents_api::{TaskGiven, TaskId};
use plenum_events::Publish;
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, of_organization, person, tell},
    domain::{
        Fault,
        card::{self},
        route::Act,
        task::TaskState,
    },
    jobs,
    permissions::{ROUTE, TakePart},
    store::{
        documents::Shared,
        history, steps,
        tasks::{self, Task},
    },
};

/// A task to be given.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub assignee: AccountId,
    /// Who accepts it; left out, the one who gives it.
    pub controller: Option<AccountId>,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// Gives the resolution. Managers are those who route documents, who approve or sign this one, and its executor.
///
/// # Errors
/// [`Refused::NotYours`], [`Refused::Faults`].
pub async fn give_resolution(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Shared>,
    desk: &Desk,
    text: &str,
    new: Vec<NewTask>,
) -> Result<Vec<TaskId>, Refused> {
    let me = person(tx)?;
    let document = &permit.resource().document;
    let decides = steps::of_document(tx, document.id)
        .await?
        .iter()
        .any(|step| step.account == me && step.act != Act::Acknowledge);
    if !decides && document.card.executor != Some(me) && !tx.allows(ROUTE, &document.place) {
        return Err(Refused::NotYours("managers_only"));
    }
    let text = card::required("input.text", text, card::LONGEST_TEXT)?;
    if new.is_empty() || new.len() > 50 {
        return Err(Fault::new("input.tasks", "out_of_range").into());
    }
    let resolution = tasks::insert_resolution(tx, document.id, me, &text).await?;
    history::add(tx, document.id, "resolution_given", &text).await?;
    let today = desk.day(tx.now());
    let mut ids = Vec::with_capacity(new.len());
    for (at, one) in new.into_iter().enumerate() {
        let words = card::required(&format!("input.tasks.{at}.text"), &one.text, card::LONGEST_TEXT)?;
        of_organization(tx, one.assignee, format!("input.tasks.{at}.assignee")).await?;
        let controller = one.controller.unwrap_or(me);
        of_organization(tx, controller, format!("input.tasks.{at}.controller")).await?;
        if one.due_on.is_some_and(|due| due < today) {
            return Err(Fault::new(format!("input.tasks.{at}.dueOn"), "in_the_past").into());
        }
        let task = Task {
            id: TaskId::new(),
            document: Some(document.id),
            resolution: Some(resolution),
            measure: None,
            source: document.card.title.clone(),
            text: words,
            assignee: one.assignee,
            controller: Some(controller),
            due_on: one.due_on,
            state: TaskState::Given,
            report: String::new(),
            remark: String::new(),
            created_at: tx.now(),
            closed_at: None,
        };
        give(tx, desk, &task).await?;
        ids.push(task.id);
    }
    tell(tx, document.id).await?;
    Ok(ids)
}

/// Gives one task; false when its measure has become one before.
pub(crate) async fn give(tx: &mut TenantTx, desk: &Desk, task: &Task) -> Result<bool, Refused> {
    if !tasks::insert(tx, task).await? {
        return Ok(false);
    }
    jobs::remind_of_task(tx, desk, task).await?;
    let detail = json!({ "document": task.document, "assignee": task.assignee });
    plenum_audit::record(tx, "documents.give_task", task.id, detail).await?;
    tx.publish(&TaskGiven { task: task.id, account: task.assignee }).await?;
    Ok(true)
}
