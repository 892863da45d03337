//! Parts of a document, and journals.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_files::{Files, LinkAct};
use plenum_graph::{Answer, Doors, global};
use serde_json::Value;

use super::{
    names::{DocumentKind, RouteAct, RouteStepState, SignatureValidity},
    opened,
    scene::{Names, Person, Scene},
};
use crate::{
    domain::route::StepState,
    permissions,
    store::{
        dispatches::Dispatch,
        journals::{self, Journal},
        steps::Step,
        versions::Version,
    },
    verification::{Checked, Removed, Validity},
};

/// A registration journal.
#[derive(Clone)]
pub struct JournalNode(pub(crate) Journal);

/// How far a journal has counted in a year.
#[derive(SimpleObject)]
pub struct JournalYear {
    /// The year; 0 in a journal that does not count by years.
    year: i32,
    /// The last number.
    last: i32,
}

#[Object(name = "Journal")]
impl JournalNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn kind(&self) -> DocumentKind {
        self.0.kind.into()
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// How numbers are written: `{n}`, `{yy}`, `{yyyy}`.
    async fn pattern(&self) -> &str {
        self.0.pattern.as_str()
    }
    /// Whether numbers begin anew each year.
    async fn yearly(&self) -> bool {
        self.0.yearly
    }
    /// The years in which it has entries, the latest first.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn years(&self, ctx: &Context<'_>) -> Answer<Vec<JournalYear>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let years = journals::counters(&mut tx, self.0.id).await?;
        Ok(years.into_iter().map(|(year, last)| JournalYear { year, last }).collect())
    }
}

/// A document's place in a journal.
#[derive(SimpleObject)]
pub struct DocumentRegistration {
    pub(crate) journal: JournalNode,
    pub(crate) number: String,
    pub(crate) at: DateTime<Utc>,
    /// Null when the platform registered it.
    pub(crate) by: Option<Person>,
}

/// A version of a document's file.
pub struct DocumentVersionNode {
    version: Version,
    author: Option<Person>,
}

impl DocumentVersionNode {
    pub(crate) fn new(version: Version, names: &Names) -> Self {
        Self { author: names.maybe(version.author), version }
    }

    async fn link(&self, ctx: &Context<'_>, act: LinkAct) -> Answer<String> {
        let tx = opened(ctx).await?;
        Ok(ctx.data_unchecked::<Files>().recorded_link(&tx, self.version.file, act))
    }
}

#[Object(name = "DocumentVersion")]
impl DocumentVersionNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.version.id)
    }
    /// 1, 2, 3 …
    async fn ordinal(&self) -> i32 {
        self.version.ordinal
    }
    async fn name(&self) -> &str {
        &self.version.name
    }
    /// What the bytes are, by looking at them.
    async fn content_type(&self) -> &str {
        &self.version.content_type
    }
    async fn size_bytes(&self) -> i64 {
        self.version.size_bytes
    }
    /// SHA-256 in hexadecimal.
    async fn sha256(&self) -> String {
        hex::encode(self.version.sha256)
    }
    /// Why the file is not to be trusted: `type_mismatch`, `encrypted`, `unpacks_too_far`, `executable`, `broken`; null
    /// when nothing is wrong with it.
    async fn flag(&self) -> Option<&str> {
        self.version.flag.as_deref()
    }
    async fn author(&self) -> Option<&Person> {
        self.author.as_ref()
    }
    async fn comment(&self) -> &str {
        &self.version.comment
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.version.created_at
    }
    /// A signed link to the bytes, always as a download; it lives ten minutes.
    async fn url(&self, ctx: &Context<'_>) -> Answer<String> {
        self.link(ctx, LinkAct::Get).await
    }
    /// A signed link for showing it in place; null for all but a PDF with nothing wrong with it.
    async fn preview_url(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        if !self.version.may_be_shown() {
            return Ok(None);
        }
        self.link(ctx, LinkAct::Show).await.map(Some)
    }
}

/// A step of a route.
#[derive(SimpleObject)]
#[graphql(name = "RouteStep")]
pub struct RouteStepNode {
    id: ID,
    /// Which start of the route it belongs to.
    pub(crate) round: i32,
    /// 1, 2, 3 …; steps of one group go in parallel.
    group: i32,
    act: RouteAct,
    person: Person,
    due_on: Option<NaiveDate>,
    is_overdue: bool,
    state: RouteStepState,
    acted_at: Option<DateTime<Utc>>,
    /// Who acted: the participant or their substitute.
    acted_by: Option<Person>,
    comment: String,
    /// Whether the viewer is asked now.
    is_viewers: bool,
    /// For whom the viewer would act: null when the step is the viewer's own.
    viewer_acts_for: Option<Person>,
}

impl RouteStepNode {
    pub(crate) fn new(step: &Step, scene: &Scene, today: NaiveDate) -> Self {
        let active = step.state == StepState::Active;
        let own = Some(step.account) == scene.me;
        let substitutes = !own && scene.others.contains(&step.account);
        Self {
            id: global(step.id),
            round: step.round,
            group: step.group,
            act: step.act.into(),
            person: scene.names.person(step.account),
            due_on: step.due_on,
            is_overdue: matches!(step.state, StepState::Active | StepState::Waiting)
                && step.due_on.is_some_and(|due| due < today),
            state: step.state.into(),
            acted_at: step.acted_at,
            acted_by: scene.names.maybe(step.acted_by),
            comment: step.comment.clone(),
            is_viewers: active && (own || substitutes),
            viewer_acts_for: (active && substitutes).then(|| scene.names.person(step.account)),
        }
    }
}

/// A simple electronic signature.
#[derive(SimpleObject)]
#[graphql(name = "Signature")]
pub struct SignatureNode {
    id: ID,
    /// The signer's name at that moment.
    signer: String,
    /// The name of the person for whom a substitute signed.
    on_behalf_of: Option<String>,
    signed_at: DateTime<Utc>,
    /// What the signer declared.
    intent: String,
    /// The version that was signed.
    version: i32,
    /// SHA-256 of the bytes that were signed, in hexadecimal.
    sha256: String,
    /// Whether it is of the latest version; an earlier one's does not apply to it.
    applies_to_latest: bool,
    /// Whether it holds: computed from the bytes as they are now.
    valid: bool,
    /// Why it holds or not.
    validity: SignatureValidity,
}

impl From<Checked> for SignatureNode {
    fn from(checked: Checked) -> Self {
        let record = checked.signature.record;
        Self {
            id: global(record.id),
            signer: record.signer_name,
            on_behalf_of: record.on_behalf_name,
            signed_at: record.signed_at,
            intent: record.intent,
            version: checked.version.ordinal,
            sha256: hex::encode(record.sha256),
            applies_to_latest: checked.of_latest,
            valid: checked.validity == Validity::Valid,
            validity: checked.validity.into(),
        }
    }
}

/// A signature that was made and whose record is gone.
#[derive(SimpleObject)]
pub struct RemovedSignature {
    id: ID,
    signer: Option<Person>,
    /// For whom a substitute signed.
    on_behalf_of: Option<Person>,
    signed_at: DateTime<Utc>,
    /// The version that was signed.
    version: i32,
}

impl RemovedSignature {
    pub(crate) fn new(removed: &Removed, names: &Names) -> Self {
        Self {
            id: global(removed.id),
            signer: names.maybe(removed.account),
            on_behalf_of: names.maybe(removed.on_behalf_of),
            signed_at: removed.signed_at,
            version: removed.version,
        }
    }
}

/// A signature of another organization, as that organization stated it.
#[derive(SimpleObject)]
pub struct StatedSignature {
    signer: String,
    on_behalf_of: Option<String>,
    signed_at: Option<DateTime<Utc>>,
    intent: String,
    sha256: String,
    /// Whether it is of the very bytes that arrived.
    matches: bool,
}

impl StatedSignature {
    pub(crate) fn read(statement: Option<&Value>, arrived: &str) -> Vec<Self> {
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let all = statement.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        all.iter()
            .map(|one| Self {
                signer: text(one, "signer"),
                on_behalf_of: one["on_behalf_of"].as_str().map(str::to_owned),
                signed_at: one["signed_at"].as_str().and_then(|at| at.parse().ok()),
                intent: text(one, "intent"),
                matches: one["sha256"] == arrived,
                sha256: text(one, "sha256"),
            })
            .collect()
    }
}

/// A manager's instruction.
#[derive(SimpleObject)]
pub struct DocumentResolution {
    pub(crate) author: Person,
    pub(crate) text: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// A document's way to another organization.
#[derive(SimpleObject)]
#[graphql(name = "Dispatch")]
pub struct DispatchNode {
    id: ID,
    /// To whom.
    recipient: String,
    sent_at: DateTime<Utc>,
    sent_by: Option<Person>,
    /// When it arrived; null while it is on its way.
    received_at: Option<DateTime<Utc>>,
    /// Its number there.
    their_number: Option<String>,
    /// The date of that number.
    their_date: Option<NaiveDate>,
}

impl DispatchNode {
    pub(crate) fn new(dispatch: &Dispatch, scene: &Scene) -> Self {
        let receipt = dispatch.receipt.as_ref();
        Self {
            id: global(dispatch.id),
            recipient: scene.organizations.get(&dispatch.recipient).cloned().unwrap_or_default(),
            sent_at: dispatch.created_at,
            sent_by: scene.names.maybe(dispatch.sent_by),
            received_at: receipt.map(|receipt| receipt.received_at),
            their_number: receipt.map(|receipt| receipt.number.clone()),
            their_date: receipt.map(|receipt| receipt.on),
        }
    }
}

/// Something that happened to a document.
#[derive(SimpleObject)]
pub struct DocumentEvent {
    pub(crate) at: DateTime<Utc>,
    /// Null when the platform acted.
    pub(crate) person: Option<Person>,
    /// A stable word: `created`, `registered`, `signed`, `returned` …
    pub(crate) what: String,
    /// A number, name or comment that belongs to it; of `edited`, the fields, as words with spaces between them.
    pub(crate) detail: String,
}

/// A person's substitute for a period.
#[derive(SimpleObject)]
#[graphql(name = "Substitute")]
pub struct SubstituteNode {
    pub(crate) id: ID,
    /// Who is away.
    pub(crate) account: Person,
    /// Who acts for them.
    pub(crate) substitute: Person,
    /// The first day.
    pub(crate) starts_on: NaiveDate,
    /// The last day.
    pub(crate) ends_on: NaiveDate,
    /// Whether the viewer named them.
    pub(crate) is_viewers: bool,
}

/// How many documents and tasks wait for the viewer.
#[derive(SimpleObject)]
pub struct DocumentCounts {
    /// For a signature; at most 100 are counted.
    pub(crate) to_sign: usize,
    /// For an approval or acknowledgement; at most 100 are counted.
    pub(crate) to_approve: usize,
    /// Open tasks; at most 100 are counted.
    pub(crate) tasks: usize,
    /// Late tasks; at most 100 are counted.
    pub(crate) overdue_tasks: usize,
}
