//! Invitations to courses, and reminders sent.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, EnrolmentId, InvitationId};
use uuid::Uuid;

use super::lessons::Placed;

/// A link that enrols the members who follow it.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To which course.
    pub course: CourseId,
    /// What stands in the link.
    pub token: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How many were enrolled by it.
    pub uses: i32,
}

impl Invitation {
    /// Whether it can be followed.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

impl Resource for Placed<Invitation> {
    type Id = InvitationId;

    async fn find(tx: &mut TenantTx, id: InvitationId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query_as!(
            Row,
            "SELECT id, course_id, token, created_at, expires_at, closed_at, uses
               FROM learning.invitation WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        Self::of(tx, row.map(Invitation::from)).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

struct Row {
    id: Uuid,
    course_id: Uuid,
    token: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    uses: i32,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            course: row.course_id.into(),
            token: row.token,
            created_at: row.created_at,
            expires_at: row.expires_at,
            closed_at: row.closed_at,
            uses: row.uses,
        }
    }
}

/// The invitations to a course that are not closed, the newest first, at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_course(tx: &mut TenantTx, course: CourseId) -> Result<Vec<Invitation>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, course_id, token, created_at, expires_at, closed_at, uses FROM learning.invitation
          WHERE tenant_id = $1 AND course_id = $2 AND closed_at IS NULL ORDER BY id DESC LIMIT 100",
        tenant,
        course.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// The invitation with this token.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_token(tx: &mut TenantTx, token: &str) -> Result<Option<Invitation>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, course_id, token, created_at, expires_at, closed_at, uses FROM learning.invitation
          WHERE tenant_id = $1 AND token = $2",
        tenant,
        token
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Invitation::from))
}

/// Adds an invitation.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, invitation: &Invitation) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO learning.invitation (tenant_id, id, course_id, token, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant,
        invitation.id.uuid(),
        invitation.course.uuid(),
        invitation.token,
        invitation.created_at,
        invitation.expires_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Counts one more who was enrolled by it.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn used(tx: &mut TenantTx, id: InvitationId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE learning.invitation SET uses = uses + 1 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Closes an invitation; one that is closed stays so.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn close(tx: &mut TenantTx, id: InvitationId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE learning.invitation SET closed_at = coalesce(closed_at, $3) WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that a reminder is sent; false when it was before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remind_once(
    tx: &mut TenantTx,
    enrolment: EnrolmentId,
    due_at: DateTime<Utc>,
    kind: &str,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "INSERT INTO learning.reminder (tenant_id, enrolment_id, due_at, kind, sent_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, enrolment_id, due_at, kind) DO NOTHING",
        tenant,
        enrolment.uuid(),
        due_at,
        kind,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
