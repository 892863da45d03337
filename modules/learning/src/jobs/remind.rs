//! A learner is reminded of the due date, by mail.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use plenum_db::TenantTx;
use plenum_identity::store::accounts;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::Language;
use plenum_learning_api::{EnrolmentId, EnrolmentStatus};
use plenum_mail::{Body, Letter, Mailbox};
use plenum_members_api::Member;
use plenum_tenancy::store::tenants;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Tools,
    store::{courses, enrolments, invitations},
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
    let learning = matches!(enrolment.state, EnrolmentStatus::Enrolled | EnrolmentStatus::InProgress);
    if !learning || enrolment.due_at != Some(job.due_at) {
        return Ok(());
    }
    let Some(course) = courses::by_id(&mut tx, enrolment.course).await? else { return Ok(()) };
    let member = tools.members.by_ids(&mut tx, &[enrolment.member]).await?.into_iter().next();
    let Some(member) = member else { return Ok(()) };
    let Some((address, language)) = address(&mut tx, &member).await? else { return Ok(()) };
    if !invitations::remind_once(&mut tx, enrolment.id, job.due_at, job.kind.as_str()).await? {
        return Ok(());
    }
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id).await?.map(|one| one.name).unwrap_or_default();
    let url =
        Url::parse(&format!("{}/learning/{}", tools.public_url, course.id)).map_err(JobError::give_up)?;
    let due = job.due_at.with_timezone(&tools.time_zone).format("%d.%m.%Y, %H:%M").to_string();
    let letter = Letter {
        id: format!("course-reminder-{}", context.job),
        date: tx.now(),
        to: Mailbox::new(Some(&member.full_name), &address).map_err(JobError::give_up)?,
        subject: match language {
            Language::Ru => format!("Напоминание: курс «{}» нужно пройти до {due}", course.title),
            Language::En => format!("Reminder: the course “{}” is due by {due}", course.title),
        },
        body: body(&tenant, &member.given_names, &course.title, &due, url, language),
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    // Sent before the commit: a letter too many is better than one that is believed sent and is not.
    tools.mailer.send(&letter).await.map_err(|error| {
        if error.is_permanent() { JobError::give_up(error) } else { JobError::retry(error) }
    })?;
    tx.commit().await?;
    Ok(())
}

async fn address(tx: &mut TenantTx, member: &Member) -> Result<Option<(String, Language)>, JobError> {
    let account = match member.account {
        Some(account) => accounts::by_id(tx.conn(), account).await?,
        None => None,
    };
    let language = account.as_ref().map(|account| account.language).unwrap_or_default();
    let address = account.map(|account| account.email).or_else(|| member.email.clone());
    Ok(address.map(|address| (address, language)))
}

fn body(from: &str, name: &str, course: &str, due: &str, url: Url, language: Language) -> Body {
    let body = Body::from(from);
    match language {
        Language::Ru => body
            .greeting(format!("Здравствуйте, {name}!"))
            .paragraph("Вы записаны на курс, и срок его прохождения подходит к концу.")
            .facts([("Курс".to_owned(), course.to_owned()), ("Пройти до".to_owned(), due.to_owned())])
            .button("Продолжить обучение", url),
        Language::En => body
            .greeting(format!("Hello, {name}!"))
            .paragraph("You are enrolled in a course that is due soon.")
            .facts([("Course".to_owned(), course.to_owned()), ("Due by".to_owned(), due.to_owned())])
            .button("Go on learning", url),
    }
}
