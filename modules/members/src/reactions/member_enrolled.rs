//! A member was enrolled in a course.

use std::sync::Arc;

use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_learning_api::{LearningRead, MemberEnrolled};

use super::{told, write_by_member};
use crate::domain::history::{Detail, Kind};

pub(super) fn on(all: Reactions, learning: Arc<dyn LearningRead>) -> Reactions {
    all.on("members.member_enrolled", move |context, event| {
        let learning = learning.clone();
        async move { react(&context, &*learning, event).await }
    })
}

async fn react(
    context: &EventContext,
    learning: &dyn LearningRead,
    event: MemberEnrolled,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    let label = learning.course_title(&mut tx, event.course).await?;
    let fact = told(context, Kind::Enrolled, event.course, Detail { label, ..Detail::default() });
    write_by_member(context, tx, event.member, fact).await
}
