//! A session is recorded and not any more, over real HTTP. What comes of pictures and voices is seen in browsers.

use chrono::Days;
use plenum_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::{
    broadcast::session_of,
    support::{PATIENCE, Server, data_dir},
    withdrawal::{Person, Socket, hear},
};

const FIELDS: &str =
    "{ recordingSince canManage recordings { id state progress keptUntil durationSeconds } }";

/// Waits until this is pushed.
async fn until(pushes: &mut Socket, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let found = async {
        loop {
            let heard = hear(pushes).await.expect("open");
            let told = &heard["payload"]["data"]["sessionRecordings"];
            if !told.is_null() && is_wanted(told) {
                return told.clone();
            }
            assert!(heard["payload"]["errors"].is_null(), "{heard}");
        }
    };
    tokio::time::timeout(PATIENCE, found).await.expect("it is pushed")
}

#[tokio::test]
async fn a_recording_is_seen_by_all_kept_and_removed() {
    let start = format!("mutation($id: ID!) {{ startRecording(session: $id) {FIELDS} }}");
    let stop = format!("mutation($id: ID!) {{ stopRecording(session: $id) {FIELDS} }}");
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let chair = Person::sign_in(&server, "chair").await;
    let member = Person::sign_in(&server, "member1").await;
    let session = json!({ "id": session_of(&chair).await });
    let subscription = format!("subscription($id: ID!) {{ sessionRecordings(session: $id) {FIELDS} }}");
    let mut pushes = member.subscribe("federation", &subscription, session.clone()).await;
    until(&mut pushes, |told| told["recordingSince"].is_null() && told["canManage"] == json!(false)).await;
    let room = chair.enter(&chair.join().await).await;

    // Whoever neither presides nor keeps the minutes does not record.
    let refused = member.refusal(&start, session.clone()).await;
    assert_eq!(refused["extensions"]["code"], "FORBIDDEN", "{refused}");
    let started = chair.ask(&start, session.clone()).await["startRecording"].clone();
    assert_eq!((&started["canManage"], &started["recordings"]), (&json!(true), &json!([])));
    let told = until(&mut pushes, |told| !told["recordingSince"].is_null()).await;
    assert_eq!(told["recordingSince"], started["recordingSince"]);
    // Once more changes nothing.
    assert_eq!(chair.ask(&start, session.clone()).await["startRecording"], started);

    let stopped = chair.ask(&stop, session.clone()).await["stopRecording"].clone();
    assert_eq!(stopped["recordings"][0]["state"], "COMPOSING", "{stopped}");
    until(&mut pushes, |told| told["recordingSince"].is_null()).await;
    // Nobody showed anything, so there is no film.
    let told = until(&mut pushes, |told| told["recordings"][0]["state"] == "EMPTY").await;
    let recording = told["recordings"][0]["id"].clone();
    let one = json!({ "id": recording });
    let refused = member.refusal("query($id: ID!) { recordingPath(recording: $id) }", one.clone()).await;
    assert_eq!(refused["extensions"]["reason"], "no_film", "{refused}");

    // It is kept until another day, within reason.
    let keep = format!(
        "mutation($id: ID!, $until: NaiveDate!) {{ keepRecording(recording: $id, until: $until) {FIELDS} }}"
    );
    let today = SystemClock.now().date_naive();
    let day = |days: u64| json!((today + Days::new(days)).to_string());
    let until_day = |until: Value| json!({ "id": recording, "until": until });
    let kept = chair.ask(&keep, until_day(day(30))).await["keepRecording"].clone();
    assert_eq!(kept["recordings"][0]["keptUntil"], day(30));
    let yesterday = json!((today - Days::new(1)).to_string());
    for (until, reason) in [(yesterday, "past"), (day(6 * 365), "too_late")] {
        let refused = chair.refusal(&keep, until_day(until)).await;
        let field = json!([{ "path": "until", "reason": reason }]);
        assert_eq!(refused["extensions"]["fields"], field, "{refused}");
    }
    assert_eq!(member.refusal(&keep, until_day(day(9))).await["extensions"]["code"], "FORBIDDEN");

    let remove = format!("mutation($id: ID!) {{ removeRecording(recording: $id) {FIELDS} }}");
    assert_eq!(member.refusal(&remove, one.clone()).await["extensions"]["code"], "FORBIDDEN");
    let removed = chair.ask(&remove, one.clone()).await["removeRecording"].clone();
    assert_eq!(removed["recordings"][0]["state"], "REMOVED");
    assert_eq!(chair.refusal(&remove, one).await["extensions"]["reason"], "recording_removed");

    let goes_on = chair.ask(&start, session.clone()).await["startRecording"].clone();
    assert_eq!(goes_on["recordings"].as_array().map(Vec::len), Some(1), "{goes_on}");
    drop(room);
    server.stop().await;
}
