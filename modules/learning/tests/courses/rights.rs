//! Who may see and do what.

use plenum_kernel::TypedId;
use serde_json::{Value, json};

use crate::school::{School, code, text};

#[tokio::test]
async fn an_author_sees_learners_without_seeing_the_register() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    let register = school.ask(&school.author, "{ members { nodes { id } } }").await;
    assert_eq!(code(&register), "FORBIDDEN");
    let card = format!("{{ node(id: \"{}\") {{ __typename }} }}", learner.member);
    assert_ne!(school.ask(&school.author, &card).await["data"]["node"]["__typename"], "Member");
    let found = school.write("{ learners(search: \"орл\") { nodes { fullName unit } } }").await;
    assert_eq!(found["nodes"], json!([{ "fullName": "Орлова Анна Ильинична", "unit": "ППО № 1" }]));
    let names = school.gradebook(&course.id).await;
    assert_eq!(names, [("Орлова Анна Ильинична".to_owned(), "ENROLLED".to_owned())]);
}

#[tokio::test]
async fn a_learner_sees_only_what_is_theirs() {
    let school = School::open().await;
    let course = school.course("Школа", &["QUIZ"]).await;
    let draft = school.draft("Черновик").await;
    let (anna, vera) = (school.learner("Орлова").await, school.learner("Седова").await);
    let enrolment = school.enrol(&course, &anna).await;
    school.enrol(&course, &vera).await;
    let attempt = school.take(&anna, &course.lessons[0], "Да").await;
    let certificate = text(&school.mine(&course, &anna).await["certificate"]["id"]);
    for (id, kind) in
        [(&text(&attempt["id"]), "Attempt"), (&enrolment, "Enrolment"), (&certificate, "Certificate")]
    {
        let seen = format!("{{ node(id: \"{id}\") {{ __typename }} }}");
        assert_eq!(school.done(&anna.viewer, &seen).await["__typename"], kind);
        assert_eq!(school.done(&vera.viewer, &seen).await, Value::Null, "{kind}");
    }
    for (id, seen) in
        [(&draft.id, false), (&draft.section, false), (&course.id, true), (&course.section, true)]
    {
        let operation = format!("{{ node(id: \"{id}\") {{ __typename }} }}");
        assert_eq!(!school.done(&vera.viewer, &operation).await.is_null(), seen, "{id}");
    }
    let titles = school
        .done(&vera.viewer, "{ courses(state: [DRAFT, PUBLISHED, ARCHIVED]) { nodes { title } } }")
        .await;
    assert_eq!(titles["nodes"], json!([{ "title": "Школа" }]));
    // Another's attempt is not answered and not handed in.
    let submit = format!("mutation {{ submitAttempt(attempt: \"{}\") {{ status }} }}", text(&attempt["id"]));
    assert_eq!(code(&school.ask(&vera.viewer, &submit).await), "NOT_FOUND");
    let book = format!("{{ course(id: \"{}\") {{ gradebook {{ nodes {{ id }} }} }} }}", course.id);
    assert_eq!(code(&school.ask(&vera.viewer, &book).await), "FORBIDDEN");
    let count = format!("{{ course(id: \"{}\") {{ enrolmentCount missing {{ code }} }} }}", course.id);
    assert_eq!(school.done(&vera.viewer, &count).await, json!({ "enrolmentCount": 0, "missing": [] }));
}

#[tokio::test]
async fn an_author_of_one_unit_is_none_of_the_whole() {
    let school = School::open().await;
    let course = school.course("Школа", &["QUIZ"]).await;
    let learner = school.learner("Орлова").await;
    let enrolment = school.enrol(&course, &learner).await;
    let author = school.server.world.viewer_in(&school.tenant, "course_author", school.tenant.units[1]).await;
    let id = &course.id;
    for operation in [
        "mutation { createCourse(input: { title: \"Моя\" }) { id } }".to_owned(),
        format!("mutation {{ publishCourse(course: \"{id}\") {{ status }} }}"),
        format!("mutation {{ enrol(course: \"{id}\", audience: {{ everyone: true }}) {{ added }} }}"),
        format!("mutation {{ withdraw(enrolment: \"{enrolment}\") {{ id }} }}"),
        format!("{{ course(id: \"{id}\") {{ gradebook {{ nodes {{ id }} }} }} }}"),
        format!("{{ course(id: \"{id}\") {{ gradebookCsv }} }}"),
        "{ learners { nodes { fullName } } }".to_owned(),
        "{ learnerCount(audience: { everyone: true }) }".to_owned(),
    ] {
        assert_eq!(code(&school.ask(&author, &operation).await), "FORBIDDEN", "{operation}");
    }
    let bank = format!(
        "{{ node(id: \"{}\") {{ ... on Lesson {{ quiz {{ questions {{ id }} }} }} }} }}",
        course.lessons[0]
    );
    assert_eq!(school.done(&author, &bank).await["quiz"]["questions"], json!([]));
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let school = School::open().await;
    let course = school.course("Школа", &["QUIZ"]).await;
    let learner = school.learner("Орлова").await;
    let enrolment = school.enrol(&course, &learner).await;
    let attempt = school.take(&learner, &course.lessons[0], "Да").await;
    let certificate = text(&school.mine(&course, &learner).await["certificate"]["id"]);
    let twin = school.tenant.twin();
    let administrator = school.server.world.viewer(twin, "administrator").await;
    let stranger = school.learner_of(twin, "Чужая").await;
    for viewer in [&administrator, &stranger.viewer] {
        for id in
            [&course.id, &course.section, &course.lessons[0], &enrolment, &text(&attempt["id"]), &certificate]
        {
            let seen = school.done(viewer, &format!("{{ node(id: \"{id}\") {{ __typename }} }}")).await;
            assert_eq!(seen, Value::Null, "{id}");
        }
        assert_eq!(school.done(viewer, "{ courses { nodes { id } } }").await["nodes"], json!([]));
    }
    let publish = format!("mutation {{ archiveCourse(course: \"{}\") {{ status }} }}", course.id);
    assert_eq!(code(&school.ask(&administrator, &publish).await), "NOT_FOUND");
    let take = format!("mutation {{ startAttempt(lesson: \"{}\") {{ status }} }}", course.lessons[0]);
    assert_eq!(code(&school.ask(&stranger.viewer, &take).await), "NOT_FOUND");
    // A unit of another organization selects nobody.
    let foreign = twin.units[0].global();
    let counted = school.write(format!("{{ learnerCount(audience: {{ units: [\"{foreign}\"] }}) }}")).await;
    assert_eq!(counted, 0);
}
