//! A participant approves, acknowledges, or sends the document back.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::StepId;
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    actions::{Refused, person, start_route, tell},
    domain::{
        card::{self, State},
        route::{Act, Outcome, RouteFault, StepState},
    },
    permissions::TakePart,
    store::{
        documents::{self, Document},
        history,
        steps::{self, OwnStep},
    },
};

/// Approves or acknowledges.
///
/// # Errors
/// [`Refused::State`] when the step is not asked for, is over, or asks for a signature.
pub async fn decide_step(
    tx: &mut TenantTx,
    permit: Permit<TakePart, OwnStep>,
    comment: &str,
) -> Result<Outcome, Refused> {
    let me = person(tx)?;
    let comment = card::optional("comment", comment, card::LONGEST_TEXT)?;
    let own = permit.resource();
    if own.step.act == Act::Sign {
        return Err(RouteFault::AnotherAct.into());
    }
    let document = documents::lock(tx, own.document.id).await?;
    let outcome = advance(tx, &document, own.step.id, own.step.act, me, &comment).await?;
    let what = if own.step.act == Act::Approve { "approved" } else { "acknowledged" };
    history::add(tx, document.id, what, &comment).await?;
    plenum_audit::record(
        tx,
        "documents.decide_step",
        own.step.id,
        json!({ "document": document.id, "on_behalf_of": own.on_behalf_of }),
    )
    .await?;
    tell(tx, document.id).await?;
    Ok(outcome)
}

/// Sends the document back for rework; nobody else is asked in this round.
///
/// # Errors
/// [`Refused::Faults`] without a comment; [`Refused::State`] when the step is not asked for or is over.
pub async fn return_for_rework(
    tx: &mut TenantTx,
    permit: Permit<TakePart, OwnStep>,
    comment: &str,
) -> Result<(), Refused> {
    let me = person(tx)?;
    let comment = card::required("comment", comment, card::LONGEST_TEXT)?;
    let own = permit.resource();
    let document = documents::lock(tx, own.document.id).await?;
    let (mut route, before) = start_route::current(tx, &document).await?;
    route.send_back(own.step.id)?;
    steps::acted(tx, own.step.id, StepState::Returned, me, &comment).await?;
    for (was, now) in before.iter().zip(route.steps()) {
        if now.id != own.step.id && was.state != now.state {
            steps::set_state(tx, now.id, now.state).await?;
        }
    }
    documents::set_state(tx, document.id, State::Returned, document.round).await?;
    history::add(tx, document.id, "returned", &comment).await?;
    plenum_audit::record(
        tx,
        "documents.return_for_rework",
        own.step.id,
        json!({ "document": document.id, "on_behalf_of": own.on_behalf_of }),
    )
    .await?;
    tell(tx, document.id).await?;
    Ok(())
}

/// Moves a locked document on after an act.
pub(crate) async fn advance(
    tx: &mut TenantTx,
    document: &Document,
    step: StepId,
    act: Act,
    by: AccountId,
    comment: &str,
) -> Result<Outcome, Refused> {
    let (mut route, before) = start_route::current(tx, document).await?;
    let outcome = route.act(step, act)?;
    steps::acted(tx, step, StepState::Done, by, comment).await?;
    for (was, now) in before.iter().zip(route.steps()) {
        if now.id != step && was.state != now.state {
            steps::set_state(tx, now.id, now.state).await?;
        }
    }
    if outcome == Outcome::Completed {
        documents::set_state(tx, document.id, State::Completed, document.round).await?;
        history::add(tx, document.id, "completed", "").await?;
    }
    Ok(outcome)
}
