//! Tasks.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_graph::{Answer, global};
use plenum_kernel::AccountId;

use super::{
    document::DocumentNode,
    names::TaskState,
    queries,
    scene::{Names, Person},
};
use crate::{
    domain::task::{Move, TaskState as State},
    store::tasks::Task,
};

/// A task.
#[derive(Clone)]
pub struct TaskNode {
    task: Task,
    names: Names,
    me: Option<AccountId>,
    today: NaiveDate,
}

impl TaskNode {
    pub(crate) fn new(task: Task, names: Names, me: Option<AccountId>, today: NaiveDate) -> Self {
        Self { task, names, me, today }
    }
}

/// What the viewer may do with a task now.
#[derive(SimpleObject)]
pub struct TaskAbilities {
    /// Begin it.
    begin: bool,
    /// Report it.
    report: bool,
    /// Accept the report, or return it.
    decide: bool,
}

#[Object(name = "Task")]
impl TaskNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.task.id)
    }
    async fn text(&self) -> &str {
        &self.task.text
    }
    /// Where it comes from, in words.
    async fn source(&self) -> &str {
        &self.task.source
    }
    /// The document that it comes from; null while that is not made, or is not the viewer's to see.
    async fn document(&self, ctx: &Context<'_>) -> Answer<Option<DocumentNode>> {
        match self.task.document {
            Some(id) => queries::document(ctx, id).await,
            None => Ok(None),
        }
    }
    /// Who does it.
    async fn assignee(&self) -> Person {
        self.names.person(self.task.assignee)
    }
    /// Who accepts it.
    async fn controller(&self) -> Option<Person> {
        self.names.maybe(self.task.controller)
    }
    async fn due_on(&self) -> Option<NaiveDate> {
        self.task.due_on
    }
    async fn state(&self) -> TaskState {
        self.task.state.into()
    }
    /// Whether its day is past and it is not accepted.
    async fn is_overdue(&self) -> bool {
        self.task.state.overdue(self.task.due_on, self.today)
    }
    /// What the assignee reported last.
    async fn report(&self) -> &str {
        &self.task.report
    }
    /// What the controller said last.
    async fn remark(&self) -> &str {
        &self.task.remark
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.task.created_at
    }
    /// When it was accepted.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.task.closed_at
    }
    /// What the viewer may do.
    async fn viewer_can(&self) -> TaskAbilities {
        let is = |account: Option<AccountId>| self.me.is_some() && self.me == account;
        let may = |done: Move| self.task.state.after(done).is_ok();
        TaskAbilities {
            begin: is(Some(self.task.assignee)) && may(Move::Begin),
            report: is(Some(self.task.assignee)) && may(Move::Report),
            decide: is(self.task.controller) && self.task.state == State::Reported,
        }
    }
}
