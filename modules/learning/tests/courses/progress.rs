//! How a learner gets through a course.

use chrono::TimeDelta;
use serde_json::Value;

use crate::school::{Course, Learner, School, code, fault, reason, text};

async fn started(kinds: &[&str]) -> (School, Course, Learner) {
    let school = School::open().await;
    let course = school.course("Школа", kinds).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    (school, course, learner)
}

#[tokio::test]
async fn lessons_of_a_sequential_course_open_one_after_another() {
    let (school, course, learner) = started(&["TEXT", "QUIZ", "TEXT"]).await;
    assert_eq!(school.states(&course, &learner).await, ["OPEN", "LOCKED", "LOCKED"]);
    assert_eq!(school.start(&learner, &course.lessons[1]).await["status"], "LOCKED");
    assert_eq!(school.read(&learner, &course.lessons[2]).await, "LOCKED");
    let closed = format!("{{ node(id: \"{}\") {{ ... on Lesson {{ title text }} }} }}", course.lessons[2]);
    let seen = school.done(&learner.viewer, &closed).await;
    assert_eq!((&seen["title"], &seen["text"]), (&"Урок TEXT".into(), &Value::Null));

    for _ in 0..2 {
        assert_eq!(school.read(&learner, &course.lessons[0]).await, "OK");
    }
    assert_eq!(school.states(&course, &learner).await, ["DONE", "OPEN", "LOCKED"]);
    // A quiz is done by passing it, not by hand, and not by failing.
    assert_eq!(school.read(&learner, &course.lessons[1]).await, "NOT_BY_HAND");
    school.take(&learner, &course.lessons[1], "Нет").await;
    assert_eq!(school.states(&course, &learner).await, ["DONE", "STARTED", "LOCKED"]);
    school.take(&learner, &course.lessons[1], "Да").await;
    assert_eq!(school.states(&course, &learner).await, ["DONE", "DONE", "OPEN"]);
    assert_eq!(school.done(&learner.viewer, &closed).await["text"], "Читайте.");
    assert_eq!(school.read(&learner, &course.lessons[2]).await, "OK");
    let mine = school.mine(&course, &learner).await;
    assert_eq!((&mine["state"], &mine["done"], &mine["total"]), (&"COMPLETED".into(), &3.into(), &3.into()));
    assert_eq!(mine["completedAt"], "2026-11-23T09:00:00+00:00");

    // What is done stays done, and is not shut again by a new lesson.
    school.add_lesson(&course.section, "TEXT").await;
    assert_eq!(school.states(&course, &learner).await, ["DONE", "DONE", "DONE", "OPEN"]);
    assert_eq!(school.mine(&course, &learner).await["state"], "COMPLETED");
}

#[tokio::test]
async fn lessons_of_a_free_course_are_open_and_optional_ones_may_be_left() {
    let (school, course, learner) = started(&["TEXT", "TEXT"]).await;
    let free = format!(
        "mutation {{ updateCourse(course: \"{}\", input: {{ sequential: false }}) {{ id }} }}",
        course.id
    );
    school.write(&free).await;
    school.update_lesson(&course.lessons[0], "required: false").await;
    assert_eq!(school.states(&course, &learner).await, ["OPEN", "OPEN"]);
    assert_eq!(school.read(&learner, &course.lessons[1]).await, "OK");
    let mine = school.mine(&course, &learner).await;
    assert_eq!((&mine["state"], &mine["done"], &mine["total"]), (&"COMPLETED".into(), &1.into(), &1.into()));
}

#[tokio::test]
async fn who_has_done_all_that_is_left_is_through_when_the_rest_is_taken_away() {
    let (school, course, learner) = started(&["TEXT", "TEXT", "TEXT"]).await;
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "OK");
    school.write(format!("mutation {{ removeLesson(lesson: \"{}\") {{ id }} }}", course.lessons[2])).await;
    school.work().await;
    assert_eq!(school.mine(&course, &learner).await["state"], "IN_PROGRESS");
    school.update_lesson(&course.lessons[1], "required: false").await;
    school.work().await;
    let mine = school.mine(&course, &learner).await;
    assert_eq!(mine["state"], "COMPLETED");
    assert_eq!(mine["certificate"]["number"], "2026-000001");
    crate::attempts::again(&school, "learning.settle_course").await;
    school.work().await;
    assert_eq!(school.mine(&course, &learner).await, mine);
}

/// Tells where the film is; the seconds watched so far, and the lesson's state.
async fn tell(school: &School, learner: &Learner, lesson: &str, seconds: i32) -> (i64, String) {
    let operation = format!(
        "mutation {{ saveVideoPosition(lesson: \"{lesson}\", seconds: {seconds}) {{ watchedS positionS state }} }}"
    );
    let seen = school.done(&learner.viewer, &operation).await;
    assert_eq!(seen["positionS"], seconds);
    (seen["watchedS"].as_i64().expect("seconds"), text(&seen["state"]))
}

/// Plays from one place to another, told every five seconds.
async fn play(school: &School, learner: &Learner, lesson: &str, from: i32, to: i32) -> (i64, String) {
    let mut told = (0, String::new());
    for at in (from + 5..=to).step_by(5) {
        school.wait(TimeDelta::seconds(5));
        told = tell(school, learner, lesson, at).await;
    }
    told
}

#[tokio::test]
async fn a_video_is_done_when_nine_tenths_of_it_were_watched() {
    let (school, course, learner) = started(&["VIDEO"]).await;
    let film = &course.lessons[0];
    let started = || "STARTED".to_owned();
    // A jump, also after an hour's pause, is not watching.
    assert_eq!(tell(&school, &learner, film, 95).await, (0, started()));
    tell(&school, &learner, film, 0).await;
    school.wait(TimeDelta::hours(1));
    assert_eq!(tell(&school, &learner, film, 98).await, (0, started()));
    assert_eq!(school.read(&learner, film).await, "NOT_BY_HAND");
    tell(&school, &learner, film, 0).await;
    assert_eq!(play(&school, &learner, film, 0, 50).await, (50, started()));
    // The same half once more is still a half.
    tell(&school, &learner, film, 0).await;
    assert_eq!(play(&school, &learner, film, 0, 50).await, (50, started()));
    assert_eq!(play(&school, &learner, film, 50, 85).await, (85, started()));
    assert_eq!(play(&school, &learner, film, 85, 90).await, (90, "DONE".to_owned()));
    // Done stays done.
    assert_eq!(tell(&school, &learner, film, 3).await, (90, "DONE".to_owned()));
    assert_eq!(school.mine(&course, &learner).await["state"], "COMPLETED");
}

#[tokio::test]
async fn a_film_watched_once_through_from_its_beginning_is_done() {
    let (school, course, learner) = started(&["VIDEO"]).await;
    school.wait(TimeDelta::minutes(3));
    assert_eq!(play(&school, &learner, &course.lessons[0], 0, 90).await, (90, "DONE".to_owned()));
}

#[tokio::test]
async fn a_place_that_is_none_and_a_lesson_that_is_no_video_are_refused() {
    let (school, course, learner) = started(&["TEXT", "VIDEO"]).await;
    let told = |lesson: &str, seconds: i32| {
        format!("mutation {{ saveVideoPosition(lesson: \"{lesson}\", seconds: {seconds}) {{ id }} }}")
    };
    let [reading, film] = &course.lessons[..] else { panic!("two lessons") };
    let answer = school.ask(&learner.viewer, &told(film, -1)).await;
    assert_eq!(fault(&answer), ("seconds".into(), "out_of_range".into()));
    assert_eq!(reason(&school.ask(&learner.viewer, &told(reading, 1)).await), "not_a_video");
    assert_eq!(reason(&school.ask(&learner.viewer, &told(film, 1)).await), "locked");
    let stranger = school.learner("Седова").await;
    assert_eq!(code(&school.ask(&stranger.viewer, &told(film, 1)).await), "NOT_FOUND");
}
