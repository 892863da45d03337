//! The ledger on a real database: charging, paying, taking back, banks' lists, and what neighbours see.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

mod bank;
mod charging;
mod rights;
mod sealed;
mod sums;

use std::{collections::HashMap, sync::Arc};

use async_graphql::{EmptySubscription, Request, Schema, Variables};
use async_trait::async_trait;
use bytes::Bytes;
use plenum_authz::Viewer;
use plenum_db::{Access, StoreError, TenantTx};
use plenum_dues::{
    CardHolders, POLICY, Tools,
    api_parts::{DuesMutation, DuesQuery},
    register,
};
use plenum_jobs::Worker;
use plenum_kernel::TenantId;
use plenum_members::RegisterReads;
use plenum_members_api::{Audience, MemberId};
use plenum_print::Printer;
use serde_json::{Value, json};
use testkit::{Tenant, World};

/// A world with a tenant of two primary organizations: three members in the first, two in the second; and the same in
/// the neighbouring federation.
struct Office {
    world: World,
    tenant: Tenant,
    tools: Arc<Tools>,
}

struct Cards;

#[async_trait]
impl CardHolders for Cards {
    async fn holders(
        &self,
        tx: &mut TenantTx,
        cards: &[String],
    ) -> Result<HashMap<String, MemberId>, StoreError> {
        RegisterReads.holders_of_cards(tx, cards).await
    }
}

const PEOPLE: &str = "ФИО;Дата рождения;Первичная организация;№ профбилета
Абрамов Иван Ильич;01.02.1980;ППО № 1;77-1
Борисова Анна Ильинична;01.02.1981;ППО № 1;77-2
Власов Пётр Ильич;01.02.1982;ППО № 1;77-3
Громова Вера Ильинична;01.02.1983;ППО № 2;77-4
Дёмин Олег Ильич;01.02.1984;ППО № 2;77-5
";

const DUES: &str = "query($member: ID!) { dues(member: $member) { fullName balanceKopecks
    overdue { kopecks months since } rate { kind value validFrom unit { name } } salary { kopecks validFrom }
    exemptions { id ground from until current } months { month chargedKopecks paidKopecks balanceKopecks }
    entries { nodes { id kind month kopecks balanceKopecks reference reason reverses reversedBy } } } }";

impl Office {
    async fn open() -> Self {
        let world = World::builder().policy(&[("dues", POLICY)]).build().await;
        let tenant = world.tenant("union", &["ППО № 1", "ППО № 2"]).await;
        for id in [tenant.id, tenant.twin().id] {
            let system = Viewer::system(id, "test");
            plenum_members::import_file(&world.db, &world.files, &system, "people.csv", PEOPLE.into())
                .await
                .unwrap();
        }
        let tools = Arc::new(Tools {
            members: Arc::new(RegisterReads),
            cards: Arc::new(Cards),
            files: world.files.clone(),
            printer: Printer::new(),
            time_zone: chrono_tz::Tz::Europe__Moscow,
        });
        Self { world, tenant, tools }
    }

    async fn treasurer(&self) -> Viewer {
        self.world.viewer(&self.tenant, "treasurer").await
    }

    fn schema(&self) -> Schema<DuesQuery, DuesMutation, EmptySubscription> {
        Schema::build(DuesQuery, DuesMutation, EmptySubscription)
            .data(self.world.db.clone())
            .data(self.world.files.clone())
            .data(self.tools.clone())
            .finish()
    }

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

    /// The code of the first error and, when there is one, the reason of its first field.
    async fn refusal(&self, viewer: Option<&Viewer>, query: &str, variables: Value) -> (String, String) {
        let answer = self.ask(viewer, query, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let code = extensions["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let reason = extensions["fields"][0]["reason"].as_str().or(extensions["reason"].as_str());
        (code, reason.unwrap_or_default().to_owned())
    }

    /// A member by the beginning of their name.
    async fn member(&self, name: &str) -> String {
        self.member_of(self.tenant.id, name).await
    }

    async fn member_of(&self, tenant: TenantId, name: &str) -> String {
        let mut tx = self.tx(tenant).await;
        let all = self.tools.members.select(&mut tx, &Audience::default(), None, 100).await.unwrap();
        all.iter().find(|member| member.full_name.starts_with(name)).unwrap().id.to_string()
    }

    async fn tx(&self, tenant: TenantId) -> TenantTx {
        const TEST: plenum_authz::Permission = plenum_authz::Permission::new("dues.test");
        self.world.db.tenant(&Viewer::system(tenant, "test"), TEST, Access::Write).await.unwrap()
    }

    async fn dues(&self, viewer: &Viewer, member: &str) -> Value {
        self.get(viewer, DUES, json!({ "member": member })).await["dues"].clone()
    }

    async fn balance(&self, viewer: &Viewer, member: &str) -> i64 {
        self.dues(viewer, member).await["balanceKopecks"].as_i64().unwrap()
    }

    async fn set_rate(&self, viewer: &Viewer, unit: &str, kind: &str, value: i64, from: &str) {
        let query = "mutation($input: SetDuesRateInput!) { setDuesRate(input: $input) { id } }";
        let input = json!({ "unit": unit, "kind": kind, "value": value, "validFrom": from });
        self.get(viewer, query, json!({ "input": input })).await;
    }

    /// Asks for a charging, carries it out by the worker, and tells how it ended.
    async fn charge(&self, viewer: &Viewer, unit: &str, month: &str) -> Value {
        let query =
            "mutation($unit: ID!, $month: String!) { chargeMonth(unit: $unit, month: $month) { id } }";
        let run = self.get(viewer, query, json!({ "unit": unit, "month": month })).await;
        self.work().await;
        let query =
            "query($run: ID!) { chargeRun(run: $run) { month summary { charged totalKopecks chargedBefore
            exempt withoutRate withoutSalary } } }";
        self.get(viewer, query, json!({ "run": run["chargeMonth"]["id"] })).await["chargeRun"]["summary"]
            .clone()
    }

    async fn work(&self) {
        let worker = register(Worker::new(self.world.db.clone(), "test"), self.tools.clone());
        worker.drain(self.tenant.id).await.unwrap();
    }

    async fn pay(&self, viewer: &Viewer, input: Value) -> Value {
        let query =
            "mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { balanceKopecks } }";
        self.ask(Some(viewer), query, json!({ "input": input })).await
    }

    /// Keeps bytes as if the viewer had uploaded them.
    async fn upload(&self, viewer: &Viewer, name: &str, bytes: Bytes) -> String {
        let db = &self.world.db;
        let mut tx = db.tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write).await.unwrap();
        let file = self.world.files.keep(&mut tx, name, "text/csv", bytes).await.unwrap();
        tx.commit().await.unwrap();
        file.id.to_string()
    }
}

fn payment(member: &str, kopecks: i64, request: u32) -> Value {
    json!({
        "member": member,
        "kopecks": kopecks,
        "paidOn": "2026-11-20",
        "method": "CASH",
        "request": format!("00000000-0000-7000-8000-{request:012}"),
    })
}
