//! The federation's school: courses written, taken and completed by the same operations that the web sends.

use std::sync::Arc;

use anyhow::Context as _;
use async_graphql::{Request, Variables};
use async_trait::async_trait;
use chrono::TimeDelta;
use plenum_authz::Viewer;
use plenum_db::StoreError;
use plenum_graph::{Credential, RequestScope, Resolved, SignedIn, ViewerSource};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_learning::setup as school;
use plenum_learning_api::CourseId;
use plenum_members::{
    RegisterReads,
    setup::{Newcomer, put_on_record},
};
use plenum_members_api::{MemberId, MembersRead};
use plenum_tenancy::store::{grants, tenants, units};
use serde_json::{Value, json};

use super::{COUNCIL, FEDERATION, address, course, open, people, role};
use crate::app::{App, progress};

/// Members of the primary organizations that the federation itself serves.
const MEMBERS: usize = 18;

/// What an account of the council has done of the main course, and by when it is due, in days from now.
struct Path {
    who: &'static str,
    /// So many lessons are read.
    read: usize,
    /// The quiz is taken with these answers right.
    quiz: Option<usize>,
    /// None is the course's own term.
    due_in: Option<i64>,
}

const fn path(who: &'static str, read: usize, quiz: Option<usize>, due_in: Option<i64>) -> Path {
    Path { who, read, quiz, due_in }
}

const PATHS: [Path; 8] = [
    path("chair", 4, Some(5), None),
    path("secretary", 4, Some(4), None),
    path("member2", 4, Some(5), None),
    path("member3", 4, Some(2), None),
    path("member1", 2, None, None),
    path("member5", 1, None, None),
    path("deputy", 1, None, Some(-5)),
    path("member7", 0, None, Some(-5)),
];

/// Opens the school, unless it is open.
pub(super) async fn seed(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.global(None).await?;
    let Some(federation) = tenants::by_slug(&mut tx, FEDERATION.slug).await? else { return Ok(()) };
    drop(tx);
    let school = School { app, tenant: federation.id };
    let admin = school.viewer("admin").await?;
    // The draft is made last: with it, all is there.
    let known = school.titles(&admin).await?;
    if known.iter().any(|(title, _)| title == course::DRAFT.title) {
        return Ok(());
    }
    progress("seeding courses");
    school.register().await?;
    for course in [&course::SERVICES, &course::MAIN] {
        if !known.iter().any(|(title, state)| title == course.title && state == "PUBLISHED") {
            school.write(&admin, course).await.with_context(|| format!("«{}»", course.title))?;
        }
    }
    school.enrol(&admin).await?;
    for path in &PATHS {
        school.learn(path).await.with_context(|| format!("the way of {}", path.who))?;
    }
    school.write(&admin, &course::DRAFT).await?;
    Ok(())
}

struct School<'s> {
    app: &'s App,
    tenant: TenantId,
}

/// Somebody who is known already.
struct Known(Viewer, AccountId);

#[async_trait]
impl ViewerSource for Known {
    async fn resolve(&self, _: &Credential) -> Result<Resolved, StoreError> {
        Ok(Some(SignedIn { account: self.1, viewer: Some(self.0.clone()) }))
    }
}

impl School<'_> {
    async fn account(&self, who: &str) -> anyhow::Result<AccountId> {
        let mut tx = self.app.db.global(None).await?;
        let known = accounts::by_email(tx.conn(), &address(who)).await?;
        Ok(known.with_context(|| format!("the account {who}"))?.id)
    }

    async fn viewer(&self, who: &str) -> anyhow::Result<(Viewer, AccountId)> {
        let account = self.account(who).await?;
        let mut tx = open(&self.app.db, self.tenant).await?;
        let grants = grants::of_account(&mut tx, account).await?;
        Ok((Viewer::person(account, self.tenant, grants), account))
    }

    /// One operation as somebody; the value of its only field.
    async fn ask(&self, who: &(Viewer, AccountId), operation: &str, input: Value) -> anyhow::Result<Value> {
        let source = Arc::new(Known(who.0.clone(), who.1));
        let credential = Credential { token_hash: None, tenant: Some(self.tenant.global()) };
        let scope = RequestScope::request(source, credential, "127.0.0.1".to_owned());
        let request = Request::new(operation).variables(Variables::from_json(input)).data(scope);
        let answer = self.app.schema.execute(request).await;
        anyhow::ensure!(answer.errors.is_empty(), "{operation}: {:?}", answer.errors);
        let data = answer.data.into_json().context("an answer")?;
        data.as_object().and_then(|all| all.values().next()).cloned().context("a field")
    }

    /// The titles and states of the courses.
    async fn titles(&self, admin: &(Viewer, AccountId)) -> anyhow::Result<Vec<(String, String)>> {
        let found = self.ask(admin, "{ courses(first: 100) { nodes { title state } } }", json!({})).await?;
        found["nodes"]
            .as_array()
            .context("courses")?
            .iter()
            .map(|one| Ok((text(&one["title"])?, text(&one["state"])?)))
            .collect()
    }

    /// Puts the members of the federation's own primary organizations and the council on record.
    async fn register(&self) -> anyhow::Result<()> {
        let db = &self.app.db;
        let system = Viewer::system(self.tenant, "demo");
        let mut tx = open(db, self.tenant).await?;
        let root = units::root(&mut tx).await?;
        let on_record = RegisterReads.count(&mut tx, None).await?;
        drop(tx);
        if on_record == 0 {
            let csv = people::register(FEDERATION.slug, FEDERATION.primaries, MEMBERS);
            let bytes = csv.into_bytes().into();
            plenum_members::import_file(db, &self.app.files, &system, "demonstration.csv", bytes).await?;
        }
        for (index, path) in PATHS.iter().enumerate() {
            let seat = COUNCIL.iter().find(|seat| seat.3 == path.who).context("a seat")?;
            let [surname, given, patronymic] = seat.0.split(' ').collect::<Vec<_>>()[..] else {
                anyhow::bail!("{} is no full name", seat.0)
            };
            let account = self.account(path.who).await?;
            let newcomer = Newcomer {
                name: [surname, given, patronymic],
                birth_date: ["14.03.1972", "08.01.1981", "27.05.1979", "05.06.1983"][index % 4],
                email: &address(path.who),
                phone: &format!("+7900556{:04}", 100 + index),
                workplace: FEDERATION.name,
                position: "член Совета",
                card_number: &format!("48-00-{:06}", 101 + index),
                account: Some(account),
            };
            put_on_record(db, &system, root.id, newcomer).await?;
            let mut tx = open(db, self.tenant).await?;
            role(&mut tx, account, "member", &root).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn write(&self, admin: &(Viewer, AccountId), course: &course::Course) -> anyhow::Result<()> {
        let made = "mutation($input: CreateCourseInput!) { createCourse(input: $input) { id } }";
        let made =
            self.ask(admin, made, json!({ "input": { "title": course.title, "summary": course.summary } }));
        let id = made.await?["id"].clone();
        let settings = "mutation($id: ID!, $input: UpdateCourseInput!) { updateCourse(course: $id, input: $input) { id } }";
        let input = json!({ "selfEnrol": course.self_enrol, "certificate": course.certificate, "defaultDays": course.days });
        self.ask(admin, settings, json!({ "id": id, "input": input })).await?;
        for section in course.sections {
            let add = "mutation($id: ID!, $title: String!) { addSection(course: $id, title: $title) { sections { id } } }";
            let added = self.ask(admin, add, json!({ "id": id, "title": section.title })).await?;
            let section_id =
                added["sections"].as_array().and_then(|all| all.last()).context("a section")?["id"].clone();
            for lesson in section.lessons {
                self.write_lesson(admin, &section_id, lesson).await?;
            }
        }
        if course.published {
            let publish = "mutation($id: ID!) { publishCourse(course: $id) { status } }";
            let published = self.ask(admin, publish, json!({ "id": id })).await?;
            anyhow::ensure!(published["status"] == "OK", "it is not published: {published}");
        }
        Ok(())
    }

    async fn write_lesson(
        &self,
        admin: &(Viewer, AccountId),
        section: &Value,
        lesson: &course::Lesson,
    ) -> anyhow::Result<()> {
        let add = "mutation($section: ID!, $input: AddLessonInput!) { addLesson(section: $section, input: $input) { id } }";
        let kind = if lesson.questions.is_empty() { "TEXT" } else { "QUIZ" };
        let input = json!({ "title": lesson.title, "kind": kind });
        let id = self.ask(admin, add, json!({ "section": section, "input": input })).await?["id"].clone();
        let update = "mutation($id: ID!, $input: UpdateLessonInput!) { updateLesson(lesson: $id, input: $input) { id } }";
        self.ask(admin, update, json!({ "id": id, "input": { "text": lesson.text } })).await?;
        if lesson.questions.is_empty() {
            return Ok(());
        }
        let rules = json!({ "timeLimitMinutes": 20, "maxAttempts": 3, "passPercent": 70, "feedback": "AFTER_PASSING", "shuffle": true });
        let set =
            "mutation($id: ID!, $input: QuizRulesInput!) { setQuizRules(lesson: $id, input: $input) { id } }";
        self.ask(admin, set, json!({ "id": id, "input": rules })).await?;
        for question in lesson.questions {
            let save = "mutation($id: ID!, $input: QuestionInput!) { saveQuestion(lesson: $id, input: $input) { id } }";
            self.ask(admin, save, json!({ "id": id, "input": question.input() })).await?;
        }
        Ok(())
    }

    /// The main course.
    async fn main(&self) -> anyhow::Result<CourseId> {
        let mut tx = open(&self.app.db, self.tenant).await?;
        let all = school::published(&mut tx).await?;
        let main = all.into_iter().find(|(_, title)| title == course::MAIN.title);
        Ok(main.context("the main course")?.0)
    }

    /// Enrols the council, and the chairs of primary organizations.
    async fn enrol(&self, admin: &(Viewer, AccountId)) -> anyhow::Result<()> {
        let id = self.main().await?;
        let mut members: Vec<MemberId> = Vec::new();
        for path in &PATHS {
            let account = self.account(path.who).await?;
            let mut tx = open(&self.app.db, self.tenant).await?;
            let member = RegisterReads.by_account(&mut tx, account).await?.context("a member")?;
            members.push(member.id);
            // Nobody can be enrolled by a day that has passed: those who are late were enrolled before it.
            if let Some(days) = path.due_in {
                let course = school::course(&mut tx, id).await?.context("the course")?;
                let due_at = tx.now() + TimeDelta::days(days);
                school::enrol_one(&mut tx, &course, &member, Some(due_at)).await?;
                tx.commit().await?;
            }
        }
        let enrol = "mutation($id: ID!, $audience: LearnerAudienceInput!) { enrol(course: $id, audience: $audience) { added } }";
        let members: Vec<String> = members.into_iter().map(TypedId::global).collect();
        let audience = json!({ "offices": ["CHAIR"], "ofPrimaries": true, "members": members });
        self.ask(admin, enrol, json!({ "id": id.global(), "audience": audience })).await?;
        Ok(())
    }

    /// Has somebody go as far as their path goes.
    async fn learn(&self, path: &Path) -> anyhow::Result<()> {
        let learner = self.viewer(path.who).await?;
        let id = self.main().await?.global();
        let see =
            "query($id: ID!) { course(id: $id) { sections { lessons { id kind quiz { bestPercent } } } } }";
        let seen = self.ask(&learner, see, json!({ "id": id })).await?;
        let sections = seen["sections"].as_array().context("sections")?;
        let lessons = || sections.iter().filter_map(|one| one["lessons"].as_array()).flatten();
        for lesson in lessons().filter(|one| one["kind"] == "TEXT").take(path.read) {
            let complete = "mutation($id: ID!) { completeLesson(lesson: $id) { status } }";
            self.ask(&learner, complete, json!({ "id": lesson["id"] })).await?;
        }
        let quiz = lessons().find(|one| one["kind"] == "QUIZ").context("the quiz")?;
        match path.quiz {
            Some(right) if quiz["quiz"]["bestPercent"].is_null() => {
                self.take(&learner, &quiz["id"], right).await
            }
            _ => Ok(()),
        }
    }

    /// Takes the quiz and answers so many questions right, in the order of the course, the others not at all.
    async fn take(&self, learner: &(Viewer, AccountId), quiz: &Value, right: usize) -> anyhow::Result<()> {
        let start = "mutation($id: ID!) { startAttempt(lesson: $id) { attempt { id questions { id text options { id text } \
                     matches { id text } } } } }";
        let begun = self.ask(learner, start, json!({ "id": quiz })).await?["attempt"].clone();
        let asked = begun["questions"].as_array().context("questions")?;
        for question in course::QUESTIONS.iter().take(right) {
            let shown = asked.iter().find(|one| one["text"] == question.text).context("a question")?;
            let save = "mutation($attempt: ID!, $question: ID!, $answer: AnswerInput!) \
                        { saveAnswer(attempt: $attempt, question: $question, answer: $answer) { status } }";
            let answer = question.right_answer(shown).context("a right answer")?;
            let input = json!({ "attempt": begun["id"], "question": shown["id"], "answer": answer });
            self.ask(learner, save, input).await?;
        }
        let submit = "mutation($id: ID!) { submitAttempt(attempt: $id) { attempt { percent } } }";
        self.ask(learner, submit, json!({ "id": begun["id"] })).await?;
        Ok(())
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("a text")?.to_owned())
}
