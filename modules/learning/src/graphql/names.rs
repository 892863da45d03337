//! The rules' words as the API spells them.

use async_graphql::Enum;
use plenum_learning_api::EnrolmentStatus;
use plenum_members_api::Office;

use crate::{
    domain::{course, paper, progress, question},
    store::attempts,
};

/// Where a course stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "course::CourseState")]
pub enum CourseState {
    /// Its authors alone see it.
    Draft,
    /// People learn.
    Published,
    /// Kept, closed to new learners.
    Archived,
}

/// What a lesson is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "course::LessonKind")]
pub enum LessonKind {
    /// A text.
    Text,
    /// A video.
    Video,
    /// A file.
    File,
    /// A quiz.
    Quiz,
    /// A webinar.
    Webinar,
}

/// Where the viewer stands in a lesson.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "progress::LessonState")]
pub enum LessonState {
    /// A required lesson before it is not done yet.
    Locked,
    /// Can be opened.
    Open,
    /// Was opened.
    Started,
    /// Done.
    Done,
}

/// How far a learner is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "EnrolmentStatus")]
pub enum EnrolmentState {
    /// Enrolled, nothing opened.
    Enrolled,
    /// Something is done.
    InProgress,
    /// All is done and passed.
    Completed,
    /// Taken off the course.
    Withdrawn,
}

/// What a question asks for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// One of several.
    Single,
    /// All that are right.
    Multiple,
    /// What belongs together.
    Matching,
    /// A number.
    Numeric,
    /// A word or two.
    ShortText,
}

impl From<&question::Task> for QuestionKind {
    fn from(task: &question::Task) -> Self {
        match task {
            question::Task::Single { .. } => Self::Single,
            question::Task::Multiple { .. } => Self::Multiple,
            question::Task::Matching { .. } => Self::Matching,
            question::Task::Numeric { .. } => Self::Numeric,
            question::Task::ShortText { .. } => Self::ShortText,
        }
    }
}

/// What a learner sees after an attempt.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "paper::Feedback")]
pub enum FeedbackMode {
    /// The score alone.
    ScoreOnly,
    /// Besides, what was right and what was wrong.
    Verdicts,
    /// What was right and wrong at once, the right answers once the quiz is passed.
    AfterPassing,
    /// Everything.
    Full,
}

/// Where an attempt stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "attempts::AttemptState")]
pub enum AttemptState {
    /// Answers are taken.
    Open,
    /// Handed in.
    Submitted,
    /// Ended by the time limit; what was answered before counts.
    Expired,
}

/// How good an answer is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "question::Verdict")]
pub enum Verdict {
    /// All right.
    Right,
    /// Partly right.
    Partly,
    /// Wrong, or none.
    Wrong,
}

/// An office by which learners are chosen.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Office")]
pub enum LearnerOffice {
    /// Chairs.
    Chair,
    /// Stands in for the chair.
    DeputyChair,
    /// Keeps the papers of a body.
    Secretary,
    /// Keeps the money.
    Treasurer,
    /// Sits in the organization's committee.
    CommitteeMember,
    /// Sits in the audit commission.
    AuditMember,
    /// Sits in any other elected body.
    BodyMember,
}
