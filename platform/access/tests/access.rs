//! Roles, their giving and taking, against a real database: as administrators use it, and as attackers would.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{EmptySubscription, Request, Schema};
use async_trait::async_trait;
use chrono::TimeDelta;
use plenum_access::{
    Offices,
    graphql::{AccessMutation, AccessQuery},
};
use plenum_authz::{Catalogue, Permission, Place, Policy, Viewer};
use plenum_db::{Access, Db, StoreError, TenantTx};
use plenum_graph::{Credential, RequestScope, Resolved, SignedIn, ViewerSource};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_tenancy::store::{access, grants};
use serde_json::{Value, json};
use testkit::{Tenant, World};
use uuid::Uuid;

const READ: Permission = Permission::new("test.read");
/// Modules' permissions, of which the roles of the test are built.
const VIEW: Permission = Permission::new("members.view");
const EDIT: Permission = Permission::new("members.edit");
const WORDS: (&str, &str) = ("слово", "слово");
const POLICY: &str = "p, register_keeper, members.view\np, register_keeper, members.edit\n\
                      p, primary_chair, members.view\np, body_chair, members.view\n";

/// Bodies are not there: their names are made up.
struct Bodies;

#[async_trait]
impl Offices for Bodies {
    async fn name(&self, _: &mut TenantTx, kind: &str, _: Uuid) -> Result<Option<String>, StoreError> {
        Ok((kind == "body").then(|| "Совет".to_owned()))
    }
}

struct House {
    world: World,
    tenant: Tenant,
    schema: Schema<AccessQuery, AccessMutation, EmptySubscription>,
    administrator: Viewer,
}

impl House {
    async fn new() -> Self {
        let files = [("identity", plenum_identity::POLICY), ("test", POLICY)];
        let world = World::builder().policy(&files).build().await;
        let tenant = world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let catalogue = Catalogue::new(&[
            plenum_tenancy::permissions::CATALOGUE,
            plenum_identity::permissions::CATALOGUE,
            &[
                VIEW.described(WORDS, WORDS),
                EDIT.described(WORDS, WORDS),
                Permission::new("files.upload").described(WORDS, WORDS),
                Permission::new("files.view").described(WORDS, WORDS),
            ],
        ]);
        let schema = Schema::build(AccessQuery::default(), AccessMutation::default(), EmptySubscription)
            .data(world.db.clone())
            .data(Arc::new(catalogue))
            .data(Arc::new(Bodies) as Arc<dyn Offices>)
            .finish();
        let administrator = world.viewer(&tenant, "administrator").await;
        Self { world, tenant, schema, administrator }
    }

    /// One operation by somebody with the rights that they have now.
    async fn raw(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let viewer = renewed(&self.world.db, viewer).await;
        let request = Request::new(operation)
            .variables(async_graphql::Variables::from_json(variables))
            .data(self.world.scope(Some(&viewer)));
        serde_json::to_value(self.schema.execute(request).await).expect("an answer is plain data")
    }

    async fn ask(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let answer = self.raw(viewer, operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    async fn create(&self, viewer: &Viewer, name: &str, permissions: &[&str]) -> Value {
        let operation = "mutation($input: RoleInput!) { createRole(input: $input) { status id exceeding } }";
        let input = json!({ "name": name, "permissions": permissions });
        self.ask(viewer, operation, json!({ "input": input })).await["createRole"].clone()
    }

    async fn change(&self, viewer: &Viewer, role: &Value, permissions: &[&str]) -> Value {
        let operation = "mutation($role: ID!, $input: RoleInput!) { changeRole(role: $role, input: $input) { status exceeding } }";
        let input = json!({ "name": "Переделанная", "permissions": permissions });
        self.ask(viewer, operation, json!({ "role": role, "input": input })).await["changeRole"].clone()
    }

    async fn give(&self, viewer: &Viewer, input: Value) -> Value {
        let operation =
            "mutation($input: GiveRoleInput!) { giveRole(input: $input) { status id exceeding } }";
        let answer = self.raw(viewer, operation, json!({ "input": input })).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!({ "status": code }),
            None => answer["data"]["giveRole"].clone(),
        }
    }

    async fn take(&self, viewer: &Viewer, grant: &Value) -> Value {
        let operation = "mutation($grant: ID!) { takeRole(grant: $grant, reason: \"проверка\") { status } }";
        let answer = self.raw(viewer, operation, json!({ "grant": grant })).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!(code),
            None => answer["data"]["takeRole"]["status"].clone(),
        }
    }

    async fn suspend(&self, viewer: &Viewer, account: AccountId) -> Value {
        let operation =
            "mutation($account: ID!) { suspendAccess(account: $account, reason: \"отпуск\") { status } }";
        self.ask(viewer, operation, json!({ "account": account.global() })).await["suspendAccess"]["status"]
            .clone()
    }

    /// The grants that somebody holds, as the console shows them.
    async fn grants_of(&self, account: AccountId) -> Vec<Value> {
        let operation = "query($account: ID!) { personAccess(account: $account) { grants {
            id role source office holds until reason givenBy } } }";
        let answer = self.ask(&self.administrator, operation, json!({ "account": account.global() })).await;
        answer["personAccess"]["grants"].as_array().expect("a list").clone()
    }

    async fn may(&self, viewer: &Viewer, permission: Permission, path: &[UnitId]) -> bool {
        let viewer = renewed(&self.world.db, viewer).await;
        let place = Place::of_units(&path.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        self.world.db.policy().allows(&viewer, permission, &place)
    }

    /// Who is called so in the audit, newest first.
    async fn recorded(&self, action: &str) -> Vec<Value> {
        let system = Viewer::system(self.tenant.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let filter = plenum_audit::EntryFilter { action: Some(action.to_owned()), ..Default::default() };
        let entries = plenum_audit::list(&mut tx, &filter, None, 50).await.expect("read");
        entries.into_iter().map(|entry| entry.detail).collect()
    }
}

async fn renewed(db: &Db, viewer: &Viewer) -> Viewer {
    let system = Viewer::system(viewer.tenant, "test");
    let mut tx = db.tenant(&system, READ, Access::Read).await.expect("opened");
    let account = viewer.account().expect("a person");
    let held = match access::admits(&mut tx, account).await.expect("read") {
        true => grants::of_account(&mut tx, account).await.expect("read"),
        false => Vec::new(),
    };
    Viewer { grants: held, ..viewer.clone() }
}

fn id(viewer: &Viewer) -> String {
    viewer.account().expect("a person").global()
}

/// Somebody who may define and give roles in the whole tenant, and little else.
async fn deputy(house: &House) -> Viewer {
    let permissions = ["tenancy.people", "tenancy.give_roles", "tenancy.define_roles", "members.view"];
    let role = house.create(&house.administrator, "Заместитель", &permissions).await;
    assert_eq!(role["status"], "OK", "{role}");
    let deputy = house.world.viewer(&house.tenant, "member").await;
    let input = json!({ "account": id(&deputy), "role": role["id"], "unit": house.tenant.root.global() });
    assert_eq!(house.give(&house.administrator, input).await["status"], "OK");
    deputy
}

#[tokio::test]
async fn an_own_role_is_made_given_changed_and_removed_and_every_server_follows_at_once() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let unit = [tenant.root, tenant.units[0]];
    let role = house.create(admin, "Помощник", &["members.view"]).await;
    assert_eq!(role["status"], "OK", "{role}");
    assert_eq!(house.create(admin, " помощник", &["members.view"]).await["status"], "NAME_TAKEN");
    let helper = house.world.viewer(tenant, "member").await;
    let input = json!({ "account": id(&helper), "role": role["id"], "unit": unit[1].global() });
    assert_eq!(house.give(admin, input.clone()).await["status"], "OK");
    assert_eq!(house.give(admin, input).await["status"], "OK", "again is no fault");

    // Another server on the same database, with a memory of its own.
    let texts = [("tenancy", plenum_tenancy::POLICY), ("test", POLICY)];
    let policy = Arc::new(Policy::load(&texts).await.expect("the policy loads"));
    let other = house.world.database().connect(house.world.clock.clone(), policy).await;
    let at = Place::of_units(&unit.map(TypedId::uuid));
    let expect = async |view: bool, edit: bool| {
        for db in [&house.world.db, &other] {
            let viewer = renewed(db, &helper).await;
            assert_eq!(db.policy().allows(&viewer, VIEW, &at), view);
            assert_eq!(db.policy().allows(&viewer, EDIT, &at), edit);
        }
    };
    expect(true, false).await;
    assert!(!house.may(&helper, VIEW, &[tenant.root, tenant.units[1]]).await, "only in its unit");
    assert_eq!(house.change(admin, &role["id"], &["members.edit"]).await["status"], "OK");
    expect(false, true).await;
    assert_eq!(house.change(admin, &role["id"], &["members.edit", "members.view"]).await["status"], "OK");
    expect(true, true).await;

    let remove = "mutation($role: ID!) { removeRole(role: $role) { status } }";
    let removed = house.ask(admin, remove, json!({ "role": role["id"] })).await;
    assert_eq!(removed["removeRole"]["status"], "HELD");
    let held = house.grants_of(helper.account().expect("a person")).await;
    let grant = held.iter().find(|one| one["role"] == role["id"]).expect("it is held");
    assert_eq!(house.take(admin, &grant["id"]).await, "OK");
    expect(false, false).await;
    assert_eq!(house.take(admin, &grant["id"]).await, "NOT_FOUND", "it is gone");
    let removed = house.ask(admin, remove, json!({ "role": role["id"] })).await;
    assert_eq!(removed["removeRole"]["status"], "OK");
    assert_eq!(house.recorded("access.take_role").await[0]["reason"], "проверка");
    other.close().await;
}

#[tokio::test]
async fn nobody_makes_themselves_mightier_by_editing_roles() {
    let house = House::new().await;
    let deputy = deputy(&house).await;
    let own = house.grants_of(deputy.account().expect("a person")).await;
    let role = &own.iter().find(|one| one["source"] == "HAND").expect("by hand")["role"];
    let held = ["tenancy.people", "tenancy.give_roles", "tenancy.define_roles", "members.view"];
    let more = [&held[..], &["members.edit"]].concat();

    // Adding a permission to the own role.
    let answer = house.change(&deputy, role, &more).await;
    assert_eq!(answer, json!({ "status": "EXCEEDS_YOURS", "exceeding": ["members.edit"] }));
    // A new role with more.
    assert_eq!(house.create(&deputy, "Сильная", &["members.edit"]).await["status"], "EXCEEDS_YOURS");
    // What only the platform allows itself is in no role.
    let operation = "mutation($input: RoleInput!) { createRole(input: $input) { status } }";
    for admin in [&deputy, &house.administrator] {
        let input = json!({ "name": "Платформа", "permissions": ["identity.read_grants"] });
        let answer = house.raw(admin, operation, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID", "{answer}");
    }
    // Editing a role above one's own that others hold, be it to break it.
    let strong = house.create(&house.administrator, "Учёт", &["members.view", "members.edit"]).await;
    assert_eq!(house.change(&deputy, &strong["id"], &["members.view"]).await["status"], "EXCEEDS_YOURS");
    // Within one's own rights it works.
    assert_eq!(house.create(&deputy, "Слабая", &["members.view"]).await["status"], "OK");
    assert!(!house.may(&deputy, EDIT, &[house.tenant.root]).await);
    // A member defines nothing.
    let member = house.world.viewer(&house.tenant, "member").await;
    let input = json!({ "name": "Моя", "permissions": ["members.view"] });
    let answer = house.raw(&member, operation, json!({ "input": input })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
}

#[tokio::test]
async fn nobody_gives_to_themselves_nor_more_nor_higher_nor_longer_than_they_hold() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let deputy = deputy(&house).await;
    let person = house.world.viewer(tenant, "member").await;
    let (root, unit) = (tenant.root.global(), tenant.units[0].global());
    let to = |account: &Viewer, role: &str, unit: &str| json!({ "account": id(account), "role": role, "unit": unit });
    for role in ["administrator", "register_keeper", "primary_chair"] {
        assert_eq!(house.give(&deputy, to(&deputy, role, &root)).await["status"], "OWN_ACCOUNT");
    }
    for role in ["administrator", "register_keeper"] {
        assert_eq!(house.give(&deputy, to(&person, role, &root)).await["status"], "EXCEEDS_YOURS");
    }
    // Taking from those above is refused as well.
    let above = house.grants_of(admin.account().expect("a person")).await[0]["id"].clone();
    assert_eq!(house.take(&deputy, &above).await, "EXCEEDS_YOURS");
    let suspended = house.suspend(&deputy, admin.account().expect("a person")).await;
    assert_eq!(suspended, "EXCEEDS_YOURS");

    // An administrator of one primary organization gives there, and nowhere else.
    let local = house.world.viewer_in(tenant, "administrator", tenant.units[0]).await;
    assert_eq!(house.give(&local, to(&person, "treasurer", &unit)).await["status"], "OK");
    for elsewhere in [&root, &tenant.units[1].global()] {
        assert_eq!(house.give(&local, to(&person, "treasurer", elsewhere)).await["status"], "FORBIDDEN");
    }
    let operation = "mutation($input: RoleInput!) { createRole(input: $input) { status } }";
    let input = json!({ "name": "Местная", "permissions": ["members.view"] });
    let answer = house.raw(&local, operation, json!({ "input": input })).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
        "own roles are the whole tenant's: {answer}"
    );

    // Who holds it until a day gives it until that day at most.
    let now = house.world.db.clock().now();
    let (day, later) = (now + TimeDelta::days(10), now + TimeDelta::days(11));
    let acting = house.world.viewer(tenant, "member").await;
    let term = |account: &Viewer, until| json!({ "account": id(account), "role": "administrator", "unit": root, "until": until });
    assert_eq!(house.give(admin, term(&acting, json!(day))).await["status"], "OK");
    for until in [json!(null), json!(later)] {
        assert_eq!(house.give(&acting, term(&person, until)).await["status"], "EXCEEDS_YOURS");
    }
    assert_eq!(house.give(&acting, term(&person, json!(day))).await["status"], "OK");

    // A seat's role, a stranger, a unit of another tenant.
    assert_eq!(house.give(admin, to(&person, "body_chair", &root)).await["status"], "INVALID");
    let stranger = house.world.viewer(tenant.twin(), "member").await;
    assert_eq!(house.give(admin, to(&stranger, "treasurer", &root)).await["status"], "NOT_FOUND");
    let foreign = tenant.twin().root.global();
    assert_eq!(house.give(admin, to(&person, "treasurer", &foreign)).await["status"], "NOT_FOUND");
}

#[tokio::test]
async fn a_term_begins_and_ends_by_itself() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let person = house.world.viewer(tenant, "member").await;
    let now = house.world.db.clock().now();
    let (from, until) = (now + TimeDelta::hours(1), now + TimeDelta::hours(2));
    let input = json!({
        "account": id(&person), "role": "register_keeper", "unit": tenant.root.global(),
        "from": from, "until": until, "reason": " на время отпуска ",
    });
    let wrong = json!({
        "account": id(&person), "role": "register_keeper", "unit": tenant.root.global(),
        "from": until, "until": from,
    });
    assert_eq!(house.give(admin, wrong).await["status"], "INVALID");
    assert_eq!(house.give(admin, input).await["status"], "OK");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(house.may(&person, EDIT, &[tenant.root]).await);
        house.world.clock.advance(TimeDelta::hours(1));
    }
    assert_eq!(seen, [false, true, false]);
    let recorded = house.recorded("access.give_role").await;
    assert_eq!(recorded[0]["reason"], "на время отпуска", "{recorded:?}");
}

#[tokio::test]
async fn a_tenant_keeps_an_administrator() {
    let house = House::new().await;
    let (tenant, first) = (&house.tenant, &house.administrator);
    let grant = async |viewer: &Viewer| {
        let held = house.grants_of(viewer.account().expect("a person")).await;
        held.iter().find(|one| one["role"] == "administrator").expect("it is held")["id"].clone()
    };
    assert_eq!(house.take(first, &grant(first).await).await, "LAST_ADMINISTRATOR");
    // One for a term does not replace a lasting one.
    let second = house.world.viewer(tenant, "member").await;
    let until = house.world.db.clock().now() + TimeDelta::days(1);
    let mut input = json!({ "account": id(&second), "role": "administrator", "unit": tenant.root.global(), "until": until });
    assert_eq!(house.give(first, input.clone()).await["status"], "OK");
    assert_eq!(house.take(first, &grant(first).await).await, "LAST_ADMINISTRATOR");
    assert_eq!(house.suspend(&second, first.account().expect("a person")).await, "LAST_ADMINISTRATOR");
    input["until"] = Value::Null;
    assert_eq!(house.give(first, input).await["status"], "OK");

    // Two who suspend each other at the same moment: one of them stays.
    let (one, two) = tokio::join!(house.suspend_raw(first, &second), house.suspend_raw(&second, first));
    let done = [&one, &two].into_iter().filter(|outcome| *outcome == "OK").count();
    assert_eq!(done, 1, "{one} {two}");
}

impl House {
    async fn suspend_raw(&self, viewer: &Viewer, whom: &Viewer) -> String {
        let operation = "mutation($account: ID!) { suspendAccess(account: $account) { status } }";
        let answer = self.raw(viewer, operation, json!({ "account": id(whom) })).await;
        let status = answer["data"]["suspendAccess"]["status"].as_str();
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        status.or(code).unwrap_or_default().to_owned()
    }
}

#[tokio::test]
async fn suspended_access_allows_nothing_and_comes_back_as_it_was() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let keeper = house.world.viewer(tenant, "register_keeper").await;
    let account = keeper.account().expect("a person");
    assert_eq!(house.suspend(admin, admin.account().expect("a person")).await, "OWN_ACCOUNT");
    assert_eq!(house.suspend(admin, account).await, "OK");
    assert_eq!(house.suspend(admin, account).await, "ALREADY");
    assert!(!house.may(&keeper, VIEW, &[tenant.root]).await);
    let query = "query($account: ID!) { personAccess(account: $account) {
        suspendedAt suspendedReason permissions { permission } grants { role } } }";
    let shown = house.ask(admin, query, json!({ "account": account.global() })).await["personAccess"].clone();
    assert!(!shown["suspendedAt"].is_null() && shown["suspendedReason"] == "отпуск", "{shown}");
    assert_eq!(
        (&shown["permissions"], &shown["grants"]),
        (&json!([]), &json!([{ "role": "register_keeper" }]))
    );
    let resume = "mutation($account: ID!) { resumeAccess(account: $account) { status } }";
    for expected in ["OK", "ALREADY"] {
        let answer = house.ask(admin, resume, json!({ "account": account.global() })).await;
        assert_eq!(answer["resumeAccess"]["status"], expected);
    }
    assert!(house.may(&keeper, VIEW, &[tenant.root]).await);
    assert_eq!(house.recorded("access.suspend_access").await, [json!({ "reason": "отпуск" })]);
}

/// Signed in, but the proof that it is them is too old.
struct Unconfirmed(Viewer);

#[async_trait]
impl ViewerSource for Unconfirmed {
    async fn resolve(&self, _: &Credential) -> Result<Resolved, StoreError> {
        let viewer = Some(self.0.clone());
        Ok(self.0.account().map(|account| SignedIn { account, viewer }))
    }
}

#[tokio::test]
async fn no_role_is_touched_without_a_confirmation() {
    let house = House::new().await;
    let (admin, tenant) = (&house.administrator, &house.tenant);
    let account = id(&house.world.viewer(tenant, "member").await);
    let role = house.create(admin, "Помощник", &["members.view"]).await["id"].clone();
    let input = json!({ "name": "Помощник", "permissions": ["members.view"] });
    let give = json!({ "account": account, "role": role, "unit": tenant.root.global() });
    let invite = json!({
        "email": "a@example.org", "name": "Анна", "language": "RU", "role": role,
        "unit": tenant.root.global(),
    });
    let operations = [
        ("mutation($input: RoleInput!) { createRole(input: $input) { status } }", json!({ "input": input })),
        (
            "mutation($role: ID!, $input: RoleInput!) { changeRole(role: $role, input: $input) { status } }",
            json!({ "role": role, "input": input }),
        ),
        ("mutation($role: ID!) { removeRole(role: $role) { status } }", json!({ "role": role })),
        ("mutation($input: GiveRoleInput!) { giveRole(input: $input) { status } }", json!({ "input": give })),
        (
            "mutation($grant: ID!) { takeRole(grant: $grant) { status } }",
            json!({ "grant": house.grants_of(admin.account().expect("a person")).await[0]["id"] }),
        ),
        (
            "mutation($account: ID!) { suspendAccess(account: $account) { status } }",
            json!({ "account": account }),
        ),
        (
            "mutation($account: ID!) { resumeAccess(account: $account) { status } }",
            json!({ "account": account }),
        ),
        ("mutation($input: InviteInput!) { invite(input: $input) { status } }", json!({ "input": invite })),
        (
            "mutation($id: ID!) { resendInvitation(invitation: $id) { status } }",
            json!({ "id": plenum_kernel::InvitationId::new().global() }),
        ),
        (
            "mutation($id: ID!) { revokeInvitation(invitation: $id) { status } }",
            json!({ "id": plenum_kernel::InvitationId::new().global() }),
        ),
    ];
    for (operation, variables) in operations {
        let credential = Credential { token_hash: None, tenant: Some("alpha".to_owned()) };
        let source = Arc::new(Unconfirmed(renewed(&house.world.db, admin).await));
        let request = Request::new(operation)
            .variables(async_graphql::Variables::from_json(variables))
            .data(RequestScope::request(source, credential, "127.0.0.1".to_owned()));
        let answer =
            serde_json::to_value(house.schema.execute(request).await).expect("an answer is plain data");
        let refusal = &answer["errors"][0]["extensions"];
        assert_eq!(
            (&refusal["code"], &refusal["reason"]),
            (&json!("FORBIDDEN"), &json!("confirm")),
            "{operation}"
        );
    }
    assert_eq!(house.recorded("access.").await.len(), 1, "only the first role was made");
}

#[tokio::test]
async fn people_are_found_by_the_role_that_they_hold_now_and_by_suspension() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let keeper = house.world.viewer_in(tenant, "register_keeper", tenant.units[0]).await;
    let later = house.world.viewer(tenant, "member").await;
    let begins = house.world.db.clock().now() + TimeDelta::days(1);
    let input = json!({
        "account": id(&later), "role": "register_keeper", "unit": tenant.units[1].global(), "from": begins,
    });
    assert_eq!(house.give(admin, input).await["status"], "OK");
    assert_eq!(house.suspend(admin, later.account().expect("a person")).await, "OK");
    let found = async |viewer: &Viewer, which: &str| {
        let query = format!("{{ peopleWithAccess({which}) {{ nodes {{ account }} }} }}");
        let answer = house.ask(viewer, &query, json!({})).await;
        let nodes = answer["peopleWithAccess"]["nodes"].as_array().expect("a list");
        nodes.iter().map(|one| one["account"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(admin, "role: \"register_keeper\"").await, [id(&keeper)]);
    assert_eq!(found(admin, "suspended: true").await, [id(&later)]);
    assert!(!found(admin, "suspended: false").await.contains(&id(&later)));
    assert!(found(admin, "role: \"member\", suspended: true").await.contains(&id(&later)));
    // A chair of another unit does not learn by the filter who holds it elsewhere.
    let local = house.world.viewer_in(tenant, "primary_chair", tenant.units[1]).await;
    assert!(found(&local, "role: \"register_keeper\"").await.is_empty());
    let wrong =
        house.raw(admin, "{ peopleWithAccess(role: \"nobody\") { nodes { account } } }", json!({})).await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "NOT_FOUND");
    // A month later it holds.
    house.world.clock.advance(TimeDelta::days(30));
    assert!(found(admin, "role: \"register_keeper\"").await.contains(&id(&later)));
}

#[tokio::test]
async fn who_can_do_what_is_answered_with_its_reasons() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let unit = tenant.units[0];
    let keeper = house.world.viewer_in(tenant, "register_keeper", unit).await;
    let elsewhere = house.world.viewer_in(tenant, "register_keeper", tenant.units[1]).await;
    let chair = house.world.viewer(tenant, "member").await;
    let seat = grants::Scope { unit, inner: Some(("body", Uuid::now_v7())) };
    let mut tx = house.world.system(tenant).await;
    grants::give(&mut tx, chair.account().expect("a person"), "body_chair", seat).await.expect("given");
    tx.commit().await.expect("committed");

    let query = "query($unit: ID!) { whoCan(permission: \"members.view\", unit: $unit) {
        account because { role source office unitName } } }";
    let answer = house.ask(admin, query, json!({ "unit": unit.global() })).await;
    let because: BTreeMap<String, Value> = answer["whoCan"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["account"].as_str().expect("an id").to_owned(), one["because"][0].clone()))
        .collect();
    assert_eq!(because[&id(&keeper)]["role"], "register_keeper");
    assert_eq!(because[&id(&keeper)]["unitName"], "ППО № 1");
    assert_eq!(because[&id(admin)]["role"], "administrator");
    assert_eq!(
        (&because[&id(&chair)]["source"], &because[&id(&chair)]["office"]),
        (&json!("OFFICE"), &json!("Совет"))
    );
    assert!(!because.contains_key(&id(&elsewhere)), "{because:?}");

    // What comes from an office is not taken by hand.
    let held = house.grants_of(chair.account().expect("a person")).await;
    let office = held.iter().find(|one| one["role"] == "body_chair").expect("it is held");
    assert_eq!(house.take(admin, &office["id"]).await, "FOLLOWS_FROM_ELSEWHERE");
    let membership = held.iter().find(|one| one["role"] == "member").expect("it is held");
    assert_eq!(house.take(admin, &membership["id"]).await, "FOLLOWS_FROM_ELSEWHERE");

    // A chair sees access in their own unit: its people, and of them its roles only.
    let local = house.world.viewer_in(tenant, "primary_chair", unit).await;
    let people = "{ peopleWithAccess { nodes { account grants { unitName } } } }";
    let seen = house.ask(&local, people, json!({})).await;
    let seen: Vec<&str> = seen["peopleWithAccess"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["account"].as_str().expect("an id"))
        .collect();
    assert!(seen.contains(&id(&keeper).as_str()) && !seen.contains(&id(&elsewhere).as_str()), "{seen:?}");
    assert!(!seen.contains(&id(admin).as_str()));
    let query = "query($account: ID!) { personAccess(account: $account) { name } }";
    let nobody = json!({ "account": AccountId::new().global() });
    let hidden = json!({ "account": id(&elsewhere) });
    assert_eq!(house.raw(&local, query, hidden).await, house.raw(&local, query, nobody).await);
    let who = "query($unit: ID!) { whoCan(permission: \"members.view\", unit: $unit) { account } }";
    let answer = house.raw(&local, who, json!({ "unit": tenant.units[1].global() })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    let all = house
        .ask(admin, "{ roles { id holders permissions } permissions { name title { ru en } } }", json!({}))
        .await;
    let keepers = all["roles"].as_array().expect("a list").iter().find(|one| one["id"] == "register_keeper");
    assert_eq!(keepers.expect("a ready role")["holders"], 2);
}
