//! Attempts: how many, how long, and on which paper.

use chrono::TimeDelta;
use serde_json::Value;
use sqlx::Row;

use crate::school::{Course, Learner, School, code, option, reason, text};

async fn quiz(school: &School, rules: &str) -> (Course, Learner, String) {
    let course = school.course("Школа", &["QUIZ"]).await;
    school
        .rules(&course.lessons[0], &format!("passPercent: 100, feedback: VERDICTS, shuffle: true, {rules}"))
        .await;
    let learner = school.learner("Орлова").await;
    let enrolment = school.enrol(&course, &learner).await;
    (course, learner, enrolment)
}

async fn say(school: &School, learner: &Learner, attempt: &Value, says: &str) -> Value {
    let option = option(&attempt["questions"][0], says);
    let saved = school.answer(learner, attempt, 0, &format!("chosen: [\"{option}\"]")).await;
    saved["data"]["saveAnswer"].clone()
}

#[tokio::test]
async fn attempts_run_out_and_one_more_is_granted() {
    let school = School::open().await;
    let (course, learner, enrolment) = quiz(&school, "maxAttempts: 2").await;
    let lesson = &course.lessons[0];
    let grant =
        format!("mutation {{ grantAttempt(enrolment: \"{enrolment}\", lesson: \"{lesson}\") {{ id }} }}");
    assert_eq!(reason(&school.ask(&school.author, &grant).await), "not_started");
    for _ in 0..2 {
        assert_eq!(school.take(&learner, lesson, "Нет").await["passed"], false);
    }
    let refused = school.start(&learner, lesson).await;
    assert_eq!((&refused["status"], &refused["attempt"]), (&"NO_ATTEMPTS_LEFT".into(), &Value::Null));
    assert_eq!(code(&school.ask(&learner.viewer, &grant).await), "FORBIDDEN");
    school.write(&grant).await;
    assert_eq!(school.take(&learner, lesson, "Да").await["passed"], true);
    assert_eq!(school.start(&learner, lesson).await["status"], "NO_ATTEMPTS_LEFT");
    assert_eq!(school.mine(&course, &learner).await["state"], "COMPLETED");
}

#[tokio::test]
async fn an_open_attempt_is_found_again_with_its_answers() {
    let school = School::open().await;
    let (course, learner, _) = quiz(&school, "maxAttempts: 1").await;
    let first = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    assert_eq!((&first["expiresAt"], &first["secondsLeft"]), (&Value::Null, &Value::Null));
    say(&school, &learner, &first, "Да").await;
    let again = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    assert_eq!((&again["id"], &again["answeredCount"]), (&first["id"], &1.into()));
    assert_eq!(again["questions"][0]["answer"]["chosen"][0], option(&first["questions"][0], "Да"));
}

#[tokio::test]
async fn an_answer_after_the_time_limit_does_not_count_and_the_learner_was_told() {
    let school = School::open().await;
    let (course, learner, _) = quiz(&school, "timeLimitMinutes: 10").await;
    let begun = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    assert_eq!(begun["expiresAt"], "2026-11-23T09:10:00+00:00");
    assert_eq!(begun["secondsLeft"], 600);
    school.wait(TimeDelta::minutes(10));
    // The last moment is in time.
    assert_eq!(say(&school, &learner, &begun, "Нет").await["status"], "OK");
    school.wait(TimeDelta::seconds(1));
    let late = say(&school, &learner, &begun, "Да").await;
    assert_eq!((&late["status"], &late["attempt"]["state"]), (&"TIME_OVER".into(), &"EXPIRED".into()));
    let ended = school.see_attempt(&learner, &begun).await;
    assert_eq!((&ended["percent"], &ended["passed"]), (&0.into(), &false.into()));
    assert_eq!(ended["submittedAt"], begun["expiresAt"]);
    assert_eq!(ended["secondsLeft"], 0);
    assert_eq!(ended["questions"][0]["answer"]["chosen"][0], option(&begun["questions"][0], "Нет"));
    assert_eq!(say(&school, &learner, &begun, "Да").await["status"], "TIME_OVER");
    assert_eq!(school.submit(&learner, &begun).await, ended);
    // A new attempt has a time of its own.
    let next = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    assert_eq!((&next["number"], &next["secondsLeft"]), (&2.into(), &600.into()));
}

#[tokio::test]
async fn an_attempt_whose_learner_does_not_come_back_is_graded_at_its_deadline() {
    let school = School::open().await;
    let (course, learner, _) = quiz(&school, "timeLimitMinutes: 10").await;
    let begun = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    say(&school, &learner, &begun, "Да").await;
    school.wait(TimeDelta::minutes(10));
    school.work().await;
    assert_eq!(school.see_attempt(&learner, &begun).await["state"], "OPEN");
    school.wait(TimeDelta::seconds(1));
    for _ in 0..2 {
        school.work().await;
        let ended = school.see_attempt(&learner, &begun).await;
        assert_eq!((&ended["state"], &ended["percent"]), (&"EXPIRED".into(), &100.into()));
        assert_eq!(ended["submittedAt"], begun["expiresAt"]);
        again(&school, "learning.expire_attempt").await;
    }
    // Which passes the quiz, and the course with it.
    let mine = school.mine(&course, &learner).await;
    assert_eq!(mine["state"], "COMPLETED");
    assert!(mine["certificate"]["number"].is_string(), "{mine}");
}

/// Makes the jobs of a kind due again, as after a crash at the wrong moment.
pub async fn again(school: &School, kind: &str) {
    let mut tx = school.server.world.system(&school.tenant).await;
    let done = sqlx::query("UPDATE jobs.job SET state = 'due', finished_at = NULL WHERE kind = $1")
        .bind(kind)
        .execute(tx.conn())
        .await
        .expect("due again");
    assert!(done.rows_affected() > 0, "no job of kind {kind}");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn an_attempt_handed_in_at_once_is_not_touched_by_its_deadline() {
    let school = School::open().await;
    let (course, learner, _) = quiz(&school, "timeLimitMinutes: 10").await;
    let graded = school.take(&learner, &course.lessons[0], "Да").await;
    assert_eq!(graded["state"], "SUBMITTED");
    school.wait(TimeDelta::minutes(11));
    school.work().await;
    assert_eq!(school.see_attempt(&learner, &graded).await, graded);
    let mut tx = school.server.world.system(&school.tenant).await;
    let failed = sqlx::query("SELECT count(*) FROM jobs.job WHERE state = 'failed'");
    let failed: i64 = failed.fetch_one(tx.conn()).await.expect("counted").get(0);
    assert_eq!(failed, 0);
}

#[tokio::test]
async fn a_change_of_the_quiz_does_not_touch_an_attempt_that_runs() {
    let school = School::open().await;
    let (course, learner, _) = quiz(&school, "timeLimitMinutes: 10").await;
    let lesson = &course.lessons[0];
    let begun = school.start(&learner, lesson).await["attempt"].clone();
    let bank = school
        .write(&format!(
            "{{ node(id: \"{lesson}\") {{ ... on Lesson {{ quiz {{ questions {{ id }} }} }} }} }}"
        ))
        .await;
    let question = text(&bank["quiz"]["questions"][0]["id"]);
    school
        .write(&format!(
            "mutation {{ saveQuestion(lesson: \"{lesson}\", question: \"{question}\", input: {{ kind: SINGLE, text: \"Наоборот?\", \
             options: [{{ text: \"Да\", right: false }}, {{ text: \"Нет\", right: true }}] }}) {{ id }} }}"
        ))
        .await;
    school.question(lesson, "kind: SHORT_TEXT, text: \"Ещё?\", points: 5, spellings: [\"нет\"]").await;
    school.rules(lesson, "passPercent: 50, feedback: SCORE_ONLY, shuffle: false, timeLimitMinutes: 1").await;
    school.wait(TimeDelta::minutes(5));
    let seen = school.see_attempt(&learner, &begun).await;
    assert_eq!(seen["questions"], begun["questions"]);
    assert_eq!((&seen["passPercent"], &seen["expiresAt"]), (&100.into(), &begun["expiresAt"]));
    assert_eq!(say(&school, &learner, &begun, "Да").await["status"], "OK");
    let graded = school.submit(&learner, &begun).await;
    assert_eq!((&graded["percent"], &graded["questions"][0]["verdict"]), (&100.into(), &"RIGHT".into()));
    // The next attempt is on the new paper.
    let next = school.start(&learner, lesson).await["attempt"].clone();
    assert_eq!((&next["pointsTotal"], &next["secondsLeft"]), (&6.into(), &60.into()));
}
