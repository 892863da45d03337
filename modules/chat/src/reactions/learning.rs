//! A published course has a channel; its learners take part.

use std::sync::Arc;

use plenum_events::Reactions;
use plenum_learning_api::{CoursePublished, LearningRead, MemberEnrolled};
use plenum_members_api::MembersRead;

use crate::actions::keep_participants::{admit_learner, keep_course};

/// Reacts to learning.
#[must_use]
pub fn on_learning(
    reactions: Reactions,
    learning: Arc<dyn LearningRead>,
    members: Arc<dyn MembersRead>,
) -> Reactions {
    let (published, enrolled) = (learning.clone(), learning);
    reactions
        .on("chat.course_published", move |context, event: CoursePublished| {
            let learning = published.clone();
            async move {
                let mut tx = context.write().await?;
                keep_course(&mut tx, &*learning, event.course).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .on("chat.member_enrolled", move |context, event: MemberEnrolled| {
            let (learning, members) = (enrolled.clone(), members.clone());
            async move {
                let mut tx = context.write().await?;
                if let Some(channel) = keep_course(&mut tx, &*learning, event.course).await? {
                    admit_learner(&mut tx, &*members, channel, event.member).await?;
                }
                tx.commit().await?;
                Ok(())
            }
        })
}
