//! Quizzes are graded, and keep their secrets.

use serde_json::{Value, json};

use crate::school::{ATTEMPT, Course, Learner, School, matching, option, text};

/// What only the author and a graded paper may say.
const SECRETS: [&str; 3] = ["тайное слово", "1234.5", "потому что так в уставе"];

/// A published course with a quiz of all five kinds, 8 points, in the order given; and a learner.
async fn exam(school: &School, rules: &str) -> (Course, Learner) {
    let mut course = school.draft("Школа").await;
    let quiz = school.add_lesson(&course.section, "QUIZ").await;
    for input in [
        "kind: SINGLE, text: \"Один\", points: 1, explanation: \"потому что так в уставе\", \
         options: [{ text: \"а\", right: false }, { text: \"б\", right: true }]",
        "kind: MULTIPLE, text: \"Несколько\", points: 2, \
         options: [{ text: \"а\", right: true }, { text: \"б\", right: true }, { text: \"в\", right: false }]",
        "kind: MATCHING, text: \"Пары\", points: 2, \
         pairs: [{ left: \"съезд\", right: \"высший орган\" }, { left: \"ревкомиссия\", right: \"проверяет\" }]",
        "kind: NUMERIC, text: \"Число\", points: 1, number: \"1234,5\", tolerance: \"0,5\"",
        "kind: SHORT_TEXT, text: \"Слово\", points: 2, spellings: [\"тайное слово\", \"Секрет\"]",
    ] {
        school.question(&quiz, input).await;
    }
    school.rules(&quiz, &format!("passPercent: 80, shuffle: false, {rules}")).await;
    school.publish(&course.id).await;
    course.lessons.push(quiz);
    let learner = school.learner("Орлова").await;
    school.enrol(&course, &learner).await;
    (course, learner)
}

async fn say(school: &School, learner: &Learner, attempt: &Value, answers: &[String]) {
    for (at, answer) in answers.iter().enumerate() {
        let saved = school.answer(learner, attempt, at, answer).await;
        assert_eq!(saved["data"]["saveAnswer"]["status"], "OK", "{answer}: {saved}");
    }
}

fn right_answers(attempt: &Value) -> [String; 5] {
    let asked = &attempt["questions"];
    let chosen = |at: usize, all: &[&str]| {
        let ids: Vec<String> = all.iter().map(|one| format!("\"{}\"", option(&asked[at], one))).collect();
        format!("chosen: [{}]", ids.join(", "))
    };
    let pair = |left: &str, right: &str| {
        format!("{{ left: \"{}\", right: \"{}\" }}", option(&asked[2], left), matching(&asked[2], right))
    };
    [
        chosen(0, &["б"]),
        chosen(1, &["а", "б"]),
        format!("pairs: [{}, {}]", pair("съезд", "высший орган"), pair("ревкомиссия", "проверяет")),
        "number: \"1235\"".to_owned(),
        "text: \" СЕКРЕТ \"".to_owned(),
    ]
}

#[tokio::test]
async fn all_kinds_of_questions_are_graded() {
    let school = School::open().await;
    let (course, learner) = exam(&school, "feedback: FULL").await;
    let begun = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    let kinds: Vec<String> =
        begun["questions"].as_array().expect("questions").iter().map(|one| text(&one["kind"])).collect();
    assert_eq!(kinds, ["SINGLE", "MULTIPLE", "MATCHING", "NUMERIC", "SHORT_TEXT"]);
    // Partly right: one of two, with a wrong one besides; one pair of two; a number beside; no word.
    let asked = &begun["questions"];
    let wrong = [
        format!("chosen: [\"{}\"]", option(&asked[0], "а")),
        format!("chosen: [\"{}\"]", option(&asked[1], "а")),
        format!(
            "pairs: [{{ left: \"{}\", right: \"{}\" }}]",
            option(&asked[2], "съезд"),
            matching(&asked[2], "высший орган")
        ),
        "number: \"1236\"".to_owned(),
    ];
    say(&school, &learner, &begun, &wrong).await;
    let graded = school.submit(&learner, &begun).await;
    let verdicts: Vec<&Value> =
        graded["questions"].as_array().expect("questions").iter().map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, ["WRONG", "PARTLY", "PARTLY", "WRONG", "WRONG"]);
    assert_eq!((&graded["points"], &graded["pointsTotal"]), (&"2".into(), &8.into()));
    assert_eq!(
        (&graded["percent"], &graded["passed"], &graded["passPercent"]),
        (&25.into(), &false.into(), &80.into())
    );
    assert_eq!(graded["questions"][0]["explanation"], SECRETS[2]);
    assert_eq!(graded["questions"][3]["right"]["number"], SECRETS[1]);
    assert_eq!(graded["questions"][4]["right"]["text"], SECRETS[0]);
    assert_eq!(graded["questions"][0]["right"]["chosen"], json!([option(&graded["questions"][0], "б")]));
    assert!(school.mine(&course, &learner).await["certificate"].is_null());

    let again = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    assert_eq!(again["number"], 2);
    say(&school, &learner, &again, &right_answers(&again)).await;
    let passed = school.submit(&learner, &again).await;
    assert_eq!(
        (&passed["percent"], &passed["passed"], &passed["points"]),
        (&100.into(), &true.into(), &"8".into())
    );
    // Handed in again, it stays as it is.
    assert_eq!(school.submit(&learner, &again).await, passed);
    let late = school.answer(&learner, &again, 4, "text: \"иное\"").await;
    assert_eq!(late["data"]["saveAnswer"]["status"], "NOT_OPEN");
    let mine = school.mine(&course, &learner).await;
    assert_eq!((&mine["state"], &mine["bestPercent"]), (&"COMPLETED".into(), &100.into()));
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused() {
    let school = School::open().await;
    let (course, learner) = exam(&school, "feedback: FULL").await;
    let begun = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
    let both = [option(&begun["questions"][0], "а"), option(&begun["questions"][0], "б")];
    for (at, answer, path, why) in [
        (0, "chosen: [\"o9\"]".to_owned(), "answer.chosen", "not_an_option"),
        (0, format!("chosen: [\"{}\", \"{}\"]", both[0], both[1]), "answer.chosen", "too_many"),
        (1, "chosen: [\"o0\", \"o0\"]".to_owned(), "answer.chosen", "twice"),
        (2, "pairs: [{ left: \"o0\", right: \"m7\" }]".to_owned(), "answer.pairs", "not_an_option"),
        (3, "number: \"много\"".to_owned(), "answer.number", "not_a_number"),
    ] {
        let refused = school.answer(&learner, &begun, at, &answer).await;
        assert_eq!(crate::school::fault(&refused), (path.to_owned(), why.to_owned()), "{answer}");
    }
    assert_eq!(school.see_attempt(&learner, &begun).await["answeredCount"], 0);
}

/// Everything that a learner can ask for around a quiz.
async fn everything(school: &School, course: &Course, learner: &Learner, attempt: &str) -> String {
    let quiz = &course.lessons[0];
    let own = school
        .write(format!("{{ node(id: \"{quiz}\") {{ ... on Lesson {{ quiz {{ questions {{ id }} }} }} }} }}"));
    let own = own.await;
    let question = "id kind text points explanation options { text right } pairs { left right } number tolerance spellings";
    let lesson = format!(
        "id title kind text state quiz {{ questionCount pointsTotal questions {{ {question} }} bestPercent passed attemptsLeft \
         openAttempt {{ {ATTEMPT} }} attempts {{ {ATTEMPT} }} }}"
    );
    let mut operations = vec![
        format!("{{ node(id: \"{attempt}\") {{ ... on Attempt {{ {ATTEMPT} }} }} }}"),
        format!("{{ node(id: \"{quiz}\") {{ ... on Lesson {{ {lesson} }} }} }}"),
    ];
    // Of the whole course in parts: all at once costs more than is allowed.
    for part in [format!("questions {{ {question} }}"), format!("openAttempt {{ {ATTEMPT} }}")] {
        let quiz = format!("questionCount pointsTotal bestPercent passed attemptsLeft {part}");
        operations.push(format!(
            "{{ course(id: \"{}\") {{ summary missing {{ code }} sections {{ lessons {{ id title kind text state quiz {{ {quiz} }} }} }} }} }}",
            course.id
        ));
    }
    for one in own["quiz"]["questions"].as_array().expect("the author sees the bank") {
        operations
            .push(format!("{{ node(id: \"{}\") {{ ... on Question {{ {question} }} }} }}", text(&one["id"])));
    }
    let mut heard = String::new();
    for operation in operations {
        heard.push_str(&school.done(&learner.viewer, &operation).await.to_string());
    }
    heard
}

#[tokio::test]
async fn right_answers_reach_no_learner_before_grading_and_none_after_it_but_by_the_authors_will() {
    for (feedback, failed, passed) in [
        ("SCORE_ONLY", [false, false], [false, false]),
        ("VERDICTS", [true, false], [true, false]),
        ("AFTER_PASSING", [true, false], [true, true]),
        ("FULL", [true, true], [true, true]),
    ] {
        let school = School::open().await;
        let (course, learner) = exam(&school, &format!("feedback: {feedback}")).await;
        let begun = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
        let secret = |heard: &str| SECRETS.iter().any(|secret| heard.contains(secret));
        let told = |heard: &str| heard.contains("\"right\":{") || heard.contains("\"right\":true");
        let judged = |heard: &str| heard.contains("\"verdict\":\"");
        let before = everything(&school, &course, &learner, &text(&begun["id"])).await;
        assert!(!secret(&before) && !told(&before) && !judged(&before), "{feedback}: {before}");

        school.submit(&learner, &begun).await;
        let after = everything(&school, &course, &learner, &text(&begun["id"])).await;
        assert_eq!([judged(&after), told(&after)], failed, "{feedback}: {after}");
        assert_eq!(secret(&after), failed[1], "{feedback}: {after}");

        let again = school.start(&learner, &course.lessons[0]).await["attempt"].clone();
        say(&school, &learner, &again, &right_answers(&again)).await;
        assert_eq!(school.submit(&learner, &again).await["passed"], true);
        let after = everything(&school, &course, &learner, &text(&again["id"])).await;
        assert_eq!([judged(&after), told(&after)], passed, "{feedback}: {after}");
        assert_eq!(secret(&after), passed[1], "{feedback}: {after}");
    }
}
