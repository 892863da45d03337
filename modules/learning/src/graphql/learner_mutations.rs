//! Root fields of learners.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id};
use plenum_identity::store::accounts;
use plenum_learning_api::{AttemptId, CourseId, EnrolmentStatus, LessonId, QuestionId};
use plenum_members_api::Member;
use plenum_turn::RelayAccess;

use super::{
    attempt::{AnswerInput, AttemptNode, asked},
    course::may,
    enrolment::EnrolmentNode,
    lesson::LessonNode,
    members, queries,
};
use crate::{
    Webinars,
    actions::{
        self, enrol, invite,
        join_webinar::{self, JoinWebinar},
        learn::{self, LearnStep},
        take_quiz::{self, Save, Start},
    },
    permissions,
    store::{
        courses,
        enrolments::{self, Enrolment},
        lessons::{self, Lesson},
    },
};

/// How completing a lesson ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "LearnStep")]
pub enum CompleteLessonStatus {
    /// Done, or done before.
    #[graphql(name = "OK")]
    Done,
    /// Something before it is not done yet.
    Locked,
    /// This lesson is done otherwise: by watching, by passing, by being there.
    NotByHand,
}

/// The outcome, and the lesson as it is now.
#[derive(SimpleObject)]
pub struct LessonPayload {
    status: CompleteLessonStatus,
    lesson: LessonNode,
}

/// How beginning an attempt ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum StartAttemptStatus {
    /// The attempt is open.
    Ok,
    /// All attempts are made.
    NoAttemptsLeft,
    /// Something before the quiz is not done yet.
    Locked,
}

/// The outcome of beginning or handing in.
#[derive(SimpleObject)]
pub struct AttemptPayload {
    status: StartAttemptStatus,
    attempt: Option<AttemptNode>,
}

/// How saving an answer ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Save")]
pub enum SaveAnswerStatus {
    /// Kept.
    #[graphql(name = "OK")]
    Done,
    /// Too late: it does not count, and the attempt is over.
    TimeOver,
    /// The attempt is over.
    NotOpen,
}

/// The outcome of saving an answer.
#[derive(SimpleObject)]
pub struct SaveAnswerPayload {
    status: SaveAnswerStatus,
    attempt: Option<AttemptNode>,
}

/// How asking to enter a webinar ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum JoinWebinarStatus {
    /// The token opens the room.
    Ok,
    /// The room is not open now.
    NotOpen,
}

/// The outcome of asking to enter.
#[derive(SimpleObject)]
pub struct JoinWebinarPayload {
    status: JoinWebinarStatus,
    /// Opens the room for two minutes: the second subprotocol of the WebSocket, after `plenum.sfu.v1`.
    token: Option<String>,
    /// Where the WebSocket is.
    sfu_path: Option<&'static str>,
    /// How media go when no direct way leads to the server; none when there is no relay.
    relay: Option<RelayAccess>,
}

async fn the_member(ctx: &Context<'_>, tx: &mut TenantTx) -> Answer<Member> {
    actions::learner(tx, members(ctx)).await?.ok_or_else(|| Refusal::conflict("not_a_member"))
}

/// A lesson of a course in which the viewer is enrolled, and the enrolment. What is not theirs is not there.
async fn own_lesson(ctx: &Context<'_>, tx: &mut TenantTx, id: &ID) -> Answer<(Enrolment, Lesson)> {
    let lesson = lessons::by_id(tx, parse_id::<LessonId>(id)?).await?.ok_or_else(Refusal::not_found)?;
    let member = actions::learner(tx, members(ctx)).await?.ok_or_else(Refusal::not_found)?;
    let enrolment = enrolments::of(tx, lesson.course, member.id).await?;
    let enrolment = enrolment.filter(|one| one.state != EnrolmentStatus::Withdrawn);
    Ok((enrolment.ok_or_else(Refusal::not_found)?, lesson))
}

async fn own_enrolment(ctx: &Context<'_>, id: plenum_learning_api::EnrolmentId) -> Answer<EnrolmentNode> {
    queries::enrolment(ctx, id).await?.ok_or_else(Refusal::not_found)
}

/// Root fields.
#[derive(Default)]
pub struct LearnerMutation;

#[Object]
impl LearnerMutation {
    /// Enrols the caller in a course that is open to all members.
    async fn enrol_self(&self, ctx: &Context<'_>, course: ID) -> Answer<EnrolmentNode> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let id: CourseId = parse_id(&course)?;
        let course = courses::by_id(&mut tx, id).await?.ok_or_else(Refusal::not_found)?;
        let member = the_member(ctx, &mut tx).await?;
        let outcome = enrol::enrol_self(&mut tx, course, member).await;
        let id = tx.finish(outcome).await?;
        own_enrolment(ctx, id).await
    }

    /// Enrols the caller by a link; null when it is unknown, closed or out of date.
    async fn accept_course_invitation(
        &self,
        ctx: &Context<'_>,
        token: String,
    ) -> Answer<Option<EnrolmentNode>> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let member = the_member(ctx, &mut tx).await?;
        let outcome = invite::accept_invitation(&mut tx, &member, &token).await;
        match tx.finish(outcome).await? {
            Some(id) => queries::enrolment(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Keeps where a video goes on, and counts what was watched. To be called every few seconds while it plays.
    async fn save_video_position(&self, ctx: &Context<'_>, lesson: ID, seconds: i32) -> Answer<LessonNode> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        if !(0..=86_400).contains(&seconds) {
            return Err(Refusal::invalid_field("seconds", "out_of_range"));
        }
        let (enrolment, found) = own_lesson(ctx, &mut tx, &lesson).await?;
        let outcome = learn::save_position(&mut tx, members(ctx), &enrolment, &found, seconds).await;
        match tx.finish(outcome).await? {
            LearnStep::Done => {}
            LearnStep::Locked => return Err(Refusal::conflict("locked")),
            LearnStep::NotByHand => return Err(Refusal::conflict("not_a_video")),
        }
        queries::lesson(ctx, found.id).await?.ok_or_else(Refusal::not_found)
    }

    /// Completes a lesson that is done by reading.
    async fn complete_lesson(&self, ctx: &Context<'_>, lesson: ID) -> Answer<LessonPayload> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let (enrolment, found) = own_lesson(ctx, &mut tx, &lesson).await?;
        let outcome = learn::complete_lesson(&mut tx, members(ctx), &enrolment, &found).await;
        let step = tx.finish(outcome).await?;
        let lesson = queries::lesson(ctx, found.id).await?.ok_or_else(Refusal::not_found)?;
        Ok(LessonPayload { status: step.into(), lesson })
    }

    /// Begins an attempt at a quiz; one that is open is found again.
    async fn start_attempt(&self, ctx: &Context<'_>, lesson: ID) -> Answer<AttemptPayload> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let (enrolment, found) = own_lesson(ctx, &mut tx, &lesson).await?;
        let outcome = take_quiz::start_attempt(&mut tx, members(ctx), &enrolment, &found).await;
        let (status, attempt) = match tx.finish(outcome).await? {
            Start::Open(id) => (StartAttemptStatus::Ok, queries::attempt(ctx, id).await?),
            Start::NoneLeft => (StartAttemptStatus::NoAttemptsLeft, None),
            Start::Locked => (StartAttemptStatus::Locked, None),
        };
        Ok(AttemptPayload { status, attempt })
    }

    /// Keeps the answer to a question; the last one counts.
    async fn save_answer(
        &self,
        ctx: &Context<'_>,
        attempt: ID,
        question: ID,
        answer: AnswerInput,
    ) -> Answer<SaveAnswerPayload> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let id: AttemptId = parse_id(&attempt)?;
        let found = queries::own_attempt(ctx, &mut tx, id).await?.ok_or_else(Refusal::not_found)?;
        let question: QuestionId = parse_id(&question)?;
        let reply = answer.read(asked(&found, question)?)?;
        let outcome = take_quiz::save_answer(&mut tx, members(ctx), id, question, reply).await;
        let saved = tx.finish(outcome).await?;
        Ok(SaveAnswerPayload { status: saved.into(), attempt: queries::attempt(ctx, id).await? })
    }

    /// Hands an attempt in, and grades it.
    async fn submit_attempt(&self, ctx: &Context<'_>, attempt: ID) -> Answer<AttemptPayload> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        let id: AttemptId = parse_id(&attempt)?;
        queries::own_attempt(ctx, &mut tx, id).await?.ok_or_else(Refusal::not_found)?;
        let outcome = take_quiz::submit_attempt(&mut tx, members(ctx), id).await;
        tx.finish(outcome).await?;
        Ok(AttemptPayload { status: StartAttemptStatus::Ok, attempt: queries::attempt(ctx, id).await? })
    }

    /// Asks to enter the room of a webinar: for authors and for the enrolled.
    async fn join_webinar(&self, ctx: &Context<'_>, lesson: ID) -> Answer<JoinWebinarPayload> {
        let mut tx = ctx.write(permissions::LEARN).await?;
        if tx.viewer().off.has(plenum_meetings_api::MODULE) {
            return Err(Refusal::forbidden("module_off"));
        }
        let is_author = may(&mut tx, permissions::AUTHOR).await?;
        let found = lessons::by_id(&mut tx, parse_id::<LessonId>(&lesson)?).await?;
        let found = found.ok_or_else(Refusal::not_found)?;
        let enrolment = match actions::learner(&mut tx, members(ctx)).await? {
            Some(member) => enrolments::of(&mut tx, found.course, member.id).await?,
            None => None,
        };
        let enrolment = enrolment.filter(|one| one.state != EnrolmentStatus::Withdrawn);
        if enrolment.is_none() && !is_author {
            return Err(Refusal::not_found());
        }
        let name = match (&enrolment, tx.viewer().account()) {
            (Some(enrolment), _) => enrolment.full_name.clone(),
            (None, Some(account)) => {
                accounts::by_id(tx.conn(), account).await?.map(|one| one.display_name).unwrap_or_default()
            }
            (None, None) => String::new(),
        };
        let webinars = ctx.data_unchecked::<Webinars>();
        let outcome = join_webinar::join_webinar(
            &mut tx,
            members(ctx),
            webinars,
            enrolment.as_ref(),
            is_author,
            &found,
            name,
        )
        .await;
        Ok(match tx.finish(outcome).await? {
            JoinWebinar::Admitted(token, relay) => JoinWebinarPayload {
                status: JoinWebinarStatus::Ok,
                token: Some(token),
                sfu_path: Some("/sfu"),
                relay,
            },
            JoinWebinar::NotOpen => JoinWebinarPayload {
                status: JoinWebinarStatus::NotOpen,
                token: None,
                sfu_path: None,
                relay: None,
            },
        })
    }
}
