//! Distance training: courses, enrolments, quizzes, certificates.
//!
//! What it is not: the register (members says who is who and who holds which office), media (platform/sfu), mail.
//!
//! Invariants: a member has one enrolment in a course; an attempt keeps the paper that it began with; right answers
//! reach no learner before grading; an answer after the time limit does not count; certificates are numbered without
//! gaps by year.

mod actions;
mod domain;
mod graphql;
mod jobs;
mod permissions;
mod reactions;
mod reads;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use plenum_bodies_api::{BodiesRead, ResolutionAdopted};
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_learning_api::CoursePublished;
use plenum_mail::Mailer;
use plenum_meetings_api::MeetingsRead;
use plenum_members_api::MembersRead;
use plenum_print::Printer;
use plenum_turn::Relays;

pub use reads::LearningReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::{CATALOGUE, LEARN};

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        AttemptNode, CertificateNode, CourseNode, EnrolmentNode, LearningMutation, LearningQuery, LessonNode,
        QuestionNode, SectionNode,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    pub use crate::graphql::{attempt, certificate, course, enrolment, lesson, question, section};
}

/// For setting up a demonstration: what the API does not let anybody do, enrol by a day that has passed.
pub mod setup {
    pub use crate::{
        actions::enrol::enrol_one,
        store::courses::{Course, by_id as course, published},
    };
}

/// What letting people into webinars needs.
#[derive(Clone)]
pub struct Webinars {
    /// The key that signs room tokens; the SFU has the same.
    pub token_key: Arc<[u8]>,
    /// Gives access to the relay of media.
    pub relays: Relays,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
}

/// What this module's jobs and reactions need.
#[derive(Clone)]
pub struct Tools {
    /// Sends the letters to learners.
    pub mailer: Arc<Mailer>,
    /// Keeps certificates.
    pub files: Files,
    /// Prints them.
    pub printer: Printer,
    /// The register.
    pub members: Arc<dyn MembersRead>,
    /// Resolutions.
    pub bodies: Arc<dyn BodiesRead>,
    /// Who was in a room.
    pub meetings: Arc<dyn MeetingsRead>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: chrono_tz::Tz,
}

impl Tools {
    /// As it stands in a letter: `03.12.2026, 23:59`, in the installation's time zone.
    pub(crate) fn day_and_time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.time_zone).format("%d.%m.%Y, %H:%M").to_string()
    }
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let tools = Arc::new(tools);
    let (printing, expiring, counting, settling, announcing) =
        (tools.clone(), tools.clone(), tools.clone(), tools.clone(), tools.clone());
    worker
        .handle(move |context, job| {
            let tools = printing.clone();
            async move { jobs::print_certificate::print_certificate(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = expiring.clone();
            async move { jobs::expire_attempt::expire_attempt(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = counting.clone();
            async move { jobs::count_attendance::count_attendance(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = settling.clone();
            async move { jobs::settle_course::settle_course(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = announcing.clone();
            async move { jobs::announce::announce(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = tools.clone();
            async move { jobs::remind::remind(&context, &tools, job).await }
        })
}

/// Says what this module does about what happened elsewhere.
#[must_use]
pub fn react(reactions: Reactions, tools: Tools) -> Reactions {
    let tools = Arc::new(tools);
    let waiting = tools.clone();
    reactions
        .on("learning.train_by_resolution", move |context, event: ResolutionAdopted| {
            let tools = tools.clone();
            async move { reactions::train::by_resolution(&context, &tools, event).await }
        })
        .on("learning.train_on_publication", move |context, event: CoursePublished| {
            let tools = waiting.clone();
            async move { reactions::train::on_publication(&context, &tools, event).await }
        })
}
