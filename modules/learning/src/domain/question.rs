//! Questions and the grading of answers.

use serde::{Deserialize, Serialize};

use super::numbers;

/// The longest text of a question, option or spelling, characters.
pub const LONGEST: usize = 2_000;
/// The most options, pairs or spellings of a question.
pub const MOST: usize = 20;

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// Whether it is to be chosen.
    pub right: bool,
}

/// Two things that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// What stands on the left.
    pub left: String,
    /// What belongs to it.
    pub right: String,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// One of several.
    Single {
        /// The options.
        options: Vec<Choice>,
    },
    /// All that are right.
    Multiple {
        /// The options.
        options: Vec<Choice>,
    },
    /// What belongs together.
    Matching {
        /// The pairs.
        pairs: Vec<Pair>,
    },
    /// A number.
    Numeric {
        /// The right one, millionths.
        value: i64,
        /// How far off is right too, millionths.
        tolerance: i64,
    },
    /// A word or two.
    ShortText {
        /// What is accepted.
        spellings: Vec<String>,
    },
}

/// A question of a quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// What a right answer earns.
    pub points: i32,
    /// Shown with the right answer.
    pub explanation: Option<String>,
    /// What is asked for.
    pub task: Task,
}

/// An answer. Options, left and right sides are named by their places in the question, not as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reply {
    /// The chosen options.
    pub chosen: Vec<usize>,
    /// Which right side was put to which left side.
    pub pairs: Vec<(usize, usize)>,
    /// A number as typed.
    pub number: Option<String>,
    /// A text as typed.
    pub text: Option<String>,
}

/// How good an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All right.
    Right,
    /// Partly right.
    Partly,
    /// Wrong, or none.
    Wrong,
}

/// What is wrong with a question or an answer: the path inside it and a stable word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub path: &'static str,
    /// What.
    pub reason: &'static str,
}

fn fault<T>(path: &'static str, reason: &'static str) -> Result<T, Fault> {
    Err(Fault { path, reason })
}

fn check_text(path: &'static str, text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return fault(path, "empty");
    }
    if text.chars().count() > LONGEST { fault(path, "too_long") } else { Ok(()) }
}

fn check_count(path: &'static str, count: usize, least: usize) -> Result<(), Fault> {
    if count < least {
        return fault(path, "too_few");
    }
    if count > MOST { fault(path, "too_many") } else { Ok(()) }
}

impl Question {
    /// Whether it can be asked.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self) -> Result<(), Fault> {
        check_text("input.text", &self.text)?;
        if !(1..=100).contains(&self.points) {
            return fault("input.points", "out_of_range");
        }
        if let Some(explanation) = &self.explanation {
            check_text("input.explanation", explanation)?;
        }
        match &self.task {
            Task::Single { options } | Task::Multiple { options } => {
                check_count("input.options", options.len(), 2)?;
                options.iter().try_for_each(|option| check_text("input.options", &option.text))?;
                let right = options.iter().filter(|option| option.right).count();
                if right == 0 {
                    return fault("input.options", "no_right_answer");
                }
                if matches!(self.task, Task::Single { .. }) && right > 1 {
                    return fault("input.options", "several_right_answers");
                }
                Ok(())
            }
            Task::Matching { pairs } => {
                check_count("input.pairs", pairs.len(), 2)?;
                pairs.iter().try_for_each(|pair| {
                    check_text("input.pairs", &pair.left)?;
                    check_text("input.pairs", &pair.right)
                })
            }
            Task::Numeric { tolerance, .. } if *tolerance < 0 => fault("input.tolerance", "out_of_range"),
            Task::Numeric { .. } => Ok(()),
            Task::ShortText { spellings } => {
                check_count("input.spellings", spellings.len(), 1)?;
                spellings.iter().try_for_each(|spelling| {
                    if plain(spelling).is_empty() {
                        return fault("input.spellings", "empty");
                    }
                    check_text("input.spellings", spelling)
                })
            }
        }
    }

    /// Whether an answer is one to this question: places that exist, each named once, a number that reads.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn takes(&self, reply: &Reply) -> Result<(), Fault> {
        let mut chosen = reply.chosen.clone();
        chosen.sort_unstable();
        chosen.dedup();
        if chosen.len() != reply.chosen.len() {
            return fault("answer.chosen", "twice");
        }
        match &self.task {
            Task::Single { options } | Task::Multiple { options } => {
                if chosen.iter().any(|at| *at >= options.len()) {
                    return fault("answer.chosen", "not_an_option");
                }
                if matches!(self.task, Task::Single { .. }) && chosen.len() > 1 {
                    return fault("answer.chosen", "too_many");
                }
                Ok(())
            }
            Task::Matching { pairs } => {
                let (mut left, mut right): (Vec<_>, Vec<_>) = reply.pairs.iter().copied().unzip();
                for side in [&mut left, &mut right] {
                    side.sort_unstable();
                    side.dedup();
                    if side.len() != reply.pairs.len() {
                        return fault("answer.pairs", "twice");
                    }
                    if side.iter().any(|at| *at >= pairs.len()) {
                        return fault("answer.pairs", "not_an_option");
                    }
                }
                Ok(())
            }
            Task::Numeric { .. } => match reply.number.as_deref().map(str::trim) {
                Some(text) if !text.is_empty() && numbers::read(text).is_none() => {
                    fault("answer.number", "not_a_number")
                }
                _ => Ok(()),
            },
            Task::ShortText { .. } => match &reply.text {
                Some(text) if text.chars().count() > LONGEST => fault("answer.text", "too_long"),
                _ => Ok(()),
            },
        }
    }

    /// What an answer earns, in hundredths of a point. Of several right options each is worth its share, and each wrong
    /// one takes as much away, never below nothing; of pairs each right one is worth its share.
    #[must_use]
    pub fn grade(&self, reply: &Reply) -> i32 {
        let all = self.points * 100;
        let share = |right: usize, of: usize| {
            let (right, of) = (i32::try_from(right).unwrap_or(0), i32::try_from(of).unwrap_or(i32::MAX));
            all * right / of.max(1)
        };
        match &self.task {
            Task::Single { options } => {
                let right = matches!(reply.chosen[..], [one] if options.get(one).is_some_and(|o| o.right));
                if right { all } else { 0 }
            }
            Task::Multiple { options } => {
                let is_right = |at: &&usize| options.get(**at).is_some_and(|option| option.right);
                let right = reply.chosen.iter().filter(is_right).count();
                let wrong = reply.chosen.len() - right;
                share(right.saturating_sub(wrong), options.iter().filter(|option| option.right).count())
            }
            Task::Matching { pairs } => {
                // Two left sides may share one right text: what it says counts, not which of the two it was.
                let fits = |(left, right): &&(usize, usize)| match (pairs.get(*left), pairs.get(*right)) {
                    (Some(left), Some(right)) => left.right == right.right,
                    _ => false,
                };
                share(reply.pairs.iter().filter(fits).count(), pairs.len())
            }
            Task::Numeric { value, tolerance } => {
                let given = reply.number.as_deref().and_then(numbers::read);
                if given.is_some_and(|given| given.abs_diff(*value) <= tolerance.unsigned_abs()) {
                    all
                } else {
                    0
                }
            }
            Task::ShortText { spellings } => {
                let given = reply.text.as_deref().map(plain).unwrap_or_default();
                if spellings.iter().any(|spelling| plain(spelling) == given) { all } else { 0 }
            }
        }
    }

    /// How good it is.
    #[must_use]
    pub fn verdict(&self, earned: i32) -> Verdict {
        match earned {
            0 => Verdict::Wrong,
            some if some >= self.points * 100 => Verdict::Right,
            _ => Verdict::Partly,
        }
    }
}

/// A short text without what does not matter: case, spaces, `ё`.
fn plain(text: &str) -> String {
    text.to_lowercase().replace('ё', "е").chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
#[path = "question_tests.rs"]
mod tests;
