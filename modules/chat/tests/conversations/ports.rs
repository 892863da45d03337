//! The other modules, as far as chat asks them: they answer what a test tells them.

use std::sync::Mutex;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_bodies_api::{
    AgendaItemId, BodiesRead, BodyId, BodySummary, Consideration, Entry, Resolution, SeatId, SeatSummary,
    SessionId, SessionOutline, SessionSummary,
};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, UnitId};
use plenum_learning_api::{CourseId, EnrolmentId, EnrolmentStatus, EnrolmentSummary, LearningRead};
use plenum_mailings_api::{CampaignId, ChannelPost, MailingsRead};
use plenum_members_api::{Audience, Consent, Member, MemberId, MembersRead};
use plenum_tenancy::store::units;

/// A session with its body, title and beginning.
type Sitting = (SessionId, BodyId, String, DateTime<Utc>);

/// What they know.
#[derive(Default)]
pub struct Others {
    bodies: Mutex<Vec<BodySummary>>,
    seats: Mutex<Vec<SeatSummary>>,
    sessions: Mutex<Vec<Sitting>>,
    members: Mutex<Vec<Member>>,
    courses: Mutex<Vec<(CourseId, String)>>,
    posts: Mutex<Vec<(CampaignId, ChannelPost)>>,
}

impl Others {
    pub fn add_body(&self, name: &str, unit: UnitId) -> BodyId {
        let id = BodyId::new();
        self.bodies.lock().unwrap().push(BodySummary { id, unit, name: name.to_owned() });
        id
    }

    pub fn rename_body(&self, id: BodyId, name: &str) {
        let mut bodies = self.bodies.lock().unwrap();
        bodies.iter_mut().find(|body| body.id == id).unwrap().name = name.to_owned();
    }

    pub fn seat(&self, body: BodyId, account: AccountId) -> SeatId {
        let id = SeatId::new();
        self.seats.lock().unwrap().push(SeatSummary {
            id,
            body,
            account,
            member: None,
            full_name: "Имя".to_owned(),
            office: "member".to_owned(),
        });
        id
    }

    pub fn unseat(&self, id: SeatId) {
        self.seats.lock().unwrap().retain(|seat| seat.id != id);
    }

    pub fn call(&self, body: BodyId, title: &str, starts_at: DateTime<Utc>) -> SessionId {
        let id = SessionId::new();
        self.sessions.lock().unwrap().push((id, body, title.to_owned(), starts_at));
        id
    }

    pub fn record(&self, unit: UnitId, account: Option<AccountId>) -> MemberId {
        let id = MemberId::new();
        self.members.lock().unwrap().push(Member {
            id,
            unit,
            full_name: "Ежов Виктор Ильич".to_owned(),
            given_names: "Виктор Ильич".to_owned(),
            email: None,
            account,
            consent: Consent::Given,
        });
        id
    }

    pub fn move_member(&self, id: MemberId, unit: UnitId) {
        self.members.lock().unwrap().iter_mut().find(|member| member.id == id).unwrap().unit = unit;
    }

    pub fn link(&self, id: MemberId, account: AccountId) {
        let mut members = self.members.lock().unwrap();
        members.iter_mut().find(|member| member.id == id).unwrap().account = Some(account);
    }

    pub fn add_course(&self, title: &str) -> CourseId {
        let id = CourseId::new();
        self.courses.lock().unwrap().push((id, title.to_owned()));
        id
    }

    pub fn add_post(&self, author: AccountId, text: &str) -> CampaignId {
        let id = CampaignId::new();
        self.posts.lock().unwrap().push((id, ChannelPost { author, text: text.to_owned() }));
        id
    }
}

#[async_trait]
impl BodiesRead for Others {
    async fn entry(&self, _: &mut TenantTx, _: SessionId, _: AccountId) -> Result<Entry, StoreError> {
        Ok(Entry::NoSession)
    }
    async fn bodies(&self, _: &mut TenantTx) -> Result<Vec<BodySummary>, StoreError> {
        Ok(self.bodies.lock().unwrap().clone())
    }
    async fn body(&self, _: &mut TenantTx, id: BodyId) -> Result<Option<BodySummary>, StoreError> {
        Ok(self.bodies.lock().unwrap().iter().find(|body| body.id == id).cloned())
    }
    async fn outline(&self, _: &mut TenantTx, _: SessionId) -> Result<Option<SessionOutline>, StoreError> {
        Ok(None)
    }
    async fn seats(&self, _: &mut TenantTx, body: BodyId) -> Result<Vec<SeatSummary>, StoreError> {
        Ok(self.seats.lock().unwrap().iter().filter(|seat| seat.body == body).cloned().collect())
    }
    async fn seat(&self, _: &mut TenantTx, id: SeatId) -> Result<Option<SeatSummary>, StoreError> {
        Ok(self.seats.lock().unwrap().iter().find(|seat| seat.id == id).cloned())
    }
    async fn session(&self, _: &mut TenantTx, id: SessionId) -> Result<Option<SessionSummary>, StoreError> {
        let sessions = self.sessions.lock().unwrap();
        let Some((id, body, title, starts_at)) = sessions.iter().find(|session| session.0 == id).cloned()
        else {
            return Ok(None);
        };
        let body = self.bodies.lock().unwrap().iter().find(|one| one.id == body).cloned().unwrap();
        Ok(Some(SessionSummary {
            id,
            body,
            number: 1,
            title,
            starts_at,
            closed_at: None,
            minutes: None,
            roll: Vec::new(),
            attended: Vec::new(),
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
impl MembersRead for Others {
    async fn count(&self, _: &mut TenantTx, _: Option<UnitId>) -> Result<i64, StoreError> {
        Ok(0)
    }
    async fn by_ids(&self, _: &mut TenantTx, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
        Ok(self.members.lock().unwrap().iter().filter(|member| ids.contains(&member.id)).cloned().collect())
    }
    async fn by_account(&self, _: &mut TenantTx, account: AccountId) -> Result<Option<Member>, StoreError> {
        let members = self.members.lock().unwrap();
        Ok(members.iter().find(|member| member.account == Some(account)).cloned())
    }
    async fn select(
        &self,
        tx: &mut TenantTx,
        audience: &Audience,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        use plenum_kernel::TypedId;
        let members = self.members.lock().unwrap().clone();
        let mut meant = Vec::new();
        for member in members {
            let path = units::by_id(tx, member.unit).await?.unwrap().path;
            let in_units =
                audience.units.is_empty() || audience.units.iter().any(|unit| path.contains(&unit.uuid()));
            let only = audience.only.as_ref().is_none_or(|only| only.contains(&member.id));
            let account = !audience.with_account || member.account.is_some();
            if in_units && only && account && after.is_none_or(|after| member.id > after) {
                meant.push(member);
            }
        }
        meant.sort_by_key(|member| member.id);
        meant.truncate(usize::try_from(limit).unwrap());
        Ok(meant)
    }
    async fn count_selected(&self, tx: &mut TenantTx, audience: &Audience) -> Result<i64, StoreError> {
        Ok(i64::try_from(self.select(tx, audience, None, i64::MAX).await?.len()).unwrap())
    }
}

#[async_trait]
impl LearningRead for Others {
    async fn course_title(&self, _: &mut TenantTx, id: CourseId) -> Result<Option<String>, StoreError> {
        let courses = self.courses.lock().unwrap();
        Ok(courses.iter().find(|course| course.0 == id).map(|course| course.1.clone()))
    }
    async fn courses(&self, _: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError> {
        Ok(self.courses.lock().unwrap().clone())
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
        Ok(None)
    }
    async fn post(&self, _: &mut TenantTx, id: CampaignId) -> Result<Option<ChannelPost>, StoreError> {
        Ok(self.posts.lock().unwrap().iter().find(|post| post.0 == id).map(|post| post.1.clone()))
    }
    async fn recipients(
        &self,
        _: &mut TenantTx,
        _: CampaignId,
        _: Option<MemberId>,
        _: i64,
    ) -> Result<Vec<MemberId>, StoreError> {
        Ok(Vec::new())
    }
}
