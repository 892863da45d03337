//! What was watched of videos.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{EnrolmentId, LessonId};

/// Counts a part of a video as played, once however often it is; how many seconds of it are, all parts together.
///
/// # Errors
/// [`StoreError`] when the lesson was never opened.
pub async fn keep(
    tx: &mut TenantTx,
    enrolment: EnrolmentId,
    lesson: LessonId,
    from_s: i32,
    to_s: i32,
) -> Result<i32, StoreError> {
    let tenant = tx.tenant().uuid();
    let watched = sqlx::query_scalar!(
        "UPDATE learning.progress AS p
            SET watched_parts = p.watched_parts + int4multirange(int4range($4, $5)),
                watched_s = (SELECT coalesce(sum(upper(part) - lower(part)), 0)::integer
                               FROM unnest(p.watched_parts + int4multirange(int4range($4, $5))) AS part)
          WHERE tenant_id = $1 AND enrolment_id = $2 AND lesson_id = $3
         RETURNING watched_s",
        tenant,
        enrolment.uuid(),
        lesson.uuid(),
        from_s,
        to_s
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(watched)
}
