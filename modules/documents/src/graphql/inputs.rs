//! What mutations take.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::NaiveDate;
use plenum_graph::{Answer, parse_id, parse_optional_id};
use plenum_kernel::AccountId;

use super::{
    document::DocumentNode,
    names::{DocumentKind, DocumentState, DocumentView, RouteAct},
};
use crate::{
    actions::{give_resolution::NewTask, start_route::NewStep},
    store::{documents::Card, views::Wanted},
};

/// Which documents.
#[derive(InputObject, Default)]
pub struct DocumentFilter {
    kind: Option<DocumentKind>,
    journal: Option<ID>,
    state: Option<DocumentState>,
    view: Option<DocumentView>,
    /// Words of the card or of the text, or a number.
    search: Option<String>,
}

impl DocumentFilter {
    pub(crate) fn wanted(self) -> Answer<Wanted> {
        let search = self.search.map(|text| text.trim().chars().take(200).collect::<String>());
        Ok(Wanted {
            kind: self.kind.map(Into::into),
            journal: parse_optional_id(self.journal.as_ref())?,
            state: self.state.map(Into::into),
            view: self.view.map(Into::into),
            search: search.filter(|text| !text.is_empty()),
            only: None,
        })
    }
}

/// A journal to be opened.
#[derive(InputObject)]
pub struct CreateJournalInput {
    pub(crate) kind: DocumentKind,
    pub(crate) name: String,
    /// `{n}` is the number, `{yy}` and `{yyyy}` the year: `01-14/{n}-{yy}`.
    pub(crate) pattern: String,
    /// Whether numbers begin anew each year.
    #[graphql(default = true)]
    pub(crate) yearly: bool,
}

/// What is written on a card.
#[derive(InputObject)]
pub struct DocumentCardInput {
    title: String,
    #[graphql(default)]
    summary: String,
    /// From whom or to whom.
    correspondent: Option<String>,
    their_number: Option<String>,
    their_date: Option<NaiveDate>,
    /// An account of the organization.
    executor: Option<ID>,
    pages: Option<i32>,
    due_on: Option<NaiveDate>,
    #[graphql(default)]
    tags: Vec<String>,
}

impl DocumentCardInput {
    pub(crate) fn card(self) -> Answer<Card> {
        Ok(Card {
            title: self.title,
            summary: self.summary,
            correspondent: self.correspondent,
            their_number: self.their_number,
            their_date: self.their_date,
            executor: parse_optional_id(self.executor.as_ref())?,
            pages: self.pages,
            due_on: self.due_on,
            tags: self.tags,
        })
    }
}

/// A step of a route to be started.
#[derive(InputObject)]
pub struct RouteStepInput {
    /// 1, 2, 3 …; steps of one group go in parallel.
    group: i32,
    act: RouteAct,
    /// An account of the organization.
    account: ID,
    due_on: Option<NaiveDate>,
}

impl RouteStepInput {
    pub(crate) fn step(self) -> Answer<NewStep> {
        let account: AccountId = parse_id(&self.account)?;
        Ok(NewStep { group: self.group, act: self.act.into(), account, due_on: self.due_on })
    }
}

/// An instruction on a document.
#[derive(InputObject)]
pub struct GiveResolutionInput {
    pub(crate) document: ID,
    pub(crate) text: String,
    pub(crate) tasks: Vec<TaskInput>,
}

/// A task to be given.
#[derive(InputObject)]
pub struct TaskInput {
    text: String,
    /// An account of the organization.
    assignee: ID,
    /// Who accepts it; left out, the one who gives it.
    controller: Option<ID>,
    due_on: Option<NaiveDate>,
}

impl TaskInput {
    pub(crate) fn task(self) -> Answer<NewTask> {
        Ok(NewTask {
            text: self.text,
            assignee: parse_id(&self.assignee)?,
            controller: parse_optional_id(self.controller.as_ref())?,
            due_on: self.due_on,
        })
    }
}

/// Who acts for the viewer, and when.
#[derive(InputObject)]
pub struct NameSubstituteInput {
    /// An account of the organization.
    pub(crate) account: ID,
    pub(crate) starts_on: NaiveDate,
    pub(crate) ends_on: NaiveDate,
}

/// How a registration ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RegisterDocumentStatus {
    /// Registered.
    Ok,
    /// It was registered before; `number` is the number it has.
    AlreadyRegistered,
}

/// The outcome of a registration.
#[derive(SimpleObject)]
pub struct RegisterDocumentPayload {
    pub(crate) status: RegisterDocumentStatus,
    pub(crate) number: String,
    pub(crate) document: DocumentNode,
}

/// How signing ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SignStepStatus {
    /// Signed.
    Ok,
    /// The proof does not fit.
    Wrong,
    /// The viewer has a second factor: that has to be shown, for the password alone is what it protects from.
    SecondFactor,
}

/// The outcome of signing.
#[derive(SimpleObject)]
pub struct SignStepPayload {
    pub(crate) status: SignStepStatus,
    pub(crate) document: DocumentNode,
}
