//! A course with a quiz, an enrolment, an attempt, a certificate; and one with a webinar and a file.

use guards::server::Server;
use plenum_authz::Viewer;
use serde_json::Value;

/// Writes a course with the canary in every text, enrols all members, and takes it as the viewer, who is one of them.
/// The ids of what was made, without those of the webinar's course.
pub async fn learning(server: &Server, viewer: &Viewer, canary: &str) -> Value {
    let done = |operation: String| async move {
        let answer = server.ask(viewer, &operation).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
    };
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned();
    let course = done(format!(
        "mutation {{ createCourse(input: {{ title: \"{canary}\", summary: \"{canary}\" }}) {{ id }} }}"
    ))
    .await;
    let course = text(&course["id"]);
    let added = done(format!(
        "mutation {{ addSection(course: \"{course}\", title: \"{canary}\") {{ sections {{ id }} }} }}"
    ))
    .await;
    let section = text(&added["sections"][0]["id"]);
    let mut lessons = Vec::new();
    for kind in ["TEXT", "QUIZ"] {
        let lesson = done(format!(
            "mutation {{ addLesson(section: \"{section}\", input: {{ kind: {kind}, title: \"{canary}\" }}) {{ id }} }}"
        ))
        .await;
        lessons.push(text(&lesson["id"]));
    }
    let [reading, quiz] = lessons.as_slice() else { unreachable!("two were added") };
    done(format!(
        "mutation {{ updateLesson(lesson: \"{reading}\", input: {{ text: \"{canary}\" }}) {{ id }} }}"
    ))
    .await;
    let kept = done(format!(
        "mutation {{ saveQuestion(lesson: \"{quiz}\", input: {{ kind: SINGLE, text: \"{canary}\", explanation: \"{canary}\", \
         options: [{{ text: \"{canary}\", right: true }}, {{ text: \"Нет\", right: false }}] }}) {{ quiz {{ questions {{ id }} }} }} }}"
    ))
    .await;
    let question = text(&kept["quiz"]["questions"][0]["id"]);
    let published = done(format!("mutation {{ publishCourse(course: \"{course}\") {{ status }} }}")).await;
    assert_eq!(published["status"], "OK");
    done(format!("mutation {{ inviteToCourse(course: \"{course}\") {{ id }} }}")).await;
    done(format!("mutation {{ enrol(course: \"{course}\", audience: {{ everyone: true }}) {{ added }} }}"))
        .await;
    let read = done(format!("mutation {{ completeLesson(lesson: \"{reading}\") {{ status }} }}")).await;
    assert_eq!(read["status"], "OK");
    let begun = done(format!(
        "mutation {{ startAttempt(lesson: \"{quiz}\") {{ status attempt {{ id questions {{ id options {{ id text }} }} }} }} }}"
    ))
    .await;
    let attempt = text(&begun["attempt"]["id"]);
    let options = begun["attempt"]["questions"][0]["options"].as_array().expect("options").clone();
    let right =
        options.iter().find(|one| one["text"] != "Нет").map(|one| text(&one["id"])).expect("the right one");
    let saved = done(format!(
        "mutation {{ saveAnswer(attempt: \"{attempt}\", question: \"{question}\", answer: {{ chosen: [\"{right}\"] }}) {{ status }} }}"
    ))
    .await;
    assert_eq!(saved["status"], "OK");
    done(format!("mutation {{ submitAttempt(attempt: \"{attempt}\") {{ attempt {{ id }} }} }}")).await;
    let made = done(format!(
        "{{ course(id: \"{course}\") {{ id sections {{ id lessons {{ id quiz {{ questions {{ id }} attempts {{ id }} }} }} }} \
         invitations {{ id }} myEnrolment {{ id state certificate {{ id }} }} }} }}"
    ))
    .await;
    assert_eq!(made["myEnrolment"]["state"], "COMPLETED", "{made}");

    let webinar =
        done(format!("mutation {{ createCourse(input: {{ title: \"{canary}\" }}) {{ id }} }}")).await;
    let course = text(&webinar["id"]);
    let added = done(format!(
        "mutation {{ addSection(course: \"{course}\", title: \"{canary}\") {{ sections {{ id }} }} }}"
    ))
    .await;
    let section = text(&added["sections"][0]["id"]);
    let starts_at = server.world.db.clock().now().to_rfc3339();
    let file = super::keep(server, viewer, &format!("{canary}.txt"), "text/plain", canary).await;
    for (kind, content) in [
        ("WEBINAR", format!("startsAt: \"{starts_at}\", durationMinutes: 60")),
        ("FILE", format!("file: \"{file}\"")),
    ] {
        let lesson = done(format!(
            "mutation {{ addLesson(section: \"{section}\", input: {{ kind: {kind}, title: \"{canary}\" }}) {{ id }} }}"
        ))
        .await;
        let lesson = text(&lesson["id"]);
        done(format!("mutation {{ updateLesson(lesson: \"{lesson}\", input: {{ {content} }}) {{ id }} }}"))
            .await;
    }
    let published = done(format!("mutation {{ publishCourse(course: \"{course}\") {{ status }} }}")).await;
    assert_eq!(published["status"], "OK");
    done(format!("mutation {{ enrol(course: \"{course}\", audience: {{ everyone: true }}) {{ added }} }}"))
        .await;
    made
}
