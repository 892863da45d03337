//! Root fields of authors: each opens its transaction, asks for a permit, and calls one action.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::{Permit, Resource, TenantTx};
use plenum_files::Files;
use plenum_graph::{Answer, Doors, Finish, Refusal, global, parse_id, parse_optional_id};
use plenum_learning_api::{
    CertificateId, CourseId, EnrolmentId, InvitationId, LessonId, QuestionId, SectionId,
};
use plenum_tenancy::store::units::{self, Unit};

use super::{
    audience::LearnerAudienceInput,
    course::{CourseInvitationNode, CourseNode},
    enrolment::{CertificateNode, EnrolmentNode},
    inputs::{
        AddLessonInput, CreateCourseInput, QuestionInput, QuizRulesInput, UpdateCourseInput,
        UpdateLessonInput,
    },
    lesson::LessonNode,
    members, queries,
};
use crate::{
    actions::{
        edit_course::{self, CourseStep},
        edit_lesson, edit_quiz, enrol, invite, revoke_certificate, take_quiz,
    },
    permissions::{self, Enrol, Grade, Write},
    store::{
        certificates::Certificate,
        courses::PlacedCourse,
        enrolments::Enrolment,
        invitations::Invitation,
        lessons::{Lesson, Placed, Section},
        questions::Kept,
    },
};

/// How publishing or archiving a course ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "CourseStep")]
pub enum CourseStatus {
    /// Done, or done before.
    #[graphql(name = "OK")]
    Done,
    /// Something is missing: see `missing`.
    Incomplete,
    /// It is archived.
    WrongState,
}

/// The outcome, and the course as it is now.
#[derive(SimpleObject)]
pub struct CoursePayload {
    status: CourseStatus,
    course: CourseNode,
}

/// How many were enrolled.
#[derive(SimpleObject)]
pub struct EnrolPayload {
    /// Newly.
    added: i32,
    /// Before.
    already: i32,
    course: CourseNode,
}

async fn course(ctx: &Context<'_>, id: CourseId) -> Answer<CourseNode> {
    queries::course(ctx, id).await?.ok_or_else(Refusal::not_found)
}

async fn lesson(ctx: &Context<'_>, id: LessonId) -> Answer<LessonNode> {
    queries::lesson(ctx, id).await?.ok_or_else(Refusal::not_found)
}

/// The section and the permit to change its course.
async fn of_section(tx: &mut TenantTx, id: &ID) -> Answer<(Permit<Write, PlacedCourse>, Section)> {
    let section = tx.permit::<Write, Placed<Section>>(parse_id::<SectionId>(id)?).await?.into_resource().it;
    Ok((tx.permit::<Write, PlacedCourse>(section.course).await?, section))
}

/// The lesson and the permit to change its course.
async fn of_lesson(tx: &mut TenantTx, id: &ID) -> Answer<(Permit<Write, PlacedCourse>, Lesson)> {
    let lesson = tx.permit::<Write, Placed<Lesson>>(parse_id::<LessonId>(id)?).await?.into_resource().it;
    Ok((tx.permit::<Write, PlacedCourse>(lesson.course).await?, lesson))
}

/// Root fields.
#[derive(Default)]
pub struct AuthoringMutation;

#[Object]
impl AuthoringMutation {
    /// Makes a draft.
    async fn create_course(&self, ctx: &Context<'_>, input: CreateCourseInput) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let root = units::root(&mut tx).await?.id;
        let permit = tx.permit::<Write, Unit>(root).await?;
        let outcome = edit_course::create_course(&mut tx, permit, input.title, input.summary).await;
        let id = tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Changes what is given.
    #[graphql(name = "updateCourse")]
    async fn update_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
        input: UpdateCourseInput,
    ) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Write, PlacedCourse>(id).await?;
        let outcome = edit_course::update_course(&mut tx, permit, input.into()).await;
        tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Publishes a draft that lacks nothing.
    async fn publish_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
    ) -> Answer<CoursePayload> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Write, PlacedCourse>(id).await?;
        let outcome = edit_course::publish_course(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        Ok(CoursePayload { status: step.into(), course: course(ctx, id).await? })
    }

    /// Closes a course to new learners.
    async fn archive_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
    ) -> Answer<CoursePayload> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Write, PlacedCourse>(id).await?;
        let outcome = edit_course::archive_course(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        Ok(CoursePayload { status: step.into(), course: course(ctx, id).await? })
    }

    /// Adds a section at the end.
    async fn add_section(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
        title: String,
    ) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Write, PlacedCourse>(id).await?;
        let outcome = edit_lesson::add_section(&mut tx, &permit, &title).await;
        tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Gives a section another name.
    async fn rename_section(&self, ctx: &Context<'_>, section: ID, title: String) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, section) = of_section(&mut tx, &section).await?;
        let id = section.course;
        let outcome = edit_lesson::rename_section(&mut tx, &permit, section, &title).await;
        tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Removes a section with its lessons, when nobody has opened one of them.
    async fn remove_section(&self, ctx: &Context<'_>, section: ID) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, section) = of_section(&mut tx, &section).await?;
        let outcome = edit_lesson::remove_section(&mut tx, &permit, section.id).await;
        tx.finish(outcome).await?;
        course(ctx, section.course).await
    }

    /// Puts all sections of a course in this order.
    async fn order_sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
        sections: Vec<ID>,
    ) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Write, PlacedCourse>(id).await?;
        let order = sections.iter().map(parse_id).collect::<Answer<Vec<SectionId>>>()?;
        let outcome = edit_lesson::order_sections(&mut tx, &permit, &order).await;
        tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Adds an empty lesson at the end of a section.
    async fn add_lesson(&self, ctx: &Context<'_>, section: ID, input: AddLessonInput) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, section) = of_section(&mut tx, &section).await?;
        let kind = input.kind.into();
        let outcome = edit_lesson::add_lesson(&mut tx, &permit, section.id, &input.title, kind).await;
        let id = tx.finish(outcome).await?;
        lesson(ctx, id).await
    }

    /// Changes what is given.
    async fn update_lesson(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "lesson")] id: ID,
        input: UpdateLessonInput,
    ) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, found) = of_lesson(&mut tx, &id).await?;
        let (id, files) = (found.id, ctx.data_unchecked::<Files>());
        let outcome = edit_lesson::update_lesson(&mut tx, &permit, files, found, input.read()?).await;
        tx.finish(outcome).await?;
        lesson(ctx, id).await
    }

    /// Removes a lesson that nobody has opened.
    async fn remove_lesson(&self, ctx: &Context<'_>, lesson: ID) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, found) = of_lesson(&mut tx, &lesson).await?;
        let outcome = edit_lesson::remove_lesson(&mut tx, &permit, found.id).await;
        tx.finish(outcome).await?;
        course(ctx, found.course).await
    }

    /// Puts all lessons of a section in this order.
    async fn order_lessons(&self, ctx: &Context<'_>, section: ID, lessons: Vec<ID>) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, section) = of_section(&mut tx, &section).await?;
        let order = lessons.iter().map(parse_id).collect::<Answer<Vec<LessonId>>>()?;
        let outcome = edit_lesson::order_lessons(&mut tx, &permit, section.id, &order).await;
        tx.finish(outcome).await?;
        course(ctx, section.course).await
    }

    /// Sets the rules of a quiz. Attempts that run keep theirs.
    async fn set_quiz_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "lesson")] id: ID,
        input: QuizRulesInput,
    ) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, found) = of_lesson(&mut tx, &id).await?;
        let id = found.id;
        let outcome = edit_quiz::set_rules(&mut tx, &permit, found, input.into()).await;
        tx.finish(outcome).await?;
        lesson(ctx, id).await
    }

    /// Adds a question, or replaces one. Attempts that run keep theirs.
    async fn save_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "lesson")] id: ID,
        question: Option<ID>,
        input: QuestionInput,
    ) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, found) = of_lesson(&mut tx, &id).await?;
        let question: Option<QuestionId> = parse_optional_id(question.as_ref())?;
        let outcome = edit_quiz::save_question(&mut tx, &permit, &found, question, input.read()?).await;
        tx.finish(outcome).await?;
        lesson(ctx, found.id).await
    }

    /// Removes a question. Attempts that run keep it.
    async fn remove_question(&self, ctx: &Context<'_>, question: ID) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let kept = Placed::<Kept>::find(&mut tx, parse_id::<QuestionId>(&question)?).await?;
        let kept = kept.ok_or_else(Refusal::not_found)?.it;
        let (permit, found) = of_lesson(&mut tx, &global(kept.lesson)).await?;
        let outcome = edit_quiz::remove_question(&mut tx, &permit, kept.id).await;
        tx.finish(outcome).await?;
        lesson(ctx, found.id).await
    }

    /// Puts all questions of a quiz in this order.
    async fn order_questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "lesson")] id: ID,
        questions: Vec<ID>,
    ) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::AUTHOR).await?;
        let (permit, found) = of_lesson(&mut tx, &id).await?;
        let order = questions.iter().map(parse_id).collect::<Answer<Vec<QuestionId>>>()?;
        let outcome = edit_quiz::order_questions(&mut tx, &permit, &found, &order).await;
        tx.finish(outcome).await?;
        lesson(ctx, found.id).await
    }

    /// Enrols all who are meant; who is enrolled already stays so.
    async fn enrol(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
        audience: LearnerAudienceInput,
        due_at: Option<DateTime<Utc>>,
    ) -> Answer<EnrolPayload> {
        let mut tx = ctx.write(permissions::ENROL).await?;
        let id: CourseId = parse_id(&id)?;
        let permit = tx.permit::<Enrol, PlacedCourse>(id).await?;
        let audiences = audience.read()?;
        let outcome = enrol::enrol(&mut tx, permit, members(ctx), &audiences, due_at).await;
        let enrolled = tx.finish(outcome).await?;
        let (added, already) = (enrolled.added, enrolled.already);
        Ok(EnrolPayload { added, already, course: course(ctx, id).await? })
    }

    /// Takes a learner off the course.
    async fn withdraw(&self, ctx: &Context<'_>, enrolment: ID) -> Answer<EnrolmentNode> {
        let mut tx = ctx.write(permissions::ENROL).await?;
        let id: EnrolmentId = parse_id(&enrolment)?;
        let permit = tx.permit::<Enrol, Placed<Enrolment>>(id).await?;
        let outcome = enrol::withdraw(&mut tx, permit).await;
        tx.finish(outcome).await?;
        queries::enrolment(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Grants a learner one more attempt at a quiz that they have begun.
    async fn grant_attempt(&self, ctx: &Context<'_>, enrolment: ID, lesson: ID) -> Answer<EnrolmentNode> {
        let mut tx = ctx.write(permissions::GRADE).await?;
        let id: EnrolmentId = parse_id(&enrolment)?;
        tx.permit::<Grade, Placed<Enrolment>>(id).await?;
        let quiz = tx.permit::<Grade, Placed<Lesson>>(parse_id::<LessonId>(&lesson)?).await?;
        let outcome = take_quiz::grant_attempt(&mut tx, id, &quiz.resource().it).await;
        tx.finish(outcome).await?;
        queries::enrolment(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Makes a link that enrols the members who follow it.
    async fn invite_to_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "course")] id: ID,
        days: Option<i32>,
    ) -> Answer<CourseInvitationNode> {
        let mut tx = ctx.write(permissions::ENROL).await?;
        let permit = tx.permit::<Enrol, PlacedCourse>(parse_id::<CourseId>(&id)?).await?;
        let outcome = invite::invite(&mut tx, permit, days).await;
        tx.finish(outcome).await.map(CourseInvitationNode)
    }

    /// Closes such a link.
    async fn close_course_invitation(&self, ctx: &Context<'_>, invitation: ID) -> Answer<CourseNode> {
        let mut tx = ctx.write(permissions::ENROL).await?;
        let permit = tx.permit::<Enrol, Placed<Invitation>>(parse_id::<InvitationId>(&invitation)?).await?;
        let id = permit.resource().it.course;
        let outcome = invite::close_invitation(&mut tx, permit).await;
        tx.finish(outcome).await?;
        course(ctx, id).await
    }

    /// Revokes a certificate for a reason.
    async fn revoke_certificate(
        &self,
        ctx: &Context<'_>,
        certificate: ID,
        reason: String,
    ) -> Answer<CertificateNode> {
        let mut tx = ctx.write(permissions::GRADE).await?;
        let id: CertificateId = parse_id(&certificate)?;
        let permit = tx.permit::<Grade, Placed<Certificate>>(id).await?;
        let outcome = revoke_certificate::revoke_certificate(&mut tx, permit, &reason).await;
        tx.finish(outcome).await?;
        queries::certificate(ctx, id).await?.ok_or_else(Refusal::not_found)
    }
}
