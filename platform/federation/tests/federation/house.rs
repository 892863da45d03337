//! A federation with a member organization, and its administrators, for the tests of this crate.

use std::sync::Arc;

use async_graphql::{EmptySubscription, Request, Schema};
use async_trait::async_trait;
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, StoreError, TenantTx};
use plenum_federation::{
    Gauges, Usage,
    graphql::{FederationMutation, FederationQuery},
};
use plenum_tenancy::store::{access, grants, units};
use serde_json::{Value, json};
use testkit::{Tenant, World};

pub const READ: Permission = Permission::new("test.read");

/// Counts what this crate can count itself.
struct Few;

#[async_trait]
impl Gauges for Few {
    async fn read(&self, tx: &mut TenantTx) -> Result<Usage, StoreError> {
        Ok(Usage { accounts: access::count(tx).await?, ..Usage::default() })
    }
}

/// The federation.
pub struct House {
    pub world: World,
    /// A member organization of the first federation, with a twin in the second.
    pub member: Tenant,
    pub schema: Schema<FederationQuery, FederationMutation, EmptySubscription>,
    /// Administers the first federation.
    pub admin: Viewer,
}

impl House {
    pub async fn new() -> Self {
        let files = [("federation", plenum_federation::POLICY)];
        let world = World::builder().policy(&files).build().await;
        let member = world.tenant("alpha", &["ППО № 1"]).await;
        let schema = Schema::build(FederationQuery, FederationMutation, EmptySubscription)
            .data(world.db.clone())
            .data(Arc::new(Few) as Arc<dyn Gauges>)
            .finish();
        let admin = of_federation(&world, 0).await;
        Self { world, member, schema, admin }
    }

    pub async fn raw(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let request = Request::new(operation)
            .variables(async_graphql::Variables::from_json(variables))
            .data(self.world.scope(Some(viewer)));
        serde_json::to_value(self.schema.execute(request).await).expect("an answer is plain data")
    }

    pub async fn ask(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let answer = self.raw(viewer, operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    pub async fn create(&self, slug: &str) -> Value {
        self.ask(&self.admin, CREATE, json!({ "input": input(slug) })).await["createTenant"].clone()
    }

    /// How many entries of an action an organization's record has.
    pub async fn recorded(&self, viewer: &Viewer, action: &str) -> usize {
        let mut tx = self.inside(viewer.tenant).await;
        plenum_audit::latest(&mut tx, action, 50).await.expect("read").len()
    }

    pub async fn inside(&self, tenant: plenum_kernel::TenantId) -> TenantTx {
        let system = Viewer::system(tenant, "test");
        self.world.db.tenant(&system, READ, Access::Read).await.expect("opened")
    }
}

pub const CREATE: &str = "mutation($input: CreateTenantInput!) { createTenant(input: $input) { status tenant { id slug parent } } }";
pub const SUSPEND: &str = "mutation($tenant: ID!) { suspendTenant(tenant: $tenant, reason: \"долг\") { status tenant { suspendedReason } } }";
pub const RESUME: &str = "mutation($tenant: ID!) { resumeTenant(tenant: $tenant) { status } }";

pub fn input(slug: &str) -> Value {
    json!({
        "slug": slug, "name": "Профсоюз горняков", "shortName": "ГМПР",
        "administratorEmail": "first@example.org", "administratorName": "Первая Анна",
    })
}

/// An administrator of one of the two federations.
pub async fn of_federation(world: &World, which: usize) -> Viewer {
    let id = world.federations()[which];
    let account = world.account(&format!("Администратор {which}")).await;
    let system = Viewer::system(id, "test");
    let mut tx = world.db.tenant(&system, READ, Access::Write).await.expect("opened");
    let root = units::root(&mut tx).await.expect("a root").id;
    access::admit(&mut tx, account).await.expect("admitted");
    let scope = grants::Scope { unit: root, inner: None };
    grants::give(&mut tx, account, "administrator", scope).await.expect("given");
    let held = grants::of_account(&mut tx, account).await.expect("read");
    tx.commit().await.expect("committed");
    Viewer::person(account, id, held)
}

/// An administrator of one unit of the first federation's apparatus.
pub async fn of_unit(house: &House) -> Viewer {
    let id = house.admin.tenant;
    let account = house.world.account("Администратор подразделения").await;
    let system = Viewer::system(id, "test");
    let mut tx = house.world.db.tenant(&system, READ, Access::Write).await.expect("opened");
    let root = units::root(&mut tx).await.expect("a root").id;
    let unit = units::insert(&mut tx, Some(root), units::UnitKind::Primary, "ППО аппарата").await;
    let unit = unit.expect("added");
    access::admit(&mut tx, account).await.expect("admitted");
    grants::give(&mut tx, account, "administrator", grants::Scope { unit, inner: None })
        .await
        .expect("given");
    let held = grants::of_account(&mut tx, account).await.expect("read");
    tx.commit().await.expect("committed");
    Viewer::person(account, id, held)
}
