//! Who was enrolled by others is told so, by mail.

use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::Language;
use plenum_learning_api::EnrolmentId;
use serde::{Deserialize, Serialize};

use super::reader::Reader;
use crate::{Tools, store::enrolments};

/// Tell a learner of an enrolment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Announce {
    /// Of which one.
    pub enrolment: EnrolmentId,
}

impl Job for Announce {
    const KIND: &'static str = "learning.announce";
}

/// Sends the letter unless the course is done or left meanwhile. Who has no address gets none. A job that is repeated
/// sends a letter of the same id.
pub(crate) async fn announce(context: &JobContext, tools: &Tools, job: Announce) -> Result<(), JobError> {
    let mut tx = context.write("learning.announce").await?;
    let Some(enrolment) = enrolments::by_id(&mut tx, job.enrolment).await? else { return Ok(()) };
    if !enrolment.is_open() {
        return Ok(());
    }
    let Some(reader) = Reader::of(&mut tx, tools, &enrolment).await? else { return Ok(()) };
    let due = enrolment.due_at.map(|due| tools.day_and_time(due));
    let course = reader.course.clone();
    let (subject, body) = match reader.language {
        Language::Ru => {
            let mut facts = vec![("Курс".to_owned(), course.clone())];
            facts.extend(due.map(|due| ("Пройти до".to_owned(), due)));
            let body = reader
                .greeted()
                .paragraph(
                    "Вас записали на курс. Его можно проходить с компьютера или телефона, в удобное время.",
                )
                .facts(facts)
                .button("Начать обучение", reader.url.clone());
            (format!("Вас записали на курс «{course}»"), body)
        }
        Language::En => {
            let mut facts = vec![("Course".to_owned(), course.clone())];
            facts.extend(due.map(|due| ("Due by".to_owned(), due)));
            let body = reader
                .greeted()
                .paragraph("You have been enrolled in a course. Take it on a computer or a phone, when it suits you.")
                .facts(facts)
                .button("Begin", reader.url.clone());
            (format!("You are enrolled in the course “{course}”"), body)
        }
    };
    reader.send(tools, format!("course-enrolment-{}", enrolment.id), tx.now(), subject, body).await
}
