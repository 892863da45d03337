//! Enrolments and certificates.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_db::TenantTx;
use plenum_files::graphql::FileNode;
use plenum_graph::{Answer, Doors, global};
use plenum_members_api::Member;
use plenum_tenancy::store::units;

use super::{
    course::{CourseNode, lessons_of},
    lesson::LessonNode,
    members,
    names::EnrolmentState,
};
use crate::{
    Webinars, actions,
    domain::progress::{self, LessonState},
    permissions,
    store::{
        attempts,
        certificates::{self, Certificate},
        courses::Course,
        enrolments::Enrolment,
    },
};

/// A member, as authors of courses see them.
#[derive(SimpleObject)]
pub struct Learner {
    id: ID,
    full_name: String,
    /// The unit in which they are on record.
    unit: Option<String>,
}

impl Learner {
    pub(super) async fn of(tx: &mut TenantTx, member: &Member) -> Answer<Self> {
        let unit = units::by_id(tx, member.unit).await?.map(|unit| unit.name);
        Ok(Self { id: global(member.id), full_name: member.full_name.clone(), unit })
    }
}

/// A member's enrolment in a course.
pub struct EnrolmentNode {
    pub(crate) enrolment: Enrolment,
    pub(crate) course: Course,
}

impl EnrolmentNode {
    async fn counted(&self, ctx: &Context<'_>) -> Answer<(usize, usize)> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let way = actions::way(&mut tx, &self.course, Some(&self.enrolment)).await?;
        Ok(progress::count(&way.steps))
    }
}

#[Object(name = "Enrolment")]
impl EnrolmentNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.enrolment.id)
    }
    async fn course(&self) -> CourseNode {
        CourseNode(self.course.clone())
    }
    async fn learner(&self, ctx: &Context<'_>) -> Answer<Learner> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        match members(ctx).by_ids(&mut tx, &[self.enrolment.member]).await?.first() {
            Some(member) => Learner::of(&mut tx, member).await,
            None => Ok(Learner {
                id: global(self.enrolment.member),
                full_name: self.enrolment.full_name.clone(),
                unit: None,
            }),
        }
    }
    async fn state(&self) -> EnrolmentState {
        self.enrolment.state.into()
    }
    /// How many required lessons are done.
    async fn done(&self, ctx: &Context<'_>) -> Answer<usize> {
        Ok(self.counted(ctx).await?.0)
    }
    /// How many lessons are required.
    async fn total(&self, ctx: &Context<'_>) -> Answer<usize> {
        Ok(self.counted(ctx).await?.1)
    }
    async fn due_at(&self) -> Option<DateTime<Utc>> {
        self.enrolment.due_at
    }
    async fn enrolled_at(&self) -> DateTime<Utc> {
        self.enrolment.enrolled_at
    }
    async fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.enrolment.completed_at
    }
    async fn last_seen_at(&self) -> Option<DateTime<Utc>> {
        self.enrolment.last_seen_at
    }
    /// The lesson to go on with: null when all is done, and for anybody but the learner.
    async fn resume_lesson(&self, ctx: &Context<'_>) -> Answer<Option<LessonNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let all = lessons_of(ctx, &mut tx, &self.course).await?;
        let own = |one: &LessonNode| one.enrolment.as_ref().is_some_and(|own| own.id == self.enrolment.id);
        let open = |one: &LessonNode| matches!(one.state, LessonState::Open | LessonState::Started);
        Ok(all.into_iter().find(|one| own(one) && open(one)))
    }
    /// The best result in a quiz.
    async fn best_percent(&self, ctx: &Context<'_>) -> Answer<Option<i32>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(attempts::best(&mut tx, self.enrolment.id).await?)
    }
    async fn certificate(&self, ctx: &Context<'_>) -> Answer<Option<CertificateNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let found = certificates::of_enrolment(&mut tx, self.enrolment.id).await?;
        Ok(found.map(CertificateNode))
    }
}

/// A certificate.
pub struct CertificateNode(pub(crate) Certificate);

#[Object(name = "Certificate")]
impl CertificateNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    /// `2026-000123`.
    async fn number(&self) -> String {
        self.0.full_number()
    }
    async fn issued_on(&self) -> NaiveDate {
        self.0.issued_on
    }
    async fn course_title(&self) -> &str {
        &self.0.course_title
    }
    async fn holder(&self) -> &str {
        &self.0.holder
    }
    /// What its QR code carries.
    async fn token(&self) -> &str {
        &self.0.token
    }
    /// Where anybody can check it.
    async fn verify_url(&self, ctx: &Context<'_>) -> String {
        format!("{}/certificates/{}", ctx.data_unchecked::<Webinars>().public_url, self.0.token)
    }
    /// The PDF; null while it is being made.
    async fn file(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Some(file) = self.0.file else { return Ok(None) };
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(plenum_files::store::by_id(&mut tx, file).await?.map(FileNode))
    }
    async fn revoked(&self) -> bool {
        self.0.revoked_at.is_some()
    }
    /// Why it was revoked.
    async fn revoke_reason(&self) -> Option<&str> {
        self.0.revoke_reason.as_deref()
    }
}

/// What anybody may know of a certificate whose code they hold.
#[derive(SimpleObject)]
pub struct CertificateCheck {
    pub(super) number: String,
    pub(super) issued_on: NaiveDate,
    pub(super) course_title: String,
    pub(super) holder: String,
    pub(super) organization: String,
    pub(super) revoked: bool,
}
