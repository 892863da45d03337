//! Members are enrolled by others, enrol themselves, and are withdrawn.

use plenum_kernel::TypedId;
use serde_json::{Value, json};

use crate::school::{Course, School, code, fault, reason, text};

const REGISTER: &str = "ФИО;Дата рождения;ППО;Согласие;Выборная должность
Белова Анна Ильинична;01.02.1980;ППО № 1;да;председатель ППО
Волков Пётр Ильич;24.11.1986;ППО № 2;да;председатель ППО
Гусева Ольга Петровна;23.11.1986;ППО № 2;да;казначей
Дёмин Олег Петрович;23.10.1986;ППО № 1;да;
";

async fn enrol(school: &School, course: &Course, audience: &str) -> Value {
    let operation = format!(
        "mutation {{ enrol(course: \"{}\", audience: {{ {audience} }}) {{ added already course {{ enrolmentCount }} }} }}",
        course.id
    );
    school.ask(&school.author, &operation).await
}

fn counts(answer: &Value) -> (i64, i64) {
    let payload = &answer["data"]["enrol"];
    let number = |field: &str| payload[field].as_i64().unwrap_or_else(|| panic!("no count: {answer}"));
    (number("added"), number("already"))
}

#[tokio::test]
async fn people_units_and_offices_are_enrolled_each_member_once() {
    let school = School::open().await;
    school.import(REGISTER).await;
    let course = school.course("Школа", &["TEXT"]).await;
    let found = school.write("{ learners(search: \"демин\") { nodes { id fullName unit } } }").await;
    assert_eq!(found["nodes"][0]["fullName"], "Дёмин Олег Петрович");
    assert_eq!(found["nodes"][0]["unit"], "ППО № 1");
    let oleg = text(&found["nodes"][0]["id"]);

    let chairs = "offices: [CHAIR], ofPrimaries: true";
    let counted = school.write(&format!("{{ learnerCount(audience: {{ {chairs} }}) }}")).await;
    assert_eq!(counted, 2);
    assert_eq!(counts(&enrol(&school, &course, chairs).await), (2, 0));
    let names: Vec<String> = school.gradebook(&course.id).await.into_iter().map(|row| row.0).collect();
    assert_eq!(names, ["Белова Анна Ильинична", "Волков Пётр Ильич"]);

    // A unit with one member by name, who is of another unit.
    let second = school.tenant.units[1].global();
    let mixed = format!("units: [\"{second}\"], members: [\"{oleg}\"]");
    assert_eq!(school.write(&format!("{{ learnerCount(audience: {{ {mixed} }}) }}")).await, 3);
    assert_eq!(counts(&enrol(&school, &course, &mixed).await), (2, 1));
    // Repeated, nobody stands twice.
    for audience in [chairs, "everyone: true"] {
        assert_eq!(counts(&enrol(&school, &course, audience).await).0, 0, "{audience}");
    }
    let all = enrol(&school, &course, "everyone: true").await;
    assert_eq!(all["data"]["enrol"]["course"]["enrolmentCount"], 4);
    let told = format!("{{ course(id: \"{}\") {{ gradebookCsv }} }}", course.id);
    let table = text(&school.write(&told).await["gradebookCsv"]);
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.contains("\"Дёмин Олег Петрович\";enrolled;0;1;"), "{table}");
}

#[tokio::test]
async fn an_enrolment_that_cannot_be_is_refused() {
    let school = School::open().await;
    let learner = school.learner("Орлова").await;
    let draft = school.draft("Черновик").await;
    let by_name = format!("members: [\"{}\"]", learner.member);
    assert_eq!(reason(&enrol(&school, &draft, &by_name).await), "not_published");
    let course = school.course("Школа", &["TEXT"]).await;
    assert_eq!(fault(&enrol(&school, &course, "").await), ("audience".into(), "empty".into()));
    let late = format!(
        "mutation {{ enrol(course: \"{}\", audience: {{ {by_name} }}, dueAt: \"2026-11-23T09:00:00Z\") {{ added }} }}",
        course.id
    );
    assert_eq!(fault(&school.ask(&school.author, &late).await), ("dueAt".into(), "in_the_past".into()));
    let nobody = school.learner_of(school.tenant.twin(), "Чужая").await;
    let stranger = format!("members: [\"{}\"]", nobody.member);
    assert_eq!(counts(&enrol(&school, &course, &stranger).await), (0, 0));
    assert!(school.mine(&course, &learner).await.is_null());
}

#[tokio::test]
async fn a_learner_has_the_courses_term_or_the_authors_date() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    school
        .write(&format!(
            "mutation {{ updateCourse(course: \"{}\", input: {{ defaultDays: 14 }}) {{ id }} }}",
            course.id
        ))
        .await;
    let (anna, vera) = (school.learner("Орлова").await, school.learner("Седова").await);
    school.enrol(&course, &anna).await;
    let dated = format!(
        "mutation {{ enrol(course: \"{}\", audience: {{ members: [\"{}\"] }}, dueAt: \"2026-12-31T20:59:59Z\") {{ added }} }}",
        course.id, vera.member
    );
    school.write(&dated).await;
    assert_eq!(school.mine(&course, &anna).await["dueAt"], "2026-12-07T09:00:00+00:00");
    assert_eq!(school.mine(&course, &vera).await["dueAt"], "2026-12-31T20:59:59+00:00");
}

#[tokio::test]
async fn members_enrol_themselves_where_the_author_lets_them() {
    let school = School::open().await;
    let learner = school.learner("Орлова").await;
    let course = school.course("Школа", &["TEXT"]).await;
    let operation = format!("mutation {{ enrolSelf(course: \"{}\") {{ id state }} }}", course.id);
    assert_eq!(reason(&school.ask(&learner.viewer, &operation).await), "not_open");
    let able = format!("{{ course(id: \"{}\") {{ viewerCan {{ edit enrol enrolSelf }} }} }}", course.id);
    let can = school.done(&learner.viewer, &able).await;
    assert_eq!(can["viewerCan"], json!({ "edit": false, "enrol": false, "enrolSelf": false }));

    let open = format!(
        "mutation {{ updateCourse(course: \"{}\", input: {{ selfEnrol: true }}) {{ id }} }}",
        course.id
    );
    school.write(&open).await;
    assert_eq!(school.done(&learner.viewer, &able).await["viewerCan"]["enrolSelf"], true);
    let first = school.done(&learner.viewer, &operation).await;
    assert_eq!(first["state"], "ENROLLED");
    assert_eq!(school.done(&learner.viewer, &operation).await, first);
    assert_eq!(school.gradebook(&course.id).await.len(), 1);
    // Who has no record in the register is told so.
    assert_eq!(reason(&school.ask(&school.author, &operation).await), "not_a_member");

    let archive = format!("mutation {{ archiveCourse(course: \"{}\") {{ status }} }}", course.id);
    school.write(&archive).await;
    let late = school.learner("Седова").await;
    // An archived course is not there for those who do not learn in it.
    let refused = school.ask(&late.viewer, &operation).await;
    assert_eq!(code(&refused), "CONFLICT");
    // Who has begun goes on.
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "OK");
    assert_eq!(school.mine(&course, &learner).await["state"], "COMPLETED");
}

#[tokio::test]
async fn who_is_withdrawn_is_out_and_may_come_back_with_what_was_done() {
    let school = School::open().await;
    let learner = school.learner("Орлова").await;
    let course = school.course("Школа", &["TEXT", "TEXT"]).await;
    let enrolment = school.enrol(&course, &learner).await;
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "OK");
    let withdraw = format!("mutation {{ withdraw(enrolment: \"{enrolment}\") {{ state }} }}");
    for _ in 0..2 {
        assert_eq!(school.write(&withdraw).await["state"], "WITHDRAWN");
    }
    assert!(school.mine(&course, &learner).await.is_null());
    let mine = school.done(&learner.viewer, "{ myEnrolments { nodes { id } } }").await;
    assert_eq!(mine["nodes"], json!([]));
    let on = format!("mutation {{ completeLesson(lesson: \"{}\") {{ status }} }}", course.lessons[1]);
    assert_eq!(code(&school.ask(&learner.viewer, &on).await), "NOT_FOUND");

    assert_eq!(school.enrol(&course, &learner).await, enrolment);
    let back = school.mine(&course, &learner).await;
    assert_eq!((&back["state"], &back["done"]), (&"IN_PROGRESS".into(), &1.into()));
    assert_eq!(school.read(&learner, &course.lessons[1]).await, "OK");
    // What is completed stays.
    assert_eq!(reason(&school.ask(&school.author, &withdraw).await), "completed");
}
