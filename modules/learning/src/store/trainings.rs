//! Trainings that wait for their course.

use plenum_bodies_api::{AgendaItemId, MeasureId};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::CourseId;

/// Lets a measure wait until its course is published. Again is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn wait(
    tx: &mut TenantTx,
    course: CourseId,
    item: AgendaItemId,
    measure: MeasureId,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO learning.waiting_training (tenant_id, measure_id, item_id, course_id, since)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, measure_id) DO NOTHING",
        tenant,
        measure.uuid(),
        item.uuid(),
        course.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the measures that wait for a course, at most 500: they wait no longer.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut TenantTx, course: CourseId) -> Result<Vec<(AgendaItemId, MeasureId)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "DELETE FROM learning.waiting_training
          WHERE tenant_id = $1
            AND measure_id IN (SELECT measure_id FROM learning.waiting_training
                                WHERE tenant_id = $1 AND course_id = $2 ORDER BY measure_id LIMIT 500)
         RETURNING item_id, measure_id",
        tenant,
        course.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.item_id.into(), row.measure_id.into())).collect())
}
