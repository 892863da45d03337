//! Root fields that read.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use plenum_audit::record_read;
use plenum_db::TenantTx;
use plenum_documents_api::{DocumentId, JournalId, TaskId};
use plenum_graph::{Answer, Door, Doors, Paged, Paging, global, paged, parse_id};
use plenum_kernel::TypedId;
use plenum_tenancy::{graphql::TenantNode, store::tenants};
use serde_json::json;

use super::{
    desk,
    document::DocumentNode,
    inputs::DocumentFilter,
    names::TaskView,
    parts::{DocumentCounts, JournalNode, SubstituteNode},
    scene::Names,
    task::TaskNode,
};
use crate::{
    permissions,
    store::{
        documents, journals, substitutes,
        tasks::{self, WantedTasks},
        views::{self, Eyes, View, Wanted},
    },
};

/// Root fields.
#[derive(Default)]
pub struct DocumentsQuery;

#[Object]
impl DocumentsQuery {
    /// Documents that the viewer may see, the latest first: all of the units whose clerk the viewer is, and those in
    /// which the viewer takes part.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        filter: Option<DocumentFilter>,
    ) -> Answer<Paged<DocumentNode>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(DocumentId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let wanted = filter.unwrap_or_default().wanted()?;
        let eyes = Eyes::of(&mut tx).await?;
        let ids = views::page(&mut tx, &eyes, &wanted, after, paging.limit()).await?;
        let nodes = nodes(&mut tx, &ids).await?;
        Ok(paged(&paging, nodes.into_iter().map(|node| (node.document.id.global(), node))))
    }

    /// The registration journals, by kind and name.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn journals(&self, ctx: &Context<'_>) -> Answer<Vec<JournalNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(journals::all(&mut tx).await?.into_iter().map(JournalNode).collect())
    }

    /// The entries of a journal, the latest number first. Entries of units that the viewer does not see are left out.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn journal_entries(
        &self,
        ctx: &Context<'_>,
        journal: ID,
        year: Option<i32>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<DocumentNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let journal: JournalId = parse_id(&journal)?;
        journals::by_id(&mut tx, journal).await?.ok_or_else(plenum_graph::Refusal::not_found)?;
        let before = paging.after.as_deref().map(read_place).transpose()?;
        let eyes = Eyes::of(&mut tx).await?;
        let ids = views::entries(&mut tx, &eyes, journal, year, before, paging.limit()).await?;
        let nodes = nodes(&mut tx, &ids).await?;
        let place = |node: &DocumentNode| {
            let registration = node.document.registration.as_ref();
            registration.map(|at| format!("{}|{}", at.year, at.sequence)).unwrap_or_default()
        };
        Ok(paged(&paging, nodes.into_iter().map(|node| (place(&node), node))))
    }

    /// Tasks, the most urgent first, those without a day last.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        view: TaskView,
        #[graphql(default = true)] open: bool,
        #[graphql(default = false)] overdue: bool,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<TaskNode>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(read_task_cursor).transpose()?;
        let today = desk(ctx).day(tx.now());
        let root = tasks::root(&mut tx).await?;
        let wanted = WantedTasks {
            view: view.into(),
            open,
            overdue_on: overdue.then_some(today),
            sees_all: tx.allows(permissions::VIEW, &root),
        };
        let rows = tasks::page(&mut tx, &wanted, after, paging.limit()).await?;
        let people = rows.iter().flat_map(|task| [Some(task.assignee), task.controller]).flatten();
        let names = Names::load(&mut tx, people.collect::<Vec<_>>()).await?;
        let me = tx.viewer().account();
        let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default();
        let nodes = rows.into_iter().map(|task| {
            let cursor = format!("{}|{}", task.due_on.unwrap_or(last), task.id);
            (cursor, TaskNode::new(task, names.clone(), me, today))
        });
        Ok(paged(&paging, nodes))
    }

    /// The substitutions that concern the viewer, on either side, and have not ended.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn substitutes(&self, ctx: &Context<'_>) -> Answer<Vec<SubstituteNode>> {
        own_substitutes(&mut ctx.read(permissions::TAKE_PART).await?).await
    }

    /// The organizations of the tree to which documents can be sent, the federation first.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn document_recipients(&self, ctx: &Context<'_>) -> Answer<Vec<TenantNode>> {
        let mut tx = ctx.read(permissions::SEND).await?;
        let tenant = tx.tenant();
        let tree = tenants::of_tree(tx.conn(), tenant).await?;
        Ok(tree.into_iter().map(TenantNode::from).collect())
    }

    /// How much waits for the viewer.
    async fn document_counts(&self, ctx: &Context<'_>) -> Answer<DocumentCounts> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let eyes = Eyes::of(&mut tx).await?;
        let mut waiting = [0; 2];
        for (count, view) in waiting.iter_mut().zip([View::ToSign, View::ToApprove]) {
            let wanted = Wanted { view: Some(view), ..Wanted::default() };
            *count = views::page(&mut tx, &eyes, &wanted, None, 100).await?.len();
        }
        let today = desk(ctx).day(tx.now());
        let mine = WantedTasks { view: tasks::TaskView::Mine, open: true, overdue_on: None, sees_all: false };
        let open = tasks::page(&mut tx, &mine, None, 100).await?;
        let overdue_tasks = open.iter().filter(|task| task.state.overdue(task.due_on, today)).count();
        let [to_sign, to_approve] = waiting;
        Ok(DocumentCounts { to_sign, to_approve, tasks: open.len(), overdue_tasks })
    }
}

/// The substitutions that concern the viewer.
pub(super) async fn own_substitutes(tx: &mut TenantTx) -> Answer<Vec<SubstituteNode>> {
    let Some(me) = tx.viewer().account() else { return Ok(Vec::new()) };
    let all = substitutes::of(tx, me).await?;
    let names = Names::load(tx, all.iter().flat_map(|one| [one.account, one.substitute])).await?;
    Ok(all
        .into_iter()
        .map(|one| SubstituteNode {
            id: global(one.id),
            account: names.person(one.account),
            substitute: names.person(one.substitute),
            starts_on: one.starts_on,
            ends_on: one.ends_on,
            is_viewers: one.account == me,
        })
        .collect())
}

fn read_place(cursor: &str) -> Answer<(i32, i32)> {
    let (year, sequence) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    let number = |text: &str| text.parse().map_err(|_| Paging::bad_cursor());
    Ok((number(year)?, number(sequence)?))
}

fn read_task_cursor(cursor: &str) -> Answer<(NaiveDate, TaskId)> {
    let (due, id) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    let due = due.parse().map_err(|_| Paging::bad_cursor())?;
    Ok((due, TaskId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}

/// The nodes of these documents in order, with the names on their cards.
async fn nodes(tx: &mut TenantTx, ids: &[DocumentId]) -> Answer<Vec<DocumentNode>> {
    let all = documents::by_ids(tx, ids).await?;
    let people = all.iter().flat_map(|document| {
        let registered = document.registration.as_ref().and_then(|registration| registration.by);
        [document.author, document.card.executor, registered].into_iter().flatten()
    });
    let names = Names::load(tx, people.collect::<Vec<_>>()).await?;
    Ok(all.into_iter().map(|document| DocumentNode::new(document, names.clone())).collect())
}

/// The document, as a mutation or a task shows it; what may not be seen is not there.
pub(crate) async fn document(ctx: &Context<'_>, id: DocumentId) -> Answer<Option<DocumentNode>> {
    let mut tx = ctx.read(permissions::TAKE_PART).await?;
    seen(&mut tx, id).await
}

/// Finds a document that somebody opens: that is recorded. By a door, for a subscription outlives its context.
pub(crate) async fn opened_document(door: &Door, id: DocumentId) -> Answer<Option<DocumentNode>> {
    let mut tx = door.read(permissions::TAKE_PART).await?;
    let node = seen(&mut tx, id).await?;
    drop(tx);
    if node.is_some() {
        record_read(door, permissions::TAKE_PART, "documents.read_document", id, json!({})).await?;
    }
    Ok(node)
}

async fn seen(tx: &mut TenantTx, id: DocumentId) -> Answer<Option<DocumentNode>> {
    let eyes = Eyes::of(tx).await?;
    if !views::sees(tx, &eyes, id).await? {
        return Ok(None);
    }
    Ok(nodes(tx, &[id]).await?.pop())
}

/// Finds a journal for `node(id:)`.
pub(crate) async fn journal(ctx: &Context<'_>, id: JournalId) -> Answer<Option<JournalNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    Ok(journals::by_id(&mut tx, id).await?.map(JournalNode))
}

/// Finds a task for `node(id:)`; what may not be seen is not there.
pub(crate) async fn task(ctx: &Context<'_>, id: TaskId) -> Answer<Option<TaskNode>> {
    use plenum_db::Resource;

    let mut tx = ctx.read(permissions::TAKE_PART).await?;
    let Some(shared) = tasks::SharedTask::find(&mut tx, id).await? else { return Ok(None) };
    let task = shared.task;
    let names = Names::load(&mut tx, [Some(task.assignee), task.controller].into_iter().flatten()).await?;
    let (me, today) = (tx.viewer().account(), desk(ctx).day(tx.now()));
    Ok(Some(TaskNode::new(task, names, me, today)))
}
