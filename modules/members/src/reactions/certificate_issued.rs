//! A member completed a course.

use std::sync::Arc;

use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_learning_api::{CertificateIssued, LearningRead};

use super::{told, write_by_member};
use crate::domain::history::{Detail, Kind};

pub(super) fn on(all: Reactions, learning: Arc<dyn LearningRead>) -> Reactions {
    all.on("members.certificate_issued", move |context, event| {
        let learning = learning.clone();
        async move { react(&context, &*learning, event).await }
    })
}

async fn react(
    context: &EventContext,
    learning: &dyn LearningRead,
    event: CertificateIssued,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    let label = learning.course_title(&mut tx, event.course).await?;
    let number = learning
        .enrolment(&mut tx, event.enrolment)
        .await?
        .and_then(|enrolment| enrolment.certificate_number);
    let detail = Detail { label, number, ..Detail::default() };
    let fact = told(context, Kind::CertificateIssued, event.certificate, detail);
    write_by_member(context, tx, event.member, fact).await
}
