//! An adopted resolution sends people to training.

use chrono::{DateTime, NaiveTime, TimeZone, Utc};
use plenum_bodies_api::{Measure, MeasureKind, ResolutionAdopted};
use plenum_db::TenantTx;
use plenum_events::EventContext;
use plenum_jobs::JobError;
use plenum_kernel::TypedId;
use plenum_learning_api::CoursePublished;
use plenum_members_api::Audience;
use serde_json::json;

use crate::{
    Tools,
    actions::enrol::enrol_all,
    domain::course::CourseState,
    store::{
        courses::{self, Course},
        trainings,
    },
};

/// Enrols those whom an adopted resolution sends to training, once. A draft lets the measure wait until it is
/// published; an archived course takes nobody: that is written down.
pub(crate) async fn by_resolution(
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
        let MeasureKind::Training { course, .. } = &measure.kind else { continue };
        if courses::by_id(&mut tx, *course).await?.is_none() {
            continue;
        }
        // Locked: a course that is published at this moment is found published, or finds the measure waiting.
        let course = courses::lock(&mut tx, *course).await?;
        match course.state {
            CourseState::Published => carry_out(&mut tx, tools, &course, &measure).await?,
            CourseState::Draft => {
                trainings::wait(&mut tx, course.id, event.item, measure.id).await?;
                let detail = json!({ "measure": measure.id.global() });
                plenum_audit::record(&mut tx, "learning.training_waits", course.id, detail).await?;
            }
            CourseState::Archived => {
                let detail = json!({ "measure": measure.id.global() });
                plenum_audit::record(&mut tx, "learning.training_not_possible", course.id, detail).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Carries out the measures that waited for a course.
pub(crate) async fn on_publication(
    context: &EventContext,
    tools: &Tools,
    event: CoursePublished,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let Some(course) = courses::by_id(&mut tx, event.course).await? else { return Ok(()) };
    for (item, id) in trainings::take(&mut tx, course.id).await? {
        let resolution = tools.bodies.resolution(&mut tx, item).await?;
        let mut measures = resolution.into_iter().flat_map(|resolution| resolution.measures);
        if let Some(measure) = measures.find(|measure| measure.id == id) {
            carry_out(&mut tx, tools, &course, &measure).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Enrols all who hold the measure's offices now.
async fn carry_out(
    tx: &mut TenantTx,
    tools: &Tools,
    course: &Course,
    measure: &Measure,
) -> Result<(), JobError> {
    let MeasureKind::Training { offices, of_primaries, .. } = &measure.kind else { return Ok(()) };
    let audience = Audience { offices: offices.clone(), of_primaries: *of_primaries, ..Audience::default() };
    // A day that passed before the course was there binds nobody: the course's own term does.
    let due_at = due_at(tools, measure).filter(|due| *due > tx.now());
    let enrolled = enrol_all(tx, &*tools.members, course, &[audience], due_at).await?;
    let detail = json!({ "added": enrolled.added, "already": enrolled.already });
    plenum_audit::record(tx, "learning.enrol_by_resolution", course.id, detail).await?;
    Ok(())
}

/// The end of the measure's last day: the whole of it is in time.
fn due_at(tools: &Tools, measure: &Measure) -> Option<DateTime<Utc>> {
    let evening = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
    let end = tools.time_zone.from_local_datetime(&measure.due_on?.and_time(evening)).latest()?;
    Some(end.to_utc())
}
