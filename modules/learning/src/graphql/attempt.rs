//! Attempts: what a learner sees of a paper, before and after grading.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, Refusal, global};
use plenum_kernel::TypedId;
use plenum_learning_api::QuestionId;

use super::names::{AttemptState, QuestionKind, Verdict};
use crate::{
    domain::{
        numbers,
        paper::{Asked, Feedback},
        question::{Reply, Task},
    },
    permissions,
    store::attempts::{self, Attempt},
};

/// An option, as shown: its id tells its place on the paper and nothing else.
#[derive(SimpleObject)]
pub struct AttemptChoice {
    id: ID,
    text: String,
}

/// What belongs together.
#[derive(SimpleObject)]
pub struct AnswerPair {
    left: ID,
    right: ID,
}

/// An answer in the ids of the paper.
#[derive(SimpleObject)]
pub struct AttemptAnswer {
    chosen: Vec<ID>,
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    pairs: Vec<AnswerPair>,
    number: Option<String>,
    text: Option<String>,
}

/// What belongs together.
#[derive(InputObject)]
pub struct AnswerPairInput {
    left: ID,
    right: ID,
}

/// An answer in the ids of the paper.
#[derive(InputObject)]
pub struct AnswerInput {
    chosen: Option<Vec<ID>>,
    pairs: Option<Vec<AnswerPairInput>>,
    number: Option<String>,
    text: Option<String>,
}

fn shown(prefix: char, order: &[usize], place: usize) -> Option<ID> {
    order.iter().position(|one| *one == place).map(|at| ID(format!("{prefix}{at}")))
}

fn place(prefix: char, order: &[usize], id: &ID, path: &'static str) -> Answer<usize> {
    let at = id.strip_prefix(prefix).and_then(|digits| digits.parse::<usize>().ok());
    let place = at.and_then(|at| order.get(at).copied());
    place.ok_or_else(|| Refusal::invalid_field(path, "not_an_option"))
}

impl AnswerInput {
    /// Reads it into the places of the question.
    pub(super) fn read(self, asked: &Asked) -> Answer<Reply> {
        let chosen = self.chosen.unwrap_or_default();
        let chosen = chosen.iter().map(|id| place('o', &asked.options, id, "answer.chosen"));
        let pairs = self.pairs.unwrap_or_default();
        let pairs = pairs.iter().map(|pair| -> Answer<(usize, usize)> {
            let left = place('o', &asked.options, &pair.left, "answer.pairs")?;
            Ok((left, place('m', &asked.matches, &pair.right, "answer.pairs")?))
        });
        let (chosen, pairs) = (chosen.collect::<Answer<_>>()?, pairs.collect::<Answer<_>>()?);
        Ok(Reply { chosen, pairs, number: self.number, text: self.text })
    }
}

fn write(asked: &Asked, reply: &Reply) -> AttemptAnswer {
    AttemptAnswer {
        chosen: reply.chosen.iter().filter_map(|one| shown('o', &asked.options, *one)).collect(),
        pairs: reply
            .pairs
            .iter()
            .filter_map(|(left, right)| {
                let left = shown('o', &asked.options, *left)?;
                Some(AnswerPair { left, right: shown('m', &asked.matches, *right)? })
            })
            .collect(),
        number: reply.number.clone(),
        text: reply.text.clone(),
    }
}

/// The answer that is right.
fn right(task: &Task) -> Reply {
    let mut reply = Reply::default();
    match task {
        Task::Single { options } | Task::Multiple { options } => {
            reply.chosen = (0..options.len()).filter(|at| options[*at].right).collect();
        }
        Task::Matching { pairs } => reply.pairs = (0..pairs.len()).map(|at| (at, at)).collect(),
        Task::Numeric { value, .. } => reply.number = Some(numbers::write(*value)),
        Task::ShortText { spellings } => reply.text = spellings.first().cloned(),
    }
    reply
}

/// Hundredths of points as text.
fn points(hundredths: i32) -> String {
    numbers::write(i64::from(hundredths) * 10_000)
}

/// A question of an attempt. What would tell the right answer is null until the attempt is graded, and after it
/// unless the author shows it.
pub struct AttemptQuestion {
    asked: Asked,
    reply: Option<Reply>,
    verdicts: bool,
    answers: bool,
}

impl AttemptQuestion {
    fn earned_hundredths(&self) -> i32 {
        self.reply.as_ref().map_or(0, |reply| self.asked.question.grade(reply))
    }
}

#[Object]
impl AttemptQuestion {
    async fn id(&self) -> ID {
        global(QuestionId::from(self.asked.id))
    }
    async fn kind(&self) -> QuestionKind {
        (&self.asked.question.task).into()
    }
    async fn text(&self) -> &str {
        &self.asked.question.text
    }
    async fn points(&self) -> i32 {
        self.asked.question.points
    }
    /// The options, or the left sides of pairs, in the order of this attempt.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn options(&self) -> Vec<AttemptChoice> {
        let text = |place: usize| match &self.asked.question.task {
            Task::Single { options } | Task::Multiple { options } => options.get(place).map(|o| &o.text),
            Task::Matching { pairs } => pairs.get(place).map(|pair| &pair.left),
            _ => None,
        };
        choices('o', &self.asked.options, text)
    }
    /// The right sides of pairs, in the order of this attempt.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn matches(&self) -> Vec<AttemptChoice> {
        let Task::Matching { pairs } = &self.asked.question.task else { return Vec::new() };
        choices('m', &self.asked.matches, |place| pairs.get(place).map(|pair| &pair.right))
    }
    /// What was answered.
    async fn answer(&self) -> Option<AttemptAnswer> {
        self.reply.as_ref().map(|reply| write(&self.asked, reply))
    }
    async fn verdict(&self) -> Option<Verdict> {
        let verdict = self.asked.question.verdict(self.earned_hundredths());
        self.verdicts.then(|| verdict.into())
    }
    /// The points earned.
    async fn earned(&self) -> Option<String> {
        self.verdicts.then(|| points(self.earned_hundredths()))
    }
    async fn explanation(&self) -> Option<&str> {
        self.asked.question.explanation.as_deref().filter(|_| self.answers)
    }
    /// The right answer.
    async fn right(&self) -> Option<AttemptAnswer> {
        self.answers.then(|| write(&self.asked, &right(&self.asked.question.task)))
    }
}

fn choices<'t>(
    prefix: char,
    order: &[usize],
    text: impl Fn(usize) -> Option<&'t String>,
) -> Vec<AttemptChoice> {
    let choice = |(at, place): (usize, &usize)| {
        Some(AttemptChoice { id: ID(format!("{prefix}{at}")), text: text(*place)?.clone() })
    };
    order.iter().enumerate().filter_map(choice).collect()
}

/// An attempt of the viewer.
pub struct AttemptNode(pub(crate) Attempt);

#[Object(name = "Attempt")]
impl AttemptNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn number(&self) -> i32 {
        self.0.number
    }
    async fn state(&self) -> AttemptState {
        self.0.state.into()
    }
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }
    /// The end of the time limit: an answer after it does not count.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }
    /// How many seconds are left; null without a time limit.
    async fn seconds_left(&self, ctx: &Context<'_>) -> Answer<Option<i64>> {
        let tx = ctx.read(permissions::LEARN).await?;
        let open = self.0.state == attempts::AttemptState::Open;
        Ok(self.0.expires_at.map(|end| if open { (end - tx.now()).num_seconds().max(0) } else { 0 }))
    }
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.submitted_at
    }
    /// The questions in the order of this attempt.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn questions(&self) -> Vec<AttemptQuestion> {
        let (feedback, score) = (self.0.paper.rules.feedback, self.0.score);
        let verdicts = score.is_some() && feedback != Feedback::ScoreOnly;
        let answers = match feedback {
            Feedback::Full => score.is_some(),
            Feedback::AfterPassing => score.is_some_and(|score| score.passed),
            Feedback::Verdicts | Feedback::ScoreOnly => false,
        };
        let question = |asked: &Asked| AttemptQuestion {
            asked: asked.clone(),
            reply: self.0.replies.get(&asked.id).cloned(),
            verdicts,
            answers,
        };
        self.0.paper.questions.iter().map(question).collect()
    }
    /// How many questions are answered.
    async fn answered_count(&self) -> usize {
        self.0.replies.len()
    }
    /// The points earned; null until graded.
    async fn points(&self) -> Option<String> {
        self.0.score.map(|score| points(score.earned))
    }
    async fn points_total(&self) -> i32 {
        self.0.paper.points()
    }
    async fn percent(&self) -> Option<i32> {
        self.0.score.map(|score| score.percent)
    }
    async fn passed(&self) -> Option<bool> {
        self.0.score.map(|score| score.passed)
    }
    /// From how many per cent it is passed.
    async fn pass_percent(&self) -> i32 {
        self.0.paper.rules.pass_percent
    }
}

/// The question of an attempt by its id.
pub(super) fn asked(attempt: &Attempt, question: QuestionId) -> Answer<&Asked> {
    let mut all = attempt.paper.questions.iter();
    all.find(|asked| asked.id == question.uuid()).ok_or_else(Refusal::not_found)
}
