//! Reminders of tasks and of steps of routes: the morning before their day, and the morning after.

use chrono::{DateTime, Days, NaiveDate, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{StepId, TaskId};
use plenum_identity::store::accounts;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::{AccountId, Language};
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{settings, tenants};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Desk,
    domain::{route::StepState, task::TaskState},
    store::{documents, steps, tasks},
};

/// The hour of the morning at which people are reminded.
const HOUR: u32 = 9;

/// Remind of a task.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindTask {
    /// The task.
    pub task: TaskId,
}

impl Job for RemindTask {
    const KIND: &'static str = "documents.remind_task";
}

/// Remind of a step.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindStep {
    /// The step.
    pub step: StepId,
}

impl Job for RemindStep {
    const KIND: &'static str = "documents.remind_step";
}

/// The mornings at which to remind of a day, as far as they are still to come.
fn mornings(desk: &Desk, due_on: Option<NaiveDate>, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let Some(due) = due_on else { return Vec::new() };
    let days = [due.checked_sub_days(Days::new(1)), due.checked_add_days(Days::new(1))];
    days.into_iter().flatten().map(|day| desk.moment(day, HOUR)).filter(|at| *at > now).collect()
}

pub(crate) async fn remind_of_task(
    tx: &mut TenantTx,
    desk: &Desk,
    task: &tasks::Task,
) -> Result<(), StoreError> {
    for at in mornings(desk, task.due_on, tx.now()) {
        plenum_jobs::enqueue_at(tx, &RemindTask { task: task.id }, at).await?;
    }
    Ok(())
}

pub(crate) async fn remind_of_step(
    tx: &mut TenantTx,
    desk: &Desk,
    step: &steps::Step,
) -> Result<(), StoreError> {
    for at in mornings(desk, step.due_on, tx.now()) {
        plenum_jobs::enqueue_at(tx, &RemindStep { step: step.id }, at).await?;
    }
    Ok(())
}

/// What a reminder is about.
struct About {
    text: String,
    due_on: Option<NaiveDate>,
    path: String,
}

/// Reminds the assignee of a task that is not reported, and the controller too once it is late.
pub(crate) async fn remind_task(context: &JobContext, desk: &Desk, job: RemindTask) -> Result<(), JobError> {
    let mut tx = context.write("documents.remind").await?;
    let Some(task) = tasks::by_id(&mut tx, job.task).await? else { return Ok(()) };
    if matches!(task.state, TaskState::Accepted | TaskState::Reported) {
        return Ok(());
    }
    let late = task.state.overdue(task.due_on, desk.day(tx.now()));
    let about = About { text: task.text.clone(), due_on: task.due_on, path: "tasks".to_owned() };
    send(&mut tx, context, desk, task.assignee, &about, late).await?;
    if let Some(controller) = task.controller.filter(|controller| late && *controller != task.assignee) {
        send(&mut tx, context, desk, controller, &about, late).await?;
    }
    Ok(())
}

/// Reminds the participant whose turn it is.
pub(crate) async fn remind_step(context: &JobContext, desk: &Desk, job: RemindStep) -> Result<(), JobError> {
    let mut tx = context.write("documents.remind").await?;
    let Some(step) = steps::by_id(&mut tx, job.step).await? else { return Ok(()) };
    if step.state != StepState::Active {
        return Ok(());
    }
    let Some(document) = documents::by_id(&mut tx, step.document).await? else { return Ok(()) };
    let late = step.due_on.is_some_and(|due| due < desk.day(tx.now()));
    let path = format!("documents/{}", document.id);
    let about = About { text: document.card.title, due_on: step.due_on, path };
    send(&mut tx, context, desk, step.account, &about, late).await
}

async fn send(
    tx: &mut TenantTx,
    context: &JobContext,
    desk: &Desk,
    to: AccountId,
    about: &About,
    late: bool,
) -> Result<(), JobError> {
    let Some(account) = accounts::by_id(tx.conn(), to).await? else { return Ok(()) };
    let from = settings::correspondence(tx).await?;
    let language = from.language_for(account.chosen_language());
    let tenant = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant)
        .await?
        .ok_or_else(|| JobError::GiveUp("the tenant is gone".to_owned()))?;
    let url = Url::parse(&format!("{}/t/{}/{}", desk.tools.public_url, tenant.slug, about.path))
        .map_err(JobError::give_up)?;
    let day = |form: &str| about.due_on.map(|due| due.format(form).to_string()).unwrap_or_default();
    let body = Body::from(tenant.name);
    let (subject, body) = match language {
        Language::Ru => (
            if late {
                "Срок прошёл: требуется ваше действие"
            } else {
                "Завтра срок: требуется ваше действие"
            },
            body.greeting(format!("Здравствуйте, {}!", account.display_name))
                .paragraph(about.text.clone())
                .facts([("Срок".to_owned(), day("%d.%m.%Y"))])
                .button("Открыть", url),
        ),
        Language::En => (
            if late { "Overdue: waiting for you" } else { "Due tomorrow: waiting for you" },
            body.greeting(format!("Hello, {}!", account.display_name))
                .paragraph(about.text.clone())
                .facts([("Due".to_owned(), day("%Y-%m-%d"))])
                .button("Open", url),
        ),
    };
    let letter = Letter {
        // The same letter when the job runs again, another for each reader.
        id: format!("reminder-{}-{}", context.job, to),
        date: tx.now(),
        to: Mailbox::new(Some(&account.display_name), &account.email).map_err(JobError::give_up)?,
        subject: subject.to_owned(),
        body,
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    let dispatch = Dispatch::of_organization(from.sender_name, from.reply_to.as_deref());
    match desk.tools.mailer.dispatch(&letter, &dispatch).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(JobError::give_up(error)),
        Err(error) => Err(JobError::retry(error)),
    }
}
