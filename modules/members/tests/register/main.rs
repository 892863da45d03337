//! The register on a real database: imports, what is refused, what neighbours see, the API.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

mod api;
mod audience;
mod cards;
mod commits;
mod exports;
mod files;
mod lists;
mod portal;
mod reactions;
mod reads;
mod sealed;
mod transfers;

use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use async_graphql::{Request, Schema, Variables};
use async_trait::async_trait;
use bytes::Bytes;
use plenum_authz::Viewer;
use plenum_db::{Access, StoreError, TenantTx};
use plenum_events::Reactions;
use plenum_jobs::Worker;
use plenum_kernel::AccountId;
use plenum_mail::{Mailer, Outbox};
use plenum_members::{
    AccountNames, Cards, POLICY, Tools,
    api_parts::{MembersMutation, MembersQuery, MembersSubscription},
    domain::membership_card::CardKey,
    register,
};
use plenum_print::Printer;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Tenant, World};

static PRINTER: LazyLock<Printer> = LazyLock::new(Printer::new);

/// A world with a tenant that has the forty units of the sample registers.
struct Office {
    world: World,
    tenant: Tenant,
    /// Where letters go.
    letters: TempDir,
}

impl Office {
    async fn open() -> Self {
        let world = World::builder().policy(&[("members", POLICY)]).build().await;
        let names: Vec<String> = (1..=40).map(|number| format!("ППО № {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let tenant = world.tenant("register", &names).await;
        Self { world, tenant, letters: tempfile::tempdir().unwrap() }
    }

    async fn keeper(&self) -> Viewer {
        self.world.viewer(&self.tenant, "register_keeper").await
    }

    /// Keeps bytes as if the viewer had uploaded them.
    async fn upload(&self, viewer: &Viewer, name: &str, bytes: Bytes) -> String {
        let db = &self.world.db;
        let mut tx = db.tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write).await.unwrap();
        let file = self.world.files.keep(&mut tx, name, "text/csv", bytes).await.unwrap();
        tx.commit().await.unwrap();
        file.id.to_string()
    }

    fn worker(&self) -> Worker {
        self.worker_with(Reactions::new())
    }

    fn worker_with(&self, reactions: Reactions) -> Worker {
        let from = "Пленум <plenum@example.org>".parse().unwrap();
        let tools = Tools {
            files: self.world.files.clone(),
            mailer: Arc::new(Mailer::outbox(self.letters.path(), from)),
            cards: cards(),
            secret: Arc::from(vec![7_u8; 32]),
        };
        reactions.register(register(Worker::new(self.world.db.clone(), "test"), tools))
    }

    /// Does all jobs that are due, in both tenants of a transfer and in the twin.
    async fn work(&self) {
        for tenant in [self.tenant.id, self.world.federations()[0], self.tenant.twin().id] {
            self.worker().drain(tenant).await.unwrap();
        }
    }

    fn outbox(&self) -> Outbox {
        Outbox::new(self.letters.path())
    }

    /// Puts somebody on record, by what differs from Anna of the first unit; gives the id.
    async fn add(&self, keeper: &Viewer, differs: Value) -> String {
        let mut input = json!({
            "unit": self.tenant.units[0].to_string(),
            "surname": "Орлова", "givenName": "Анна", "patronymic": "Ильинична", "birthDate": "01.02.1980",
        });
        for (field, value) in differs.as_object().unwrap() {
            input[field] = value.clone();
        }
        let query = "mutation($input: MemberInput!) { addMember(input: $input) { status member { id } } }";
        let added = self.get(keeper, query, json!({ "input": input })).await["addMember"].clone();
        assert_eq!(added["status"], "OK", "{added}");
        added["member"]["id"].as_str().unwrap().to_owned()
    }

    /// Anna, with an account of her own, and herself signed in.
    async fn anna(&self, keeper: &Viewer, differs: Value) -> (String, Viewer) {
        let mut differs = differs;
        differs["email"] = json!("anna@example.org");
        let id = self.add(keeper, differs).await;
        let invited = self
            .get(
                keeper,
                "mutation($id: ID!) { inviteMember(member: $id) { status member { hasAccount } } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(invited["inviteMember"], json!({ "status": "OK", "member": { "hasAccount": true } }));
        (id, self.sign_in("anna@example.org", self.tenant.id).await)
    }

    /// The viewer of an address, with the roles of now.
    async fn sign_in(&self, email: &str, tenant: plenum_kernel::TenantId) -> Viewer {
        use plenum_authz::Permission;
        use plenum_identity::store::accounts;
        use plenum_tenancy::store::grants;
        const READ: Permission = Permission::new("test.read");
        let system = Viewer::system(tenant, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.unwrap();
        let account = accounts::by_email(tx.conn(), email).await.unwrap().unwrap().id;
        let grants = grants::of_account(&mut tx, account).await.unwrap();
        Viewer::person(account, tenant, grants)
    }

    fn schema(&self) -> Schema<MembersQuery, MembersMutation, MembersSubscription> {
        Schema::build(MembersQuery::default(), MembersMutation::default(), MembersSubscription)
            .data(self.world.db.clone())
            .data(self.world.files.clone())
            .data(cards())
            .data(Arc::new(NamedByRole) as Arc<dyn AccountNames>)
            .finish()
    }

    /// The whole answer to a request.
    async fn ask(&self, viewer: Option<&Viewer>, query: &str, variables: Value) -> Value {
        let request =
            Request::new(query).variables(Variables::from_json(variables)).data(self.world.scope(viewer));
        serde_json::to_value(self.schema().execute(request).await).unwrap()
    }

    /// The data of an answer without errors.
    async fn get(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let answer = self.ask(Some(viewer), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].clone()
    }

    /// The code and the reason of the first error.
    async fn refusal(&self, viewer: Option<&Viewer>, query: &str, variables: Value) -> (String, String) {
        let answer = self.ask(viewer, query, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let text = |key: &str| extensions[key].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (text("code"), text("reason"))
    }

    /// How many rows a table has in all tenants together, looked at from behind row security.
    async fn rows_of(&self, table: &'static str) -> i64 {
        use sqlx::Connection;
        let url = self.world.database().superuser_url();
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
    }
}

fn cards() -> Cards {
    Cards {
        key: CardKey::new(vec![7; 32]),
        printer: PRINTER.clone(),
        public_url: Arc::from("https://plenum.example"),
        time_zone: chrono_tz::Tz::Europe__Moscow,
    }
}

/// The kinds of a member's history, newest first.
async fn kinds(office: &Office, viewer: &Viewer, id: &str) -> Vec<String> {
    history(office, viewer, id, "kind")
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect()
}

/// A member's whole history, newest first.
async fn history(office: &Office, viewer: &Viewer, id: &str, fields: &str) -> Value {
    let query = format!(
        "{{ members(filter: {{ states: [ACTIVE, LEFT] }}) {{ nodes {{ id history(first: 200) {{ nodes {{ {fields} }} }} }} }} }}"
    );
    let listed = office.get(viewer, &query, json!({})).await;
    let nodes = listed["members"]["nodes"].as_array().unwrap();
    let member = nodes.iter().find(|node| node["id"] == id).unwrap_or_else(|| panic!("no {id} in {listed}"));
    member["history"]["nodes"].clone()
}

struct NamedByRole;

#[async_trait]
impl AccountNames for NamedByRole {
    async fn display_name(&self, _: &mut TenantTx, _: AccountId) -> Result<Option<String>, StoreError> {
        Ok(Some("Анна Хранитель".to_owned()))
    }
}

fn sample(name: &str) -> Bytes {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).into()
}

/// A small table with one person per line: name, date of birth, unit, card.
fn table(people: &[&str]) -> Bytes {
    let lines = people.iter().map(|person| format!("{person}\n"));
    format!("ФИО;Дата рождения;Первичная организация;№ профбилета\n{}", lines.collect::<String>()).into()
}
