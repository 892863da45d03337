//! Courses are made, changed, published, archived.

use plenum_authz::Action;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, CoursePublished, LessonId, SectionId};
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use super::LearningError;
use crate::{
    domain::course::{self, CourseState, LONGEST_SUMMARY, LONGEST_TITLE, LessonKind},
    permissions::Write,
    store::{
        courses::{self, Course, PlacedCourse},
        lessons, questions,
    },
};

/// What a course lacks: a stable word, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The word.
    pub code: &'static str,
    /// In which section.
    pub section: Option<SectionId>,
    /// In which lesson.
    pub lesson: Option<LessonId>,
}

/// What of a course is changed; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct CourseChange {
    /// Its name.
    pub title: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Whether its lessons open one after another.
    pub sequential: Option<bool>,
    /// Whether completing it earns a certificate.
    pub certificate: Option<bool>,
    /// Whether members may enrol themselves.
    pub self_enrol: Option<bool>,
    /// How many days a learner has; none inside is no due date.
    pub default_days: Option<Option<i32>>,
}

fn change(course: &mut Course, change: CourseChange) -> Result<(), LearningError> {
    if let Some(title) = change.title {
        course.title = course::required(&title, LONGEST_TITLE)
            .map_err(|reason| LearningError::Field("input.title", reason))?;
    }
    if let Some(summary) = change.summary {
        course.summary = course::optional(&summary, LONGEST_SUMMARY)
            .map_err(|reason| LearningError::Field("input.summary", reason))?;
    }
    course.sequential = change.sequential.unwrap_or(course.sequential);
    course.certificate = change.certificate.unwrap_or(course.certificate);
    course.self_enrol = change.self_enrol.unwrap_or(course.self_enrol);
    if let Some(days) = change.default_days {
        if days.is_some_and(|days| !(1..=3650).contains(&days)) {
            return Err(LearningError::Field("input.defaultDays", "out_of_range"));
        }
        course.default_days = days;
    }
    Ok(())
}

/// Makes a draft in the tenant whose root is permitted.
///
/// # Errors
/// [`LearningError`].
pub async fn create_course(
    tx: &mut TenantTx,
    _permit: Permit<Write, Unit>,
    title: String,
    summary: String,
) -> Result<CourseId, LearningError> {
    let mut course = Course {
        id: CourseId::new(),
        title: String::new(),
        summary: String::new(),
        state: CourseState::Draft,
        sequential: true,
        certificate: true,
        self_enrol: false,
        default_days: None,
        created_at: tx.now(),
        published_at: None,
    };
    let first = CourseChange { title: Some(title), summary: Some(summary), ..CourseChange::default() };
    change(&mut course, first)?;
    courses::insert(tx, &course).await?;
    plenum_audit::record(tx, "learning.create_course", course.id, json!({})).await?;
    Ok(course.id)
}

/// Changes a course that is not archived.
///
/// # Errors
/// [`LearningError`].
pub async fn update_course(
    tx: &mut TenantTx,
    permit: Permit<Write, PlacedCourse>,
    what: CourseChange,
) -> Result<(), LearningError> {
    let mut course = open(tx, &permit).await?;
    change(&mut course, what)?;
    courses::update(tx, &course).await?;
    plenum_audit::record(tx, "learning.update_course", course.id, json!({})).await?;
    Ok(())
}

/// Locks the course that may be changed: it is not archived.
///
/// # Errors
/// [`LearningError::State`] when it is.
pub(super) async fn open<A: Action>(
    tx: &mut TenantTx,
    permit: &Permit<A, PlacedCourse>,
) -> Result<Course, LearningError> {
    let course = courses::lock(tx, permit.resource().course.id).await?;
    if course.state == CourseState::Archived { Err(LearningError::State("archived")) } else { Ok(course) }
}

/// What a course lacks before it can be published.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn gaps(tx: &mut TenantTx, course: CourseId) -> Result<Vec<Gap>, StoreError> {
    let sections = lessons::sections(tx, course).await?;
    let all = lessons::of_course(tx, course).await?;
    let mut gaps = Vec::new();
    if sections.is_empty() {
        gaps.push(Gap { code: "no_sections", section: None, lesson: None });
    }
    for section in &sections {
        if !all.iter().any(|lesson| lesson.section == section.id) {
            gaps.push(Gap { code: "section_empty", section: Some(section.id), lesson: None });
        }
    }
    for lesson in &all {
        let asked = match lesson.content.kind() {
            LessonKind::Quiz => questions::of_lesson(tx, lesson.id).await?.len(),
            _ => 0,
        };
        if let Some(code) = lesson.content.gap(i64::try_from(asked).unwrap_or(i64::MAX)) {
            gaps.push(Gap { code, section: Some(lesson.section), lesson: Some(lesson.id) });
        }
    }
    Ok(gaps)
}

/// How a change of a course's state ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourseStep {
    /// Done, or done before.
    Done,
    /// Something is missing.
    Incomplete,
    /// It is archived, or never was published.
    WrongState,
}

/// Publishes a draft.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn publish_course(
    tx: &mut TenantTx,
    permit: Permit<Write, PlacedCourse>,
) -> Result<CourseStep, StoreError> {
    let mut course = courses::lock(tx, permit.resource().course.id).await?;
    match course.state {
        CourseState::Published => return Ok(CourseStep::Done),
        CourseState::Archived => return Ok(CourseStep::WrongState),
        CourseState::Draft => {}
    }
    if !gaps(tx, course.id).await?.is_empty() {
        return Ok(CourseStep::Incomplete);
    }
    course.state = CourseState::Published;
    course.published_at = Some(tx.now());
    courses::update(tx, &course).await?;
    tx.publish(&CoursePublished { course: course.id }).await?;
    plenum_audit::record(tx, "learning.publish_course", course.id, json!({})).await?;
    Ok(CourseStep::Done)
}

/// Closes a course to new learners. Who has begun goes on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn archive_course(
    tx: &mut TenantTx,
    permit: Permit<Write, PlacedCourse>,
) -> Result<CourseStep, StoreError> {
    let mut course = courses::lock(tx, permit.resource().course.id).await?;
    if course.state == CourseState::Archived {
        return Ok(CourseStep::Done);
    }
    course.state = CourseState::Archived;
    courses::update(tx, &course).await?;
    plenum_audit::record(tx, "learning.archive_course", course.id, json!({})).await?;
    Ok(CourseStep::Done)
}

/// Whether two lists name the same things, each once.
pub(super) fn same<T: TypedId + Ord>(given: &[T], existing: impl Iterator<Item = T>) -> bool {
    let mut given = given.to_vec();
    let mut existing: Vec<T> = existing.collect();
    given.sort_unstable();
    existing.sort_unstable();
    given == existing
}
