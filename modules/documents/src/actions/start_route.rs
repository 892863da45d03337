//! Sends a document on its route.

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_documents_api::{DocumentId, StepId};
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, of_organization, tell},
    domain::{
        Fault,
        card::State,
        route::{Act, Route},
    },
    jobs,
    permissions::Routing,
    store::{
        documents::{self, Document},
        history,
        steps::{self, Step},
        versions,
    },
};

/// A step to be asked.
#[derive(Debug, Clone, Copy)]
pub struct NewStep {
    /// 1, 2, 3 …; steps of one group go in parallel.
    pub group: i32,
    /// What is asked.
    pub act: Act,
    /// Of whom.
    pub account: AccountId,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// Starts the route of a draft.
///
/// # Errors
/// [`Refused::State`] with `on_route`, `needs_version`, `route_over`, `no_version`, `version_flagged` or `not_a_route`;
/// [`Refused::Faults`] for participants who are not of the organization.
pub async fn start_route(
    tx: &mut TenantTx,
    permit: Permit<Routing, Document>,
    desk: &Desk,
    new: &[NewStep],
) -> Result<(), Refused> {
    let document = documents::lock(tx, permit.resource().id).await?;
    match document.state {
        State::Draft => {}
        State::Routing => return Err(Refused::State("on_route")),
        // Its route begins anew by itself with the next version.
        State::Returned => return Err(Refused::State("needs_version")),
        State::Completed => return Err(Refused::State("route_over")),
    }
    let latest = versions::latest(tx, document.id).await?.ok_or(Refused::State("no_version"))?;
    if latest.flag.is_some() && new.iter().any(|step| step.act == Act::Sign) {
        return Err(Refused::State("version_flagged"));
    }
    let today = desk.day(tx.now());
    for (at, step) in new.iter().enumerate() {
        of_organization(tx, step.account, format!("steps.{at}.account")).await?;
        if step.due_on.is_some_and(|due| due < today) {
            return Err(Fault::new(format!("steps.{at}.dueOn"), "in_the_past").into());
        }
    }
    begin(tx, desk, document.id, document.round + 1, new).await
}

/// Begins the route of a locked document that was sent back anew, with the same participants.
pub(crate) async fn restart(tx: &mut TenantTx, desk: &Desk, document: &Document) -> Result<(), Refused> {
    let all = steps::of_document(tx, document.id).await?;
    let again: Vec<NewStep> = all
        .iter()
        .filter(|step| step.round == document.round)
        .map(|step| NewStep { group: step.group, act: step.act, account: step.account, due_on: step.due_on })
        .collect();
    begin(tx, desk, document.id, document.round + 1, &again).await
}

/// Begins a round of a locked document.
pub(crate) async fn begin(
    tx: &mut TenantTx,
    desk: &Desk,
    document: DocumentId,
    round: i32,
    new: &[NewStep],
) -> Result<(), Refused> {
    let shape: Vec<_> = new.iter().map(|step| (StepId::new(), step.group, step.act)).collect();
    let route = Route::start(&shape)?;
    for (place, step) in route.steps().iter().zip(new) {
        let step = Step {
            id: place.id,
            document,
            round,
            group: place.group,
            act: place.act,
            account: step.account,
            due_on: step.due_on,
            state: place.state,
            acted_at: None,
            acted_by: None,
            comment: String::new(),
        };
        steps::insert(tx, &step).await?;
        jobs::remind_of_step(tx, desk, &step).await?;
    }
    documents::set_state(tx, document, State::Routing, round).await?;
    history::add(tx, document, "route_started", &round.to_string()).await?;
    plenum_audit::record(tx, "documents.start_route", document, json!({ "round": round })).await?;
    tell(tx, document).await?;
    Ok(())
}

/// The round that a locked document is in, and its steps as stored.
pub(crate) async fn current(
    tx: &mut TenantTx,
    document: &Document,
) -> Result<(Route, Vec<Step>), StoreError> {
    let mut all = steps::of_document(tx, document.id).await?;
    all.retain(|step| step.round == document.round);
    Ok((Route::stored(all.iter().map(Step::place).collect()), all))
}
