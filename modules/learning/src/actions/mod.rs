//! What is done, by subject.

pub mod complete;
pub mod count_attendance;
pub mod edit_course;
pub mod edit_lesson;
pub mod edit_quiz;
pub mod enrol;
pub mod invite;
pub mod join_webinar;
pub mod learn;
pub mod revoke_certificate;
pub mod take_quiz;

use plenum_db::{StoreError, TenantTx};
use plenum_learning_api::EnrolmentStatus;
use plenum_members_api::{Member, MembersRead};

use crate::{
    domain::progress::{LessonState, Step, states},
    store::{
        courses::Course,
        enrolments::{self, Enrolment, Progress},
        lessons::{self, Lesson},
    },
};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum LearningError {
    /// A field of the input is wrong: its path and a stable word.
    #[error("{0} is {1}")]
    Field(&'static str, &'static str),
    /// It cannot be done as things stand.
    #[error("not as things stand: {0}")]
    State(&'static str),
    /// What is named is not there.
    #[error("not found")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The member who acts.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn learner(tx: &mut TenantTx, members: &dyn MembersRead) -> Result<Option<Member>, StoreError> {
    match tx.viewer().account() {
        Some(account) => members.by_account(tx, account).await,
        None => Ok(None),
    }
}

/// A learner's way through a course.
#[derive(Debug, Clone)]
pub struct Way {
    /// The lessons in order.
    pub lessons: Vec<Lesson>,
    /// What was done.
    pub progress: Vec<Progress>,
    /// The states, lesson by lesson.
    pub states: Vec<LessonState>,
    /// The steps, lesson by lesson.
    pub steps: Vec<Step>,
}

/// Looks at the way of a learner through a course; without an enrolment, at the way before the first step.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn way(tx: &mut TenantTx, course: &Course, of: Option<&Enrolment>) -> Result<Way, StoreError> {
    let lessons = lessons::of_course(tx, course.id).await?;
    let progress = match of {
        Some(enrolment) => enrolments::progress(tx, enrolment.id).await?,
        None => Vec::new(),
    };
    let step = |lesson: &Lesson| {
        let done = progress.iter().find(|one| one.lesson == lesson.id);
        Step {
            required: lesson.required,
            seen: done.is_some(),
            done: done.is_some_and(|one| one.done_at.is_some()),
        }
    };
    let steps: Vec<Step> = lessons.iter().map(step).collect();
    let states = states(&steps, course.sequential);
    Ok(Way { lessons, progress, states, steps })
}

/// Whether somebody enrolled may go on.
fn goes_on(enrolment: &Enrolment) -> bool {
    enrolment.state != EnrolmentStatus::Withdrawn
}
