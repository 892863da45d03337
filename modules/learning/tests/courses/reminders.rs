//! Learners are told of an enrolment, and reminded of the due date.

use chrono::TimeDelta;

use crate::school::{Course, Learner, School, text};

/// Enrols with a due date: the evening of 3 December in Moscow.
async fn enrol(school: &School, course: &Course, learner: &Learner, due: &str) {
    school
        .write(format!(
            "mutation {{ enrol(course: \"{}\", audience: {{ members: [\"{}\"] }}, dueAt: \"{due}\") {{ added }} }}",
            course.id, learner.member
        ))
        .await;
}

const DUE: &str = "2026-12-03T20:59:59Z";

/// The subjects of the letters so far that begin so.
async fn subjects(school: &School, beginning: &str) -> Vec<String> {
    school.work().await;
    let all = school.server.outbox.list(100, None).await.expect("the letters");
    all.into_iter().map(|letter| letter.subject).filter(|subject| subject.starts_with(beginning)).collect()
}

/// The reminders so far.
async fn letters(school: &School) -> Vec<String> {
    subjects(school, "Напоминание").await
}

#[tokio::test]
async fn who_is_enrolled_by_others_is_told_so_once() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let (learner, out) = (school.learner("Орлова").await, school.learner("Седова").await);
    enrol(&school, &course, &learner, DUE).await;
    enrol(&school, &course, &learner, DUE).await;
    // Taken off the course before the letter was written.
    enrol(&school, &course, &out, DUE).await;
    let enrolment = text(&school.mine(&course, &out).await["id"]);
    school.write(format!("mutation {{ withdraw(enrolment: \"{enrolment}\") {{ id }} }}")).await;
    let told = "Вас записали на курс «Школа»";
    assert_eq!(subjects(&school, "Вас записали").await, [told]);
    crate::attempts::again(&school, "learning.announce").await;
    assert_eq!(subjects(&school, "Вас записали").await, [told]);
    let newest = school.server.outbox.list(1, None).await.expect("the letters").remove(0);
    let letter = school.server.outbox.read(&newest.id).await.expect("read").expect("is there");
    assert!(letter.text.contains("03.12.2026, 23:59"), "{}", letter.text);
}

#[tokio::test]
async fn a_learner_is_reminded_three_days_before_and_on_the_day_once_each() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    enrol(&school, &course, &learner, DUE).await;
    // Enrolled again, nobody is reminded twice.
    enrol(&school, &course, &learner, DUE).await;
    school.wait(TimeDelta::days(7));
    assert!(letters(&school).await.is_empty());
    school.wait(TimeDelta::hours(12));
    let subject = "Напоминание: курс «Школа» нужно пройти до 03.12.2026, 23:59";
    assert_eq!(letters(&school).await, [subject]);
    crate::attempts::again(&school, "learning.remind").await;
    school.wait(TimeDelta::days(2));
    assert_eq!(letters(&school).await.len(), 1);
    school.wait(TimeDelta::hours(9));
    assert_eq!(letters(&school).await, [subject, subject]);
    crate::attempts::again(&school, "learning.remind").await;
    school.wait(TimeDelta::days(30));
    assert_eq!(letters(&school).await.len(), 2);

    let newest = school.server.outbox.list(1, None).await.expect("the letters").remove(0);
    let letter = school.server.outbox.read(&newest.id).await.expect("read").expect("is there");
    assert!(letter.summary.to.contains("@example.org"), "{}", letter.summary.to);
    assert!(letter.text.contains("Здравствуйте, Анна Ильинична!"), "{}", letter.text);
    let address = format!("http://127.0.0.1:1/learning/{}", text(&course.id.clone().into()));
    assert!(letter.html.expect("html").contains("/learning/"), "{address}");
}

#[tokio::test]
async fn who_is_done_withdrawn_or_enrolled_too_late_for_it_is_not_reminded() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let (done, out, late) =
        (school.learner("Орлова").await, school.learner("Седова").await, school.learner("Белова").await);
    enrol(&school, &course, &done, DUE).await;
    enrol(&school, &course, &out, DUE).await;
    school.read(&done, &course.lessons[0]).await;
    let enrolment = text(&school.mine(&course, &out).await["id"]);
    school.write(format!("mutation {{ withdraw(enrolment: \"{enrolment}\") {{ id }} }}")).await;
    // Two days before the due date there is no third: only the day itself.
    enrol(&school, &course, &late, "2026-11-25T09:00:00Z").await;
    assert!(letters(&school).await.is_empty());
    school.wait(TimeDelta::days(30));
    assert_eq!(letters(&school).await, ["Напоминание: курс «Школа» нужно пройти до 25.11.2026, 12:00"]);
}

#[tokio::test]
async fn a_new_due_date_has_reminders_of_its_own() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    enrol(&school, &course, &learner, DUE).await;
    let enrolment = text(&school.mine(&course, &learner).await["id"]);
    school.write(format!("mutation {{ withdraw(enrolment: \"{enrolment}\") {{ id }} }}")).await;
    enrol(&school, &course, &learner, "2026-12-20T20:59:59Z").await;
    school.wait(TimeDelta::days(14));
    assert!(letters(&school).await.is_empty());
    school.wait(TimeDelta::days(20));
    let subject = "Напоминание: курс «Школа» нужно пройти до 20.12.2026, 23:59";
    assert_eq!(letters(&school).await, [subject, subject]);
}
