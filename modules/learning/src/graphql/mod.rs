//! Learning in the API: maps, never decides.

mod attempt;
mod audience;
mod authoring;
mod course;
mod enrolment;
mod inputs;
mod learner_mutations;
mod lesson;
mod names;
mod queries;

use std::sync::Arc;

use async_graphql::{Context, MergedObject};
use plenum_graph::Refusal;
use plenum_members_api::MembersRead;

use crate::actions::LearningError;

pub use attempt::AttemptNode;
pub use course::{CourseNode, SectionNode};
pub use enrolment::{CertificateNode, EnrolmentNode};
pub use lesson::{LessonNode, QuestionNode};
pub use queries::{LearningQuery, attempt, certificate, course, enrolment, lesson, question, section};

/// Root fields that write.
#[derive(MergedObject, Default)]
pub struct LearningMutation(authoring::AuthoringMutation, learner_mutations::LearnerMutation);

fn members<'c>(ctx: &Context<'c>) -> &'c dyn MembersRead {
    &**ctx.data_unchecked::<Arc<dyn MembersRead>>()
}

impl From<LearningError> for Refusal {
    fn from(error: LearningError) -> Self {
        match error {
            LearningError::Field(path, reason) => Self::invalid_field(path, reason),
            LearningError::State(reason) => Self::conflict(reason),
            LearningError::NotFound => Self::not_found(),
            LearningError::Store(error) => error.into(),
        }
    }
}
