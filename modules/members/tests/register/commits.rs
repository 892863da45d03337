//! An import that is prepared, committed by a job, interrupted, put away.

use serde_json::json;
use sqlx::Connection;

use crate::{Office, sample, table};

const PREPARE: &str =
    "mutation($file: ID!) { prepareMemberImport(file: $file) { id state unreadable report { accepted } } }";
const COMMIT: &str = "mutation($id: ID!) { commitMemberImport(import: $id) { state } }";
const DISCARD: &str =
    "mutation($id: ID!) { discardMemberImport(import: $id) { state rows { nodes { rowNumber } } } }";
const LIST: &str =
    "{ memberImports { nodes { id state progress { done total } report { accepted duplicates } } } }";

async fn prepare(
    office: &Office,
    keeper: &plenum_authz::Viewer,
    name: &str,
    bytes: bytes::Bytes,
) -> serde_json::Value {
    let file = office.upload(keeper, name, bytes).await;
    office.get(keeper, PREPARE, json!({ "file": file })).await["prepareMemberImport"].clone()
}

#[tokio::test]
async fn an_import_is_added_by_its_job_and_not_before() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let import = prepare(&office, &keeper, "register-2k.xlsx", sample("register-2k.xlsx")).await;
    assert_eq!((&import["state"], &import["report"]["accepted"]), (&json!("CHECKED"), &json!(1907)));
    assert_eq!(office.rows_of("members.person").await, 0);

    let id = json!({ "id": import["id"] });
    // Asked for twice: added once.
    for _ in 0..2 {
        let asked = office.get(&keeper, COMMIT, id.clone()).await;
        assert_eq!(asked["commitMemberImport"]["state"], "COMMITTING");
    }
    assert_eq!(office.rows_of("members.person").await, 0);
    assert_eq!(office.worker().drain(office.tenant.id).await.unwrap(), 2);
    assert_eq!(office.rows_of("members.person").await, 1907);
    let listed = office.get(&keeper, LIST, json!({})).await["memberImports"]["nodes"][0].clone();
    assert_eq!(listed["state"], "DONE");
    assert_eq!(listed["report"], json!({ "accepted": 1907, "duplicates": 64 }));
    assert_eq!(listed["progress"]["done"], listed["progress"]["total"]);
    // Once more: it stays as it is.
    assert_eq!(office.get(&keeper, COMMIT, id).await["commitMemberImport"]["state"], "DONE");
    assert_eq!(office.worker().drain(office.tenant.id).await.unwrap(), 0);
}

#[tokio::test]
async fn an_import_cut_off_in_the_middle_leaves_nothing_and_is_done_at_the_next_attempt() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let import = prepare(&office, &keeper, "register-2k.xlsx", sample("register-2k.xlsx")).await;
    office.get(&keeper, COMMIT, json!({ "id": import["id"] })).await;

    // A stranger's open transaction holds the card of the last person: the job inserts the first thousand rows,
    // then waits for it.
    let url = office.world.database().superuser_url();
    let mut stranger = sqlx::PgConnection::connect(&url).await.unwrap();
    let mut open = stranger.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO members.person
             (tenant_id, id, unit_id, surname, given_name, name_key, birth_date, consent, card_number, card_key, created_at)
         VALUES ($1, gen_random_uuid(), $2, 'x', 'x', 'x', '2000-01-01', 'given', $3, $3, now())",
    )
    .bind(plenum_kernel::TypedId::uuid(office.tenant.id))
    .bind(plenum_kernel::TypedId::uuid(office.tenant.root))
    .bind(last_card())
    .execute(&mut *open)
    .await
    .unwrap();
    let (worker, tenant) = (office.worker(), office.tenant.id);
    let job = tokio::spawn(async move { worker.drain(tenant).await });
    let mut watcher = sqlx::PgConnection::connect(&url).await.unwrap();
    loop {
        let killed: Option<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO members.person%'",
        )
        .fetch_optional(&mut watcher)
        .await
        .unwrap();
        if killed == Some(true) {
            break;
        }
        assert!(!job.is_finished(), "the job has to wait for the card");
        tokio::task::yield_now().await;
    }
    open.rollback().await.unwrap();
    assert_eq!(job.await.unwrap().unwrap(), 1);
    assert_eq!(office.rows_of("members.person").await, 0);
    let listed = office.get(&keeper, LIST, json!({})).await["memberImports"]["nodes"][0].clone();
    assert_eq!(listed["state"], "COMMITTING");
    // What was told meanwhile shows that it had come past its first rows.
    assert_eq!(listed["progress"]["done"].as_i64().map(|done| done >= 1000), Some(true), "{listed}");

    office.world.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(office.worker().drain(tenant).await.unwrap(), 1);
    assert_eq!(office.rows_of("members.person").await, 1907);
}

/// The card of the last row that is accepted, as it is compared.
fn last_card() -> String {
    use plenum_members::domain::import::{Import, Layout, Limits, Register, Table, Verdict};
    let table = Table::read(&sample("register-2k.xlsx"), "a.xlsx", &Limits::default()).unwrap();
    let layout = Layout::find(&table).unwrap();
    let mut register: Register<(), ()> = Register::new();
    (1..=40).for_each(|number| register.add_unit(&format!("ППО № {number}"), ()));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let cards =
        Import::new(&table, &layout, register, today).unwrap().filter_map(|outcome| match outcome.verdict {
            Verdict::Accepted { person, .. } => person.card_number,
            _ => None,
        });
    cards.last().unwrap().key().as_str().to_owned()
}

#[tokio::test]
async fn what_became_true_since_the_trial_run_counts() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let people =
        table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;77-1", "Котов Пётр Ильич;03.04.1981;ППО № 2;"]);
    let early = prepare(&office, &keeper, "a.csv", people).await;
    let late =
        prepare(&office, &keeper, "b.csv", table(&["ОРЛОВА  МАРИЯ ИВАНОВНА;1980-02-01;ППО № 3;"])).await;
    for import in [&late, &early] {
        office.get(&keeper, COMMIT, json!({ "id": import["id"] })).await;
    }
    office.worker().drain(office.tenant.id).await.unwrap();
    let query = "{ memberImports { nodes { report { accepted duplicates } rows { nodes { outcome } } } } }";
    let listed = office.get(&keeper, query, json!({})).await["memberImports"]["nodes"].clone();
    assert_eq!(listed[1]["report"], json!({ "accepted": 1, "duplicates": 1 }));
    // The kept rows say so too.
    assert_eq!(listed[1]["rows"]["nodes"], json!([{ "outcome": "DUPLICATE" }, { "outcome": "ACCEPTED" }]));
}

#[tokio::test]
async fn a_discarded_import_is_gone_for_good() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let import =
        prepare(&office, &keeper, "a.csv", table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;"])).await;
    let id = json!({ "id": import["id"] });
    for _ in 0..2 {
        let discarded = office.get(&keeper, DISCARD, id.clone()).await;
        assert_eq!(
            discarded["discardMemberImport"],
            json!({ "state": "DISCARDED", "rows": { "nodes": [] } })
        );
    }
    let refused = office.refusal(Some(&keeper), COMMIT, id).await;
    assert_eq!(refused, ("CONFLICT".to_owned(), "import_state".to_owned()));
    assert_eq!(office.rows_of("members.person").await, 0);
}

#[tokio::test]
async fn an_added_import_cannot_be_discarded() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let import =
        prepare(&office, &keeper, "a.csv", table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;"])).await;
    let id = json!({ "id": import["id"] });
    office.get(&keeper, COMMIT, id.clone()).await;
    assert_eq!(office.refusal(Some(&keeper), DISCARD, id.clone()).await.0, "CONFLICT");
    office.worker().drain(office.tenant.id).await.unwrap();
    assert_eq!(office.refusal(Some(&keeper), DISCARD, id).await.0, "CONFLICT");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_becomes_an_import_that_says_why_and_nothing_else() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    for (name, bytes, why) in [
        ("a.pdf", "%PDF-1.7", "not_a_spreadsheet"),
        ("a.csv", "a;b\n1;2\n", "no_header"),
        ("b.csv", " \n", "empty"),
    ] {
        let import = prepare(&office, &keeper, name, bytes.into()).await;
        assert_eq!(import["state"], "UNREADABLE");
        assert_eq!(import["unreadable"], why);
        assert_eq!(import["report"], json!(null));
        let refused = office.refusal(Some(&keeper), COMMIT, json!({ "id": import["id"] })).await;
        assert_eq!(refused.0, "CONFLICT");
    }
    assert_eq!(office.rows_of("members.import_page").await, 0);
    assert_eq!(office.rows_of("jobs.job").await, 0);
}
