//! A document and all that belongs to it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_files::{graphql::FileNode, store as files};
use plenum_graph::{Answer, Refusal, global};
use plenum_tenancy::{graphql::UnitNode, store::units};
use tokio::sync::OnceCell;

use super::{
    desk,
    names::{DocumentKind, DocumentState},
    opened,
    parts::{
        DispatchNode, DocumentEvent, DocumentRegistration, DocumentResolution, DocumentVersionNode,
        JournalNode, RemovedSignature, RouteStepNode, SignatureNode, StatedSignature,
    },
    scene::{Names, Person, Scene},
    task::TaskNode,
};
use crate::{
    domain::{
        card::{self, State},
        route::Act,
    },
    permissions,
    store::{documents::Document, journals},
    verification,
};

/// A document. What lists show of it is at hand; the rest is read when first asked for.
#[derive(Clone)]
pub struct DocumentNode {
    pub(crate) document: Document,
    /// The names of those on the card.
    names: Names,
    scene: Arc<OnceCell<Arc<Scene>>>,
}

/// What the viewer may do with a document.
#[derive(SimpleObject)]
pub struct DocumentAbilities {
    /// Rewrite the card.
    edit: bool,
    /// Why the card cannot be rewritten now by a viewer who otherwise may: a stable word.
    edit_refused: Option<&'static str>,
    /// Register it.
    register: bool,
    /// Send it on its route.
    route: bool,
    /// Send it to other organizations.
    send: bool,
    /// Add a version.
    add_version: bool,
    /// Give a resolution with tasks.
    give_resolution: bool,
}

impl DocumentNode {
    pub(crate) fn new(document: Document, names: Names) -> Self {
        Self { document, names, scene: Arc::default() }
    }

    async fn scene(&self, ctx: &Context<'_>) -> Answer<Arc<Scene>> {
        self.scene
            .get_or_try_init(|| async {
                let mut tx = opened(ctx).await?;
                Ok::<_, Refusal>(Scene::load(&mut tx, &self.document).await?)
            })
            .await
            .cloned()
    }

    async fn all_steps(&self, ctx: &Context<'_>) -> Answer<Vec<RouteStepNode>> {
        let scene = self.scene(ctx).await?;
        let today = desk(ctx).day(opened(ctx).await?.now());
        Ok(scene.steps.iter().map(|step| RouteStepNode::new(step, &scene, today)).collect())
    }
}

#[Object(name = "Document")]
impl DocumentNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.document.id)
    }
    async fn kind(&self) -> DocumentKind {
        self.document.kind.into()
    }
    async fn title(&self) -> &str {
        &self.document.card.title
    }
    async fn summary(&self) -> &str {
        &self.document.card.summary
    }
    /// From whom or to whom.
    async fn correspondent(&self) -> Option<&str> {
        self.document.card.correspondent.as_deref()
    }
    /// The correspondent's number.
    async fn their_number(&self) -> Option<&str> {
        self.document.card.their_number.as_deref()
    }
    /// The correspondent's date.
    async fn their_date(&self) -> Option<NaiveDate> {
        self.document.card.their_date
    }
    /// Who made it; null when it came by itself.
    async fn author(&self) -> Option<Person> {
        self.names.maybe(self.document.author)
    }
    /// Who prepares or carries it out.
    async fn executor(&self) -> Option<Person> {
        self.names.maybe(self.document.card.executor)
    }
    /// Whose it is.
    async fn unit(&self, ctx: &Context<'_>) -> Answer<UnitNode> {
        let mut tx = opened(ctx).await?;
        let unit = units::by_id(&mut tx, self.document.unit).await?.ok_or_else(Refusal::not_found)?;
        Ok(UnitNode(unit))
    }
    async fn pages(&self) -> Option<i32> {
        self.document.card.pages
    }
    async fn due_on(&self) -> Option<NaiveDate> {
        self.document.card.due_on
    }
    async fn tags(&self) -> &[String] {
        &self.document.card.tags
    }
    /// 1, and one more with every rewriting of the card.
    async fn revision(&self) -> i32 {
        self.document.revision
    }
    async fn state(&self) -> DocumentState {
        self.document.state.into()
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.document.created_at
    }
    /// Its registration number; null before it is registered.
    async fn number(&self) -> Option<&str> {
        self.document.registration.as_ref().map(|registration| registration.number.as_str())
    }
    /// Its registration; null before.
    async fn registration(&self, ctx: &Context<'_>) -> Answer<Option<DocumentRegistration>> {
        let Some(registration) = &self.document.registration else { return Ok(None) };
        let mut tx = opened(ctx).await?;
        let journal = journals::by_id(&mut tx, registration.journal).await?.ok_or_else(Refusal::not_found)?;
        Ok(Some(DocumentRegistration {
            journal: JournalNode(journal),
            number: registration.number.clone(),
            at: registration.at,
            by: self.names.maybe(registration.by),
        }))
    }
    /// The organization that sent it through the exchange.
    async fn received_from(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let Some((tenant, _)) = self.document.source else { return Ok(None) };
        Ok(self.scene(ctx).await?.organizations.get(&tenant).cloned())
    }
    /// The sender's signatures, as the sender stated them; the hashes are those of the bytes that were signed.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn stated_signatures(&self, ctx: &Context<'_>) -> Answer<Vec<StatedSignature>> {
        let scene = self.scene(ctx).await?;
        let sha256 = scene.versions.last().map(|first| hex::encode(first.sha256)).unwrap_or_default();
        Ok(StatedSignature::read(self.document.statement.as_ref(), &sha256))
    }
    /// Versions of the file, the latest first.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn versions(&self, ctx: &Context<'_>) -> Answer<Vec<DocumentVersionNode>> {
        let scene = self.scene(ctx).await?;
        Ok(scene
            .versions
            .iter()
            .map(|version| DocumentVersionNode::new(version.clone(), &scene.names))
            .collect())
    }
    /// The route as it is now: the steps of the latest round in order.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn route(&self, ctx: &Context<'_>) -> Answer<Vec<RouteStepNode>> {
        let mut steps = self.all_steps(ctx).await?;
        steps.retain(|step| step.round == self.document.round);
        Ok(steps)
    }
    /// The steps of all rounds in order.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn past_steps(&self, ctx: &Context<'_>) -> Answer<Vec<RouteStepNode>> {
        let mut steps = self.all_steps(ctx).await?;
        steps.retain(|step| step.round != self.document.round);
        Ok(steps)
    }
    /// Signatures in order, checked against the bytes as they are now.
    #[graphql(complexity = "50 + plenum_graph::cost::list(10, child_complexity)")]
    async fn signatures(&self, ctx: &Context<'_>) -> Answer<Vec<SignatureNode>> {
        let mut tx = opened(ctx).await?;
        let checked = verification::verify(&mut tx, desk(ctx), self.document.id)
            .await
            .map_err(|error| Refusal::internal(&error))?;
        Ok(checked.into_iter().map(SignatureNode::from).collect())
    }
    /// Signatures that were made and whose records are gone, in order: the audit tells of them. None, when all is well.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn removed_signatures(&self, ctx: &Context<'_>) -> Answer<Vec<RemovedSignature>> {
        let mut tx = opened(ctx).await?;
        let removed = verification::removed(&mut tx, self.document.id).await?;
        let people = removed.iter().flat_map(|one| [one.account, one.on_behalf_of]).flatten();
        let names = Names::load(&mut tx, people.collect::<Vec<_>>()).await?;
        Ok(removed.into_iter().map(|one| RemovedSignature::new(&one, &names)).collect())
    }
    /// The printed sheet of signatures.
    async fn signature_sheet(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Some(id) = self.document.sheet else { return Ok(None) };
        let mut tx = opened(ctx).await?;
        Ok(files::by_id(&mut tx, id).await?.map(FileNode))
    }
    /// Instructions on it, in order.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn resolutions(&self, ctx: &Context<'_>) -> Answer<Vec<DocumentResolution>> {
        let scene = self.scene(ctx).await?;
        Ok(scene
            .resolutions
            .iter()
            .map(|one| DocumentResolution {
                author: scene.names.person(one.author),
                text: one.text.clone(),
                created_at: one.created_at,
            })
            .collect())
    }
    /// Tasks that come from it, in order.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn tasks(&self, ctx: &Context<'_>) -> Answer<Vec<TaskNode>> {
        let scene = self.scene(ctx).await?;
        let today = desk(ctx).day(opened(ctx).await?.now());
        let node = |task: &crate::store::tasks::Task| {
            TaskNode::new(task.clone(), scene.names.clone(), scene.me, today)
        };
        Ok(scene.tasks.iter().map(node).collect())
    }
    /// Its ways to other organizations, with receipts.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn dispatches(&self, ctx: &Context<'_>) -> Answer<Vec<DispatchNode>> {
        let scene = self.scene(ctx).await?;
        Ok(scene.dispatches.iter().map(|one| DispatchNode::new(one, &scene)).collect())
    }
    /// What happened to it, the latest first.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn history(&self, ctx: &Context<'_>) -> Answer<Vec<DocumentEvent>> {
        let scene = self.scene(ctx).await?;
        Ok(scene
            .history
            .iter()
            .map(|line| DocumentEvent {
                at: line.at,
                person: scene.names.maybe(line.account),
                what: line.what.clone(),
                detail: line.detail.clone(),
            })
            .collect())
    }
    /// What the viewer may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<DocumentAbilities> {
        let scene = self.scene(ctx).await?;
        let tx = opened(ctx).await?;
        let place = &self.document.place;
        let registers = tx.allows(permissions::REGISTER, place);
        let routes = tx.allows(permissions::ROUTE, place);
        let state = self.document.state;
        let executor = scene.me.is_some() && scene.me == self.document.card.executor;
        let own = executor || (scene.me.is_some() && scene.me == self.document.author);
        let decides =
            scene.steps.iter().any(|step| Some(step.account) == scene.me && step.act != Act::Acknowledge);
        let resting = card::rewriting_refused(state);
        Ok(DocumentAbilities {
            edit: registers && resting.is_none(),
            edit_refused: resting.filter(|_| registers),
            register: registers && self.document.registration.is_none(),
            route: routes && state == State::Draft && !scene.versions.is_empty(),
            send: tx.allows(permissions::SEND, place)
                && self.document.registration.is_some()
                && scene.versions.first().is_some_and(|version| version.flag.is_none()),
            add_version: (registers || own) && state != State::Routing,
            give_resolution: routes || executor || decides,
        })
    }
}
