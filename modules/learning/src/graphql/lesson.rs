//! Lessons and quizzes.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use plenum_files::{FileId, graphql::FileNode};
use plenum_graph::{Answer, Doors, global};

use super::{
    attempt::AttemptNode,
    course::CourseNode,
    names::{FeedbackMode, LessonKind, LessonState, QuestionKind},
};
use crate::{
    domain::{
        course::{Content, room_is_open},
        numbers,
        paper::Rules,
        progress,
        question::Task,
    },
    permissions,
    store::{
        attempts::{self, AttemptState},
        courses::Course,
        enrolments::{Enrolment, Progress},
        lessons::Lesson,
        questions::{self, Kept},
    },
};

/// A lesson, as the viewer may see it.
#[derive(Clone)]
pub struct LessonNode {
    pub(crate) lesson: Lesson,
    pub(crate) course: Course,
    pub(crate) state: progress::LessonState,
    pub(crate) progress: Option<Progress>,
    pub(crate) enrolment: Option<Enrolment>,
    pub(crate) author: bool,
}

impl LessonNode {
    /// Its content is for authors, and for the enrolled whose turn it is.
    fn is_readable(&self) -> bool {
        self.author || self.enrolment.is_some() && self.state != progress::LessonState::Locked
    }

    async fn file_node(&self, ctx: &Context<'_>, id: Option<FileId>) -> Answer<Option<FileNode>> {
        let Some(id) = id.filter(|_| self.is_readable()) else { return Ok(None) };
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(plenum_files::store::by_id(&mut tx, id).await?.map(FileNode))
    }
}

#[Object(name = "Lesson")]
impl LessonNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.lesson.id)
    }
    async fn title(&self) -> &str {
        &self.lesson.title
    }
    async fn kind(&self) -> LessonKind {
        self.lesson.content.kind().into()
    }
    async fn position(&self) -> i32 {
        self.lesson.position
    }
    /// Where the viewer stands.
    async fn state(&self) -> LessonState {
        self.state.into()
    }
    /// Whether the course is not done without it.
    async fn required(&self) -> bool {
        self.lesson.required
    }
    async fn course(&self) -> CourseNode {
        CourseNode(self.course.clone())
    }
    /// Markdown, never HTML; null while the lesson is locked.
    async fn text(&self) -> Option<&str> {
        self.is_readable().then(|| self.lesson.content.text())
    }
    /// The video.
    async fn video(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Content::Video { file, .. } = &self.lesson.content else { return Ok(None) };
        self.file_node(ctx, *file).await
    }
    /// How long the video is, as its author said.
    async fn video_seconds(&self) -> Option<i32> {
        let Content::Video { duration_s, .. } = &self.lesson.content else { return None };
        *duration_s
    }
    /// Where the video goes on.
    async fn position_s(&self) -> i32 {
        self.progress.as_ref().map_or(0, |progress| progress.position_s)
    }
    /// How many seconds of the video were watched.
    async fn watched_s(&self) -> i32 {
        self.progress.as_ref().map_or(0, |progress| progress.watched_s)
    }
    /// The file.
    async fn file(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Content::File { file, .. } = &self.lesson.content else { return Ok(None) };
        self.file_node(ctx, *file).await
    }
    /// The quiz.
    async fn quiz(&self) -> Option<QuizNode> {
        let Content::Quiz { rules, .. } = &self.lesson.content else { return None };
        Some(QuizNode { rules: rules.clone(), of: self.clone() })
    }
    /// The webinar.
    async fn webinar(&self, ctx: &Context<'_>) -> Answer<Option<Webinar>> {
        let Content::Webinar { starts_at, minutes, .. } = &self.lesson.content else { return Ok(None) };
        let tx = ctx.read(permissions::LEARN).await?;
        let joinable = self.is_readable() && room_is_open(*starts_at, *minutes, tx.now());
        let ends_at = starts_at.map(|start| start + TimeDelta::minutes((*minutes).into()));
        Ok(Some(Webinar { starts_at: *starts_at, ends_at, duration_minutes: *minutes, joinable }))
    }
}

/// A webinar's time.
#[derive(SimpleObject)]
pub struct Webinar {
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    duration_minutes: i32,
    /// Whether the viewer can enter the room now.
    joinable: bool,
}

/// A quiz, as the viewer may see it.
pub struct QuizNode {
    rules: Rules,
    of: LessonNode,
}

impl QuizNode {
    async fn made(&self, ctx: &Context<'_>) -> Answer<Vec<attempts::Attempt>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        match &self.of.enrolment {
            Some(enrolment) => Ok(attempts::of(&mut tx, enrolment.id, self.of.lesson.id).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn bank(&self, ctx: &Context<'_>) -> Answer<Vec<Kept>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(questions::of_lesson(&mut tx, self.of.lesson.id).await?)
    }
}

#[Object(name = "Quiz")]
impl QuizNode {
    async fn time_limit_minutes(&self) -> Option<i32> {
        self.rules.time_limit_minutes
    }
    async fn max_attempts(&self) -> Option<i32> {
        self.rules.max_attempts
    }
    async fn pass_percent(&self) -> i32 {
        self.rules.pass_percent
    }
    async fn feedback(&self) -> FeedbackMode {
        self.rules.feedback.into()
    }
    async fn shuffle(&self) -> bool {
        self.rules.shuffle
    }
    async fn question_count(&self, ctx: &Context<'_>) -> Answer<usize> {
        Ok(self.bank(ctx).await?.len())
    }
    async fn points_total(&self, ctx: &Context<'_>) -> Answer<i32> {
        Ok(self.bank(ctx).await?.iter().map(|kept| kept.question.points).sum())
    }
    /// The bank of questions with the right answers: for authors alone, empty for anybody else.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn questions(&self, ctx: &Context<'_>) -> Answer<Vec<QuestionNode>> {
        if !self.of.author {
            return Ok(Vec::new());
        }
        Ok(self.bank(ctx).await?.into_iter().map(QuestionNode).collect())
    }
    /// How many attempts the viewer has left; null when there is no limit.
    async fn attempts_left(&self, ctx: &Context<'_>) -> Answer<Option<i32>> {
        let made = self.made(ctx).await?.last().map_or(0, |last| last.number);
        let extra = self.of.progress.as_ref().map_or(0, |progress| progress.extra_attempts);
        Ok(self.rules.attempts_left(made, extra))
    }
    /// The viewer's attempt that is open.
    async fn open_attempt(&self, ctx: &Context<'_>) -> Answer<Option<AttemptNode>> {
        let open = self.made(ctx).await?.into_iter().find(|one| one.state == AttemptState::Open);
        Ok(open.map(AttemptNode))
    }
    /// The viewer's attempts, the last 200.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn attempts(&self, ctx: &Context<'_>) -> Answer<Vec<AttemptNode>> {
        Ok(self.made(ctx).await?.into_iter().map(AttemptNode).collect())
    }
    /// The viewer's best result.
    async fn best_percent(&self, ctx: &Context<'_>) -> Answer<Option<i32>> {
        Ok(self.made(ctx).await?.iter().filter_map(|one| Some(one.score?.percent)).max())
    }
    /// Whether the viewer has passed it.
    async fn passed(&self, ctx: &Context<'_>) -> Answer<bool> {
        Ok(self.made(ctx).await?.iter().any(|one| one.score.is_some_and(|score| score.passed)))
    }
}

/// An option of a question, for its author.
#[derive(SimpleObject)]
pub struct QuestionOption {
    text: String,
    right: bool,
}

/// A pair of a question, for its author.
#[derive(SimpleObject)]
pub struct QuestionPair {
    left: String,
    right: String,
}

/// A question, for its author.
pub struct QuestionNode(pub(crate) Kept);

#[Object(name = "Question")]
impl QuestionNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn kind(&self) -> QuestionKind {
        (&self.0.question.task).into()
    }
    async fn text(&self) -> &str {
        &self.0.question.text
    }
    async fn points(&self) -> i32 {
        self.0.question.points
    }
    async fn explanation(&self) -> Option<&str> {
        self.0.question.explanation.as_deref()
    }
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn options(&self) -> Vec<QuestionOption> {
        match &self.0.question.task {
            Task::Single { options } | Task::Multiple { options } => options
                .iter()
                .map(|one| QuestionOption { text: one.text.clone(), right: one.right })
                .collect(),
            _ => Vec::new(),
        }
    }
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn pairs(&self) -> Vec<QuestionPair> {
        let Task::Matching { pairs } = &self.0.question.task else { return Vec::new() };
        pairs.iter().map(|one| QuestionPair { left: one.left.clone(), right: one.right.clone() }).collect()
    }
    /// The right number.
    async fn number(&self) -> Option<String> {
        let Task::Numeric { value, .. } = &self.0.question.task else { return None };
        Some(numbers::write(*value))
    }
    /// How far off is right too.
    async fn tolerance(&self) -> Option<String> {
        let Task::Numeric { tolerance, .. } = &self.0.question.task else { return None };
        Some(numbers::write(*tolerance))
    }
    /// What is accepted as a short text.
    async fn spellings(&self) -> Vec<String> {
        let Task::ShortText { spellings } = &self.0.question.task else { return Vec::new() };
        spellings.clone()
    }
}
