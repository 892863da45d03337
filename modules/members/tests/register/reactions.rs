//! What other modules tell, in the history of a member. The asked modules are played by a table of answers.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Utc;
use plenum_bodies_api::{
    AgendaItemId, BodiesRead, BodyId, BodySummary, Consideration, Entry, NoticeSent, Resolution, SeatEnded,
    SeatId, SeatSummary, SeatTaken, SessionClosed, SessionId, SessionOutline, SessionSummary,
};
use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{
    DocumentId, DocumentSigned, DocumentSummary, DocumentsRead, SignatureId, TaskDone, TaskGiven, TaskId,
};
use plenum_events::{Publish, Reactions};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_learning_api::{
    CertificateId, CertificateIssued, CourseId, EnrolmentId, EnrolmentStatus, EnrolmentSummary, LearningRead,
    MemberEnrolled,
};
use plenum_mailings_api::{CampaignFinished, CampaignId, ChannelPost, MailingsRead};
use plenum_members::{Ports, reactions};
use plenum_members_api::MemberId;
use serde_json::{Value, json};

use crate::{Office, history, kinds};

/// What the other modules would answer.
#[derive(Clone)]
struct Others {
    seats: Vec<SeatSummary>,
    unit: UnitId,
    session: SessionId,
    attended: Vec<AccountId>,
    recipients: Vec<MemberId>,
}

impl Others {
    fn body(&self) -> BodySummary {
        BodySummary { id: self.seats[0].body, unit: self.unit, name: "Совет".to_owned() }
    }
}

#[async_trait]
impl BodiesRead for Others {
    async fn entry(&self, _: &mut TenantTx, _: SessionId, _: AccountId) -> Result<Entry, StoreError> {
        Ok(Entry::NoSession)
    }
    async fn bodies(&self, _: &mut TenantTx) -> Result<Vec<BodySummary>, StoreError> {
        Ok(vec![self.body()])
    }
    async fn body(&self, _: &mut TenantTx, _: BodyId) -> Result<Option<BodySummary>, StoreError> {
        Ok(Some(self.body()))
    }
    async fn outline(&self, _: &mut TenantTx, _: SessionId) -> Result<Option<SessionOutline>, StoreError> {
        Ok(None)
    }
    async fn seats(&self, _: &mut TenantTx, _: BodyId) -> Result<Vec<SeatSummary>, StoreError> {
        Ok(self.seats.clone())
    }
    async fn seat(&self, _: &mut TenantTx, id: SeatId) -> Result<Option<SeatSummary>, StoreError> {
        Ok(self.seats.iter().find(|seat| seat.id == id).cloned())
    }
    async fn session(&self, _: &mut TenantTx, id: SessionId) -> Result<Option<SessionSummary>, StoreError> {
        Ok((id == self.session).then(|| SessionSummary {
            id,
            body: self.body(),
            number: 3,
            title: "Заседание Совета № 3".to_owned(),
            starts_at: chrono::DateTime::<Utc>::UNIX_EPOCH,
            closed_at: None,
            minutes: None,
            roll: self.seats.clone(),
            attended: self.attended.clone(),
        }))
    }
    async fn considered(&self, _: &mut TenantTx, _: SessionId) -> Result<Vec<Consideration>, StoreError> {
        Ok(Vec::new())
    }
    async fn resolution(&self, _: &mut TenantTx, _: AgendaItemId) -> Result<Option<Resolution>, StoreError> {
        Ok(None)
    }
}

#[async_trait]
impl DocumentsRead for Others {
    async fn document(
        &self,
        _: &mut TenantTx,
        id: DocumentId,
    ) -> Result<Option<DocumentSummary>, StoreError> {
        Ok(Some(DocumentSummary { id, title: "Протокол".to_owned(), number: Some("7".to_owned()) }))
    }
    async fn task_text(&self, _: &mut TenantTx, _: TaskId) -> Result<Option<String>, StoreError> {
        Ok(Some("Обучить председателей".to_owned()))
    }
}

#[async_trait]
impl LearningRead for Others {
    async fn course_title(&self, _: &mut TenantTx, _: CourseId) -> Result<Option<String>, StoreError> {
        Ok(Some("Охрана труда".to_owned()))
    }
    async fn courses(&self, _: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError> {
        Ok(Vec::new())
    }
    async fn enrolment(
        &self,
        _: &mut TenantTx,
        id: EnrolmentId,
    ) -> Result<Option<EnrolmentSummary>, StoreError> {
        Ok(Some(EnrolmentSummary {
            id,
            course: CourseId::new(),
            course_title: "Охрана труда".to_owned(),
            member: MemberId::new(),
            status: EnrolmentStatus::Completed,
            due_at: None,
            certificate_number: Some("2026-0001".to_owned()),
        }))
    }
    async fn learners(
        &self,
        _: &mut TenantTx,
        _: CourseId,
        _: EnrolmentStatus,
    ) -> Result<Vec<MemberId>, StoreError> {
        Ok(Vec::new())
    }
    async fn overdue(&self, _: &mut TenantTx, _: CourseId) -> Result<Vec<MemberId>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl MailingsRead for Others {
    async fn subject(&self, _: &mut TenantTx, _: CampaignId) -> Result<Option<String>, StoreError> {
        Ok(Some("Новости".to_owned()))
    }
    async fn post(&self, _: &mut TenantTx, _: CampaignId) -> Result<Option<ChannelPost>, StoreError> {
        Ok(None)
    }
    async fn recipients(
        &self,
        _: &mut TenantTx,
        _: CampaignId,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<MemberId>, StoreError> {
        let mut all = self.recipients.clone();
        all.sort();
        let later = all.into_iter().filter(|id| after.is_none_or(|after| *id > after));
        Ok(later.take(usize::try_from(limit).unwrap()).collect())
    }
}

fn reacting(others: &Others) -> Reactions {
    let others = Arc::new(others.clone());
    let ports = Ports {
        bodies: others.clone(),
        learning: Some(others.clone()),
        documents: Some(others.clone()),
        mailings: Some(others),
    };
    reactions(Reactions::new(), &ports)
}

fn seat(account: AccountId, member: Option<MemberId>, office: &str) -> SeatSummary {
    SeatSummary {
        id: SeatId::new(),
        body: BodyId::new(),
        account,
        member,
        full_name: "Орлова Анна Ильинична".to_owned(),
        office: office.to_owned(),
    }
}

fn others(office: &Office, seats: Vec<SeatSummary>) -> Others {
    Others {
        attended: seats.iter().take(1).map(|seat| seat.account).collect(),
        seats,
        unit: office.tenant.root,
        session: SessionId::new(),
        recipients: Vec::new(),
    }
}

fn member_id(id: &str) -> MemberId {
    MemberId::parse_global(id).unwrap()
}

/// Publishes everything in one transaction and lets everybody react.
macro_rules! tell {
    ($office:expr, $others:expr, $($event:expr),+) => {{
        let mut tx = $office.world.system(&$office.tenant).await;
        $(tx.publish(&$event).await.unwrap();)+
        tx.commit().await.unwrap();
        $office.worker_with(reacting($others)).drain($office.tenant.id).await.unwrap();
    }};
}

#[tokio::test]
async fn a_seat_links_the_account_and_is_an_office_until_it_ends() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let anna = office.add(&keeper, json!({})).await;
    let account = office.world.account("Анна").await;
    let all = others(&office, vec![seat(account, Some(member_id(&anna)), "chair")]);
    let (seat, body) = (all.seats[0].id, all.seats[0].body);
    tell!(office, &all, SeatTaken { seat, body });
    assert_eq!(kinds(&office, &keeper, &anna).await, ["OFFICE_TAKEN", "ACCOUNT_LINKED", "ADDED"]);
    let query = "{ members { nodes { hasAccount offices { kind unit { name } until bodyId } } } }";
    let held = office.get(&keeper, query, json!({})).await["members"]["nodes"][0].clone();
    assert_eq!(
        held,
        json!({ "hasAccount": true, "offices": [
            { "kind": "CHAIR", "unit": { "name": "Аппарат" }, "until": null, "bodyId": body.global() }] })
    );
    // A move between units takes no seat.
    let move_to = "mutation($m: ID!, $u: ID!) { moveMember(member: $m, unit: $u) { status } }";
    office.get(&keeper, move_to, json!({ "m": anna, "u": office.tenant.units[1].to_string() })).await;
    let held = office.get(&keeper, query, json!({})).await["members"]["nodes"][0]["offices"][0].clone();
    assert_eq!(held["until"], Value::Null);
    tell!(office, &all, SeatEnded { seat, body });
    let told = history(&office, &keeper, &anna, "kind subject subjectLabel office").await;
    assert_eq!(
        told[0],
        json!({ "kind": "OFFICE_ENDED", "subject": body.global(), "subjectLabel": "Совет", "office": "CHAIR" })
    );
}

#[tokio::test]
async fn an_account_is_linked_by_its_address_when_exactly_one_record_has_it() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let account = office.world.account("Анна").await;
    let email = format!("{}@example.org", account.uuid().simple());
    let anna = office.add(&keeper, json!({ "email": email })).await;
    let vera = office.add(&keeper, json!({ "givenName": "Вера", "email": email })).await;
    let all = others(&office, vec![seat(account, None, "member")]);
    let (seat, body) = (all.seats[0].id, all.seats[0].body);
    tell!(office, &all, SeatTaken { seat, body });
    assert_eq!(kinds(&office, &keeper, &anna).await, ["ADDED"], "two records have the address");
    let update = "mutation($input: UpdateMemberInput!) { updateMember(input: $input) { status } }";
    office.get(&keeper, update, json!({ "input": { "member": vera, "email": null } })).await;
    tell!(office, &all, NoticeSent { session: all.session, seat });
    assert_eq!(kinds(&office, &keeper, &anna).await, ["NOTICE_SENT", "ACCOUNT_LINKED", "ADDED"]);
}

#[tokio::test]
async fn the_history_tells_of_sessions_documents_tasks_courses_and_letters() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (anna, viewer) = office.anna(&keeper, json!({})).await;
    let olga = office.add(&keeper, json!({ "givenName": "Ольга" })).await;
    let account = viewer.account().unwrap();
    let absent = office.world.account("Ольга").await;
    let mut all = others(
        &office,
        vec![seat(account, Some(member_id(&anna)), "chair"), seat(absent, Some(member_id(&olga)), "member")],
    );
    all.recipients = vec![member_id(&anna), member_id(&olga), MemberId::new()];
    let (course, enrolment) = (CourseId::new(), EnrolmentId::new());
    let (document, task, certificate) = (DocumentId::new(), TaskId::new(), CertificateId::new());
    tell!(
        office,
        &all,
        SessionClosed { session: all.session },
        DocumentSigned { document, signature: SignatureId::new(), account },
        TaskGiven { task, account },
        TaskDone { task, account },
        MemberEnrolled { enrolment, course, member: member_id(&anna) },
        CertificateIssued { certificate, enrolment, course, member: member_id(&anna) },
        CampaignFinished { campaign: CampaignId::new() }
    );
    let told = history(&office, &keeper, &anna, "kind subject subjectLabel number").await;
    let of = |kind: &str| {
        let found: Vec<_> = told.as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind} in {told}");
        (found[0]["subject"].clone(), found[0]["subjectLabel"].clone(), found[0]["number"].clone())
    };
    let (session, null) = (all.session.global(), Value::Null);
    assert_eq!(of("SESSION_ATTENDED"), (json!(session), json!("Заседание Совета № 3"), null.clone()));
    assert_eq!(of("DOCUMENT_SIGNED"), (json!(document.global()), json!("Протокол № 7"), null.clone()));
    assert_eq!(of("TASK_GIVEN"), (json!(task.global()), json!("Обучить председателей"), null.clone()));
    assert_eq!(of("TASK_DONE").1, json!("Обучить председателей"));
    assert_eq!(of("ENROLLED"), (json!(course.global()), json!("Охрана труда"), null));
    assert_eq!(
        of("CERTIFICATE_ISSUED"),
        (json!(certificate.global()), json!("Охрана труда"), json!("2026-0001"))
    );
    assert_eq!(of("MAILING_SENT").1, json!("Новости"));
    let mut told = kinds(&office, &keeper, &olga).await;
    told.sort();
    assert_eq!(told, ["ACCOUNT_LINKED", "ADDED", "MAILING_SENT", "SESSION_MISSED"]);
}

#[tokio::test]
async fn a_reaction_that_runs_again_writes_nothing_twice() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (anna, viewer) = office.anna(&keeper, json!({})).await;
    let all = others(&office, vec![seat(viewer.account().unwrap(), Some(member_id(&anna)), "chair")]);
    tell!(office, &all, SessionClosed { session: all.session });
    let before = kinds(&office, &keeper, &anna).await;
    // As after a crash between the effect and the note that the job is done.
    use sqlx::Connection;
    let mut superuser = sqlx::PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    sqlx::query("UPDATE jobs.job SET state = 'due', finished_at = NULL WHERE kind = 'events.react'")
        .execute(&mut superuser)
        .await
        .unwrap();
    assert!(office.worker_with(reacting(&all)).drain(office.tenant.id).await.unwrap() > 0);
    assert_eq!(kinds(&office, &keeper, &anna).await, before);
}
