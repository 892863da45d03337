//! Courses.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::CourseId;
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::unknown;
use crate::domain::course::CourseState;

/// A course.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// Its name.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Where it stands.
    pub state: CourseState,
    /// Whether its lessons open one after another.
    pub sequential: bool,
    /// Whether completing it earns a certificate.
    pub certificate: bool,
    /// Whether members may enrol themselves.
    pub self_enrol: bool,
    /// How many days a learner has when nothing else is said.
    pub default_days: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
}

/// A course with its place, for permits. Courses belong to the tenant as a whole.
#[derive(Debug, Clone)]
pub struct PlacedCourse {
    /// The course.
    pub course: Course,
    place: Place,
}

impl Resource for PlacedCourse {
    type Id = CourseId;

    async fn find(tx: &mut TenantTx, id: CourseId) -> Result<Option<Self>, StoreError> {
        let Some(course) = by_id(tx, id).await? else { return Ok(None) };
        Ok(Some(Self { course, place: place(tx).await? }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// Where everything of learning is: in the root of the tenant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn place(tx: &mut TenantTx) -> Result<Place, StoreError> {
    Ok(Place::of_units(&units::root(tx).await?.path))
}

struct Row {
    id: Uuid,
    title: String,
    summary: String,
    state: String,
    sequential: bool,
    certificate: bool,
    self_enrol: bool,
    default_days: Option<i32>,
    created_at: DateTime<Utc>,
    published_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Course {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            title: row.title,
            summary: row.summary,
            state: CourseState::read(&row.state).ok_or_else(|| unknown("state of a course", &row.state))?,
            sequential: row.sequential,
            certificate: row.certificate,
            self_enrol: row.self_enrol,
            default_days: row.default_days,
            created_at: row.created_at,
            published_at: row.published_at,
        })
    }
}

/// One course.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: CourseId) -> Result<Option<Course>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, title, summary, state, sequential, certificate, self_enrol, default_days, created_at, published_at
           FROM learning.course WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Course::try_from)
    .transpose()
}

/// Locks a course until the end of the transaction: changes of one course follow one another.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: CourseId) -> Result<Course, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_scalar!(
        "SELECT id FROM learning.course WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// A page of courses by id, the newest first, in these states and with these words in the title.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    states: &[CourseState],
    search: &str,
    after: Option<CourseId>,
    limit: i64,
) -> Result<Vec<Course>, StoreError> {
    let tenant = tx.tenant().uuid();
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_owned()).collect();
    sqlx::query_as!(
        Row,
        "SELECT id, title, summary, state, sequential, certificate, self_enrol, default_days, created_at, published_at
           FROM learning.course
          WHERE tenant_id = $1 AND state = ANY($2) AND strpos(lower(title), lower($3)) > 0
            AND ($4::uuid IS NULL OR id < $4)
          ORDER BY id DESC
          LIMIT $5",
        tenant,
        &states,
        search,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Course::try_from)
    .collect()
}

/// The published courses by title, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn published(tx: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, title FROM learning.course
          WHERE tenant_id = $1 AND state = 'published' ORDER BY title, id LIMIT 500",
        tenant
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.title)).collect())
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, course: &Course) -> Result<(), StoreError> {
    let (tenant, account) = (tx.tenant().uuid(), tx.viewer().account().map(TypedId::uuid));
    sqlx::query!(
        "INSERT INTO learning.course (tenant_id, id, title, summary, state, sequential, certificate, self_enrol,
                                      default_days, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        tenant,
        course.id.uuid(),
        course.title,
        course.summary,
        course.state.as_str(),
        course.sequential,
        course.certificate,
        course.self_enrol,
        course.default_days,
        account,
        course.created_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps what changed.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn update(tx: &mut TenantTx, course: &Course) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE learning.course
            SET title = $3, summary = $4, state = $5, sequential = $6, certificate = $7, self_enrol = $8,
                default_days = $9, published_at = $10
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        course.id.uuid(),
        course.title,
        course.summary,
        course.state.as_str(),
        course.sequential,
        course.certificate,
        course.self_enrol,
        course.default_days,
        course.published_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
