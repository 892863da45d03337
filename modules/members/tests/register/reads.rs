//! Who reads members' data is recorded, before they get it.

use std::sync::Arc;

use async_graphql::{Context, EmptyMutation, EmptySubscription, ID, MergedObject, Object, Request, Schema};
use chrono::TimeDelta;
use plenum_audit::{Entry, EntryFilter, LOOKING_ON, ReadsSeen};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db};
use plenum_graph::{Answer, parse_id};
use plenum_kernel::TypedId;
use plenum_members::{
    AccountNames,
    api_parts::{MemberNode, MembersQuery},
    nodes,
};
use serde_json::{Value, json};

use crate::{NamedByRole, Office};

/// `node(id:)` of the whole API, for members.
#[derive(Default)]
struct Nodes;

#[Object]
impl Nodes {
    async fn member(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<MemberNode>> {
        nodes::member(ctx, parse_id(&id)?).await
    }
}

#[derive(MergedObject, Default)]
struct Query(MembersQuery, Nodes);

/// A server of its own, with a memory of its own.
struct Reading<'a> {
    office: &'a Office,
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
}

impl<'a> Reading<'a> {
    fn on(office: &'a Office, db: Db) -> Self {
        let schema = Schema::build(Query::default(), EmptyMutation, EmptySubscription)
            .data(db)
            .data(Arc::new(NamedByRole) as Arc<dyn AccountNames>)
            .finish();
        Self { office, schema }
    }

    async fn ask(&self, viewer: &Viewer, query: &str) -> Value {
        let request = Request::new(query).data(self.office.world.scope(Some(viewer)));
        serde_json::to_value(self.schema.execute(request).await).unwrap()
    }

    /// What was recorded of reads, oldest first.
    async fn recorded(&self) -> Vec<Entry> {
        let system = Viewer::system(self.office.tenant.id, "test");
        let read = Permission::new("test.read");
        let mut tx = self.office.world.db.tenant(&system, read, Access::Read).await.unwrap();
        let filter = EntryFilter { reads: Some(true), ..EntryFilter::default() };
        let mut entries = plenum_audit::list(&mut tx, &filter, None, 100).await.unwrap();
        entries.reverse();
        entries
    }

    async fn actions(&self) -> Vec<String> {
        self.recorded().await.into_iter().map(|entry| entry.action).collect()
    }
}

#[tokio::test]
async fn a_read_is_recorded_once_while_somebody_looks_on_and_again_later() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, _) = office.anna(&keeper, json!({})).await;
    let server = Reading::on(&office, office.world.db.carrying(ReadsSeen::default()));
    let record = format!("{{ member(id: \"{id}\") {{ surname history {{ nodes {{ kind }} }} }} }}");
    assert!(server.recorded().await.is_empty());
    for _ in 0..3 {
        let seen = server.ask(&keeper, &record).await;
        assert!(seen["errors"].is_null() && !seen["data"]["member"]["surname"].is_null(), "{seen}");
        let seen = server.ask(&keeper, "{ members { nodes { surname phone } } }").await;
        assert!(seen["errors"].is_null(), "{seen}");
    }
    let told = server.recorded().await;
    let actions: Vec<&str> = told.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["members.read_record", "members.read_history", "members.read_list"]);
    assert_eq!((told[0].subject.as_str(), told[1].subject.as_str()), (id.as_str(), id.as_str()));
    assert_eq!(told[2].subject, office.tenant.id.global());
    assert!(told.iter().all(|entry| entry.actor == keeper.account().map(TypedId::uuid)));
    assert!(told.iter().all(|entry| entry.request.is_some() && entry.number.is_some()));

    // Somebody else is told of for themselves, and everybody again when they come back.
    let other = office.keeper().await;
    server.ask(&other, &record).await;
    assert_eq!(server.recorded().await.len(), 5);
    office.world.clock.advance(LOOKING_ON + TimeDelta::seconds(1));
    server.ask(&keeper, &record).await;
    assert_eq!(server.recorded().await.len(), 7);

    // A server that remembers nothing records more, never less.
    let forgetful = Reading::on(&office, office.world.db.clone());
    forgetful.ask(&keeper, &record).await;
    assert_eq!(forgetful.recorded().await.len(), 9);
}

#[tokio::test]
async fn what_is_refused_or_ones_own_is_no_read() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({})).await;
    let server = Reading::on(&office, office.world.db.carrying(ReadsSeen::default()));
    let record = format!("{{ member(id: \"{id}\") {{ surname }} }}");
    let refused = server.ask(&anna, &record).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let nobody = office.world.viewer(office.tenant.twin(), "register_keeper").await;
    let hidden = server.ask(&nobody, &record).await;
    assert!(hidden["data"]["member"].is_null(), "{hidden}");
    let own = server.ask(&anna, "{ myRecord { surname history { nodes { kind } } } }").await;
    assert!(own["errors"].is_null(), "{own}");
    assert_eq!(server.actions().await, Vec::<String>::new());
    let waiting = server.ask(&keeper, "{ corrections { nodes { id } } }").await;
    assert!(waiting["errors"].is_null(), "{waiting}");
    assert_eq!(server.actions().await, ["members.read_corrections"]);
}
