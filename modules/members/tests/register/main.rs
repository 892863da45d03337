//! The register on a real database: imports, what is refused, what neighbours see, the API.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

mod api;
mod commits;
mod files;

use std::{path::PathBuf, sync::Arc};

use async_graphql::{Request, Schema, Variables};
use async_trait::async_trait;
use bytes::Bytes;
use plenum_authz::Viewer;
use plenum_db::{Access, StoreError, TenantTx};
use plenum_jobs::Worker;
use plenum_kernel::AccountId;
use plenum_members::{
    AccountNames, POLICY,
    api_parts::{MembersMutation, MembersQuery, MembersSubscription},
    register,
};
use serde_json::Value;
use testkit::{Tenant, World};

/// A world with a tenant that has the forty units of the sample registers.
struct Office {
    world: World,
    tenant: Tenant,
}

impl Office {
    async fn open() -> Self {
        let world = World::builder().policy(&[("members", POLICY)]).build().await;
        let names: Vec<String> = (1..=40).map(|number| format!("ППО № {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let tenant = world.tenant("register", &names).await;
        Self { world, tenant }
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
        register(Worker::new(self.world.db.clone(), "test"), self.world.files.clone())
    }

    fn schema(&self) -> Schema<MembersQuery, MembersMutation, MembersSubscription> {
        Schema::build(MembersQuery, MembersMutation, MembersSubscription)
            .data(self.world.db.clone())
            .data(self.world.files.clone())
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
