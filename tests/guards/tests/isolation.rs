//! The isolation walk: an administrator of tenant B calls every root field with A's identifiers in every argument that
//! takes one, nested ones too. No canary of A appears, every answer equals the one for an identifier that does not
//! exist, and A's tables stay as they were.

mod fill {
    pub(crate) mod chat;
    pub(crate) mod learning;
    pub(crate) mod members;
}
#[path = "fill/documents.rs"]
mod documents_fill;
#[path = "fill/dues.rs"]
mod fill_dues;
#[path = "fill/mailings.rs"]
mod fill_mailings;

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Request;
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField},
    server::Server,
};
use plenum_authz::{Permission, Viewer};
use plenum_bodies::setup::{self, BodyKind, Call, Comparison, NewItem, NewSeat, Office, QuorumRule};
use plenum_db::Access;
use plenum_kernel::TypedId;
use plenum_meetings::RoomToken;
use plenum_members::RegisterReads;
use serde_json::Value;
use sqlx::{Connection, PgConnection, Row};
use testkit::Tenant;

const FILL: Permission = Permission::new("guards.fill");

/// Who acts in a filled tenant.
struct Filled {
    administrator: Viewer,
    /// One id of each type.
    ids: BTreeMap<String, String>,
}

async fn ask(server: &Server, viewer: &Viewer, text: &str) -> Value {
    let request = Request::new(text).data(server.world.scope(Some(viewer)));
    let answer = server.schema.execute(request).await;
    serde_json::to_value(&answer).expect("an answer is plain data")
}

/// Fills every type that has an id, with the canary in every text.
async fn fill(server: &Server, tenant: &Tenant, canary: &str) -> Filled {
    let world = &server.world;
    let administrator = world.viewer(tenant, "administrator").await;
    let account = administrator.account().expect("a person");
    let system = Viewer::system(tenant.id, "guards");
    let csv = format!(
        "Фамилия, имя, отчество;Дата рождения;Первичная организация;№ профбилета\n{canary} Анна Ивановна;01.02.1980;ППО № 1;77-1\n"
    );
    plenum_members::import_file(
        &world.db,
        &world.files,
        &system,
        "members.csv",
        csv.clone().into_bytes().into(),
    )
    .await
    .expect("imported");

    let mut tx = world.db.tenant(&system, FILL, Access::Write).await.expect("a transaction opens");
    let upload = world
        .files
        .keep(&mut tx, &format!("{canary}.csv"), "text/csv", csv.into_bytes().into())
        .await
        .expect("kept");
    let permit =
        tx.permit::<setup::Create, plenum_tenancy::store::units::Unit>(tenant.root).await.expect("permitted");
    let rule = QuorumRule::new(Comparison::MoreThan, 1, 2).expect("possible");
    let body = setup::create_body(&mut tx, permit, &format!("Совет {canary}"), BodyKind::Council, rule)
        .await
        .expect("made");
    let email: String = sqlx::query("SELECT email FROM identity.account WHERE id = $1")
        .bind(account.uuid())
        .fetch_one(tx.conn())
        .await
        .expect("the account is there")
        .get(0);
    let permit = tx.permit::<setup::Manage, setup::Body>(body.id).await.expect("permitted");
    let seat = NewSeat {
        member: None,
        full_name: format!("{canary} Пётр"),
        email,
        organization: canary.to_owned(),
        office: Office::Chair,
    };
    setup::add_seat(&mut tx, permit, &RegisterReads, seat).await.expect("seated");
    let permit = tx.permit::<setup::Schedule, setup::Body>(body.id).await.expect("permitted");
    let item = NewItem {
        title: format!("О {canary}"),
        speaker: Some(canary.to_owned()),
        draft_decision: Some(canary.to_owned()),
        materials: vec![upload.id],
    };
    let call =
        Call { title: format!("Заседание {canary}"), starts_at: tx.now(), agenda: vec![item] };
    let scheduled = setup::schedule_session(&mut tx, permit, &world.files, call).await.expect("scheduled");
    let setup::Scheduled::Session(session) = scheduled else { panic!("not scheduled: {scheduled:?}") };
    tx.commit().await.expect("committed");

    let dues = fill_dues::dues(server, tenant, &administrator, canary).await;

    // The chair is in the room and opens a vote; an import waits for its decision.
    let mut chair = administrator.clone();
    let mut tx = world.db.tenant(&system, FILL, Access::Read).await.expect("a transaction opens");
    chair.grants = plenum_tenancy::store::grants::of_account(&mut tx, account).await.expect("grants");
    drop(tx);
    server
        .attendance
        .enter(&RoomToken {
            scope: tenant.id.uuid(),
            room: session.uuid(),
            participant: account.uuid(),
            name: canary.to_owned(),
            label: canary.to_owned(),
            expires_at: i64::MAX,
        })
        .await
        .expect("recorded");
    for step in [
        format!("mutation {{ openSession(session: \"{session}\") {{ status }} }}"),
        format!(
            "mutation {{ prepareMemberImport(file: \"{}\") {{ id }} }}",
            own_upload(server, &chair, canary).await
        ),
    ] {
        let answer = ask(server, &chair, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
    }
    let agenda = ask(
        server,
        &chair,
        &format!("{{ node(id: \"{session}\") {{ ... on Session {{ agenda {{ id }} }} }} }}"),
    )
    .await;
    let item = agenda["data"]["node"]["agenda"][0]["id"].as_str().expect("an item").to_owned();
    for step in [
        format!("mutation {{ takeAgendaItem(item: \"{item}\") {{ status }} }}"),
        format!(
            "mutation {{ addMeasure(input: {{ item: \"{item}\", text: \"{canary}\", task: {{ assignee: \"{}\" }} }}) {{ status }} }}",
            account.global()
        ),
        format!(
            "mutation {{ openVote(input: {{ item: \"{item}\", motion: \"{canary}\" }}) {{ status session {{ openVote {{ id }} }} }} }}"
        ),
    ] {
        let answer = ask(server, &chair, &step).await;
        assert!(answer["errors"].is_null() && answer.to_string().contains("\"OK\""), "{step}: {answer}");
    }

    fill::members::fill(server, tenant, &chair, canary).await;
    let learning = fill::learning::learning(server, &chair, canary).await;
    fill::chat::fill(server, tenant, &chair, canary).await;
    documents_fill::documents(server, tenant, &chair, canary).await;
    fill_mailings::fill(server, &administrator, canary).await;

    // Harvest one id of each type from what its own administrator sees.
    let api = Api::of(&server.schema).await;
    let mut ids = BTreeMap::new();
    for field in api.root_fields().iter().filter(|field| field.operation == "query" && field.name != "node") {
        collect(&ask(server, &chair, &api.operation(field, &|_, _| None)).await, &mut ids);
    }
    collect(&dues, &mut ids);
    collect(&learning, &mut ids);
    ids.insert("File".to_owned(), upload.id.global());
    Filled { administrator: chair, ids }
}

/// A complete upload of the viewer.
async fn own_upload(server: &Server, viewer: &Viewer, canary: &str) -> String {
    let csv = format!("ФИО;Дата рождения;ППО\n{canary} Иван Петрович;03.04.1985;ППО № 1\n");
    let mut tx = server
        .world
        .db
        .tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write)
        .await
        .expect("a transaction opens");
    let file =
        server.world.files.keep(&mut tx, "b.csv", "text/csv", csv.into_bytes().into()).await.expect("kept");
    tx.commit().await.expect("committed");
    file.id.global()
}

fn collect(value: &Value, ids: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some((kind, digits)) = text.split_once('_')
                && kind.bytes().all(|b| b.is_ascii_alphabetic())
                && digits.len() == 32
                && digits.bytes().all(|b| b.is_ascii_hexdigit())
            {
                ids.entry(kind.to_owned()).or_insert_with(|| text.clone());
            }
        }
        Value::Array(all) => all.iter().for_each(|one| collect(one, ids)),
        Value::Object(all) => all.values().for_each(|one| collect(one, ids)),
        _ => {}
    }
}

/// B's own id for an argument, by the argument's name: so that one foreign id among good ones is found out.
fn own_id(path: &str, ids: &BTreeMap<String, String>) -> Option<String> {
    let word = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    let kind = match word.as_str() {
        "materials" => "File",
        "parent" => "Unit",
        "item" => "AgendaItem",
        "import" => "MemberImport",
        "transfer" => "MemberTransfer",
        "replyto" => "Message",
        "mentions" | "accounts" => "Account",
        "files" => "File",
        "step" => "RouteStep",
        "account" | "assignee" | "controller" | "executor" => "Account",
        "organizations" => "Tenant",
        "list" => "MailingList",
        "units" => "Unit",
        "bodies" => "Body",
        "members" => "Member",
        "exemption" => "DuesExemption",
        "entry" => "LedgerEntry",
        "run" => "ChargeRun",
        "sections" => "Section",
        "lessons" => "Lesson",
        "questions" => "Question",
        "invitation" => "CourseInvitation",
        other => {
            return ids
                .iter()
                .find(|(kind, _)| kind.to_lowercase() == other)
                .map(|(_, id)| format!("\"{id}\""));
        }
    };
    ids.get(kind).map(|id| format!("\"{id}\""))
}

async fn checksums(connection: &mut PgConnection, tenant: &Tenant) -> BTreeMap<String, String> {
    let tables = sqlx::query(
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("the catalogue answers");
    let mut sums = BTreeMap::new();
    for row in tables {
        let table: String = row.get(0);
        let sum: Option<String> = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE tenant_id = $1"
        )))
        .bind(tenant.id.uuid())
        .fetch_one(&mut *connection)
        .await
        .expect("the superuser reads")
        .get(0);
        sums.insert(table, sum.unwrap_or_default());
    }
    sums
}

async fn call(server: &Server, viewer: &Viewer, field: &RootField, operation: &str) -> Value {
    let request = Request::new(operation).data(server.world.scope(Some(viewer)));
    let answer = if field.operation == "subscription" {
        let mut answers = Box::pin(server.schema.execute_stream(request));
        answers.next().await.expect("a subscription answers")
    } else {
        server.schema.execute(request).await
    };
    serde_json::to_value(&answer).expect("an answer is plain data")
}

/// An answer as it is compared: it may repeat what was asked, and what a call makes has a new id each time.
fn without(answer: &Value, id: &str, foreign: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    let answer = answer.to_string().replace(id, "<the id>");
    let mut rest = answer.as_str();
    while let Some(at) = rest.find('_') {
        let (before, after) = rest.split_at(at + 1);
        text.push_str(before);
        let digits: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
        let is_id = digits.len() == 32 && !foreign.values().any(|id| id.ends_with(&digits));
        text.push_str(if is_id { "<an id>" } else { &digits });
        rest = &after[digits.len()..];
    }
    text.push_str(rest);
    text
}

#[tokio::test]
async fn an_administrator_of_b_gets_and_changes_nothing_of_a() {
    let server = Server::start().await;
    let a = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
    let b = a.twin().clone();
    let filled_a = fill(&server, &a, "КАНАРЕЙКА").await;
    let filled_b = fill(&server, &b, "СВОЁ").await;
    let missing: Vec<_> = filled_b.ids.keys().filter(|kind| !filled_a.ids.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "types of B that A has nothing of: {missing:?}");
    for kind in [
        "Unit",
        "Member",
        "MemberImport",
        "Body",
        "Seat",
        "Session",
        "AgendaItem",
        "Vote",
        "Measure",
        "File",
        "Channel",
        "Message",
        "Document",
        "DocumentVersion",
        "Journal",
        "RouteStep",
        "Signature",
        "Task",
        "Dispatch",
        "Substitute",
        "Campaign",
        "MailingList",
        "Delivery",
        "Suppression",
        "Course",
        "Section",
        "Lesson",
        "Question",
        "CourseInvitation",
        "Enrolment",
        "Attempt",
        "Certificate",
    ] {
        assert!(filled_a.ids.contains_key(kind), "no {kind} of A was harvested: {:?}", filled_a.ids.keys());
    }
    // What A's own administrator finds by its id; B is asked for the same below.
    for kind in ["Member", "Session", "Document", "Campaign", "ChargeRun", "BankList"] {
        let id = &filled_a.ids[kind];
        let found =
            ask(&server, &filled_a.administrator, &format!("{{ node(id: \"{id}\") {{ id }} }}")).await;
        assert_eq!(found["data"]["node"]["id"], id.as_str(), "{kind}: {found}");
    }

    let mut superuser =
        PgConnection::connect(&server.world.database().superuser_url()).await.expect("connected");
    let before = checksums(&mut superuser, &a).await;
    let api = Api::of(&server.schema).await;
    let mut tried = 0;
    let mut walked = BTreeSet::new();
    for field in api.root_fields() {
        let paths = api.id_arguments(&field);
        let plain = call(
            &server,
            &filled_b.administrator,
            &field,
            &api.operation(&field, &|path, kind| {
                (kind == "ID").then(|| own_id(path, &filled_b.ids)).flatten()
            }),
        )
        .await;
        assert!(!plain.to_string().contains("КАНАРЕЙКА"), "{} shows A to B: {plain}", field.name);
        for path in &paths {
            for (kind, id) in &filled_a.ids {
                let with = |value: String| {
                    api.operation(&field, &|at, scalar| {
                        if at == path.as_str() {
                            return Some(format!("\"{value}\""));
                        }
                        (scalar == "ID").then(|| own_id(at, &filled_b.ids)).flatten()
                    })
                };
                let answer = call(&server, &filled_b.administrator, &field, &with(id.clone())).await;
                let nowhere = format!("{kind}_{}", "0".repeat(32));
                let absent = call(&server, &filled_b.administrator, &field, &with(nowhere.clone())).await;
                // An answer may repeat what was asked.
                let foreign = &filled_a.ids;
                let (answer, absent) = (without(&answer, id, foreign), without(&absent, &nowhere, foreign));
                assert!(!answer.contains("КАНАРЕЙКА"), "{}({path}: {id}) shows A to B: {answer}", field.name);
                assert_eq!(answer, absent, "{}({path}: {id}) tells that A's {kind} exists", field.name);
                tried += 1;
            }
            walked.insert(format!("{} {path}", field.name));
        }
    }
    let after = checksums(&mut superuser, &a).await;
    for (table, sum) in &before {
        assert_eq!(Some(sum), after.get(table), "{table} of A was changed by B");
    }
    assert!(walked.len() >= 20, "only {walked:?} take ids");
    assert!(tried >= 9 * walked.len());
}
