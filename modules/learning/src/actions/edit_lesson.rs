//! Sections and lessons are added, changed, ordered, removed.

use chrono::{DateTime, Utc};
use plenum_db::{Permit, TenantTx};
use plenum_files::{File, FileId, Files, FilesError};
use plenum_learning_api::{LessonId, SectionId};
use serde_json::json;

use super::{
    LearningError,
    edit_course::{open, same},
};
use crate::{
    domain::course::{self, Content, LONGEST_TEXT, LONGEST_TITLE, LessonKind},
    jobs::settle_course::SettleCourse,
    permissions::Write,
    store::{
        courses::PlacedCourse,
        lessons::{self, Lesson, Section},
    },
};

/// The most sections of a course.
const MOST_SECTIONS: usize = 100;
/// The most lessons of a course.
const MOST_LESSONS: usize = 500;

type CoursePermit = Permit<Write, PlacedCourse>;

fn title(text: &str, path: &'static str) -> Result<String, LearningError> {
    course::required(text, LONGEST_TITLE).map_err(|reason| LearningError::Field(path, reason))
}

fn after_last(positions: impl Iterator<Item = i32>) -> i32 {
    positions.max().unwrap_or(0) + 1
}

/// Adds a section at the end.
///
/// # Errors
/// [`LearningError`].
pub async fn add_section(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    name: &str,
) -> Result<SectionId, LearningError> {
    let title = title(name, "title")?;
    let course = open(tx, permit).await?;
    let all = lessons::sections(tx, course.id).await?;
    if all.len() >= MOST_SECTIONS {
        return Err(LearningError::Field("course", "too_many"));
    }
    let position = after_last(all.iter().map(|section| section.position));
    let section = Section { id: SectionId::new(), course: course.id, position, title };
    lessons::insert_section(tx, &section).await?;
    plenum_audit::record(tx, "learning.add_section", section.id, json!({})).await?;
    Ok(section.id)
}

/// Gives a section another name.
///
/// # Errors
/// [`LearningError`].
pub async fn rename_section(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    mut section: Section,
    name: &str,
) -> Result<(), LearningError> {
    section.title = title(name, "title")?;
    open(tx, permit).await?;
    lessons::update_section(tx, &section).await?;
    plenum_audit::record(tx, "learning.rename_section", section.id, json!({})).await?;
    Ok(())
}

/// Removes a section with its lessons, when nobody has opened one of them.
///
/// # Errors
/// [`LearningError`].
pub async fn remove_section(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    section: SectionId,
) -> Result<(), LearningError> {
    let course = open(tx, permit).await?;
    for lesson in lessons::of_course(tx, course.id).await? {
        if lesson.section == section {
            drop_lesson(tx, lesson.id).await?;
        }
    }
    lessons::delete_section(tx, section).await?;
    plenum_jobs::enqueue(tx, &SettleCourse { course: course.id }).await?;
    plenum_audit::record(tx, "learning.remove_section", section, json!({})).await?;
    Ok(())
}

/// Puts the sections of a course in this order.
///
/// # Errors
/// [`LearningError`] when the list does not name each of them once.
pub async fn order_sections(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    order: &[SectionId],
) -> Result<(), LearningError> {
    let course = open(tx, permit).await?;
    let all = lessons::sections(tx, course.id).await?;
    if !same(order, all.iter().map(|section| section.id)) {
        return Err(LearningError::Field("sections", "not_the_same"));
    }
    for (mut section, position) in in_order(all, order, |section| section.id) {
        section.position = position;
        lessons::update_section(tx, &section).await?;
    }
    plenum_audit::record(tx, "learning.order_sections", course.id, json!({})).await?;
    Ok(())
}

/// Sorts things by a list of their ids, with positions from 1.
pub(super) fn in_order<T, I: PartialEq>(
    mut all: Vec<T>,
    order: &[I],
    id: impl Fn(&T) -> I,
) -> impl Iterator<Item = (T, i32)> {
    all.sort_by_key(|one| order.iter().position(|wanted| *wanted == id(one)));
    all.into_iter().zip(1..)
}

/// Adds an empty lesson at the end of a section.
///
/// # Errors
/// [`LearningError`].
pub async fn add_lesson(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    section: SectionId,
    name: &str,
    kind: LessonKind,
) -> Result<LessonId, LearningError> {
    let title = title(name, "input.title")?;
    let course = open(tx, permit).await?;
    let all = lessons::of_course(tx, course.id).await?;
    if all.len() >= MOST_LESSONS {
        return Err(LearningError::Field("section", "too_many"));
    }
    let beside = all.iter().filter(|lesson| lesson.section == section);
    let position = after_last(beside.map(|lesson| lesson.position));
    let lesson = Lesson {
        id: LessonId::new(),
        course: course.id,
        section,
        position,
        title,
        required: true,
        content: Content::empty(kind),
    };
    lessons::insert(tx, &lesson).await?;
    plenum_audit::record(tx, "learning.add_lesson", lesson.id, json!({})).await?;
    Ok(lesson.id)
}

/// What of a lesson is changed; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct LessonChange {
    /// Its name.
    pub title: Option<String>,
    /// Whether the course is not done without it.
    pub required: Option<bool>,
    /// Its words, Markdown.
    pub text: Option<String>,
    /// A complete upload of the author: the video.
    pub video: Option<FileId>,
    /// How long the video is.
    pub video_seconds: Option<i32>,
    /// A complete upload of the author: the file.
    pub file: Option<FileId>,
    /// When the webinar begins.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it takes.
    pub duration_minutes: Option<i32>,
}

/// Changes a lesson.
///
/// # Errors
/// [`LearningError`].
pub async fn update_lesson(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    files: &Files,
    mut lesson: Lesson,
    change: LessonChange,
) -> Result<(), LearningError> {
    open(tx, permit).await?;
    if let Some(name) = change.title {
        lesson.title = title(&name, "input.title")?;
    }
    let was_required = lesson.required;
    lesson.required = change.required.unwrap_or(was_required);
    if let Some(text) = change.text {
        let text = course::optional(&text, LONGEST_TEXT)
            .map_err(|reason| LearningError::Field("input.text", reason))?;
        lesson.content.set_text(text);
    }
    let wrong = |path| LearningError::Field(path, "wrong_kind");
    if let Some(id) = change.video {
        let Content::Video { file, duration_s, .. } = &mut lesson.content else {
            return Err(wrong("input.video"));
        };
        let video = own(tx, files, id).await?;
        if !video.content_type.to_ascii_lowercase().starts_with("video/") {
            return Err(LearningError::Field("input.video", "not_a_video"));
        }
        (*file, *duration_s) = (Some(id), None);
    }
    if let Some(seconds) = change.video_seconds {
        let Content::Video { duration_s, .. } = &mut lesson.content else {
            return Err(wrong("input.videoSeconds"));
        };
        if !(1..=86_400).contains(&seconds) {
            return Err(LearningError::Field("input.videoSeconds", "out_of_range"));
        }
        *duration_s = Some(seconds);
    }
    if let Some(id) = change.file {
        let Content::File { file, .. } = &mut lesson.content else { return Err(wrong("input.file")) };
        own(tx, files, id).await?;
        *file = Some(id);
    }
    if change.starts_at.is_some() || change.duration_minutes.is_some() {
        let Content::Webinar { starts_at, minutes, .. } = &mut lesson.content else {
            return Err(wrong("input.startsAt"));
        };
        if change.duration_minutes.is_some_and(|minutes| !(5..=1440).contains(&minutes)) {
            return Err(LearningError::Field("input.durationMinutes", "out_of_range"));
        }
        *starts_at = change.starts_at.or(*starts_at);
        *minutes = change.duration_minutes.unwrap_or(*minutes);
    }
    lessons::update(tx, &lesson).await?;
    if was_required && !lesson.required {
        plenum_jobs::enqueue(tx, &SettleCourse { course: lesson.course }).await?;
    }
    plenum_audit::record(tx, "learning.update_lesson", lesson.id, json!({})).await?;
    Ok(())
}

async fn own(tx: &mut TenantTx, files: &Files, id: FileId) -> Result<File, LearningError> {
    let account = tx.viewer().account();
    files.own(tx, id, account).await.map_err(|error| match error {
        FilesError::Store(error) => error.into(),
        _ => LearningError::NotFound,
    })
}

/// Removes a lesson that nobody has opened.
///
/// # Errors
/// [`LearningError`].
pub async fn remove_lesson(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    lesson: LessonId,
) -> Result<(), LearningError> {
    let course = open(tx, permit).await?;
    drop_lesson(tx, lesson).await?;
    plenum_jobs::enqueue(tx, &SettleCourse { course: course.id }).await?;
    plenum_audit::record(tx, "learning.remove_lesson", lesson, json!({})).await?;
    Ok(())
}

async fn drop_lesson(tx: &mut TenantTx, lesson: LessonId) -> Result<(), LearningError> {
    if lessons::is_in_use(tx, lesson).await? {
        return Err(LearningError::State("lesson_in_use"));
    }
    Ok(lessons::delete(tx, lesson).await?)
}

/// Puts the lessons of a section in this order.
///
/// # Errors
/// [`LearningError`] when the list does not name each of them once.
pub async fn order_lessons(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    section: SectionId,
    order: &[LessonId],
) -> Result<(), LearningError> {
    let course = open(tx, permit).await?;
    let mut all = lessons::of_course(tx, course.id).await?;
    all.retain(|lesson| lesson.section == section);
    if !same(order, all.iter().map(|lesson| lesson.id)) {
        return Err(LearningError::Field("lessons", "not_the_same"));
    }
    for (mut lesson, position) in in_order(all, order, |lesson| lesson.id) {
        lesson.position = position;
        lessons::update(tx, &lesson).await?;
    }
    plenum_audit::record(tx, "learning.order_lessons", section, json!({})).await?;
    Ok(())
}
