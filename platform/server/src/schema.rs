//! The one GraphQL schema, merged from the modules' parts.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, MergedObject, MergedSubscription, Object, SDLExportOptions};
use async_trait::async_trait;
use plenum_bodies::api_parts::{
    AgendaItemNode, BodiesMutation, BodiesQuery, BodiesSubscription, BodyNode, SeatNode, SessionNode,
    VoteNode,
};
use plenum_db::{Db, StoreError, TenantTx};
use plenum_files::{Files, graphql::FilesMutation};
use plenum_graph::{Answer, parse_id};
use plenum_identity::{
    Identity,
    graphql::{IdentityMutation, IdentityQuery},
    store::accounts,
};
use plenum_kernel::AccountId;
use plenum_live::Live;
use plenum_meetings::MeetingsMutation;
use plenum_meetings_api::Rooms;
use plenum_members::AccountNames;
use plenum_members::api_parts::{
    MemberImportNode, MemberNode, MembersMutation, MembersQuery, MembersSubscription,
};
use plenum_tenancy::graphql::{TenancyQuery, UnitNode};

use crate::{
    installation::{Facts, InstallationQuery},
    wiring::Ports,
};

/// How deep an operation may nest.
const DEEPEST: usize = 12;
/// How much an operation may ask for: each list multiplies what is below it by its length.
const COSTLIEST: usize = 60_000;

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Reads.
#[derive(MergedObject, Default)]
pub struct Query(IdentityQuery, InstallationQuery, TenancyQuery, MembersQuery, BodiesQuery, NodeQuery);

/// Writes.
#[derive(MergedObject, Default)]
pub struct Mutation(IdentityMutation, FilesMutation, MembersMutation, BodiesMutation, MeetingsMutation);

/// Pushes.
#[derive(MergedSubscription, Default)]
pub struct Subscription(MembersSubscription, BodiesSubscription);

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
            "Body" => plenum_bodies::nodes::body(ctx, parse_id(&id)?).await?.map(Node::Body),
            "Seat" => plenum_bodies::nodes::seat(ctx, parse_id(&id)?).await?.map(Node::Seat),
            "Session" => plenum_bodies::nodes::session(ctx, parse_id(&id)?).await?.map(Node::Session),
            "AgendaItem" => {
                plenum_bodies::nodes::agenda_item(ctx, parse_id(&id)?).await?.map(Node::AgendaItem)
            }
            "Vote" => plenum_bodies::nodes::vote(ctx, parse_id(&id)?).await?.map(Node::Vote),
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
    /// Blobs.
    pub files: Files,
    /// Pushes.
    pub live: Live,
    /// Rooms.
    pub rooms: Arc<dyn Rooms>,
    /// Admission to rooms.
    pub admission: plenum_meetings::Admissions,
    /// Public facts.
    pub facts: Facts,
    /// What modules ask of one another.
    pub ports: Ports,
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

/// Builds the schema.
#[must_use]
pub fn build(tools: Tools) -> Schema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .data(tools.db)
        .data(tools.identity)
        .data(tools.files)
        .data(tools.live)
        .data(tools.ports.members)
        .data(tools.ports.bodies)
        .data(tools.ports.meetings)
        .data(tools.rooms)
        .data(tools.admission)
        .data(tools.facts)
        .data(Arc::new(Names) as Arc<dyn AccountNames>)
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
