//! A learner is reminded of the due date, by mail.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::Language;
use plenum_learning_api::EnrolmentId;
use serde::{Deserialize, Serialize};

use super::reader::Reader;
use crate::{
    Tools,
    store::{enrolments, invitations},
};

/// Which reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// Three days before.
    Soon,
    /// On the day.
    Today,
}

impl ReminderKind {
    /// When it is sent: three days before to the minute, or at 06:00 UTC (nine in Moscow) of the day.
    #[must_use]
    pub fn moment(self, due_at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Soon => due_at - TimeDelta::days(3),
            Self::Today => {
                let morning = NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default();
                due_at.date_naive().and_time(morning).and_utc().min(due_at)
            }
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Soon => "soon",
            Self::Today => "today",
        }
    }
}

/// Remind a learner.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    /// Of which enrolment.
    pub enrolment: EnrolmentId,
    /// Of which date: one that was changed meanwhile has its own reminders.
    pub due_at: DateTime<Utc>,
    /// Which reminder.
    pub kind: ReminderKind,
}

impl Job for Remind {
    const KIND: &'static str = "learning.remind";
}

/// Sends the letter unless the course is done, left, or due at another time. Who has no address gets none.
pub(crate) async fn remind(context: &JobContext, tools: &Tools, job: Remind) -> Result<(), JobError> {
    let mut tx = context.write("learning.remind").await?;
    let enrolment = enrolments::lock(&mut tx, job.enrolment).await.map_err(JobError::retry)?;
    if !enrolment.is_open() || enrolment.due_at != Some(job.due_at) {
        return Ok(());
    }
    let Some(reader) = Reader::of(&mut tx, tools, &enrolment).await? else { return Ok(()) };
    if !invitations::remind_once(&mut tx, enrolment.id, job.due_at, job.kind.as_str()).await? {
        return Ok(());
    }
    let due = tools.day_and_time(job.due_at);
    let (subject, body) = match reader.language {
        Language::Ru => (
            format!("Напоминание: курс «{}» нужно пройти до {due}", reader.course),
            reader
                .greeted()
                .paragraph("Вы записаны на курс, и срок его прохождения подходит к концу.")
                .facts([("Курс".to_owned(), reader.course.clone()), ("Пройти до".to_owned(), due)])
                .button("Продолжить обучение", reader.url.clone()),
        ),
        Language::En => (
            format!("Reminder: the course “{}” is due by {due}", reader.course),
            reader
                .greeted()
                .paragraph("You are enrolled in a course that is due soon.")
                .facts([("Course".to_owned(), reader.course.clone()), ("Due by".to_owned(), due)])
                .button("Go on learning", reader.url.clone()),
        ),
    };
    // Sent before the commit: a letter too many is better than one that is believed sent and is not.
    let id = format!("course-reminder-{}", context.job);
    reader.send(tools, id, tx.now(), subject, body).await?;
    tx.commit().await?;
    Ok(())
}
