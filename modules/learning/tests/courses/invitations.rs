//! Members follow a link into a course.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::school::{Course, Learner, School, fault, reason, text};

async fn invite(school: &School, course: &Course, days: &str) -> Value {
    let operation = format!(
        "mutation {{ inviteToCourse(course: \"{}\"{days}) {{ id url expiresAt closed uses }} }}",
        course.id
    );
    school.ask(&school.author, &operation).await
}

async fn follow(school: &School, learner: &Learner, url: &str) -> Value {
    let token = url.rsplit('/').next().expect("a token");
    let operation = format!(
        "mutation {{ acceptCourseInvitation(token: \"{token}\") {{ id state course {{ title }} }} }}"
    );
    school.done(&learner.viewer, &operation).await
}

#[tokio::test]
async fn a_link_enrols_the_members_who_follow_it_each_once() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let link = invite(&school, &course, "").await["data"]["inviteToCourse"].clone();
    let url = text(&link["url"]);
    assert!(url.starts_with("http://127.0.0.1:1/learning/join/"), "{url}");
    assert_eq!(
        (&link["expiresAt"], &link["closed"], &link["uses"]),
        (&Value::Null, &false.into(), &0.into())
    );
    let (anna, vera) = (school.learner("Орлова").await, school.learner("Седова").await);
    let first = follow(&school, &anna, &url).await;
    assert_eq!((&first["state"], &first["course"]["title"]), (&"ENROLLED".into(), &"Школа".into()));
    assert_eq!(follow(&school, &anna, &url).await, first);
    follow(&school, &vera, &url).await;
    let seen =
        school.write(&format!("{{ course(id: \"{}\") {{ invitations {{ uses }} }} }}", course.id)).await;
    assert_eq!(seen["invitations"], json!([{ "uses": 2 }]));
    let outsider = format!(
        "mutation {{ acceptCourseInvitation(token: \"{}\") {{ id }} }}",
        url.rsplit('/').next().expect("a token")
    );
    assert_eq!(reason(&school.ask(&school.author, &outsider).await), "not_a_member");
    // Learners see no links.
    let hidden = format!("{{ course(id: \"{}\") {{ invitations {{ url }} }} }}", course.id);
    assert_eq!(school.done(&anna.viewer, &hidden).await["invitations"], json!([]));
}

#[tokio::test]
async fn a_link_that_is_closed_out_of_date_or_unknown_enrols_nobody() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT"]).await;
    let learner = school.learner("Орлова").await;
    assert_eq!(fault(&invite(&school, &course, ", days: 0").await), ("days".into(), "out_of_range".into()));
    let closing = invite(&school, &course, "").await["data"]["inviteToCourse"].clone();
    let expiring = invite(&school, &course, ", days: 3").await["data"]["inviteToCourse"].clone();
    assert_eq!(expiring["expiresAt"], "2026-11-26T09:00:00+00:00");

    let close = format!(
        "mutation {{ closeCourseInvitation(invitation: \"{}\") {{ invitations {{ id }} }} }}",
        text(&closing["id"])
    );
    for _ in 0..2 {
        assert_eq!(school.write(&close).await["invitations"], json!([{ "id": expiring["id"] }]));
    }
    school.wait(TimeDelta::days(3));
    for url in [text(&closing["url"]), text(&expiring["url"]), "unknown".to_owned()] {
        assert_eq!(follow(&school, &learner, &url).await, Value::Null, "{url}");
    }
    assert!(school.gradebook(&course.id).await.is_empty());

    // A course that is archived takes nobody more, whatever its links say.
    let open = text(&invite(&school, &course, "").await["data"]["inviteToCourse"]["url"]);
    school.write(&format!("mutation {{ archiveCourse(course: \"{}\") {{ status }} }}", course.id)).await;
    assert_eq!(follow(&school, &learner, &open).await, Value::Null);
    assert_eq!(reason(&invite(&school, &course, "").await), "not_published");
}
