//! Courses, lessons, and what a course lacks before it is published.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_kernel::FileId;
use serde::{Deserialize, Serialize};

use super::paper::Rules;

/// The longest title, characters.
pub const LONGEST_TITLE: usize = 300;
/// The longest summary, characters.
pub const LONGEST_SUMMARY: usize = 4_000;
/// The longest text of a lesson, characters.
pub const LONGEST_TEXT: usize = 100_000;

/// Where a course stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourseState {
    /// Its authors alone see it.
    Draft,
    /// People learn.
    Published,
    /// Kept, closed to new learners.
    Archived,
}

impl CourseState {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Archived].into_iter().find(|state| state.as_str() == text)
    }
}

/// What a lesson is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LessonKind {
    /// A text.
    Text,
    /// A video.
    Video,
    /// A file.
    File,
    /// A quiz.
    Quiz,
    /// A webinar.
    Webinar,
}

/// What is in a lesson. Texts are Markdown, kept as they were written: nothing of them is ever taken for HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// A text.
    Text {
        /// Markdown.
        text: String,
    },
    /// A video with words beside it.
    Video {
        /// Markdown.
        text: String,
        /// The video.
        file: Option<FileId>,
        /// How long it is.
        duration_s: Option<i32>,
    },
    /// A file with words beside it.
    File {
        /// Markdown.
        text: String,
        /// The file.
        file: Option<FileId>,
    },
    /// A quiz with words before it.
    Quiz {
        /// Markdown.
        text: String,
        /// The rules.
        rules: Rules,
    },
    /// A webinar with words before it.
    Webinar {
        /// Markdown.
        text: String,
        /// When it begins.
        starts_at: Option<DateTime<Utc>>,
        /// How long it takes.
        minutes: i32,
    },
}

impl Content {
    /// An empty lesson of a kind.
    #[must_use]
    pub fn empty(kind: LessonKind) -> Self {
        let text = String::new();
        match kind {
            LessonKind::Text => Self::Text { text },
            LessonKind::Video => Self::Video { text, file: None, duration_s: None },
            LessonKind::File => Self::File { text, file: None },
            LessonKind::Quiz => Self::Quiz { text, rules: Rules::default() },
            LessonKind::Webinar => Self::Webinar { text, starts_at: None, minutes: 60 },
        }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> LessonKind {
        match self {
            Self::Text { .. } => LessonKind::Text,
            Self::Video { .. } => LessonKind::Video,
            Self::File { .. } => LessonKind::File,
            Self::Quiz { .. } => LessonKind::Quiz,
            Self::Webinar { .. } => LessonKind::Webinar,
        }
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text }
            | Self::Video { text, .. }
            | Self::File { text, .. }
            | Self::Quiz { text, .. }
            | Self::Webinar { text, .. } => text,
        }
    }

    /// Gives it other words.
    pub fn set_text(&mut self, new: String) {
        match self {
            Self::Text { text }
            | Self::Video { text, .. }
            | Self::File { text, .. }
            | Self::Quiz { text, .. }
            | Self::Webinar { text, .. } => *text = new,
        }
    }

    /// What it lacks, if it lacks something. `questions` is how many its quiz has.
    #[must_use]
    pub fn gap(&self, questions: i64) -> Option<&'static str> {
        match self {
            Self::Text { text } => text.trim().is_empty().then_some("text_empty"),
            Self::Video { file, .. } => file.is_none().then_some("video_missing"),
            Self::File { file, .. } => file.is_none().then_some("file_missing"),
            Self::Quiz { .. } => (questions == 0).then_some("quiz_empty"),
            Self::Webinar { starts_at, .. } => starts_at.is_none().then_some("webinar_no_time"),
        }
    }
}

/// How long before its beginning a webinar's room opens, and how long after its end it closes.
const DOORS: TimeDelta = TimeDelta::minutes(15);

/// When a webinar is over.
#[must_use]
pub fn webinar_end(start: DateTime<Utc>, minutes: i32) -> DateTime<Utc> {
    start + TimeDelta::minutes(minutes.into())
}

/// Whether the room of a webinar is open.
#[must_use]
pub fn room_is_open(starts_at: Option<DateTime<Utc>>, minutes: i32, now: DateTime<Utc>) -> bool {
    starts_at.is_some_and(|start| now >= start - DOORS && now <= webinar_end(start, minutes) + DOORS)
}

/// A text that must be there, without spaces around it.
///
/// # Errors
/// `empty` or `too_long`.
pub fn required(text: &str, longest: usize) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("empty");
    }
    optional(text, longest)
}

/// A text that may be empty, without spaces around it.
///
/// # Errors
/// `too_long`.
pub fn optional(text: &str, longest: usize) -> Result<String, &'static str> {
    if text.chars().count() > longest { Err("too_long") } else { Ok(text.trim().to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_lesson_of_each_kind_lacks_something() {
        for kind in
            [LessonKind::Text, LessonKind::Video, LessonKind::File, LessonKind::Quiz, LessonKind::Webinar]
        {
            let content = Content::empty(kind);
            assert_eq!(content.kind(), kind);
            assert!(content.gap(0).is_some());
        }
        assert_eq!(Content::empty(LessonKind::Quiz).gap(1), None);
    }

    #[test]
    fn the_room_of_a_webinar_opens_a_quarter_before_and_closes_a_quarter_after() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("a moment");
        let open = |minutes: i64| room_is_open(Some(start), 60, start + TimeDelta::minutes(minutes));
        assert!(!open(-16) && open(-15) && open(30) && open(75) && !open(76));
        assert!(!room_is_open(None, 60, start));
    }
}
