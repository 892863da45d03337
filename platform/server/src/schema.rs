//! The one GraphQL schema, merged from the modules' parts.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, MergedObject, MergedSubscription, Object, SDLExportOptions};
use async_trait::async_trait;
use plenum_access::{
    Offices,
    graphql::{AccessMutation, AccessQuery},
};
use plenum_bodies::api_parts::{
    AgendaItemNode, BodiesMutation, BodiesQuery, BodiesSubscription, BodyNode, MeasureNode, SeatNode,
    SessionNode, VoteNode,
};
use plenum_bodies_api::{BodiesRead, BodyId};
use plenum_chat::api_parts::{ChannelNode, ChatMutation, ChatQuery, ChatSubscription, MessageNode};
use plenum_db::{Db, StoreError, TenantTx};
use plenum_documents::Desk;
use plenum_documents::api_parts::{
    DocumentNode, DocumentsMutation, DocumentsQuery, DocumentsSubscription, JournalNode, TaskNode,
};
use plenum_dues::api_parts::{BankListNode, ChargeRunNode, DuesMutation, DuesQuery};
use plenum_exports::graphql::{TenantExportsMutation, TenantExportsQuery};
use plenum_federation::{
    Gauges,
    graphql::{FederationMutation, FederationQuery},
};
use plenum_files::{Files, graphql::FilesMutation};
use plenum_graph::{Answer, Withdrawal, parse_id};
use plenum_identity::{
    Identity,
    graphql::{ColleaguesQuery, IdentityMutation, IdentityQuery},
    store::accounts,
};
use plenum_kernel::AccountId;
use plenum_learning::api_parts::{
    AttemptNode, CertificateNode, CourseNode, EnrolmentNode, LearningMutation, LearningQuery, LessonNode,
    QuestionNode, SectionNode,
};
use plenum_live::Live;
use plenum_mailings::api_parts::{
    CampaignNode, DeliveryNode, MailingListNode, MailingsMutation, MailingsQuery, MailingsSubscription,
};
use plenum_meetings::{MeetingsMutation, MeetingsQuery, MeetingsSubscription};
use plenum_meetings_api::Rooms;
use plenum_members::api_parts::{
    CorrectionNode, MemberExportNode, MemberImportNode, MemberNode, MemberTransferNode, MembersMutation,
    MembersQuery, MembersSubscription,
};
use plenum_members::{AccountNames, Cards};
use plenum_oidc::{
    Providers,
    graphql::{OidcMutation, OidcQuery},
};
use plenum_settings::{
    Switchable,
    graphql::{SettingsMutation, SettingsQuery, SettingsSubscription},
};
use plenum_tenancy::graphql::{TenancyQuery, UnitNode};
use uuid::Uuid;

use crate::{
    audit_export::AuditMutation,
    audit_log::AuditQuery,
    installation::{Facts, InstallationQuery},
    policy,
    sizes::Sizes,
    wiring::Ports,
};

/// How deep an operation may nest: no deeper than the explorer of the API does when it reads the schema.
pub const DEEPEST: usize = 16;
/// How much an operation may ask for: each list multiplies what is below it by its length.
pub const COSTLIEST: usize = 60_000;

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Reads.
#[derive(MergedObject, Default)]
pub struct Query(
    IdentityQuery,
    ColleaguesQuery,
    OidcQuery,
    InstallationQuery,
    AuditQuery,
    TenancyQuery,
    FederationQuery,
    TenantExportsQuery,
    AccessQuery,
    SettingsQuery,
    MembersQuery,
    DuesQuery,
    BodiesQuery,
    MeetingsQuery,
    LearningQuery,
    DocumentsQuery,
    MailingsQuery,
    ChatQuery,
    NodeQuery,
);

/// Writes.
#[derive(MergedObject, Default)]
pub struct Mutation(
    IdentityMutation,
    AuditMutation,
    OidcMutation,
    FederationMutation,
    TenantExportsMutation,
    AccessMutation,
    SettingsMutation,
    FilesMutation,
    MembersMutation,
    DuesMutation,
    BodiesMutation,
    MeetingsMutation,
    LearningMutation,
    DocumentsMutation,
    MailingsMutation,
    ChatMutation,
);

/// Pushes.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    SettingsSubscription,
    MembersSubscription,
    BodiesSubscription,
    MeetingsSubscription,
    DocumentsSubscription,
    MailingsSubscription,
    ChatSubscription,
);

/// Anything with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    /// A unit.
    Unit(UnitNode),
    /// A member.
    Member(MemberNode),
    /// An import of a register.
    MemberImport(MemberImportNode),
    /// A list of members written into a file.
    MemberExport(MemberExportNode),
    /// A member's way to another organization.
    MemberTransfer(MemberTransferNode),
    /// A correction that a member asks for.
    Correction(CorrectionNode),
    /// A body.
    Body(BodyNode),
    /// A seat in a body.
    Seat(SeatNode),
    /// A session.
    Session(SessionNode),
    /// An item of an agenda.
    AgendaItem(AgendaItemNode),
    /// A vote.
    Vote(VoteNode),
    /// A measure of a resolution.
    Measure(MeasureNode),
    /// A channel.
    Channel(ChannelNode),
    /// A message.
    Message(MessageNode),
    /// A document.
    Document(DocumentNode),
    /// A registration journal.
    Journal(JournalNode),
    /// A task.
    Task(TaskNode),
    /// A campaign.
    Campaign(CampaignNode),
    /// A list that recipients can leave.
    MailingList(MailingListNode),
    /// A line of a send ledger.
    Delivery(DeliveryNode),
    /// A course.
    Course(CourseNode),
    /// A section of a course.
    Section(SectionNode),
    /// A lesson.
    Lesson(LessonNode),
    /// A question of a quiz.
    Question(QuestionNode),
    /// A member's place in a course.
    Enrolment(EnrolmentNode),
    /// An attempt at a quiz.
    Attempt(AttemptNode),
    /// A certificate.
    Certificate(CertificateNode),
    /// A charging of a month of dues.
    ChargeRun(ChargeRunNode),
    /// A bank's list of payments.
    BankList(BankListNode),
}

/// The root field that finds anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; null when it is not there or not the viewer's to see.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<Node>> {
        let kind = id.split_once('_').map(|(kind, _)| kind).unwrap_or_default();
        Ok(match kind {
            "Unit" => plenum_tenancy::graphql::unit(ctx, parse_id(&id)?).await?.map(Node::Unit),
            "Member" => plenum_members::nodes::member(ctx, parse_id(&id)?).await?.map(Node::Member),
            "MemberImport" => {
                plenum_members::nodes::member_import(ctx, parse_id(&id)?).await?.map(Node::MemberImport)
            }
            "MemberExport" => {
                plenum_members::nodes::member_export(ctx, parse_id(&id)?).await?.map(Node::MemberExport)
            }
            "MemberTransfer" => {
                plenum_members::nodes::member_transfer(ctx, parse_id(&id)?).await?.map(Node::MemberTransfer)
            }
            "Correction" => {
                plenum_members::nodes::correction(ctx, parse_id(&id)?).await?.map(Node::Correction)
            }
            "Body" => plenum_bodies::nodes::body(ctx, parse_id(&id)?).await?.map(Node::Body),
            "Seat" => plenum_bodies::nodes::seat(ctx, parse_id(&id)?).await?.map(Node::Seat),
            "Session" => plenum_bodies::nodes::session(ctx, parse_id(&id)?).await?.map(Node::Session),
            "AgendaItem" => {
                plenum_bodies::nodes::agenda_item(ctx, parse_id(&id)?).await?.map(Node::AgendaItem)
            }
            "Measure" => plenum_bodies::nodes::measure(ctx, parse_id(&id)?).await?.map(Node::Measure),
            "Channel" => plenum_chat::nodes::channel(ctx, parse_id(&id)?).await?.map(Node::Channel),
            "Message" => plenum_chat::nodes::message(ctx, parse_id(&id)?).await?.map(Node::Message),
            "Vote" => plenum_bodies::nodes::vote(ctx, parse_id(&id)?).await?.map(Node::Vote),
            "Document" => plenum_documents::nodes::document(ctx, parse_id(&id)?).await?.map(Node::Document),
            "Journal" => plenum_documents::nodes::journal(ctx, parse_id(&id)?).await?.map(Node::Journal),
            "Task" => plenum_documents::nodes::task(ctx, parse_id(&id)?).await?.map(Node::Task),
            "Campaign" => plenum_mailings::nodes::campaign(ctx, parse_id(&id)?).await?.map(Node::Campaign),
            "MailingList" => {
                plenum_mailings::nodes::mailing_list(ctx, parse_id(&id)?).await?.map(Node::MailingList)
            }
            "Delivery" => plenum_mailings::nodes::delivery(ctx, parse_id(&id)?).await?.map(Node::Delivery),
            "Course" => plenum_learning::nodes::course(ctx, parse_id(&id)?).await?.map(Node::Course),
            "Section" => plenum_learning::nodes::section(ctx, parse_id(&id)?).await?.map(Node::Section),
            "Lesson" => plenum_learning::nodes::lesson(ctx, parse_id(&id)?).await?.map(Node::Lesson),
            "Question" => plenum_learning::nodes::question(ctx, parse_id(&id)?).await?.map(Node::Question),
            "Enrolment" => plenum_learning::nodes::enrolment(ctx, parse_id(&id)?).await?.map(Node::Enrolment),
            "Attempt" => plenum_learning::nodes::attempt(ctx, parse_id(&id)?).await?.map(Node::Attempt),
            "Certificate" => {
                plenum_learning::nodes::certificate(ctx, parse_id(&id)?).await?.map(Node::Certificate)
            }
            "ChargeRun" => plenum_dues::nodes::charge_run(ctx, parse_id(&id)?).await?.map(Node::ChargeRun),
            "BankList" => plenum_dues::nodes::bank_list(ctx, parse_id(&id)?).await?.map(Node::BankList),
            _ => {
                plenum_graph::Doors::account(ctx).await?;
                None
            }
        })
    }
}

/// What the resolvers find in their context.
pub struct Tools {
    /// The database.
    pub db: Db,
    /// Sign-in.
    pub identity: Identity,
    /// Sign-in by organizations' own providers.
    pub providers: Providers,
    /// Blobs.
    pub files: Files,
    /// Pushes.
    pub live: Live,
    /// Rooms.
    pub rooms: Arc<dyn Rooms>,
    /// Admission to rooms.
    pub admission: plenum_meetings::Admissions,
    /// Admission to webinars.
    pub webinars: plenum_learning::Webinars,
    /// Dues.
    pub dues: Arc<plenum_dues::Tools>,
    /// Public facts.
    pub facts: Facts,
    /// Makes and checks membership cards.
    pub cards: Cards,
    /// What mailings work with.
    pub mailings: Arc<plenum_mailings::Tools>,
    /// Reads the links of letters.
    pub mailing_tokens: plenum_mailings::Tokens,
    /// What modules ask of one another.
    pub ports: Ports,
    /// What documents work with.
    pub documents: Desk,
}

/// Tells members how accounts are called.
struct Names;

#[async_trait]
impl AccountNames for Names {
    async fn display_name(
        &self,
        tx: &mut TenantTx,
        account: AccountId,
    ) -> Result<Option<String>, StoreError> {
        Ok(accounts::by_id(tx.conn(), account).await?.map(|account| account.display_name))
    }
}

/// Tells what the bodies are called in which roles are held.
struct BodyNames(Arc<dyn BodiesRead>);

#[async_trait]
impl Offices for BodyNames {
    async fn name(&self, tx: &mut TenantTx, kind: &str, id: Uuid) -> Result<Option<String>, StoreError> {
        match kind {
            "body" => Ok(self.0.body(tx, BodyId::from(id)).await?.map(|body| body.name)),
            _ => Ok(None),
        }
    }
}

/// Builds the schema.
#[must_use]
pub fn build(tools: Tools) -> Schema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .data(tools.db)
        .data(tools.identity)
        .data(tools.providers)
        .data(tools.files)
        .data(tools.live)
        .data(Arc::new(policy::catalogue()))
        .data(Arc::new(Switchable(policy::MODULES)))
        .data(Arc::new(Sizes) as Arc<dyn Gauges>)
        .data(Arc::new(BodyNames(tools.ports.bodies.clone())) as Arc<dyn Offices>)
        .data(tools.ports.members)
        .data(tools.ports.bodies)
        .data(tools.ports.meetings)
        .data(tools.ports.chat)
        .data(tools.ports.documents)
        .data(tools.ports.mailings)
        .data(tools.ports.learning)
        .data(tools.documents)
        .data(tools.rooms)
        .data(tools.admission)
        .data(tools.webinars)
        .data(tools.dues)
        .data(tools.facts)
        .data(tools.cards)
        .data(tools.mailings)
        .data(tools.mailing_tokens)
        .data(Arc::new(Names) as Arc<dyn AccountNames>)
        .extension(Withdrawal)
        .limit_depth(DEEPEST)
        .limit_complexity(COSTLIEST)
        .finish()
}

/// The schema as text (SDL), without anything behind it: for the snapshot and the web's types.
#[must_use]
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    format!("{}\n", schema.sdl_with_options(options).trim())
}
