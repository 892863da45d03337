//! What a session of a body brings about.

use plenum_authz::Viewer;
use plenum_kernel::TypedId;
use plenum_meetings::RoomToken;
use serde_json::Value;
use sqlx::Row;
use uuid::Uuid;

use crate::office::{Office, PASSWORD, text};

async fn seat(office: &Office, administrator: &Viewer, body: &str, office_name: &str) -> Viewer {
    let viewer = office.person("member").await;
    let mut tx = office.server.world.db.global(None).await.expect("a transaction opens");
    let email: String = sqlx::query("SELECT email FROM identity.account WHERE id = $1")
        .bind(viewer.account().expect("a person").uuid())
        .fetch_one(tx.conn())
        .await
        .expect("the account is there")
        .get(0);
    drop(tx);
    let operation = format!(
        "mutation {{ addSeat(input: {{ body: \"{body}\", fullName: \"{office_name} Анна\", email: \"{email}\", \
         organization: \"Профсоюз\", office: {office_name} }}) {{ id }} }}"
    );
    office.done(administrator, &operation).await;
    office.server.renewed(&viewer).await
}

/// A session with an adopted resolution that obliges the secretary to something; the jobs are not done yet.
async fn closed_session(office: &Office) -> (Viewer, Viewer) {
    let administrator = office.person("administrator").await;
    let body = office
        .done(
            &administrator,
            "mutation { createBody(input: { name: \"Совет\", kind: COUNCIL, \
             quorum: { comparison: AT_LEAST, numerator: 1, denominator: 2 } }) { id } }",
        )
        .await;
    let body = text(&body["id"]);
    let chair = seat(office, &administrator, &body, "CHAIR").await;
    let secretary = seat(office, &administrator, &body, "SECRETARY").await;
    let scheduled = office
        .done(
            &administrator,
            &format!(
                "mutation {{ scheduleSession(input: {{ body: \"{body}\", title: \"Очередное\", \
                 startsAt: \"2026-11-23T10:00:00Z\", agenda: [{{ title: \"О смете\", draftDecision: \"Утвердить\" }}] }}) \
                 {{ session {{ id agenda {{ id }} }} }} }}"
            ),
        )
        .await;
    let session = text(&scheduled["session"]["id"]);
    let item = text(&scheduled["session"]["agenda"][0]["id"]);
    for viewer in [&chair, &secretary] {
        let token = RoomToken {
            scope: office.tenant.id.uuid(),
            room: Uuid::parse_str(session.split_once('_').expect("an id").1).expect("a UUID"),
            participant: viewer.account().expect("a person").uuid(),
            name: "имя".to_owned(),
            label: "организация".to_owned(),
            part: plenum_meetings::Part::Person,
            expires_at: i64::MAX,
        };
        office.server.attendance.enter(&token).await.expect("recorded");
    }
    let mut tx = office.server.world.system(&office.tenant).await;
    sqlx::query(
        "INSERT INTO bodies.measure (tenant_id, id, item_id, kind, text, due_on, assignee_id, created_at)
         VALUES ($1, $2, $3, 'task', 'Разослать смету', '2026-12-01', $4, now())",
    )
    .bind(office.tenant.id.uuid())
    .bind(Uuid::now_v7())
    .bind(Uuid::parse_str(item.split_once('_').expect("an id").1).expect("a UUID"))
    .bind(secretary.account().expect("a person").uuid())
    .execute(tx.conn())
    .await
    .expect("the measure is added");
    tx.commit().await.expect("committed");
    for step in [
        format!("mutation {{ openSession(session: \"{session}\") {{ status }} }}"),
        format!("mutation {{ takeAgendaItem(item: \"{item}\") {{ status }} }}"),
        format!(
            "mutation {{ openVote(input: {{ item: \"{item}\", motion: \"Утвердить смету\" }}) {{ status }} }}"
        ),
    ] {
        assert_eq!(office.done(&chair, &step).await["status"], "OK", "{step}");
    }
    let vote = office
        .done(&chair, &format!("{{ node(id: \"{session}\") {{ ... on Session {{ openVote {{ id }} }} }} }}"))
        .await;
    let vote = text(&vote["openVote"]["id"]);
    for viewer in [&chair, &secretary] {
        office
            .done(viewer, &format!("mutation {{ castBallot(vote: \"{vote}\", choice: FOR) {{ status }} }}"))
            .await;
    }
    for step in [
        format!("mutation {{ closeVote(vote: \"{vote}\") {{ status }} }}"),
        format!(
            "mutation {{ recordDecision(item: \"{item}\", decision: \"Утвердить смету\") {{ status }} }}"
        ),
        format!("mutation {{ closeSession(session: \"{session}\") {{ status }} }}"),
    ] {
        assert_eq!(office.done(&chair, &step).await["status"], "OK", "{step}");
    }
    (chair, secretary)
}

async fn minutes(office: &Office, viewer: &Viewer) -> Value {
    let operation = "{ documents(filter: { kind: MINUTES }) { nodes { id title number state \
                     versions { flag previewUrl } route { act state person { id } } \
                     tasks { text dueOn assignee { id } controller { id } source } } } }";
    office.done(viewer, operation).await["nodes"].clone()
}

#[tokio::test]
async fn minutes_are_filed_registered_signed_by_secretary_and_chair_and_carry_the_tasks() {
    let office = Office::open().await;
    let (chair, secretary) = closed_session(&office).await;
    office.work().await;
    let filed = minutes(&office, &chair).await;
    assert_eq!(filed.as_array().map(Vec::len), Some(1), "{filed}");
    let one = &filed[0];
    assert_eq!((&one["number"], &one["state"]), (&"1-26".into(), &"ROUTING".into()), "{one}");
    assert!(one["versions"][0]["flag"].is_null() && one["versions"][0]["previewUrl"].is_string(), "{one}");
    let account = |viewer: &Viewer| viewer.account().expect("a person").to_string();
    assert_eq!(one["route"][0]["person"]["id"], account(&secretary));
    assert_eq!(one["route"][1]["person"]["id"], account(&chair));
    assert_eq!(one["tasks"][0]["text"], "Разослать смету");
    assert_eq!(one["tasks"][0]["dueOn"], "2026-12-01");
    assert_eq!(one["tasks"][0]["controller"]["id"], account(&chair));

    let document = text(&one["id"]);
    for viewer in [&secretary, &chair] {
        let step = office.my_step(viewer, &document).await;
        let signed = office.sign(viewer, &step, PASSWORD).await;
        assert_eq!(signed["data"]["signStep"]["status"], "OK", "{signed}");
    }
    let signatures = office.signatures(&chair, &document).await;
    assert!(
        signatures.as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|s| s["valid"] == true))
    );

    // Told again, nothing is done twice.
    let mut tx = office.server.world.system(&office.tenant).await;
    sqlx::query("UPDATE jobs.job SET state = 'due', finished_at = NULL WHERE kind = 'events.react'")
        .execute(tx.conn())
        .await
        .expect("due again");
    tx.commit().await.expect("committed");
    office.work().await;
    let again = minutes(&office, &chair).await;
    assert_eq!(again.as_array().map(Vec::len), Some(1), "{again}");
    assert_eq!(again[0]["tasks"].as_array().map(Vec::len), Some(1), "{again}");
}
