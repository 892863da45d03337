//! A school for the tests: an author, learners with accounts, the whole API.

use chrono::TimeDelta;
use guards::server::Server;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_identity::store::accounts;
use plenum_kernel::TypedId;
use plenum_members::setup::{Newcomer, put_on_record};
use serde_json::Value;
use testkit::Tenant;

pub struct School {
    pub server: Server,
    pub tenant: Tenant,
    pub author: Viewer,
}

/// A member who signs in.
pub struct Learner {
    pub viewer: Viewer,
    /// Their record's id.
    pub member: String,
}

/// A course with one section.
pub struct Course {
    pub id: String,
    pub section: String,
    pub lessons: Vec<String>,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no refusal: {answer}"))
}

pub fn reason(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["reason"].as_str().unwrap_or_else(|| panic!("no reason: {answer}"))
}

/// Path and reason of the first fault.
pub fn fault(answer: &Value) -> (String, String) {
    let fault = &answer["errors"][0]["extensions"]["fields"][0];
    (text(&fault["path"]), text(&fault["reason"]))
}

/// What is shown of an attempt, all of it.
pub const ATTEMPT: &str = "id number state startedAt expiresAt secondsLeft submittedAt answeredCount points pointsTotal \
     percent passed passPercent questions { id kind text points options { id text } matches { id text } \
     answer { chosen number text pairs { left right } } verdict earned explanation \
     right { chosen number text pairs { left right } } }";

impl School {
    pub async fn open() -> Self {
        let server = Server::start().await;
        let tenant = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let author = server.world.viewer(&tenant, "course_author").await;
        Self { server, tenant, author }
    }

    /// A member of the first primary organization who signs in.
    pub async fn learner(&self, surname: &str) -> Learner {
        self.learner_of(&self.tenant, surname).await
    }

    pub async fn learner_of(&self, tenant: &Tenant, surname: &str) -> Learner {
        let viewer = self.server.world.viewer(tenant, "member").await;
        let account = viewer.account().expect("a person");
        let mut tx = self.server.world.db.global(None).await.expect("a transaction opens");
        let email = accounts::by_id(tx.conn(), account).await.expect("read").expect("is there").email;
        drop(tx);
        let newcomer = Newcomer {
            name: [surname, "Анна", "Ильинична"],
            birth_date: "01.02.1980",
            email: &email,
            phone: "",
            workplace: "Гимназия",
            position: "учитель",
            card_number: "",
            account: Some(account),
        };
        let system = Viewer::system(tenant.id, "tests");
        let member = put_on_record(&self.server.world.db, &system, tenant.units[0], newcomer).await;
        let member = member.expect("put on record").expect("is new").global();
        Learner { viewer, member }
    }

    /// Puts a file's rows on record.
    pub async fn import(&self, csv: &str) {
        let system = Viewer::system(self.tenant.id, "tests");
        let world = &self.server.world;
        plenum_members::import_file(&world.db, &world.files, &system, "реестр.csv", csv.to_owned().into())
            .await
            .expect("imported");
    }

    pub async fn ask(&self, viewer: &Viewer, operation: &str) -> Value {
        self.server.ask(viewer, operation).await
    }

    /// An operation that must be well; the value of its only field.
    pub async fn done(&self, viewer: &Viewer, operation: &str) -> Value {
        let answer = self.ask(viewer, operation).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
    }

    /// The same by the author.
    pub async fn write(&self, operation: impl AsRef<str>) -> Value {
        self.done(&self.author, operation.as_ref()).await
    }

    pub async fn work(&self) {
        self.server.worker.drain(self.tenant.id).await.expect("the jobs are done");
    }

    pub fn wait(&self, time: TimeDelta) {
        self.server.world.clock.advance(time);
    }

    /// A complete upload of the author.
    pub async fn upload(&self, name: &str, declared: &str, bytes: &[u8]) -> String {
        let world = &self.server.world;
        let permission = plenum_files::permissions::UPLOAD;
        let mut tx = world.db.tenant(&self.author, permission, Access::Write).await.expect("opens");
        let file = world.files.keep(&mut tx, name, declared, bytes.to_vec().into()).await.expect("kept");
        tx.commit().await.expect("committed");
        file.id.global()
    }

    /// An empty draft.
    pub async fn draft(&self, title: &str) -> Course {
        let made =
            self.write(format!("mutation {{ createCourse(input: {{ title: \"{title}\" }}) {{ id }} }}"));
        let id = text(&made.await["id"]);
        let added = self.write(format!(
            "mutation {{ addSection(course: \"{id}\", title: \"Введение\") {{ sections {{ id }} }} }}"
        ));
        let section = text(&added.await["sections"][0]["id"]);
        Course { id, section, lessons: Vec::new() }
    }

    pub async fn add_lesson(&self, section: &str, kind: &str) -> String {
        let added = self.write(format!(
            "mutation {{ addLesson(section: \"{section}\", input: {{ kind: {kind}, title: \"Урок {kind}\" }}) {{ id }} }}"
        ));
        text(&added.await["id"])
    }

    pub async fn update_lesson(&self, lesson: &str, input: &str) -> Value {
        self.write(&format!(
            "mutation {{ updateLesson(lesson: \"{lesson}\", input: {{ {input} }}) {{ id videoSeconds required }} }}"
        ))
        .await
    }

    /// A published course of lessons of these kinds, ready to be learned; its quizzes ask one question: «Да» or «Нет».
    pub async fn course(&self, title: &str, kinds: &[&str]) -> Course {
        let mut course = self.draft(title).await;
        for kind in kinds {
            let lesson = self.add_lesson(&course.section, kind).await;
            match *kind {
                "TEXT" => drop(self.update_lesson(&lesson, "text: \"Читайте.\"").await),
                "QUIZ" => self.yes_or_no(&lesson).await,
                "VIDEO" => {
                    let video = self.upload("урок.mp4", "video/mp4", b"frames").await;
                    self.update_lesson(&lesson, &format!("video: \"{video}\", videoSeconds: 100")).await;
                }
                "WEBINAR" => {
                    let input = "startsAt: \"2026-11-23T10:00:00Z\", durationMinutes: 60";
                    self.update_lesson(&lesson, input).await;
                }
                other => panic!("no such lesson: {other}"),
            }
            course.lessons.push(lesson);
        }
        self.publish(&course.id).await;
        course
    }

    pub async fn yes_or_no(&self, quiz: &str) {
        self.question(
            quiz,
            "kind: SINGLE, text: \"Верно?\", options: [{ text: \"Да\", right: true }, { text: \"Нет\", right: false }]",
        )
        .await;
    }

    /// Adds a question; its id.
    pub async fn question(&self, quiz: &str, input: &str) -> String {
        let kept = self.write(format!(
            "mutation {{ saveQuestion(lesson: \"{quiz}\", input: {{ {input} }}) {{ quiz {{ questions {{ id }} }} }} }}"
        ));
        let kept = kept.await;
        text(&kept["quiz"]["questions"].as_array().and_then(|all| all.last()).expect("a question")["id"])
    }

    pub async fn rules(&self, quiz: &str, rules: &str) {
        self.write(&format!(
            "mutation {{ setQuizRules(lesson: \"{quiz}\", input: {{ {rules} }}) {{ id }} }}"
        ))
        .await;
    }

    pub async fn publish(&self, course: &str) {
        let published = self.write(format!(
            "mutation {{ publishCourse(course: \"{course}\") {{ status course {{ missing {{ code }} }} }} }}"
        ));
        let published = published.await;
        assert_eq!(published["status"], "OK", "{published}");
    }

    /// Enrols a member by name; the enrolment's id.
    pub async fn enrol(&self, course: &Course, learner: &Learner) -> String {
        self.write(&format!(
            "mutation {{ enrol(course: \"{}\", audience: {{ members: [\"{}\"] }}) {{ added }} }}",
            course.id, learner.member
        ))
        .await;
        text(&self.mine(course, learner).await["id"])
    }

    /// The learner's own enrolment, as they see it.
    pub async fn mine(&self, course: &Course, learner: &Learner) -> Value {
        let operation = format!(
            "{{ course(id: \"{}\") {{ myEnrolment {{ id state done total dueAt completedAt bestPercent \
             certificate {{ id number issuedOn holder courseTitle token verifyUrl revoked file {{ name url }} }} }} }} }}",
            course.id
        );
        self.done(&learner.viewer, &operation).await["myEnrolment"].clone()
    }

    pub async fn read(&self, learner: &Learner, lesson: &str) -> String {
        let operation = format!("mutation {{ completeLesson(lesson: \"{lesson}\") {{ status }} }}");
        text(&self.done(&learner.viewer, &operation).await["status"])
    }

    pub async fn start(&self, learner: &Learner, quiz: &str) -> Value {
        let operation =
            format!("mutation {{ startAttempt(lesson: \"{quiz}\") {{ status attempt {{ {ATTEMPT} }} }} }}");
        self.done(&learner.viewer, &operation).await
    }

    pub async fn answer(&self, learner: &Learner, attempt: &Value, at: usize, answer: &str) -> Value {
        let operation = format!(
            "mutation {{ saveAnswer(attempt: \"{}\", question: \"{}\", answer: {{ {answer} }}) {{ status attempt {{ state }} }} }}",
            text(&attempt["id"]),
            text(&attempt["questions"][at]["id"])
        );
        self.ask(&learner.viewer, &operation).await
    }

    pub async fn submit(&self, learner: &Learner, attempt: &Value) -> Value {
        let operation = format!(
            "mutation {{ submitAttempt(attempt: \"{}\") {{ attempt {{ {ATTEMPT} }} }} }}",
            text(&attempt["id"])
        );
        self.done(&learner.viewer, &operation).await["attempt"].clone()
    }

    pub async fn see_attempt(&self, learner: &Learner, attempt: &Value) -> Value {
        let id = text(&attempt["id"]);
        let operation = format!("{{ node(id: \"{id}\") {{ ... on Attempt {{ {ATTEMPT} }} }} }}");
        self.done(&learner.viewer, &operation).await
    }

    /// Takes a quiz of `yes_or_no` once.
    pub async fn take(&self, learner: &Learner, quiz: &str, says: &str) -> Value {
        let begun = self.start(learner, quiz).await;
        assert_eq!(begun["status"], "OK", "{begun}");
        let attempt = &begun["attempt"];
        let option = option(&attempt["questions"][0], says);
        let saved = self.answer(learner, attempt, 0, &format!("chosen: [\"{option}\"]")).await;
        assert_eq!(saved["data"]["saveAnswer"]["status"], "OK", "{saved}");
        self.submit(learner, attempt).await
    }

    /// The states of the lessons for a learner.
    pub async fn states(&self, course: &Course, learner: &Learner) -> Vec<String> {
        let operation =
            format!("{{ course(id: \"{}\") {{ sections {{ lessons {{ state }} }} }} }}", course.id);
        let seen = self.done(&learner.viewer, &operation).await;
        let lessons = seen["sections"][0]["lessons"].as_array().expect("lessons").clone();
        lessons.iter().map(|lesson| text(&lesson["state"])).collect()
    }

    /// Who is on the list, with the state.
    pub async fn gradebook(&self, course: &str) -> Vec<(String, String)> {
        let operation = format!(
            "{{ course(id: \"{course}\") {{ gradebook(first: 50) {{ nodes {{ state learner {{ fullName }} }} }} }} }}"
        );
        let seen = self.write(&operation).await;
        let rows = seen["gradebook"]["nodes"].as_array().expect("rows").clone();
        rows.iter().map(|row| (text(&row["learner"]["fullName"]), text(&row["state"]))).collect()
    }
}

/// The id under which a question's option, or left side, is shown.
pub fn option(question: &Value, says: &str) -> String {
    shown(&question["options"], says)
}

/// The id under which a right side is shown.
pub fn matching(question: &Value, says: &str) -> String {
    shown(&question["matches"], says)
}

fn shown(all: &Value, says: &str) -> String {
    let mut all = all.as_array().expect("options").iter();
    let found = all.find(|one| one["text"] == says).unwrap_or_else(|| panic!("«{says}» is not shown"));
    text(&found["id"])
}
