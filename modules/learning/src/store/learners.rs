//! Who is how far in a course.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{CourseId, EnrolmentId, EnrolmentStatus};
use plenum_members_api::MemberId;

use super::enrolments::state_text;

/// The learners of a course who are so far, at most 100,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn with_status(
    tx: &mut TenantTx,
    course: CourseId,
    state: EnrolmentStatus,
) -> Result<Vec<MemberId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids = sqlx::query_scalar!(
        "SELECT member_id FROM learning.enrolment
          WHERE tenant_id = $1 AND course_id = $2 AND state = $3 ORDER BY member_id LIMIT 100000",
        tenant,
        course.uuid(),
        state_text(state)
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(MemberId::from).collect())
}

/// The learners of a course whose due date has passed and who are not done, at most 100,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn overdue(tx: &mut TenantTx, course: CourseId) -> Result<Vec<MemberId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let ids = sqlx::query_scalar!(
        "SELECT member_id FROM learning.enrolment
          WHERE tenant_id = $1 AND course_id = $2 AND state IN ('enrolled', 'in_progress') AND due_at < $3
          ORDER BY member_id LIMIT 100000",
        tenant,
        course.uuid(),
        now
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(MemberId::from).collect())
}

/// Who has begun a course and not finished it, at most 100,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn in_progress(tx: &mut TenantTx, course: CourseId) -> Result<Vec<EnrolmentId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids = sqlx::query_scalar!(
        "SELECT id FROM learning.enrolment
          WHERE tenant_id = $1 AND course_id = $2 AND state = 'in_progress' ORDER BY id LIMIT 100000",
        tenant,
        course.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(EnrolmentId::from).collect())
}
