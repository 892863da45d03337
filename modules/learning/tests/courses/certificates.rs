//! Certificates: numbered, printed, checked by anybody, revoked.

use std::{io::Write, process::Command};

use async_graphql::Request;
use serde_json::{Value, json};
use sqlx::Row;

use crate::school::{Learner, School, code, fault, reason, text};

/// The check as anybody does it, without a session.
async fn check(school: &School, token: &str) -> Value {
    let operation = format!(
        "{{ certificateCheck(token: \"{token}\") {{ number issuedOn courseTitle holder organization revoked }} }}"
    );
    let request = Request::new(operation).data(school.server.world.scope(None));
    let answer = serde_json::to_value(school.server.schema.execute(request).await).expect("plain data");
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["certificateCheck"].clone()
}

#[tokio::test]
async fn twenty_at_once_get_numbers_without_a_gap() {
    const SURNAMES: [&str; 20] = [
        "Абрамова",
        "Баранова",
        "Васильева",
        "Герасимова",
        "Давыдова",
        "Ефимова",
        "Журавлёва",
        "Захарова",
        "Игнатова",
        "Калинина",
        "Ларионова",
        "Макарова",
        "Назарова",
        "Осипова",
        "Панфилова",
        "Рябова",
        "Савельева",
        "Тарасова",
        "Устинова",
        "Фомина",
    ];
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let mut learners: Vec<Learner> = Vec::new();
    for surname in SURNAMES {
        learners.push(school.learner(surname).await);
    }
    school
        .write(format!(
            "mutation {{ enrol(course: \"{}\", audience: {{ everyone: true }}) {{ added }} }}",
            course.id
        ))
        .await;
    let lesson = &course.lessons[0];
    // Everybody twice: a second click is no second certificate.
    let reading = learners.iter().chain(&learners).map(|learner| school.read(learner, lesson));
    let outcomes = futures_util::future::join_all(reading).await;
    assert!(outcomes.iter().all(|outcome| outcome == "OK"), "{outcomes:?}");
    let mut numbers = Vec::new();
    for learner in &learners {
        let mine = school.mine(&course, learner).await;
        numbers.push(text(&mine["certificate"]["number"]));
    }
    numbers.sort();
    let expected: Vec<String> = (1..=20).map(|number| format!("2026-{number:06}")).collect();
    assert_eq!(numbers, expected);

    // The next year begins anew.
    school.wait(chrono::TimeDelta::days(60));
    let late = school.learner("Яковлева").await;
    school.enrol(&course, &late).await;
    school.read(&late, lesson).await;
    assert_eq!(school.mine(&course, &late).await["certificate"]["number"], "2027-000001");
}

#[tokio::test]
async fn a_certificate_is_printed_once_with_name_course_and_number() {
    let school = School::open().await;
    let course = school.course("Школа профсоюзного актива", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    school.read(&learner, &course.lessons[0]).await;
    assert!(school.mine(&course, &learner).await["certificate"]["file"].is_null());
    school.work().await;
    let mine = school.mine(&course, &learner).await["certificate"].clone();
    assert_eq!(mine["file"]["name"], "Сертификат № 2026-000001.pdf");
    assert_eq!((&mine["issuedOn"], &mine["revoked"]), (&"2026-11-23".into(), &false.into()));
    crate::attempts::again(&school, "learning.print_certificate").await;
    school.work().await;

    let mut tx = school.server.world.system(&school.tenant).await;
    let kept =
        sqlx::query("SELECT file_id FROM learning.certificate").fetch_all(tx.conn()).await.expect("read");
    let file: uuid::Uuid = kept[0].get(0);
    let all: i64 = sqlx::query("SELECT count(*) FROM files.file WHERE content_type = 'application/pdf'")
        .fetch_one(tx.conn())
        .await
        .expect("counted")
        .get(0);
    assert_eq!(all, 1, "a repeated job printed another");
    let (_, bytes) = school.server.world.files.fetch(&mut tx, file.into()).await.expect("the file is there");
    let mut pdf = tempfile::NamedTempFile::new().expect("a file");
    pdf.write_all(&bytes).expect("written");
    let read = Command::new("pdftotext").arg(pdf.path()).arg("-").output().expect("pdftotext runs");
    let words =
        String::from_utf8(read.stdout).expect("text").split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in ["Орлова Анна Ильинична", "Школа профсоюзного актива", "2026-000001", "Профсоюз"]
    {
        assert!(words.contains(expected), "«{expected}» is not in: {words}");
    }
}

#[tokio::test]
async fn anybody_checks_a_certificate_by_its_code_and_learns_no_more_than_it_says() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    school.read(&learner, &course.lessons[0]).await;
    let mine = school.mine(&course, &learner).await["certificate"].clone();
    let token = text(&mine["token"]);
    assert_eq!(mine["verifyUrl"], format!("http://127.0.0.1:1/certificates/{token}"));
    let valid = json!({ "number": "2026-000001", "issuedOn": "2026-11-23", "courseTitle": "Школа",
        "holder": "Орлова Анна Ильинична", "organization": "Профсоюз", "revoked": false });
    assert_eq!(check(&school, &token).await, valid);
    // A certificate stays as it was issued.
    school
        .write(format!(
            "mutation {{ updateCourse(course: \"{}\", input: {{ title: \"Иное\" }}) {{ id }} }}",
            course.id
        ))
        .await;
    assert_eq!(check(&school, &token).await, valid);
    let (_, secret) = token.split_once('.').expect("two parts");
    let unknown = [
        secret.to_owned(),
        format!("alpha.{secret}x"),
        format!("other-alpha.{secret}"),
        format!("nobody.{secret}"),
        "alpha.".to_owned(),
        String::new(),
        "a.".repeat(500),
    ];
    for wrong in unknown {
        assert_eq!(check(&school, &wrong).await, Value::Null, "{wrong}");
    }

    let revoke = |reason: &str| {
        let id = text(&mine["id"]);
        format!(
            "mutation {{ revokeCertificate(certificate: \"{id}\", reason: \"{reason}\") {{ revoked revokeReason }} }}"
        )
    };
    assert_eq!(code(&school.ask(&learner.viewer, &revoke("Зря")).await), "FORBIDDEN");
    assert_eq!(fault(&school.ask(&school.author, &revoke(" ")).await), ("reason".into(), "empty".into()));
    let revoked = school.write(revoke("Выдан по ошибке")).await;
    assert_eq!(revoked, json!({ "revoked": true, "revokeReason": "Выдан по ошибке" }));
    assert_eq!(reason(&school.ask(&school.author, &revoke("Ещё раз")).await), "revoked");
    let checked = check(&school, &token).await;
    assert_eq!((&checked["revoked"], &checked["number"]), (&true.into(), &"2026-000001".into()));
    // Its number stays taken.
    let next = school.learner("Седова").await;
    school.enrol(&course, &next).await;
    school.read(&next, &course.lessons[0]).await;
    assert_eq!(school.mine(&course, &next).await["certificate"]["number"], "2026-000002");
}

#[tokio::test]
async fn a_course_without_certificates_issues_none() {
    let school = School::open().await;
    let course = school.course("Беседа", &["TEXT"]).await;
    school
        .write(format!(
            "mutation {{ updateCourse(course: \"{}\", input: {{ certificate: false }}) {{ id }} }}",
            course.id
        ))
        .await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    school.read(&learner, &course.lessons[0]).await;
    let mine = school.mine(&course, &learner).await;
    assert_eq!((&mine["state"], &mine["certificate"]), (&"COMPLETED".into(), &Value::Null));
}
