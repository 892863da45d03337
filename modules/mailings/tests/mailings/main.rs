//! Mailings on a real database: audiences, what is refused, the ledger, mail servers that refuse, links, bounces.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

mod audiences;
mod campaigns;
mod delivery;
mod recipients;
mod smtp;

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use async_graphql::{Request, Schema, Variables};
use async_trait::async_trait;
use plenum_authz::Viewer;
use plenum_bodies_api::{
    AgendaItemId, BodiesRead, BodyId, BodySummary, Consideration, Entry, Resolution, SeatId, SeatSummary,
    SessionId, SessionOutline, SessionSummary,
};
use plenum_db::{StoreError, TenantTx};
use plenum_jobs::Worker;
use plenum_kernel::AccountId;
use plenum_learning_api::LearningRead;
use plenum_live::Live;
use plenum_mail::{Mailer, Outbox};
use plenum_mailings::{
    POLICY, Signer, Tokens, Tools,
    api_parts::{MailingsMutation, MailingsQuery, MailingsSubscription},
    register,
};
use plenum_members::RegisterReads;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Tenant, World};

const KEY: [u8; 32] = [7; 32];

/// A tenant with a register, and an editor of its mailings.
struct Office {
    world: World,
    tenant: Tenant,
    editor: Viewer,
    tools: Arc<Tools>,
    outbox: Outbox,
    live: Live,
    _folder: TempDir,
    stop: tokio_util::sync::CancellationToken,
}

/// Bodies are no matter here: there are none.
struct NoBodies;

#[async_trait]
impl BodiesRead for NoBodies {
    async fn entry(&self, _: &mut TenantTx, _: SessionId, _: AccountId) -> Result<Entry, StoreError> {
        Ok(Entry::NoSession)
    }
    async fn bodies(&self, _: &mut TenantTx) -> Result<Vec<BodySummary>, StoreError> {
        Ok(Vec::new())
    }
    async fn body(&self, _: &mut TenantTx, _: BodyId) -> Result<Option<BodySummary>, StoreError> {
        Ok(None)
    }
    async fn outline(&self, _: &mut TenantTx, _: SessionId) -> Result<Option<SessionOutline>, StoreError> {
        Ok(None)
    }
    async fn seats(&self, _: &mut TenantTx, _: BodyId) -> Result<Vec<SeatSummary>, StoreError> {
        Ok(Vec::new())
    }
    async fn seat(&self, _: &mut TenantTx, _: SeatId) -> Result<Option<SeatSummary>, StoreError> {
        Ok(None)
    }
    async fn session(&self, _: &mut TenantTx, _: SessionId) -> Result<Option<SessionSummary>, StoreError> {
        Ok(None)
    }
    async fn considered(&self, _: &mut TenantTx, _: SessionId) -> Result<Vec<Consideration>, StoreError> {
        Ok(Vec::new())
    }
    async fn resolution(&self, _: &mut TenantTx, _: AgendaItemId) -> Result<Option<Resolution>, StoreError> {
        Ok(None)
    }
}

impl Office {
    /// With letters that lie in a folder.
    async fn open() -> Self {
        Self::with(None, None).await
    }

    /// With a mail server at this address, and perhaps a limit of letters in a minute.
    async fn with(smtp: Option<&str>, rate: Option<i64>) -> Self {
        Self::learning(smtp, rate, None).await
    }

    /// With courses besides.
    async fn learning(
        smtp: Option<&str>,
        rate: Option<i64>,
        learning: Option<Arc<dyn LearningRead>>,
    ) -> Self {
        let world = World::builder().policy(&[("mailings", POLICY)]).build().await;
        let tenant = world.tenant("union", &["ППО № 1", "ППО № 2"]).await;
        let editor = world.viewer(&tenant, "mailing_editor").await;
        let folder = tempfile::tempdir().unwrap();
        let from = "Профсоюз <union@mail.example>".parse().unwrap();
        let mailer = match smtp {
            Some(url) => Mailer::smtp(url, from).unwrap(),
            None => Mailer::outbox(folder.path(), from),
        };
        let stop = tokio_util::sync::CancellationToken::new();
        let live = Live::start(&world.db, stop.clone()).await.unwrap();
        let tools = Arc::new(Tools {
            mailer: Arc::new(mailer),
            files: world.files.clone(),
            members: Arc::new(RegisterReads),
            bodies: Arc::new(NoBodies),
            learning,
            chat: None,
            signer: Signer::new(&KEY),
            public_url: Arc::from("https://plenum.example"),
            bounce_domain: Some(Arc::from("bounces.example")),
            letters_per_minute: rate,
        });
        let outbox = Outbox::new(folder.path());
        Self { world, tenant, editor, tools, outbox, live, _folder: folder, stop }
    }

    /// Adds people: name, unit, address, consent.
    async fn people(&self, tenant: &Tenant, people: &[(&str, &str, &str, &str)]) {
        let mut csv = String::from("ФИО;Дата рождения;ППО;Эл. почта;Согласие на обработку ПДн\n");
        for (name, unit, address, consent) in people {
            writeln!(csv, "{name};01.02.1980;{unit};{address};{consent}").unwrap();
        }
        let viewer = Viewer::system(tenant.id, "test");
        let (db, files) = (&self.world.db, &self.world.files);
        let report = plenum_members::import_file(db, files, &viewer, "people.csv", csv.into_bytes().into())
            .await
            .unwrap();
        assert_eq!(usize::try_from(report.accepted).unwrap(), people.len(), "{report:?}");
    }

    fn worker(&self) -> Worker {
        register(Worker::new(self.world.db.clone(), "test"), self.tools.clone())
    }

    /// Does all jobs that are due.
    async fn work(&self) {
        self.worker().drain(self.tenant.id).await.unwrap();
    }

    fn tokens(&self) -> Tokens {
        Tokens::new(self.world.db.clone(), &KEY)
    }

    fn schema(&self) -> Schema<MailingsQuery, MailingsMutation, MailingsSubscription> {
        Schema::build(MailingsQuery, MailingsMutation, MailingsSubscription)
            .data(self.world.db.clone())
            .data(self.world.files.clone())
            .data(self.live.clone())
            .data(self.tools.clone())
            .data(self.tokens())
            .finish()
    }

    async fn ask(&self, viewer: Option<&Viewer>, query: &str, variables: Value) -> Value {
        let request =
            Request::new(query).variables(Variables::from_json(variables)).data(self.world.scope(viewer));
        serde_json::to_value(self.schema().execute(request).await).unwrap()
    }

    async fn get(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(Some(&self.editor), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].clone()
    }

    /// The code of the first error, and the path and reason of its first field or its own reason.
    async fn refusal(&self, query: &str, variables: Value) -> (String, String) {
        let answer = self.ask(Some(&self.editor), query, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let code = extensions["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let field = &extensions["fields"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match field["path"].as_str() {
            Some(path) => (code, format!("{path} {}", text(&field["reason"]))),
            None => (code, text(&extensions["reason"])),
        }
    }

    async fn list(&self, name: &str) -> String {
        let query = "mutation($name: String!) { createMailingList(input: { name: $name }) { id } }";
        text(&self.get(query, json!({ "name": name })).await["createMailingList"]["id"])
    }

    async fn campaign(&self, list: &str, audience: Value) -> String {
        let query = "mutation($input: CampaignInput!) { createCampaign(input: $input) { id } }";
        let input = input(
            list,
            audience,
            json!([{ "kind": "PARAGRAPH", "text": "Здравствуйте, {{имя_отчество}}!" }]),
        );
        text(&self.get(query, json!({ "input": input })).await["createCampaign"]["id"])
    }

    async fn step(&self, step: &str, campaign: &str) -> String {
        let query = format!("mutation($id: ID!) {{ {step}(campaign: $id) {{ status }} }}");
        text(&self.get(&query, json!({ "id": campaign })).await[step]["status"])
    }

    /// State of the campaign, and of each line by address.
    async fn ledger(&self, campaign: &str) -> (String, BTreeMap<String, (String, String)>) {
        let query = "{ campaigns { nodes { id state deliveries(first: 200) \
                     { nodes { address state reason } } } } }";
        let data = self.get(query, json!({})).await;
        let nodes = data["campaigns"]["nodes"].as_array().unwrap();
        let found = nodes.iter().find(|node| node["id"] == campaign).unwrap();
        let lines = found["deliveries"]["nodes"].as_array().unwrap().iter().map(|line| {
            let reason = line["reason"].as_str().unwrap_or_default().to_owned();
            (text(&line["address"]), (text(&line["state"]), reason))
        });
        (text(&found["state"]), lines.collect())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn input(list: &str, audience: Value, blocks: Value) -> Value {
    json!({ "list": list, "subject": "Новости для {{имя|коллеги}}", "senderName": "Профсоюз",
            "blocks": blocks, "audience": audience })
}

/// Two who may get letters, and one for each reason not to.
const PEOPLE: [(&str, &str, &str, &str); 5] = [
    ("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да"),
    ("Гусев Пётр Олегович", "ППО № 2", "petr@example.org", "да"),
    ("Ершова Ольга Львовна", "ППО № 1", "olga@example.org", "нет"),
    ("Зуев Иван Ильич", "ППО № 1", "", "да"),
    ("Белов Олег Петрович", "ППО № 1", "Anna@Example.org", "да"),
];
