//! A course has less to do than before: who has done all that is left is through.

use plenum_jobs::{Job, JobContext, JobError};
use plenum_learning_api::CourseId;
use serde::{Deserialize, Serialize};

use crate::{
    Tools,
    actions::complete,
    store::{enrolments, learners},
};

/// Complete those who have nothing left to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettleCourse {
    /// In which course.
    pub course: CourseId,
}

impl Job for SettleCourse {
    const KIND: &'static str = "learning.settle_course";
}

/// One by one: who learns meanwhile waits for nobody.
pub(crate) async fn settle_course(
    context: &JobContext,
    tools: &Tools,
    job: SettleCourse,
) -> Result<(), JobError> {
    let mut tx = context.write("learning.settle_course").await?;
    let learners = learners::in_progress(&mut tx, job.course).await?;
    drop(tx);
    for id in learners {
        let mut tx = context.write("learning.settle_course").await?;
        let enrolment = enrolments::lock(&mut tx, id).await?;
        complete::complete(&mut tx, &*tools.members, enrolment).await?;
        tx.commit().await?;
    }
    Ok(())
}
