//! What the API takes.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Refusal, parse_optional_id};

use super::names::{FeedbackMode, LessonKind, QuestionKind};
use crate::{
    actions::{edit_course::CourseChange, edit_lesson::LessonChange},
    domain::{
        numbers,
        paper::Rules,
        question::{Choice, Pair, Question, Task},
    },
};

/// A new course.
#[derive(InputObject)]
pub struct CreateCourseInput {
    pub(super) title: String,
    #[graphql(default)]
    pub(super) summary: String,
}

/// What of a course is changed; what is left out stays.
#[derive(InputObject)]
pub struct UpdateCourseInput {
    title: Option<String>,
    summary: Option<String>,
    /// Whether its lessons open one after another.
    sequential: Option<bool>,
    /// Whether completing it earns a certificate.
    certificate: Option<bool>,
    /// Whether members may enrol themselves.
    self_enrol: Option<bool>,
    /// How many days a learner has; null for no due date.
    default_days: MaybeUndefined<i32>,
}

impl From<UpdateCourseInput> for CourseChange {
    fn from(input: UpdateCourseInput) -> Self {
        Self {
            title: input.title,
            summary: input.summary,
            sequential: input.sequential,
            certificate: input.certificate,
            self_enrol: input.self_enrol,
            default_days: match input.default_days {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(days) => Some(Some(days)),
            },
        }
    }
}

/// A new lesson.
#[derive(InputObject)]
pub struct AddLessonInput {
    pub(super) title: String,
    pub(super) kind: LessonKind,
}

/// What of a lesson is changed; what is left out stays.
#[derive(InputObject)]
pub struct UpdateLessonInput {
    title: Option<String>,
    /// Whether the course is not done without it.
    required: Option<bool>,
    /// Markdown.
    text: Option<String>,
    /// A complete upload of the caller, `video/*`.
    video: Option<ID>,
    /// How long the video is: 90 per cent of it must be watched. Without it, the learner says when it is done.
    video_seconds: Option<i32>,
    /// A complete upload of the caller.
    file: Option<ID>,
    /// When the webinar begins.
    starts_at: Option<DateTime<Utc>>,
    /// How long the webinar takes.
    duration_minutes: Option<i32>,
}

impl UpdateLessonInput {
    pub(super) fn read(self) -> Answer<LessonChange> {
        Ok(LessonChange {
            title: self.title,
            required: self.required,
            text: self.text,
            video: parse_optional_id(self.video.as_ref())?,
            video_seconds: self.video_seconds,
            file: parse_optional_id(self.file.as_ref())?,
            starts_at: self.starts_at,
            duration_minutes: self.duration_minutes,
        })
    }
}

/// The rules of a quiz.
#[derive(InputObject)]
pub struct QuizRulesInput {
    time_limit_minutes: Option<i32>,
    max_attempts: Option<i32>,
    pass_percent: i32,
    feedback: FeedbackMode,
    shuffle: bool,
}

impl From<QuizRulesInput> for Rules {
    fn from(input: QuizRulesInput) -> Self {
        Self {
            time_limit_minutes: input.time_limit_minutes,
            max_attempts: input.max_attempts,
            pass_percent: input.pass_percent,
            feedback: input.feedback.into(),
            shuffle: input.shuffle,
        }
    }
}

/// An option of a choice.
#[derive(InputObject)]
pub struct QuestionOptionInput {
    text: String,
    right: bool,
}

/// Two things that belong together.
#[derive(InputObject)]
pub struct QuestionPairInput {
    left: String,
    right: String,
}

/// A question: what its kind asks for.
#[derive(InputObject)]
pub struct QuestionInput {
    kind: QuestionKind,
    text: String,
    #[graphql(default = 1)]
    points: i32,
    explanation: Option<String>,
    /// Of a choice.
    #[graphql(default)]
    options: Vec<QuestionOptionInput>,
    /// Of a matching.
    #[graphql(default)]
    pairs: Vec<QuestionPairInput>,
    /// The right number.
    number: Option<String>,
    /// How far off is right too.
    tolerance: Option<String>,
    /// What is accepted as a short text.
    #[graphql(default)]
    spellings: Vec<String>,
}

impl QuestionInput {
    pub(super) fn read(self) -> Answer<Question> {
        let number = |path: &'static str, text: Option<String>| {
            let read = numbers::read(text.as_deref().unwrap_or("0"));
            read.ok_or_else(|| Refusal::invalid_field(path, "not_a_number"))
        };
        let options =
            self.options.into_iter().map(|option| Choice { text: option.text, right: option.right });
        let task = match self.kind {
            QuestionKind::Single => Task::Single { options: options.collect() },
            QuestionKind::Multiple => Task::Multiple { options: options.collect() },
            QuestionKind::Matching => Task::Matching {
                pairs: self.pairs.into_iter().map(|one| Pair { left: one.left, right: one.right }).collect(),
            },
            QuestionKind::Numeric => {
                if self.number.is_none() {
                    return Err(Refusal::invalid_field("input.number", "empty"));
                }
                let value = number("input.number", self.number)?;
                Task::Numeric { value, tolerance: number("input.tolerance", self.tolerance)? }
            }
            QuestionKind::ShortText => Task::ShortText { spellings: self.spellings },
        };
        let explanation = self.explanation.filter(|text| !text.trim().is_empty());
        Ok(Question { text: self.text, points: self.points, explanation, task })
    }
}
