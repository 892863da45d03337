//! After a webinar: who was there.

use plenum_jobs::{Job, JobContext, JobError, enqueue_at};
use plenum_learning_api::{EnrolmentId, LessonId};
use serde::{Deserialize, Serialize};

use crate::{
    Tools,
    actions::count_attendance::{self, Counted},
};

/// Count how long a learner was at a webinar.
#[derive(Debug, Serialize, Deserialize)]
pub struct CountAttendance {
    /// Who.
    pub enrolment: EnrolmentId,
    /// The webinar.
    pub lesson: LessonId,
}

impl Job for CountAttendance {
    const KIND: &'static str = "learning.count_attendance";
}

/// Counts, or waits for a webinar that was put off.
pub(crate) async fn count_attendance(
    context: &JobContext,
    tools: &Tools,
    job: CountAttendance,
) -> Result<(), JobError> {
    let mut tx = context.write("learning.count_attendance").await?;
    let counted = count_attendance::count_attendance(
        &mut tx,
        &*tools.members,
        &*tools.meetings,
        job.enrolment,
        job.lesson,
    )
    .await?;
    if let Counted::Later(at) = counted {
        enqueue_at(&mut tx, &job, at).await?;
    }
    tx.commit().await?;
    Ok(())
}
