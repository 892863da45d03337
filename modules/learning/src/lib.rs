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

use plenum_bodies_api::{BodiesRead, ResolutionAdopted};
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_mail::Mailer;
use plenum_members_api::MembersRead;
use plenum_print::Printer;

pub use reads::LearningReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

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

/// What letting people into webinars needs.
#[derive(Clone)]
pub struct Webinars {
    /// The key that signs room tokens; the SFU has the same.
    pub token_key: Arc<[u8]>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
}

/// What this module's jobs and reactions need.
#[derive(Clone)]
pub struct Tools {
    /// Sends reminders.
    pub mailer: Arc<Mailer>,
    /// Keeps certificates.
    pub files: Files,
    /// Prints them.
    pub printer: Printer,
    /// The register.
    pub members: Arc<dyn MembersRead>,
    /// Resolutions.
    pub bodies: Arc<dyn BodiesRead>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: chrono_tz::Tz,
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let tools = Arc::new(tools);
    let printing = tools.clone();
    worker
        .handle(move |context, job| {
            let tools = printing.clone();
            async move { jobs::print_certificate::print_certificate(&context, &tools, job).await }
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
    reactions.on("learning.train_by_resolution", move |context, event: ResolutionAdopted| {
        let tools = tools.clone();
        async move { reactions::train(&context, &tools, event).await }
    })
}
