//! Sections and lessons.

use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, LessonId, SectionId};
use serde_json::Value;
use uuid::Uuid;

use super::{courses, from_json, to_json};
use crate::domain::course::Content;

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its course.
    pub course: CourseId,
    /// 1, 2, 3…
    pub position: i32,
    /// Its name.
    pub title: String,
}

/// A lesson.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// Its course.
    pub course: CourseId,
    /// Its section.
    pub section: SectionId,
    /// 1, 2, 3… in the section.
    pub position: i32,
    /// Its name.
    pub title: String,
    /// Whether the course is not done without it.
    pub required: bool,
    /// What is in it.
    pub content: Content,
}

/// Something of a course with its place, for permits.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// What it is.
    pub it: T,
    place: Place,
}

impl<T> Placed<T> {
    /// Puts it in its place.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn of(tx: &mut TenantTx, it: Option<T>) -> Result<Option<Self>, StoreError> {
        let Some(it) = it else { return Ok(None) };
        Ok(Some(Self { it, place: courses::place(tx).await? }))
    }

    /// Where it is.
    #[must_use]
    pub fn at(&self) -> Place {
        self.place.clone()
    }
}

impl Resource for Placed<Section> {
    type Id = SectionId;

    async fn find(tx: &mut TenantTx, id: SectionId) -> Result<Option<Self>, StoreError> {
        let section = section(tx, id).await?;
        Self::of(tx, section).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

impl Resource for Placed<Lesson> {
    type Id = LessonId;

    async fn find(tx: &mut TenantTx, id: LessonId) -> Result<Option<Self>, StoreError> {
        let lesson = by_id(tx, id).await?;
        Self::of(tx, lesson).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

struct SectionRow {
    id: Uuid,
    course_id: Uuid,
    position: i32,
    title: String,
}

impl From<SectionRow> for Section {
    fn from(row: SectionRow) -> Self {
        Self { id: row.id.into(), course: row.course_id.into(), position: row.position, title: row.title }
    }
}

struct Row {
    id: Uuid,
    course_id: Uuid,
    section_id: Uuid,
    position: i32,
    title: String,
    required: bool,
    content: Value,
}

impl TryFrom<Row> for Lesson {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            course: row.course_id.into(),
            section: row.section_id.into(),
            position: row.position,
            title: row.title,
            required: row.required,
            content: from_json("content of a lesson", row.content)?,
        })
    }
}

/// One section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn section(tx: &mut TenantTx, id: SectionId) -> Result<Option<Section>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        SectionRow,
        "SELECT id, course_id, position, title FROM learning.section WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Section::from))
}

/// The sections of a course in order, at most 200.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sections(tx: &mut TenantTx, course: CourseId) -> Result<Vec<Section>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        SectionRow,
        "SELECT id, course_id, position, title FROM learning.section
          WHERE tenant_id = $1 AND course_id = $2 ORDER BY position, id LIMIT 200",
        tenant,
        course.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Section::from).collect())
}

/// One lesson.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: LessonId) -> Result<Option<Lesson>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, course_id, section_id, position, title, required, content
           FROM learning.lesson WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Lesson::try_from)
    .transpose()
}

/// The lessons of a course in the order in which they are learned, at most 1,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_course(tx: &mut TenantTx, course: CourseId) -> Result<Vec<Lesson>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT l.id, l.course_id, l.section_id, l.position, l.title, l.required, l.content
           FROM learning.lesson l
           JOIN learning.section s ON s.tenant_id = l.tenant_id AND s.id = l.section_id
          WHERE l.tenant_id = $1 AND l.course_id = $2
          ORDER BY s.position, s.id, l.position, l.id
          LIMIT 1000",
        tenant,
        course.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Lesson::try_from)
    .collect()
}

/// Adds a section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_section(tx: &mut TenantTx, section: &Section) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO learning.section (tenant_id, id, course_id, position, title) VALUES ($1, $2, $3, $4, $5)",
        tenant,
        section.id.uuid(),
        section.course.uuid(),
        section.position,
        section.title
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps what changed of a section.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn update_section(tx: &mut TenantTx, section: &Section) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE learning.section SET title = $3, position = $4 WHERE tenant_id = $1 AND id = $2",
        tenant,
        section.id.uuid(),
        section.title,
        section.position
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Removes a section without lessons.
///
/// # Errors
/// [`StoreError`] when it is gone or has lessons.
pub async fn delete_section(tx: &mut TenantTx, id: SectionId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!("DELETE FROM learning.section WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?
        .exactly(1)
}

/// Adds a lesson.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, lesson: &Lesson) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let content = to_json("content of a lesson", &lesson.content)?;
    sqlx::query!(
        "INSERT INTO learning.lesson (tenant_id, id, course_id, section_id, position, title, required, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant,
        lesson.id.uuid(),
        lesson.course.uuid(),
        lesson.section.uuid(),
        lesson.position,
        lesson.title,
        lesson.required,
        content
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps what changed of a lesson.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn update(tx: &mut TenantTx, lesson: &Lesson) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let content = to_json("content of a lesson", &lesson.content)?;
    sqlx::query!(
        "UPDATE learning.lesson SET position = $3, title = $4, required = $5, content = $6
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        lesson.id.uuid(),
        lesson.position,
        lesson.title,
        lesson.required,
        content
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Whether anybody has opened a lesson.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_in_use(tx: &mut TenantTx, id: LessonId) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let used = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM learning.progress WHERE tenant_id = $1 AND lesson_id = $2)
               OR EXISTS (SELECT 1 FROM learning.attempt WHERE tenant_id = $1 AND lesson_id = $2) AS "used!""#,
        tenant,
        id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(used)
}

/// Removes a lesson with its questions.
///
/// # Errors
/// [`StoreError`] when it is gone or in use.
pub async fn delete(tx: &mut TenantTx, id: LessonId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!("DELETE FROM learning.question WHERE tenant_id = $1 AND lesson_id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?;
    sqlx::query!("DELETE FROM learning.lesson WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?
        .exactly(1)
}
