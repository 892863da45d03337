//! What other modules tell, kept in the history of the members whom it is about.

mod campaign_finished;
mod certificate_issued;
mod document_signed;
mod member_enrolled;
mod notice_sent;
mod seat_ended;
mod seat_taken;
mod session_closed;
mod task_done;
mod task_given;

use std::sync::Arc;

use plenum_bodies_api::BodiesRead;
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::DocumentsRead;
use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_kernel::{AccountId, TypedId};
use plenum_learning_api::LearningRead;
use plenum_mailings_api::MailingsRead;
use plenum_members_api::MemberId;

use crate::{
    actions::link_account::find_or_link,
    domain::history::{Detail, Kind},
    store::history::{self, Fact},
};

/// Whom the reactions ask about what they are told. What is not there is not listened to.
#[derive(Clone)]
pub struct Ports {
    /// About seats and sessions.
    pub bodies: Arc<dyn BodiesRead>,
    /// About courses.
    pub learning: Option<Arc<dyn LearningRead>>,
    /// About documents and tasks.
    pub documents: Option<Arc<dyn DocumentsRead>>,
    /// About campaigns.
    pub mailings: Option<Arc<dyn MailingsRead>>,
}

/// Adds this module's reactions.
#[must_use]
pub fn reactions(all: Reactions, ports: &Ports) -> Reactions {
    let all = seat_taken::on(all, ports.bodies.clone());
    let all = seat_ended::on(all, ports.bodies.clone());
    let all = notice_sent::on(all, ports.bodies.clone());
    let mut all = session_closed::on(all, ports.bodies.clone());
    if let Some(documents) = &ports.documents {
        all = document_signed::on(all, documents.clone());
        all = task_given::on(all, documents.clone());
        all = task_done::on(all, documents.clone());
    }
    if let Some(learning) = &ports.learning {
        all = member_enrolled::on(all, learning.clone());
        all = certificate_issued::on(all, learning.clone());
    }
    if let Some(mailings) = &ports.mailings {
        all = campaign_finished::on(all, mailings.clone());
    }
    all
}

/// A fact that an event tells.
fn told(context: &EventContext, kind: Kind, subject: impl TypedId, detail: Detail) -> Fact {
    Fact {
        kind,
        subject: Some(subject.global()),
        detail,
        actor: None,
        event: Some((context.event, context.at)),
    }
}

/// Writes what an account did or got, when it is a member's; once.
async fn write_by_account(
    context: &EventContext,
    mut tx: TenantTx,
    account: AccountId,
    fact: Fact,
) -> Result<(), JobError> {
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    if let Some(member) = find_or_link(&mut tx, account).await? {
        history::write(&mut tx, member, fact).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes what a member got, when the record is here; once.
async fn write_by_member(
    context: &EventContext,
    mut tx: TenantTx,
    member: MemberId,
    fact: Fact,
) -> Result<(), JobError> {
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    if crate::store::persons::by_id(&mut tx, member).await?.is_some() {
        history::write(&mut tx, member, fact).await?;
    }
    Ok(tx.commit().await?)
}

/// The member of a seat: the one it was given to from the register, else the one who signs in with its account.
async fn member_of(
    tx: &mut TenantTx,
    seat: &plenum_bodies_api::SeatSummary,
) -> Result<Option<MemberId>, StoreError> {
    if let Some(member) = seat.member
        && let Some(person) = crate::store::persons::by_id(tx, member).await?
    {
        // Whoever was seated from the register signs in with the seat's account from now on.
        if person.account.is_none() {
            crate::actions::link_account::link(tx, member, seat.account).await?;
        }
        return Ok(Some(member));
    }
    find_or_link(tx, seat.account).await
}
