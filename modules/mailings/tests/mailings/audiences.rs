//! Audiences by consent, and by how far people are in a course.

use std::sync::Arc;

use async_trait::async_trait;
use plenum_db::{Access, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, EnrolmentId, EnrolmentStatus, EnrolmentSummary, LearningRead};
use plenum_mailings::setup::VIEW;
use plenum_members_api::{Audience, MemberId};
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::{Office, PEOPLE, input, text};

const COUNT: &str = "query($list: ID!, $audience: MailingAudienceInput!) {
    audienceCount(list: $list, audience: $audience) { total recipients excluded { reason count } } }";
const CREATE: &str = "mutation($input: CampaignInput!) { createCampaign(input: $input) { id } }";

/// One course, and who of its learners is how far.
struct OneCourse {
    id: CourseId,
    learners: RwLock<Vec<(MemberId, EnrolmentStatus)>>,
}

#[async_trait]
impl LearningRead for OneCourse {
    async fn course_title(&self, _: &mut TenantTx, id: CourseId) -> Result<Option<String>, StoreError> {
        Ok((id == self.id).then(|| "Школа председателя".to_owned()))
    }
    async fn courses(&self, _: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError> {
        Ok(vec![(self.id, "Школа председателя".to_owned())])
    }
    async fn enrolment(
        &self,
        _: &mut TenantTx,
        _: EnrolmentId,
    ) -> Result<Option<EnrolmentSummary>, StoreError> {
        Ok(None)
    }
    async fn learners(
        &self,
        _: &mut TenantTx,
        course: CourseId,
        status: EnrolmentStatus,
    ) -> Result<Vec<MemberId>, StoreError> {
        let all = self.learners.read().await;
        let so_far = all.iter().filter(|(_, is)| course == self.id && *is == status);
        Ok(so_far.map(|(member, _)| *member).collect())
    }
    /// Everybody who has begun is late.
    async fn overdue(&self, tx: &mut TenantTx, course: CourseId) -> Result<Vec<MemberId>, StoreError> {
        self.learners(tx, course, EnrolmentStatus::InProgress).await
    }
}

async fn count(office: &Office, list: &str, audience: &Value) -> (i64, i64) {
    let answer = office.get(COUNT, json!({ "list": list, "audience": audience })).await;
    let number = |field: &str| answer["audienceCount"][field].as_i64().unwrap();
    (number("total"), number("recipients"))
}

#[tokio::test]
async fn people_are_chosen_by_how_far_they_are_in_a_course_or_that_they_are_not_on_it() {
    let course = Arc::new(OneCourse { id: CourseId::new(), learners: RwLock::default() });
    let office = Office::learning(None, None, Some(course.clone())).await;
    let people = [
        ("Арбузов Иван Ильич", "ППО № 1", "enrolled@example.org", "да"),
        ("Белкин Иван Ильич", "ППО № 1", "learning@example.org", "да"),
        ("Волков Иван Ильич", "ППО № 2", "completed@example.org", "да"),
        ("Громов Иван Ильич", "ППО № 2", "withdrawn@example.org", "да"),
        ("Дымов Иван Ильич", "ППО № 2", "never@example.org", "да"),
    ];
    office.people(&office.tenant, &people).await;
    let mut tx = office.world.db.tenant(&office.editor, VIEW, Access::Read).await.unwrap();
    let mut all = office.tools.members.select(&mut tx, &Audience::default(), None, 100).await.unwrap();
    drop(tx);
    all.sort_by(|left, right| left.full_name.cmp(&right.full_name));
    let statuses = [
        EnrolmentStatus::Enrolled,
        EnrolmentStatus::InProgress,
        EnrolmentStatus::Completed,
        EnrolmentStatus::Withdrawn,
    ];
    *course.learners.write().await = all.iter().map(|member| member.id).zip(statuses).collect();

    let list = office.list("Обучение").await;
    for (progress, expected) in [
        ("NOT_STARTED", vec!["enrolled"]),
        ("IN_PROGRESS", vec!["learning"]),
        ("NOT_COMPLETED", vec!["enrolled", "learning"]),
        ("OVERDUE", vec!["learning"]),
        ("COMPLETED", vec!["completed"]),
        // Whoever was taken off the course is not on it.
        ("NOT_ENROLLED", vec!["never", "withdrawn"]),
    ] {
        let audience = json!({ "course": course.id.global(), "courseProgress": progress });
        let many = i64::try_from(expected.len()).unwrap();
        assert_eq!(count(&office, &list, &audience).await, (many, many), "{progress}");
        let campaign = office.campaign(&list, audience).await;
        assert_eq!(office.step("startCampaign", &campaign).await, "OK", "{progress}");
        office.work().await;
        let (_, lines) = office.ledger(&campaign).await;
        let addresses: Vec<&str> = lines.keys().map(|address| address.split('@').next().unwrap()).collect();
        assert_eq!(addresses, expected, "{progress}");
    }
    // With other criteria both hold.
    let only = |progress: &str| {
        json!({ "course": course.id.global(), "courseProgress": progress,
                "members": [all[0].id.global(), all[4].id.global()] })
    };
    assert_eq!(count(&office, &list, &only("NOT_ENROLLED")).await, (1, 1));
    assert_eq!(count(&office, &list, &only("NOT_COMPLETED")).await, (1, 1));

    let alone = json!({ "courseProgress": "NOT_ENROLLED" });
    let refused = office.refusal(COUNT, json!({ "list": list, "audience": alone })).await;
    assert_eq!(refused, ("INVALID".to_owned(), "input.audience.courseProgress needs_course".to_owned()));
    let other = json!({ "course": CourseId::new().global(), "courseProgress": "NOT_ENROLLED" });
    assert_eq!(office.refusal(COUNT, json!({ "list": list, "audience": other })).await.0, "NOT_FOUND");
}

#[tokio::test]
async fn people_without_consent_are_counted_and_not_written_to() {
    let office = Office::open().await;
    office.people(&office.tenant, &PEOPLE).await;
    office.people(&office.tenant, &[("Ильин Лев Олегович", "ППО № 2", "lev@example.org", "")]).await;
    let list = office.list("Новости").await;
    for (consent, expected) in [("GIVEN", (4, 2)), ("REFUSED", (1, 0)), ("MISSING", (1, 0))] {
        assert_eq!(count(&office, &list, &json!({ "consent": consent })).await, expected, "{consent}");
    }
    let given = office.campaign(&list, json!({ "consent": "GIVEN" })).await;
    assert_eq!(office.step("startCampaign", &given).await, "OK");
    for consent in ["REFUSED", "MISSING"] {
        let wrong = input(&list, json!({ "consent": consent }), json!([]));
        let refused = office.refusal(CREATE, json!({ "input": wrong })).await;
        assert_eq!(
            refused,
            ("INVALID".to_owned(), "input.audience.consent letters_need_consent".to_owned()),
            "{consent}"
        );
    }
    let campaigns = office.get("{ campaigns { nodes { audience { consent } } } }", json!({})).await;
    assert_eq!(text(&campaigns["campaigns"]["nodes"][0]["audience"]["consent"]), "GIVEN");
}
