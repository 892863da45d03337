//! Bodies in the API: maps, never decides.

mod body;
mod measures;
mod mutations;
mod names;
mod queries;
mod session;
mod subscriptions;

use std::sync::Arc;

use async_graphql::Context;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Refusal};
use plenum_meetings_api::{MeetingsRead, Rooms};

use crate::{
    actions::{
        add_measure::AddMeasureError, add_seat::AddSeatError, cancel_session::CancelError,
        create_body::CreateBodyError, open_vote::OpenVoteError, record_decision::DecisionError,
        schedule_session::ScheduleError,
    },
    domain::agenda::TextFault,
    permissions,
};

pub use body::{BodyNode, SeatNode};
pub use measures::MeasureNode;
pub use mutations::BodiesMutation;
pub use queries::BodiesQuery;
pub(crate) use queries::{agenda_item, body, measure, seat, session, vote};
pub use session::{AgendaItemNode, SessionNode, VoteNode};
pub use subscriptions::BodiesSubscription;

/// The door by which a session, its items and its measures read what they have not at hand.
async fn opened(ctx: &Context<'_>) -> Answer<TenantTx> {
    ctx.read(permissions::VIEW).await
}

fn meetings<'c>(ctx: &Context<'c>) -> &'c dyn MeetingsRead {
    &**ctx.data_unchecked::<Arc<dyn MeetingsRead>>()
}

fn rooms<'c>(ctx: &Context<'c>) -> &'c dyn Rooms {
    &**ctx.data_unchecked::<Arc<dyn Rooms>>()
}

fn refuse_texts(faults: Vec<TextFault>) -> Refusal {
    let faults =
        faults.into_iter().map(|fault| plenum_graph::FieldFault { path: fault.path, reason: fault.reason });
    Refusal::invalid_fields(faults.collect())
}

impl From<CreateBodyError> for Refusal {
    fn from(error: CreateBodyError) -> Self {
        match error {
            CreateBodyError::Name(fault) => refuse_texts(vec![fault]),
            CreateBodyError::NameTaken => Self::invalid_field("input.name", "name_taken"),
            CreateBodyError::Store(error) => error.into(),
        }
    }
}

impl From<AddSeatError> for Refusal {
    fn from(error: AddSeatError) -> Self {
        match error {
            AddSeatError::Texts(faults) => refuse_texts(faults),
            AddSeatError::AlreadyMember => Self::invalid_field("input.email", "already_member"),
            AddSeatError::NoMember => Self::invalid_field("input.member", "not_found"),
            AddSeatError::HasChair => Self::invalid_field("input.office", "has_chair"),
            AddSeatError::Store(error) => error.into(),
        }
    }
}

impl From<AddMeasureError> for Refusal {
    fn from(error: AddMeasureError) -> Self {
        match error {
            AddMeasureError::Text(fault) => refuse_texts(vec![fault]),
            AddMeasureError::Assignee => Self::invalid_field("input.task.assignee", "not_a_colleague"),
            AddMeasureError::Course => Self::invalid_field("input.training.course", "not_published"),
            AddMeasureError::NoOffice => Self::invalid_field("input.training.offices", "empty"),
            AddMeasureError::DueTooEarly => Self::invalid_field("input.dueOn", "too_early"),
            AddMeasureError::Store(error) => error.into(),
        }
    }
}

impl From<ScheduleError> for Refusal {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::Texts(faults) => refuse_texts(faults),
            ScheduleError::Material(_) => Self::not_found(),
            ScheduleError::Store(error) => error.into(),
        }
    }
}

impl From<CancelError> for Refusal {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Reason(fault) => refuse_texts(vec![fault]),
            CancelError::Store(error) => error.into(),
        }
    }
}

impl From<OpenVoteError> for Refusal {
    fn from(error: OpenVoteError) -> Self {
        match error {
            OpenVoteError::Motion(fault) => refuse_texts(vec![fault]),
            OpenVoteError::Store(error) => error.into(),
        }
    }
}

impl From<DecisionError> for Refusal {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Text(fault) => refuse_texts(vec![fault]),
            DecisionError::Store(error) => error.into(),
        }
    }
}
