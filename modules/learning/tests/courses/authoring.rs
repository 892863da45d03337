//! Courses are written.

use serde_json::json;

use crate::school::{School, code, fault, reason, text};

#[tokio::test]
async fn a_course_tells_what_it_lacks_and_is_published_when_it_lacks_nothing() {
    let school = School::open().await;
    let made =
        school.write("mutation { createCourse(input: { title: \" Школа \" }) { id title state } }").await;
    assert_eq!((&made["title"], &made["state"]), (&"Школа".into(), &"DRAFT".into()));
    let id = text(&made["id"]);
    let gaps = async || {
        let seen = school.write(&format!("{{ course(id: \"{id}\") {{ missing {{ code }} }} }}")).await;
        let all = seen["missing"].as_array().expect("gaps").clone();
        all.iter().map(|gap| text(&gap["code"])).collect::<Vec<_>>()
    };
    let publish = format!("mutation {{ publishCourse(course: \"{id}\") {{ status course {{ state }} }} }}");
    assert_eq!(gaps().await, ["no_sections"]);
    assert_eq!(
        school.write(&publish).await,
        json!({ "status": "INCOMPLETE", "course": { "state": "DRAFT" } })
    );

    let section =
        format!("mutation {{ addSection(course: \"{id}\", title: \"Раздел\") {{ sections {{ id }} }} }}");
    let section = text(&school.write(&section).await["sections"][0]["id"]);
    assert_eq!(gaps().await, ["section_empty"]);
    let mut lessons = Vec::new();
    for kind in ["TEXT", "VIDEO", "FILE", "QUIZ", "WEBINAR"] {
        lessons.push(school.add_lesson(&section, kind).await);
    }
    assert_eq!(
        gaps().await,
        ["text_empty", "video_missing", "file_missing", "quiz_empty", "webinar_no_time"]
    );
    assert_eq!(school.write(&publish).await["status"], "INCOMPLETE");

    school.update_lesson(&lessons[0], "text: \"Слово\"").await;
    let video = school.upload("урок.mp4", "video/mp4", b"frames").await;
    school.update_lesson(&lessons[1], &format!("video: \"{video}\"")).await;
    let file = school.upload("памятка.txt", "text/plain", b"words").await;
    school.update_lesson(&lessons[2], &format!("file: \"{file}\"")).await;
    school.yes_or_no(&lessons[3]).await;
    school.update_lesson(&lessons[4], "startsAt: \"2026-12-01T10:00:00Z\"").await;
    assert!(gaps().await.is_empty());
    for _ in 0..2 {
        assert_eq!(
            school.write(&publish).await,
            json!({ "status": "OK", "course": { "state": "PUBLISHED" } })
        );
    }

    let archive = format!("mutation {{ archiveCourse(course: \"{id}\") {{ status course {{ state }} }} }}");
    for _ in 0..2 {
        assert_eq!(
            school.write(&archive).await,
            json!({ "status": "OK", "course": { "state": "ARCHIVED" } })
        );
    }
    assert_eq!(school.write(&publish).await["status"], "WRONG_STATE");
    let changed =
        format!("mutation {{ updateCourse(course: \"{id}\", input: {{ title: \"Другое\" }}) {{ id }} }}");
    assert_eq!(reason(&school.ask(&school.author, &changed).await), "archived");
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_by_its_field() {
    let school = School::open().await;
    let course = school.draft("Школа").await;
    let text_lesson = school.add_lesson(&course.section, "TEXT").await;
    let quiz = school.add_lesson(&course.section, "QUIZ").await;
    let picture = school.upload("снимок.png", "image/png", b"pixels").await;
    let long = "д".repeat(301);
    for (operation, path, why) in [
        ("createCourse(input: { title: \"  \" }) { id }".to_owned(), "input.title", "empty"),
        (format!("createCourse(input: {{ title: \"{long}\" }}) {{ id }}"), "input.title", "too_long"),
        (
            format!("updateCourse(course: \"{}\", input: {{ defaultDays: 0 }}) {{ id }}", course.id),
            "input.defaultDays",
            "out_of_range",
        ),
        (format!("addSection(course: \"{}\", title: \"\") {{ id }}", course.id), "title", "empty"),
        (
            format!("updateLesson(lesson: \"{text_lesson}\", input: {{ videoSeconds: 5 }}) {{ id }}"),
            "input.videoSeconds",
            "wrong_kind",
        ),
        (
            format!(
                "setQuizRules(lesson: \"{quiz}\", input: {{ passPercent: 101, feedback: FULL, shuffle: true }}) {{ id }}"
            ),
            "input.passPercent",
            "out_of_range",
        ),
        (
            format!(
                "saveQuestion(lesson: \"{quiz}\", input: {{ kind: SINGLE, text: \"?\", options: [{{ text: \"Да\", right: true }}] }}) {{ id }}"
            ),
            "input.options",
            "too_few",
        ),
        (
            format!(
                "saveQuestion(lesson: \"{quiz}\", input: {{ kind: NUMERIC, text: \"?\", number: \"много\" }}) {{ id }}"
            ),
            "input.number",
            "not_a_number",
        ),
        (
            format!("orderSections(course: \"{}\", sections: []) {{ id }}", course.id),
            "sections",
            "not_the_same",
        ),
    ] {
        let answer = school.ask(&school.author, &format!("mutation {{ {operation} }}")).await;
        assert_eq!(fault(&answer), (path.to_owned(), why.to_owned()), "{operation}");
    }
    let video = school.add_lesson(&course.section, "VIDEO").await;
    let lies = format!(
        "mutation {{ updateLesson(lesson: \"{video}\", input: {{ video: \"{picture}\" }}) {{ id }} }}"
    );
    assert_eq!(fault(&school.ask(&school.author, &lies).await), ("input.video".into(), "not_a_video".into()));
    let not_a_quiz = format!(
        "mutation {{ saveQuestion(lesson: \"{text_lesson}\", input: {{ kind: SHORT_TEXT, text: \"?\", spellings: [\"да\"] }}) {{ id }} }}"
    );
    assert_eq!(reason(&school.ask(&school.author, &not_a_quiz).await), "not_a_quiz");
}

#[tokio::test]
async fn sections_lessons_and_questions_stand_in_the_order_given() {
    let school = School::open().await;
    let course = school.draft("Школа").await;
    let more = format!(
        "mutation {{ addSection(course: \"{}\", title: \"Второй\") {{ sections {{ id title position }} }} }}",
        course.id
    );
    let sections = school.write(&more).await["sections"].clone();
    assert_eq!(sections[1]["position"], 2);
    let (first, second) = (text(&sections[0]["id"]), text(&sections[1]["id"]));
    let order = format!(
        "mutation {{ orderSections(course: \"{}\", sections: [\"{second}\", \"{first}\"]) {{ sections {{ id }} }} }}",
        course.id
    );
    for _ in 0..2 {
        assert_eq!(school.write(&order).await["sections"], json!([{ "id": second }, { "id": first }]));
    }

    let (a, b) = (school.add_lesson(&first, "QUIZ").await, school.add_lesson(&first, "TEXT").await);
    let order = format!(
        "mutation {{ orderLessons(section: \"{first}\", lessons: [\"{b}\", \"{a}\"]) {{ sections {{ lessons {{ id }} }} }} }}"
    );
    assert_eq!(school.write(&order).await["sections"][1]["lessons"], json!([{ "id": b }, { "id": a }]));
    let twice =
        format!("mutation {{ orderLessons(section: \"{first}\", lessons: [\"{b}\", \"{b}\"]) {{ id }} }}");
    assert_eq!(fault(&school.ask(&school.author, &twice).await).1, "not_the_same");

    let mut questions = Vec::new();
    for n in ["один", "два"] {
        let input = format!("kind: SHORT_TEXT, text: \"{n}\", spellings: [\"{n}\"]");
        questions.push(school.question(&a, &input).await);
    }
    let order = format!(
        "mutation {{ orderQuestions(lesson: \"{a}\", questions: [\"{}\", \"{}\"]) {{ quiz {{ questions {{ text }} }} }} }}",
        questions[1], questions[0]
    );
    let ordered = school.write(&order).await;
    assert_eq!(ordered["quiz"]["questions"], json!([{ "text": "два" }, { "text": "один" }]));
    let remove = format!(
        "mutation {{ removeQuestion(question: \"{}\") {{ quiz {{ questions {{ text }} }} }} }}",
        questions[0]
    );
    assert_eq!(school.write(&remove).await["quiz"]["questions"], json!([{ "text": "два" }]));
    assert_eq!(code(&school.ask(&school.author, &remove).await), "NOT_FOUND");
}

#[tokio::test]
async fn what_somebody_has_opened_is_not_removed() {
    let school = School::open().await;
    let course = school.course("Школа", &["TEXT", "QUIZ"]).await;
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    assert_eq!(school.read(&learner, &course.lessons[0]).await, "OK");

    let remove = |lesson: &str| format!("mutation {{ removeLesson(lesson: \"{lesson}\") {{ id }} }}");
    let refused = school.ask(&school.author, &remove(&course.lessons[0])).await;
    assert_eq!(reason(&refused), "lesson_in_use");
    let section = format!("mutation {{ removeSection(section: \"{}\") {{ id }} }}", course.section);
    assert_eq!(reason(&school.ask(&school.author, &section).await), "lesson_in_use");
    // What nobody has opened goes, and its questions with it.
    school.write(&remove(&course.lessons[1])).await;
    assert_eq!(code(&school.ask(&school.author, &remove(&course.lessons[1])).await), "NOT_FOUND");
    let operation = format!("{{ course(id: \"{}\") {{ sections {{ lessons {{ id }} }} }} }}", course.id);
    assert_eq!(
        school.write(&operation).await["sections"][0]["lessons"],
        json!([{ "id": course.lessons[0] }])
    );
}
