//! A learner as the reader of a letter.

use chrono::{DateTime, Utc};
use plenum_db::TenantTx;
use plenum_identity::store::accounts::{self, Account};
use plenum_jobs::JobError;
use plenum_kernel::Language;
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{
    settings::{self, Correspondence},
    tenants,
};
use url::Url;

use crate::{
    Tools,
    store::{courses, enrolments::Enrolment},
};

/// To whom a letter about a course goes.
pub(super) struct Reader {
    /// What the course is called.
    pub(super) course: String,
    /// Where it is taken.
    pub(super) url: Url,
    /// The language of the letter.
    pub(super) language: Language,
    to: Mailbox,
    given_names: String,
    sender: String,
    from: Correspondence,
}

impl Reader {
    /// The learner of an enrolment; none when they, the course or the address are not there.
    pub(super) async fn of(
        tx: &mut TenantTx,
        tools: &Tools,
        enrolment: &Enrolment,
    ) -> Result<Option<Self>, JobError> {
        let Some(course) = courses::by_id(tx, enrolment.course).await? else { return Ok(None) };
        let member = tools.members.by_ids(tx, &[enrolment.member]).await?.into_iter().next();
        let Some(member) = member else { return Ok(None) };
        let account = match member.account {
            Some(account) => accounts::by_id(tx.conn(), account).await?,
            None => None,
        };
        let from = settings::correspondence(tx).await?;
        let language = from.language_for(account.as_ref().and_then(Account::chosen_language));
        let Some(address) = account.map(|account| account.email).or(member.email) else { return Ok(None) };
        let tenant = tx.tenant();
        let sender = tenants::by_id(tx.conn(), tenant).await?.map(|one| one.name).unwrap_or_default();
        let url =
            Url::parse(&format!("{}/learning/{}", tools.public_url, course.id)).map_err(JobError::give_up)?;
        let to = Mailbox::new(Some(&member.full_name), &address).map_err(JobError::give_up)?;
        Ok(Some(Self {
            course: course.title,
            url,
            language,
            to,
            given_names: member.given_names,
            sender,
            from,
        }))
    }

    /// The beginning of the letter.
    pub(super) fn greeted(&self) -> Body {
        let body = Body::from(&self.sender);
        match self.language {
            Language::Ru => body.greeting(format!("Здравствуйте, {}!", self.given_names)),
            Language::En => body.greeting(format!("Hello, {}!", self.given_names)),
        }
    }

    /// Hands the letter to the mail server.
    pub(super) async fn send(
        self,
        tools: &Tools,
        id: String,
        date: DateTime<Utc>,
        subject: String,
        body: Body,
    ) -> Result<(), JobError> {
        let letter = Letter {
            id,
            date,
            to: self.to,
            subject,
            body,
            language: self.language,
            attachments: Vec::new(),
            list: Vec::new(),
        };
        let dispatch = Dispatch::of_organization(self.from.sender_name, self.from.reply_to.as_deref());
        let sent = tools.mailer.dispatch(&letter, &dispatch).await;
        sent.map(drop).map_err(|error| {
            if error.is_permanent() { JobError::give_up(error) } else { JobError::retry(error) }
        })
    }
}
