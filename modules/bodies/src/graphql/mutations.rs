//! Root fields that write: each opens its transaction, asks for a permit, and calls one action.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_bodies_api::{AgendaItemId, BodyId, MeasureId, SeatId, SessionId, VoteId};
use plenum_files::{FileId, Files};
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id, parse_optional_id};
use plenum_identity::token;
use plenum_kernel::UnitId;
use plenum_members_api::{MemberId, MembersRead};
use plenum_tenancy::store::units::{self, Unit};

use super::{
    body::BodyNode,
    measures::{AddMeasureInput, learning},
    meetings,
    names::{BodyKind, Choice, Office, QuorumComparison},
    queries, rooms,
    session::{SessionNode, VoteNode},
};
use crate::{
    actions::{
        Step, add_measure,
        add_seat::{self, NewSeat},
        cancel_session, cast_ballot, close_session, close_vote, create_body, open_notice, open_session,
        open_vote, record_decision, remove_measure, remove_seat,
        schedule_session::{self, Call, Scheduled},
        take_agenda_item,
    },
    domain::quorum::QuorumRule,
    permissions::{self, Create, Manage, Preside, Record, Schedule, TakePart},
    store::{
        agenda::{NewItem, PlacedItem},
        bodies::Body,
        measures::PlacedMeasure,
        seats::PlacedSeat,
        sessions::Sitting,
        votes::PlacedVote,
    },
};

/// A new body.
#[derive(InputObject)]
pub struct CreateBodyInput {
    name: String,
    kind: BodyKind,
    /// The unit whose body it is; left out, the apparatus.
    unit: Option<ID>,
    quorum: QuorumRuleInput,
}

/// A share of the elected.
#[derive(InputObject)]
pub struct QuorumRuleInput {
    comparison: QuorumComparison,
    numerator: u32,
    denominator: u32,
}

/// A person who takes a seat.
#[derive(InputObject)]
pub struct AddSeatInput {
    body: ID,
    /// The person's record in the register, when they are chosen from there.
    member: Option<ID>,
    full_name: String,
    /// The address of an account, or of one to be invited.
    email: String,
    organization: String,
    office: Office,
}

/// A session to be called.
#[derive(InputObject)]
pub struct ScheduleSessionInput {
    body: ID,
    title: String,
    starts_at: DateTime<Utc>,
    agenda: Vec<AgendaItemInput>,
}

/// An item of its agenda.
#[derive(InputObject)]
pub struct AgendaItemInput {
    title: String,
    speaker: Option<String>,
    draft_decision: Option<String>,
    /// Complete uploads of the caller.
    #[graphql(default)]
    materials: Vec<ID>,
}

/// How calling a session ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleSessionStatus {
    /// Called; notices are on their way.
    Ok,
    /// There is nothing on the agenda.
    NoAgenda,
    /// Nobody has a seat in the body.
    NoMembers,
    /// The time is past.
    InThePast,
}

/// The outcome of calling a session.
#[derive(SimpleObject)]
pub struct ScheduleSessionPayload {
    status: ScheduleSessionStatus,
    session: Option<SessionNode>,
}

/// How a step of the proceedings ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Step")]
pub enum SessionActionStatus {
    /// Done, or done before.
    #[graphql(name = "OK")]
    Done,
    /// Too few are present.
    NoQuorum,
    /// The session, item or vote is in another state.
    WrongState,
    /// A vote is open: close it first.
    VoteOpen,
}

/// The outcome of a step, and the session as it is now.
#[derive(SimpleObject)]
pub struct SessionPayload {
    status: SessionActionStatus,
    session: SessionNode,
}

/// A motion to be put.
#[derive(InputObject)]
pub struct OpenVoteInput {
    item: ID,
    motion: String,
}

/// How casting a ballot ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "cast_ballot::Cast")]
pub enum CastBallotStatus {
    /// Cast, or corrected.
    #[graphql(name = "OK")]
    Done,
    /// Too late.
    #[graphql(name = "VOTE_CLOSED")]
    Closed,
    /// The caller is not in the room.
    NotPresent,
}

/// The outcome of casting a ballot.
#[derive(SimpleObject)]
pub struct CastBallotPayload {
    status: CastBallotStatus,
    vote: VoteNode,
}

/// Root fields.
#[derive(Default)]
pub struct BodiesMutation;

#[Object]
impl BodiesMutation {
    /// Sets up a body.
    async fn create_body(&self, ctx: &Context<'_>, input: CreateBodyInput) -> Answer<BodyNode> {
        let mut tx = ctx.write(permissions::CREATE).await?;
        let unit: UnitId = match parse_optional_id(input.unit.as_ref())? {
            Some(unit) => unit,
            None => units::root(&mut tx).await?.id,
        };
        let QuorumRuleInput { comparison, numerator, denominator } = input.quorum;
        let quorum = QuorumRule::new(comparison.into(), numerator, denominator)
            .map_err(|_| Refusal::invalid_field("input.quorum", "impossible_share"))?;
        let permit = tx.permit::<Create, Unit>(unit).await?;
        let outcome = create_body::create_body(&mut tx, permit, &input.name, input.kind.into(), quorum).await;
        tx.finish(outcome).await.map(BodyNode)
    }

    /// Gives a person a seat, and the rights of the office in this body.
    async fn add_seat(&self, ctx: &Context<'_>, input: AddSeatInput) -> Answer<BodyNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let body: BodyId = parse_id(&input.body)?;
        let permit = tx.permit::<Manage, Body>(body).await?;
        let member: Option<MemberId> = parse_optional_id(input.member.as_ref())?;
        let new = NewSeat {
            member,
            full_name: input.full_name,
            email: input.email,
            organization: input.organization,
            office: input.office.into(),
        };
        let outcome = add_seat::add_seat(&mut tx, permit, members(ctx), new).await;
        tx.finish(outcome).await?;
        queries::body(ctx, body).await?.ok_or_else(Refusal::not_found)
    }

    /// Ends a seat.
    async fn remove_seat(&self, ctx: &Context<'_>, seat: ID) -> Answer<BodyNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let permit = tx.permit::<Manage, PlacedSeat>(parse_id::<SeatId>(&seat)?).await?;
        let body = permit.resource().seat.body;
        let outcome = remove_seat::remove_seat(&mut tx, permit).await;
        tx.finish(outcome).await?;
        queries::body(ctx, body).await?.ok_or_else(Refusal::not_found)
    }

    /// Calls a session: each member gets a notice by mail with the agenda and a personal link.
    async fn schedule_session(
        &self,
        ctx: &Context<'_>,
        input: ScheduleSessionInput,
    ) -> Answer<ScheduleSessionPayload> {
        let mut tx = ctx.write(permissions::SCHEDULE).await?;
        let permit = tx.permit::<Schedule, Body>(parse_id::<BodyId>(&input.body)?).await?;
        let mut agenda = Vec::with_capacity(input.agenda.len());
        for item in input.agenda {
            let materials = item.materials.iter().map(parse_id::<FileId>).collect::<Answer<Vec<_>>>()?;
            agenda.push(NewItem {
                title: item.title,
                speaker: item.speaker,
                draft_decision: item.draft_decision,
                materials,
            });
        }
        let call = Call { title: input.title, starts_at: input.starts_at, agenda };
        let files = ctx.data_unchecked::<Files>();
        let (status, session) = match schedule_session::schedule_session(&mut tx, permit, files, call).await?
        {
            Scheduled::Session(id) => {
                tx.commit().await?;
                (ScheduleSessionStatus::Ok, queries::session(ctx, id).await?)
            }
            // Refused as expected: the transaction is dropped and leaves nothing.
            Scheduled::NoAgenda => (ScheduleSessionStatus::NoAgenda, None),
            Scheduled::NoMembers => (ScheduleSessionStatus::NoMembers, None),
            Scheduled::InThePast => (ScheduleSessionStatus::InThePast, None),
        };
        Ok(ScheduleSessionPayload { status, session })
    }

    /// Calls a session off before it opens.
    async fn cancel_session(&self, ctx: &Context<'_>, session: ID, reason: String) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::SCHEDULE).await?;
        let id: SessionId = parse_id(&session)?;
        let permit = tx.permit::<Schedule, Sitting>(id).await?;
        let outcome = cancel_session::cancel_session(&mut tx, permit, &reason).await;
        let step = tx.finish(outcome).await?;
        if step == Step::Done {
            rooms(ctx).close(id).await;
        }
        payload(ctx, id, step).await
    }

    /// Records that the personal link of a notice was followed by the one whom it was sent to; null for anybody else.
    async fn open_notice(&self, ctx: &Context<'_>, token: String) -> Answer<Option<SessionNode>> {
        let mut tx = ctx.write(permissions::OPEN_NOTICE).await?;
        let outcome = open_notice::open_notice(&mut tx, &token::hash(&token)).await;
        match tx.finish(outcome).await? {
            Some(id) => queries::session(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Opens a session that has a quorum.
    async fn open_session(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let id: SessionId = parse_id(&session)?;
        let permit = tx.permit::<Preside, Sitting>(id).await?;
        let outcome = open_session::open_session(&mut tx, permit, meetings(ctx)).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Takes up an item of the agenda; the one before is left behind.
    async fn take_agenda_item(&self, ctx: &Context<'_>, item: ID) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let permit = tx.permit::<Preside, PlacedItem>(parse_id::<AgendaItemId>(&item)?).await?;
        let id = permit.resource().item.session;
        let outcome = take_agenda_item::take_agenda_item(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Puts a motion on the current item to a named open vote. Without a quorum it cannot be opened.
    async fn open_vote(&self, ctx: &Context<'_>, input: OpenVoteInput) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let permit = tx.permit::<Preside, PlacedItem>(parse_id::<AgendaItemId>(&input.item)?).await?;
        let id = permit.resource().item.session;
        let outcome = open_vote::open_vote(&mut tx, permit, meetings(ctx), &input.motion).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Casts the ballot of the viewer's seat, or corrects it until the vote is closed. However often it is sent, a
    /// seat has one ballot.
    async fn cast_ballot(&self, ctx: &Context<'_>, vote: ID, choice: Choice) -> Answer<CastBallotPayload> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: VoteId = parse_id(&vote)?;
        let permit = tx.permit::<TakePart, PlacedVote>(id).await?;
        let outcome = cast_ballot::cast_ballot(&mut tx, permit, meetings(ctx), choice.into()).await;
        let cast = tx.finish(outcome).await?;
        let vote = queries::vote(ctx, id).await?.ok_or_else(Refusal::not_found)?;
        Ok(CastBallotPayload { status: cast.into(), vote })
    }

    /// Closes a vote; its result is seen by everyone from then on.
    async fn close_vote(&self, ctx: &Context<'_>, vote: ID) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let permit = tx.permit::<Preside, PlacedVote>(parse_id::<VoteId>(&vote)?).await?;
        let id = permit.resource().vote.session;
        let outcome = close_vote::close_vote(&mut tx, permit, meetings(ctx)).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Writes down the decision of an item, or writes it anew, while the session is open.
    async fn record_decision(&self, ctx: &Context<'_>, item: ID, decision: String) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let permit = tx.permit::<Preside, PlacedItem>(parse_id::<AgendaItemId>(&item)?).await?;
        let id = permit.resource().item.session;
        let outcome = record_decision::record_decision(&mut tx, permit, &decision).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Adds a measure to an item: a task, or the training of those who hold an office. It is carried out when the
    /// session is closed and the motion was adopted.
    async fn add_measure(&self, ctx: &Context<'_>, input: AddMeasureInput) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let permit = tx.permit::<Record, PlacedItem>(parse_id::<AgendaItemId>(&input.item)?).await?;
        let id = permit.resource().item.session;
        let new = input.read()?;
        let outcome = add_measure::add_measure(&mut tx, permit, learning(ctx), new).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Takes a measure off its item, until the session is closed.
    async fn remove_measure(&self, ctx: &Context<'_>, measure: ID) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let permit = tx.permit::<Record, PlacedMeasure>(parse_id::<MeasureId>(&measure)?).await?;
        let id = permit.resource().item.item.session;
        let outcome = remove_measure::remove_measure(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Closes an open session; its minutes follow as a PDF.
    async fn close_session(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionPayload> {
        let mut tx = ctx.write(permissions::PRESIDE).await?;
        let id: SessionId = parse_id(&session)?;
        let permit = tx.permit::<Preside, Sitting>(id).await?;
        let outcome = close_session::close_session(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        if step == Step::Done {
            rooms(ctx).close(id).await;
        }
        payload(ctx, id, step).await
    }
}

fn members<'c>(ctx: &Context<'c>) -> &'c dyn MembersRead {
    &**ctx.data_unchecked::<Arc<dyn MembersRead>>()
}

async fn payload(ctx: &Context<'_>, id: SessionId, step: Step) -> Answer<SessionPayload> {
    let session = queries::session(ctx, id).await?.ok_or_else(Refusal::not_found)?;
    Ok(SessionPayload { status: step.into(), session })
}
