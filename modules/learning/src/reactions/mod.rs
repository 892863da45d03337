//! What learning does when something happened elsewhere.

use chrono::{NaiveTime, TimeZone};
use plenum_bodies_api::{MeasureKind, ResolutionAdopted};
use plenum_events::EventContext;
use plenum_jobs::JobError;
use plenum_members_api::Audience;
use serde_json::json;

use crate::{Tools, actions::enrol::enrol_all, domain::course::CourseState, store::courses};

/// Enrols those whom an adopted resolution sends to training, once. A course that is not published yet, or archived,
/// takes nobody: that is written down.
pub(crate) async fn train(
    context: &EventContext,
    tools: &Tools,
    event: ResolutionAdopted,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let resolution = tools.bodies.resolution(&mut tx, event.item).await?;
    for measure in resolution.into_iter().flat_map(|resolution| resolution.measures) {
        let MeasureKind::Training { course, offices, of_primaries } = measure.kind else { continue };
        let Some(course) = courses::by_id(&mut tx, course).await? else { continue };
        if course.state != CourseState::Published {
            plenum_audit::record(&mut tx, "learning.training_not_possible", course.id, json!({})).await?;
            continue;
        }
        // The whole last day is in time.
        let evening = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        let due_at = measure.due_on.and_then(|day| {
            let end = tools.time_zone.from_local_datetime(&day.and_time(evening)).latest()?;
            Some(end.to_utc())
        });
        let audience = Audience { offices, of_primaries, ..Audience::default() };
        let enrolled = enrol_all(&mut tx, &*tools.members, &course, &[audience], due_at).await?;
        let detail = json!({ "added": enrolled.added, "already": enrolled.already });
        plenum_audit::record(&mut tx, "learning.enrol_by_resolution", course.id, detail).await?;
    }
    tx.commit().await?;
    Ok(())
}
