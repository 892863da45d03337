//! Webinars: who is let in, and who was there.

use chrono::TimeDelta;
use plenum_kernel::TypedId;
use plenum_learning_api::LessonId;
use plenum_meetings::{RoomEvents, RoomToken};
use serde_json::{Value, json};

use crate::school::{Course, Learner, School, code, text};

/// A webinar at ten, an hour from the beginning of the world, for an hour.
async fn webinar() -> (School, Course, Learner) {
    let school = School::open().await;
    let course = school.course("Школа", &["WEBINAR"]).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    (school, course, learner)
}

async fn join(school: &School, learner: &Learner, course: &Course) -> Value {
    let operation =
        format!("mutation {{ joinWebinar(lesson: \"{}\") {{ status token sfuPath }} }}", course.lessons[0]);
    school.done(&learner.viewer, &operation).await
}

fn read(school: &School, admitted: &Value) -> RoomToken {
    let now = school.server.world.db.clock().now().timestamp();
    RoomToken::verify(&text(&admitted["token"]), &[7; 32], now).expect("a token that opens")
}

/// Is in the room for so long.
async fn sit(school: &School, token: &RoomToken, time: TimeDelta) {
    let connection = school.server.attendance.enter(token).await.expect("recorded");
    school.wait(time);
    school.server.attendance.left(token, connection).await;
}

async fn state(school: &School, course: &Course, learner: &Learner) -> String {
    school.states(course, learner).await.remove(0)
}

#[tokio::test]
async fn the_enrolled_and_authors_get_a_token_while_the_room_is_open() {
    let (school, course, learner) = webinar().await;
    let closed = json!({ "status": "NOT_OPEN", "token": null, "sfuPath": null });
    assert_eq!(join(&school, &learner, &course).await, closed);
    school.wait(TimeDelta::minutes(45));
    let admitted = join(&school, &learner, &course).await;
    assert_eq!((&admitted["status"], &admitted["sfuPath"]), (&"OK".into(), &"/sfu".into()));
    let token = read(&school, &admitted);
    assert_eq!(token.scope, school.tenant.id.uuid());
    assert_eq!(LessonId::parse_global(&course.lessons[0]).expect("an id").uuid(), token.room);
    assert_eq!(Some(token.participant), learner.viewer.account().map(TypedId::uuid));
    assert_eq!((token.name.as_str(), token.label.as_str()), ("Орлова Анна Ильинична", "Профсоюз"));
    let now = school.server.world.db.clock().now().timestamp();
    assert_eq!(token.expires_at, now + 120);

    let author =
        school.write(format!("mutation {{ joinWebinar(lesson: \"{}\") {{ status }} }}", course.lessons[0]));
    assert_eq!(author.await["status"], "OK");
    let stranger = school.learner("Седова").await;
    let refused = format!("mutation {{ joinWebinar(lesson: \"{}\") {{ status }} }}", course.lessons[0]);
    assert_eq!(code(&school.ask(&stranger.viewer, &refused).await), "NOT_FOUND");
    school.wait(TimeDelta::minutes(91));
    assert_eq!(join(&school, &learner, &course).await, closed);
}

#[tokio::test]
async fn half_of_a_webinar_does_the_lesson_when_it_is_over() {
    let (school, course, learner) = webinar().await;
    school.wait(TimeDelta::minutes(60));
    let token = read(&school, &join(&school, &learner, &course).await);
    sit(&school, &token, TimeDelta::minutes(20)).await;
    school.wait(TimeDelta::minutes(5));
    join(&school, &learner, &course).await;
    sit(&school, &token, TimeDelta::minutes(10)).await;
    school.work().await;
    // Not before it is over.
    assert_eq!(state(&school, &course, &learner).await, "STARTED");
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "NOT_BY_HAND");
    school.wait(TimeDelta::minutes(25));
    school.work().await;
    assert_eq!(state(&school, &course, &learner).await, "DONE");
    let mine = school.mine(&course, &learner).await;
    assert_eq!(mine["state"], "COMPLETED");
    crate::attempts::again(&school, "learning.count_attendance").await;
    school.work().await;
    assert_eq!(school.mine(&course, &learner).await, mine);
}

#[tokio::test]
async fn less_than_half_two_screens_at_once_or_the_time_before_it_are_not_attendance() {
    let (school, course, learner) = webinar().await;
    school.wait(TimeDelta::minutes(45));
    let token = read(&school, &join(&school, &learner, &course).await);
    // A quarter of an hour before the beginning, then 29 minutes on two screens.
    let first = school.server.attendance.enter(&token).await.expect("recorded");
    school.wait(TimeDelta::minutes(15));
    let second = school.server.attendance.enter(&token).await.expect("recorded");
    school.wait(TimeDelta::minutes(29));
    school.server.attendance.left(&token, first).await;
    school.server.attendance.left(&token, second).await;
    school.wait(TimeDelta::hours(2));
    school.work().await;
    assert_eq!(state(&school, &course, &learner).await, "STARTED");
    // Who was enrolled in time and was not there does not say that they were.
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "NOT_BY_HAND");
    // Who came to the course when it was over could not be there.
    let late = school.learner("Седова").await;
    school.enrol(&course, &late).await;
    assert_eq!(school.read(&late, &course.lessons[0]).await, "OK");
}

#[tokio::test]
async fn a_webinar_that_is_put_off_is_counted_at_its_new_end() {
    let (school, course, learner) = webinar().await;
    school.wait(TimeDelta::minutes(60));
    let token = read(&school, &join(&school, &learner, &course).await);
    // The speaker is ill: the same webinar, tomorrow.
    school.update_lesson(&course.lessons[0], "startsAt: \"2026-11-24T10:00:00Z\"").await;
    school.wait(TimeDelta::minutes(60));
    school.work().await;
    assert_eq!(state(&school, &course, &learner).await, "STARTED");
    school.wait(TimeDelta::hours(23));
    // Still there when the end comes: the connection is open.
    school.server.attendance.enter(&token).await.expect("recorded");
    school.wait(TimeDelta::minutes(60));
    school.work().await;
    assert_eq!(state(&school, &course, &learner).await, "DONE");
}
