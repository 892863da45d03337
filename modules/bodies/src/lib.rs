//! Elected bodies: seats, sessions, agenda, quorum, named open votes, decisions, minutes.
//!
//! What it is not: the video room (meetings decides who is let in and tells who is present), the register of members.
//!
//! Invariants: a vote is opened only with a quorum; a seat has one ballot in a vote, whatever is sent; no interim
//! result is shown; steps of one session follow one another (its row is locked by each).

mod actions;
mod domain;
mod graphql;
mod jobs;
mod permissions;
mod proceedings;
mod reads;
mod store;

use std::sync::Arc;

use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_mail::Mailer;
use plenum_meetings_api::MeetingsRead;
use plenum_print::Printer;

pub use reads::BodiesReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        AgendaItemNode, BodiesMutation, BodiesQuery, BodiesSubscription, BodyNode, MeasureNode, SeatNode,
        SessionNode, VoteNode,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    use async_graphql::Context;
    use plenum_bodies_api::{AgendaItemId, BodyId, MeasureId, SeatId, SessionId, VoteId};
    use plenum_graph::Answer;

    use crate::graphql::{self, AgendaItemNode, BodyNode, MeasureNode, SeatNode, SessionNode, VoteNode};

    /// A body.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn body(ctx: &Context<'_>, id: BodyId) -> Answer<Option<BodyNode>> {
        graphql::body(ctx, id).await
    }

    /// A seat.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn seat(ctx: &Context<'_>, id: SeatId) -> Answer<Option<SeatNode>> {
        graphql::seat(ctx, id).await
    }

    /// A session.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn session(ctx: &Context<'_>, id: SessionId) -> Answer<Option<SessionNode>> {
        graphql::session(ctx, id).await
    }

    /// An item of an agenda.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn agenda_item(ctx: &Context<'_>, id: AgendaItemId) -> Answer<Option<AgendaItemNode>> {
        graphql::agenda_item(ctx, id).await
    }

    /// A measure of a resolution.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn measure(ctx: &Context<'_>, id: MeasureId) -> Answer<Option<MeasureNode>> {
        graphql::measure(ctx, id).await
    }

    /// A vote.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn vote(ctx: &Context<'_>, id: VoteId) -> Answer<Option<VoteNode>> {
        graphql::vote(ctx, id).await
    }
}

/// What setting up a demonstration needs: the same actions that the API calls.
pub mod setup {
    pub use crate::{
        actions::{
            add_seat::{AddSeatError, NewSeat, add_seat},
            create_body::{CreateBodyError, create_body},
            schedule_session::{Call, ScheduleError, Scheduled, schedule_session},
        },
        domain::{
            office::{BodyKind, Office},
            quorum::{Comparison, QuorumRule},
        },
        permissions::{CREATE, Create, MANAGE, Manage, SCHEDULE, Schedule},
        store::{agenda::NewItem, bodies::Body},
    };
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let tools = Arc::new(tools);
    let notice_tools = tools.clone();
    let cancellation_tools = tools.clone();
    worker
        .handle(move |context, job| {
            let tools = cancellation_tools.clone();
            async move { jobs::send_cancellation(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = notice_tools.clone();
            async move { jobs::send_notice(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = tools.clone();
            async move { jobs::print_minutes(&context, &tools, job).await }
        })
}

/// What this module's jobs need.
pub struct Tools {
    /// Sends the notices.
    pub mailer: Arc<Mailer>,
    /// Keeps the minutes.
    pub files: Files,
    /// Typesets them.
    pub printer: Printer,
    /// Tells who was present.
    pub meetings: Arc<dyn MeetingsRead>,
    /// Where the web app is served, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: chrono_tz::Tz,
}
