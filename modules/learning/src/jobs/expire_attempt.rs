//! An attempt ends when its time is over, whether its learner is there or not.

use plenum_jobs::{Job, JobContext, JobError};
use plenum_learning_api::AttemptId;
use serde::{Deserialize, Serialize};

use crate::{Tools, actions::take_quiz};

/// End an attempt whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireAttempt {
    /// Which.
    pub attempt: AttemptId,
}

impl Job for ExpireAttempt {
    const KIND: &'static str = "learning.expire_attempt";
}

pub(crate) async fn expire_attempt(
    context: &JobContext,
    tools: &Tools,
    job: ExpireAttempt,
) -> Result<(), JobError> {
    let mut tx = context.write("learning.expire_attempt").await?;
    take_quiz::expire_attempt(&mut tx, &*tools.members, job.attempt).await?;
    tx.commit().await?;
    Ok(())
}
