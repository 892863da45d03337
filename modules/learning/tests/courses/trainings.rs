//! An adopted resolution sends the chairs of primary organizations to training.

use plenum_authz::Viewer;
use plenum_identity::store::accounts;
use plenum_kernel::TypedId;
use plenum_meetings::RoomToken;
use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use crate::{
    attempts::again,
    school::{Course, School, text},
};

const REGISTER: &str = "ФИО;Дата рождения;ППО;Согласие;Выборная должность
Белова Анна Ильинична;01.02.1980;ППО № 1;да;председатель ППО
Волков Пётр Ильич;24.11.1986;ППО № 2;да;председатель ППО
Гусева Ольга Петровна;23.11.1986;ППО № 2;да;казначей
";

async fn seat(school: &School, administrator: &Viewer, body: &str) -> Viewer {
    let world = &school.server.world;
    let viewer = world.viewer(&school.tenant, "member").await;
    let mut tx = world.db.global(None).await.expect("a transaction opens");
    let account = viewer.account().expect("a person");
    let email = accounts::by_id(tx.conn(), account).await.expect("read").expect("is there").email;
    drop(tx);
    let operation = format!(
        "mutation {{ addSeat(input: {{ body: \"{body}\", fullName: \"Орлова Марина\", email: \"{email}\", \
         organization: \"Профсоюз\", office: CHAIR }}) {{ id }} }}"
    );
    school.done(administrator, &operation).await;
    school.server.renewed(&viewer).await
}

/// A session resolves: train the chairs of primary organizations by the end of the year. Its jobs are not done yet.
async fn resolve(school: &School, course: &Course, due_on: &str) {
    school.import(REGISTER).await;
    let administrator = school.server.world.viewer(&school.tenant, "administrator").await;
    let body = school.done(
        &administrator,
        "mutation { createBody(input: { name: \"Совет\", kind: COUNCIL, \
         quorum: { comparison: AT_LEAST, numerator: 1, denominator: 2 } }) { id } }",
    );
    let body = text(&body.await["id"]);
    let chair = seat(school, &administrator, &body).await;
    let called = format!(
        "mutation {{ scheduleSession(input: {{ body: \"{body}\", title: \"Очередное\", startsAt: \"2026-11-23T10:00:00Z\", \
         agenda: [{{ title: \"Об обучении\", draftDecision: \"Обучить\" }}] }}) {{ session {{ id agenda {{ id }} }} }} }}"
    );
    let called = school.done(&administrator, &called).await["session"].clone();
    let (session, item) = (text(&called["id"]), text(&called["agenda"][0]["id"]));
    let token = RoomToken {
        scope: school.tenant.id.uuid(),
        room: Uuid::parse_str(session.split_once('_').expect("an id").1).expect("a UUID"),
        participant: chair.account().expect("a person").uuid(),
        name: "имя".to_owned(),
        label: "организация".to_owned(),
        part: plenum_meetings::Part::Person,
        expires_at: i64::MAX,
    };
    school.server.attendance.enter(&token).await.expect("recorded");
    let id = &course.id;
    let steps = [
        format!(
            "addMeasure(input: {{ item: \"{item}\", text: \"Обучить председателей\", dueOn: \"{due_on}\", \
             training: {{ course: \"{id}\", offices: [CHAIR], ofPrimaries: true }} }}) {{ status }}"
        ),
        format!("openSession(session: \"{session}\") {{ status }}"),
        format!("takeAgendaItem(item: \"{item}\") {{ status }}"),
        format!("openVote(input: {{ item: \"{item}\", motion: \"Обучить\" }}) {{ status }}"),
    ];
    let act = async |step: &str| {
        let done = school.done(&chair, &format!("mutation {{ {step} }}")).await;
        assert_eq!(done["status"], "OK", "{step}: {done}");
    };
    for step in &steps {
        act(step).await;
    }
    let seen = format!("{{ node(id: \"{session}\") {{ ... on Session {{ openVote {{ id }} }} }} }}");
    let vote = text(&school.done(&chair, &seen).await["openVote"]["id"]);
    for step in [
        format!("castBallot(vote: \"{vote}\", choice: FOR) {{ status }}"),
        format!("closeVote(vote: \"{vote}\") {{ status }}"),
        format!("recordDecision(item: \"{item}\", decision: \"Обучить\") {{ status }}"),
        format!("closeSession(session: \"{session}\") {{ status }}"),
    ] {
        act(&step).await;
    }
}

/// Who is enrolled by when.
async fn enrolled(school: &School, course: &Course) -> Vec<(String, Option<String>)> {
    let operation = format!(
        "{{ course(id: \"{}\") {{ gradebook {{ nodes {{ dueAt learner {{ fullName }} }} }} }} }}",
        course.id
    );
    let seen = school.write(operation).await;
    let rows = seen["gradebook"]["nodes"].as_array().expect("rows").clone();
    rows.iter()
        .map(|row| (text(&row["learner"]["fullName"]), row["dueAt"].as_str().map(str::to_owned)))
        .collect()
}

fn chairs(due: Option<&str>) -> Vec<(String, Option<String>)> {
    ["Белова Анна Ильинична", "Волков Пётр Ильич"]
        .map(|name| (name.to_owned(), due.map(str::to_owned)))
        .to_vec()
}

async fn written_down(school: &School, act: &str) -> i64 {
    let mut tx = school.server.world.system(&school.tenant).await;
    let count = sqlx::query("SELECT count(*) FROM audit.entry WHERE action = $1").bind(act);
    count.fetch_one(tx.conn()).await.expect("counted").get(0)
}

#[tokio::test]
async fn chairs_are_enrolled_by_the_resolutions_date_once() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    resolve(&school, &course, "2026-12-31").await;
    school.work().await;
    let expected = chairs(Some("2026-12-31T20:59:59+00:00"));
    assert_eq!(enrolled(&school, &course).await, expected);
    // Told again, nothing is done twice: who was withdrawn meanwhile is not taken back.
    let listed = format!("{{ course(id: \"{}\") {{ gradebook {{ nodes {{ id }} }} }} }}", course.id);
    let first = text(&school.write(listed).await["gradebook"]["nodes"][0]["id"]);
    school.write(format!("mutation {{ withdraw(enrolment: \"{first}\") {{ id }} }}")).await;
    again(&school, "events.react").await;
    school.work().await;
    assert_eq!(enrolled(&school, &course).await, expected);
    assert_eq!(school.gradebook(&course.id).await[0].1, "WITHDRAWN");
    assert_eq!(written_down(&school, "learning.enrol_by_resolution").await, 1);
}

#[tokio::test]
async fn a_training_waits_for_a_course_that_is_not_published_yet() {
    let school = School::open().await;
    let course = school.draft("Школа").await;
    let lesson = school.add_lesson(&course.section, "TEXT").await;
    school.update_lesson(&lesson, "text: \"Читайте.\"").await;
    resolve(&school, &course, "2026-12-31").await;
    school.work().await;
    assert!(enrolled(&school, &course).await.is_empty());
    assert_eq!(written_down(&school, "learning.training_waits").await, 1);

    // Who is elected before the course is there is trained too.
    school.import("ФИО;Дата рождения;ППО;Согласие;Выборная должность\nЯшина Ольга Олеговна;01.02.1981;ППО № 1;да;председатель ППО\n").await;
    school.publish(&course.id).await;
    school.work().await;
    let mut expected = chairs(Some("2026-12-31T20:59:59+00:00"));
    expected.push(("Яшина Ольга Олеговна".to_owned(), expected[0].1.clone()));
    assert_eq!(enrolled(&school, &course).await, expected);
    again(&school, "events.react").await;
    school.work().await;
    assert_eq!(enrolled(&school, &course).await, expected);
    assert_eq!(written_down(&school, "learning.enrol_by_resolution").await, 1);
}

#[tokio::test]
async fn a_day_that_passed_before_the_course_was_published_binds_nobody() {
    let school = School::open().await;
    let course = school.draft("Школа").await;
    let lesson = school.add_lesson(&course.section, "TEXT").await;
    school.update_lesson(&lesson, "text: \"Читайте.\"").await;
    resolve(&school, &course, "2026-11-30").await;
    school.work().await;
    school.wait(chrono::TimeDelta::days(30));
    school.publish(&course.id).await;
    school.work().await;
    assert_eq!(enrolled(&school, &course).await, chairs(None));
}

#[tokio::test]
async fn an_archived_course_takes_nobody_and_that_is_written_down() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    resolve(&school, &course, "2026-12-31").await;
    school.write(format!("mutation {{ archiveCourse(course: \"{}\") {{ status }} }}", course.id)).await;
    school.work().await;
    assert_eq!(json!(enrolled(&school, &course).await), json!([]));
    assert_eq!(written_down(&school, "learning.training_not_possible").await, 1);
}
