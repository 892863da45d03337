//! A paper: the questions of one attempt as they were when it began, and its rules.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    question::{Question, Reply, Task},
    shuffle,
};

/// What a learner sees after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// The score alone.
    ScoreOnly,
    /// Besides, what was right and what was wrong.
    Verdicts,
    /// What was right and wrong at once, the right answers once the quiz is passed.
    AfterPassing,
    /// Everything.
    Full,
}

/// The rules of a quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How long an attempt may take.
    pub time_limit_minutes: Option<i32>,
    /// How many attempts there are.
    pub max_attempts: Option<i32>,
    /// From how many per cent it is passed.
    pub pass_percent: i32,
    /// What is shown afterwards.
    pub feedback: Feedback,
    /// Whether questions and options are shuffled.
    pub shuffle: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            time_limit_minutes: None,
            max_attempts: None,
            pass_percent: 70,
            feedback: Feedback::Verdicts,
            shuffle: true,
        }
    }
}

impl Rules {
    /// The first wrong field.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let within = |value: Option<i32>, most| value.is_none_or(|value| (1..=most).contains(&value));
        if !within(self.time_limit_minutes, 1440) {
            return Some("input.timeLimitMinutes");
        }
        if !within(self.max_attempts, 100) {
            return Some("input.maxAttempts");
        }
        (!(1..=100).contains(&self.pass_percent)).then_some("input.passPercent")
    }

    /// When an attempt begun at `start` is over.
    #[must_use]
    pub fn deadline(&self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.time_limit_minutes.map(|minutes| start + TimeDelta::minutes(minutes.into()))
    }

    /// How many attempts are left.
    #[must_use]
    pub fn attempts_left(&self, made: i32, extra: i32) -> Option<i32> {
        self.max_attempts.map(|most| (most + extra - made).max(0))
    }
}

/// Whether an answer still counts: up to and including the deadline.
#[must_use]
pub fn in_time(deadline: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    deadline.is_none_or(|deadline| now <= deadline)
}

/// A question of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The question's id.
    pub id: Uuid,
    /// As it was.
    pub question: Question,
    /// Which option, or left side, is shown at each place.
    pub options: Vec<usize>,
    /// Which right side is shown at each place.
    pub matches: Vec<usize>,
}

/// The questions and rules of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The rules.
    pub rules: Rules,
    /// The questions in the order shown.
    pub questions: Vec<Asked>,
}

/// The answers of an attempt by question.
pub type Replies = BTreeMap<Uuid, Reply>;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Hundredths of a point.
    pub earned: i32,
    /// Of all points, rounded down.
    pub percent: i32,
    /// Whether it is passed.
    pub passed: bool,
}

impl Paper {
    /// Draws up the paper of an attempt. The right sides of pairs are shuffled in any case: side by side they would be
    /// the answer.
    #[must_use]
    pub fn draw(questions: Vec<(Uuid, Question)>, rules: Rules, seed: u64) -> Self {
        let mut state = seed;
        let mut order = |length: usize, shuffled: bool| {
            let seed = shuffle::next(&mut state);
            if shuffled { shuffle::order(seed, length) } else { (0..length).collect() }
        };
        let sequence = order(questions.len(), rules.shuffle);
        let asked = sequence.into_iter().map(|at| {
            let (id, question) = questions[at].clone();
            let (options, matches) = match &question.task {
                Task::Single { options } | Task::Multiple { options } => (options.len(), 0),
                Task::Matching { pairs } => (pairs.len(), pairs.len()),
                Task::Numeric { .. } | Task::ShortText { .. } => (0, 0),
            };
            let (options, matches) = (order(options, rules.shuffle), order(matches, true));
            Asked { id, question, options, matches }
        });
        let questions = asked.collect();
        Self { rules, questions }
    }

    /// All points.
    #[must_use]
    pub fn points(&self) -> i32 {
        self.questions.iter().map(|asked| asked.question.points).sum()
    }

    /// Grades the attempt.
    #[must_use]
    pub fn score(&self, replies: &Replies) -> Score {
        let earned = |asked: &Asked| replies.get(&asked.id).map_or(0, |reply| asked.question.grade(reply));
        let earned = self.questions.iter().map(earned).sum::<i32>();
        // Hundredths of points over points are per cent.
        let percent = earned / self.points().max(1);
        Score { earned, percent, passed: percent >= self.rules.pass_percent }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::question::Choice, *};

    fn questions(count: usize) -> Vec<(Uuid, Question)> {
        let one = |at: usize| {
            let options =
                (0..4).map(|option| Choice { text: format!("{option}"), right: option == 2 }).collect();
            let task = Task::Single { options };
            let question = Question { text: format!("{at}"), points: 1, explanation: None, task };
            (Uuid::from_u128(u128::try_from(at).expect("small")), question)
        };
        (0..count).map(one).collect()
    }

    fn answers(paper: &Paper, right: usize) -> Replies {
        let reply = |(at, asked): (usize, &Asked)| {
            (asked.id, Reply { chosen: vec![if at < right { 2 } else { 0 }], ..Reply::default() })
        };
        paper.questions.iter().enumerate().map(reply).collect()
    }

    proptest! {
        #[test]
        fn a_score_follows_from_the_answers_not_from_the_order(seed: u64, count in 1_usize..20, right in 0_usize..20) {
            let right = right.min(count);
            let paper = Paper::draw(questions(count), Rules::default(), seed);
            let score = paper.score(&answers(&paper, right));
            prop_assert_eq!(score.earned, i32::try_from(right * 100).expect("small"));
            prop_assert_eq!(score.percent, i32::try_from(right * 100 / count).expect("small"));
            prop_assert_eq!(score.passed, right * 100 / count >= 70);
        }

        #[test]
        fn one_more_right_answer_never_lowers_the_score(seed: u64, count in 1_usize..20, right in 0_usize..19) {
            let paper = Paper::draw(questions(count), Rules::default(), seed);
            let (less, more) = (paper.score(&answers(&paper, right)), paper.score(&answers(&paper, right + 1)));
            prop_assert!(more.earned >= less.earned && more.percent >= less.percent);
        }

        #[test]
        fn a_seed_gives_one_paper(seed: u64) {
            let draw = || Paper::draw(questions(8), Rules::default(), seed);
            prop_assert_eq!(draw(), draw());
        }
    }

    #[test]
    fn an_answer_counts_until_the_deadline_and_not_a_microsecond_longer() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("a moment");
        let rules = Rules { time_limit_minutes: Some(20), ..Rules::default() };
        let deadline = rules.deadline(start);
        assert!(in_time(deadline, start + TimeDelta::minutes(20)));
        assert!(!in_time(deadline, start + TimeDelta::minutes(20) + TimeDelta::microseconds(1)));
        assert!(in_time(None, start + TimeDelta::days(100)));
    }

    #[test]
    fn attempts_run_out_and_can_be_granted() {
        let rules = Rules { max_attempts: Some(2), ..Rules::default() };
        assert_eq!(rules.attempts_left(2, 0), Some(0));
        assert_eq!(rules.attempts_left(2, 1), Some(1));
        assert_eq!(Rules::default().attempts_left(50, 0), None);
    }
}
