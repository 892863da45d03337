//! Root fields that read.

use async_graphql::{Context, ID, Object};
use plenum_authz::Viewer;
use plenum_db::{Access, Resource, TenantTx};
use plenum_graph::{Answer, Doors, Paged, Paging, paged, parse_id};
use plenum_kernel::TypedId;
use plenum_learning_api::{
    AttemptId, CertificateId, CourseId, EnrolmentId, EnrolmentStatus, LessonId, QuestionId, SectionId,
};
use plenum_members_api::{Audience, MemberId};
use plenum_tenancy::store::{
    tenants,
    units::{self, Unit},
};

use super::{
    attempt::AttemptNode,
    audience::LearnerAudienceInput,
    course::{CourseNode, SectionNode, lessons_of, may, own},
    enrolment::{CertificateCheck, CertificateNode, EnrolmentNode, Learner},
    lesson::{LessonNode, QuestionNode},
    members,
    names::CourseState,
};
use crate::{
    actions::{self, enrol},
    domain::course,
    permissions,
    store::{
        attempts,
        certificates::{self, Certificate},
        courses::{self, Course},
        enrolments,
        lessons::{self, Placed},
        questions::Kept,
    },
};

/// How many members one search looks through.
const LOOKED_THROUGH: usize = 20;

/// Root fields.
#[derive(Default)]
pub struct LearningQuery;

#[Object]
impl LearningQuery {
    /// Courses, the newest first: the published ones; authors see all, or those in the states asked for.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 30)] first: i32,
        after: Option<String>,
        search: Option<String>,
        state: Option<Vec<CourseState>>,
    ) -> Answer<Paged<CourseNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let paging = Paging::new(first, after)?;
        let after = cursor::<CourseId>(&paging)?;
        let author = may(&mut tx, permissions::AUTHOR).await?;
        let mut states: Vec<course::CourseState> = match state {
            Some(states) => states.into_iter().map(Into::into).collect(),
            None => vec![
                course::CourseState::Draft,
                course::CourseState::Published,
                course::CourseState::Archived,
            ],
        };
        states.retain(|state| author || *state == course::CourseState::Published);
        let search = search.unwrap_or_default();
        let rows = courses::page(&mut tx, &states, search.trim(), after, paging.limit()).await?;
        Ok(paged(&paging, rows.into_iter().map(|course| (course.id.global(), CourseNode(course)))))
    }

    /// The viewer's own enrolments, the newest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn my_enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 30)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<EnrolmentNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let paging = Paging::new(first, after)?;
        let after = cursor::<EnrolmentId>(&paging)?;
        let Some(member) = actions::learner(&mut tx, members(ctx)).await? else {
            return Ok(paged(&paging, Vec::new()));
        };
        let rows = enrolments::of_member(&mut tx, member.id, after, paging.limit()).await?;
        let mut nodes = Vec::with_capacity(rows.len());
        for enrolment in rows {
            if let Some(course) = courses::by_id(&mut tx, enrolment.course).await? {
                nodes.push((enrolment.id.global(), EnrolmentNode { enrolment, course }));
            }
        }
        Ok(paged(&paging, nodes))
    }

    /// Members whom an author may enrol, with these letters in the name. One page looks through 10,000 members.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn learners(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<Learner>> {
        let mut tx = enrolling(ctx).await?;
        let paging = Paging::new(first, after)?;
        let mut after = cursor::<MemberId>(&paging)?;
        let plain = |text: &str| text.to_lowercase().replace('ё', "е");
        let search = plain(search.as_deref().unwrap_or_default().trim());
        let wanted = usize::try_from(paging.limit()).unwrap_or_default();
        let mut found = Vec::new();
        for _ in 0..LOOKED_THROUGH {
            let page = members(ctx).select(&mut tx, &Audience::default(), after, 500).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            found.extend(page.into_iter().filter(|member| plain(&member.full_name).contains(&search)));
            if found.len() >= wanted {
                break;
            }
        }
        found.truncate(wanted);
        let mut nodes = Vec::with_capacity(found.len());
        for member in &found {
            nodes.push((member.id.global(), Learner::of(&mut tx, member).await?));
        }
        Ok(paged(&paging, nodes))
    }

    /// How many members an audience has.
    async fn learner_count(&self, ctx: &Context<'_>, audience: LearnerAudienceInput) -> Answer<i64> {
        let mut tx = enrolling(ctx).await?;
        Ok(enrol::count(&mut tx, members(ctx), &audience.read()?).await?)
    }

    /// What anybody may know of the certificate whose code they hold; null when there is none. Needs no session.
    async fn certificate_check(&self, ctx: &Context<'_>, token: String) -> Answer<Option<CertificateCheck>> {
        let Some((slug, _)) = token.split_once('.').filter(|_| token.len() <= 200) else { return Ok(None) };
        let mut global = ctx.db().global(None).await?;
        let Some(tenant) = tenants::by_slug(&mut global, slug).await? else { return Ok(None) };
        drop(global);
        let viewer = Viewer::system(tenant.id, "learning.verify");
        let mut tx = ctx.db().tenant(&viewer, permissions::VERIFY, Access::Read).await?;
        let found = certificates::by_token(&mut tx, &token).await?;
        Ok(found.map(|certificate| CertificateCheck {
            number: certificate.full_number(),
            issued_on: certificate.issued_on,
            course_title: certificate.course_title,
            holder: certificate.holder,
            organization: tenant.name,
            revoked: certificate.revoked_at.is_some(),
        }))
    }

    /// A course that the viewer may see.
    async fn course(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<CourseNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(visible(ctx, &mut tx, parse_id(&id)?).await?.map(CourseNode))
    }
}

/// A transaction of somebody who enrols members of the whole tenant.
async fn enrolling(ctx: &Context<'_>) -> Answer<TenantTx> {
    let mut tx = ctx.read(permissions::ENROL).await?;
    let root = units::root(&mut tx).await?.id;
    tx.permit::<permissions::Enrol, Unit>(root).await?;
    Ok(tx)
}

fn cursor<T: TypedId>(paging: &Paging) -> Answer<Option<T>> {
    let read = |cursor| T::parse_global(cursor).map_err(|_| Paging::bad_cursor());
    paging.after.as_deref().map(read).transpose()
}

/// A course is there for its authors, its learners, and when published for all.
async fn visible(ctx: &Context<'_>, tx: &mut TenantTx, id: CourseId) -> Answer<Option<Course>> {
    let Some(course) = courses::by_id(tx, id).await? else { return Ok(None) };
    let seen = course.state == course::CourseState::Published
        || may(tx, permissions::AUTHOR).await?
        || own(ctx, tx, &course).await?.is_some();
    Ok(seen.then_some(course))
}

/// A course.
///
/// # Errors
/// Refusals of the door.
pub async fn course(ctx: &Context<'_>, id: CourseId) -> Answer<Option<CourseNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    Ok(visible(ctx, &mut tx, id).await?.map(CourseNode))
}

/// A section.
///
/// # Errors
/// Refusals of the door.
pub async fn section(ctx: &Context<'_>, id: SectionId) -> Answer<Option<SectionNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    let Some(section) = lessons::section(&mut tx, id).await? else { return Ok(None) };
    let Some(course) = visible(ctx, &mut tx, section.course).await? else { return Ok(None) };
    let mut lessons = lessons_of(ctx, &mut tx, &course).await?;
    lessons.retain(|one| one.lesson.section == id);
    Ok(Some(SectionNode { section, lessons }))
}

/// A lesson.
///
/// # Errors
/// Refusals of the door.
pub async fn lesson(ctx: &Context<'_>, id: LessonId) -> Answer<Option<LessonNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    let Some(lesson) = lessons::by_id(&mut tx, id).await? else { return Ok(None) };
    let Some(course) = visible(ctx, &mut tx, lesson.course).await? else { return Ok(None) };
    Ok(lessons_of(ctx, &mut tx, &course).await?.into_iter().find(|one| one.lesson.id == id))
}

/// A question, for authors.
///
/// # Errors
/// Refusals of the door.
pub async fn question(ctx: &Context<'_>, id: QuestionId) -> Answer<Option<QuestionNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    if !may(&mut tx, permissions::AUTHOR).await? {
        return Ok(None);
    }
    Ok(Placed::<Kept>::find(&mut tx, id).await?.map(|placed| QuestionNode(placed.it)))
}

/// An enrolment, for the learner and for those who see results.
///
/// # Errors
/// Refusals of the door.
pub async fn enrolment(ctx: &Context<'_>, id: EnrolmentId) -> Answer<Option<EnrolmentNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    let Some(enrolment) = enrolments::by_id(&mut tx, id).await? else { return Ok(None) };
    let member = actions::learner(&mut tx, members(ctx)).await?;
    let own = member.is_some_and(|member| member.id == enrolment.member);
    if !own && !may(&mut tx, permissions::GRADE).await? {
        return Ok(None);
    }
    let course = courses::by_id(&mut tx, enrolment.course).await?;
    Ok(course.map(|course| EnrolmentNode { enrolment, course }))
}

/// The viewer's own attempt.
///
/// # Errors
/// Refusals of the door.
pub async fn attempt(ctx: &Context<'_>, id: AttemptId) -> Answer<Option<AttemptNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    Ok(own_attempt(ctx, &mut tx, id).await?.map(AttemptNode))
}

/// The attempt, when it is the viewer's own.
pub(super) async fn own_attempt(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    id: AttemptId,
) -> Answer<Option<attempts::Attempt>> {
    let Some(attempt) = attempts::by_id(tx, id).await? else { return Ok(None) };
    let Some(enrolment) = enrolments::by_id(tx, attempt.enrolment).await? else { return Ok(None) };
    let member = actions::learner(tx, members(ctx)).await?;
    let own = member.is_some_and(|member| member.id == enrolment.member);
    Ok((own && enrolment.state != EnrolmentStatus::Withdrawn).then_some(attempt))
}

/// A certificate, for its holder and for those who see results.
///
/// # Errors
/// Refusals of the door.
pub async fn certificate(ctx: &Context<'_>, id: CertificateId) -> Answer<Option<CertificateNode>> {
    let mut tx = ctx.read(permissions::LEARN).await?;
    let Some(placed) = Placed::<Certificate>::find(&mut tx, id).await? else { return Ok(None) };
    let seen = enrolment(ctx, placed.it.enrolment).await?.is_some();
    Ok(seen.then_some(CertificateNode(placed.it)))
}
