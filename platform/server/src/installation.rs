//! Public facts of an installation, and the development mailbox.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Paged, Paging, Refusal, paged};
use plenum_mail::{LetterSummary, LetterView, MailError, Outbox};

/// What the installation tells everyone.
#[derive(Clone)]
pub struct Facts {
    /// The accounts of the demonstration; empty in earnest.
    pub demo_accounts: Arc<[DemoAccount]>,
    /// Whether it is a demonstration.
    pub demo: bool,
    /// The outbox that the development mailbox shows: only in a demonstration without a mail server.
    pub outbox: Option<Outbox>,
}

/// An account of the demonstration.
#[derive(SimpleObject, Clone, Debug)]
pub struct DemoAccount {
    /// The address to sign in with.
    pub email: String,
    /// Its password.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// The organization's short name.
    pub tenant: String,
    /// What the account is for, in the language of the demonstration.
    pub role: String,
}

/// Public facts.
#[derive(SimpleObject)]
pub struct Installation {
    /// Whether it is a demonstration.
    demo: bool,
    /// Whether letters stay here and can be read.
    development_mailbox: bool,
    /// The accounts of the demonstration; empty in earnest.
    demo_accounts: Vec<DemoAccount>,
    version: &'static str,
}

/// A letter in the local outbox.
#[derive(SimpleObject)]
pub struct Letter {
    id: ID,
    from: String,
    to: String,
    subject: String,
    sent_at: Option<DateTime<Utc>>,
    text: String,
    html: Option<String>,
    /// Names of the attached files.
    attachments: Vec<String>,
}

/// A line of the mailbox.
#[derive(SimpleObject)]
pub struct LetterLine {
    id: ID,
    to: String,
    subject: String,
    sent_at: Option<DateTime<Utc>>,
}

/// Root fields.
#[derive(Default)]
pub struct InstallationQuery;

#[Object]
impl InstallationQuery {
    /// Public facts of this installation. Public.
    async fn installation(&self, ctx: &Context<'_>) -> Installation {
        let facts = ctx.data_unchecked::<Facts>();
        Installation {
            demo: facts.demo,
            development_mailbox: facts.outbox.is_some(),
            demo_accounts: facts.demo_accounts.to_vec(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Letters kept in the local outbox, newest first. Public, and only in a demonstration without a mail server.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn development_mailbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<LetterLine>> {
        let outbox = outbox(ctx)?;
        let paging = Paging::new(first, after)?;
        let limit = usize::try_from(paging.limit()).unwrap_or(usize::MAX);
        let letters = outbox.list(limit, paging.after.as_deref()).await.map_err(|error| refuse(&error))?;
        Ok(paged(&paging, letters.into_iter().map(|letter| (letter.id.clone(), line(letter)))))
    }

    /// One letter of the local outbox. Public, and only in a demonstration without a mail server.
    async fn development_letter(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<Letter>> {
        let outbox = outbox(ctx)?;
        match outbox.read(&id).await {
            Ok(letter) => Ok(letter.map(whole)),
            Err(error) => Err(refuse(&error)),
        }
    }
}

fn outbox<'c>(ctx: &Context<'c>) -> Answer<&'c Outbox> {
    ctx.data_unchecked::<Facts>().outbox.as_ref().ok_or_else(Refusal::not_found)
}

fn line(letter: LetterSummary) -> LetterLine {
    LetterLine { id: ID(letter.id), to: letter.to, subject: letter.subject, sent_at: letter.date }
}

fn whole(letter: LetterView) -> Letter {
    let LetterSummary { id, from, to, subject, date } = letter.summary;
    Letter {
        id: ID(id),
        from,
        to,
        subject,
        sent_at: date,
        text: letter.text,
        html: letter.html,
        attachments: letter.attachments.into_iter().map(|file| file.name).collect(),
    }
}

fn refuse(error: &MailError) -> Refusal {
    Refusal::internal(error)
}
