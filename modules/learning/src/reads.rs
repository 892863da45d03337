//! What other modules ask of learning.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_learning_api::{CourseId, EnrolmentId, EnrolmentStatus, EnrolmentSummary, LearningRead};
use plenum_members_api::MemberId;

use crate::store::{certificates, courses, enrolments, learners};

/// Answers other modules.
#[derive(Debug, Clone, Copy, Default)]
pub struct LearningReads;

#[async_trait]
impl LearningRead for LearningReads {
    async fn course_title(&self, tx: &mut TenantTx, id: CourseId) -> Result<Option<String>, StoreError> {
        Ok(courses::by_id(tx, id).await?.map(|course| course.title))
    }

    async fn courses(&self, tx: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError> {
        courses::published(tx).await
    }

    async fn enrolment(
        &self,
        tx: &mut TenantTx,
        id: EnrolmentId,
    ) -> Result<Option<EnrolmentSummary>, StoreError> {
        let Some(enrolment) = enrolments::by_id(tx, id).await? else { return Ok(None) };
        let Some(course) = courses::by_id(tx, enrolment.course).await? else { return Ok(None) };
        Ok(Some(EnrolmentSummary {
            id,
            course: course.id,
            course_title: course.title,
            member: enrolment.member,
            status: enrolment.state,
            due_at: enrolment.due_at,
            certificate_number: certificates::number_of(tx, id).await?,
        }))
    }

    async fn learners(
        &self,
        tx: &mut TenantTx,
        course: CourseId,
        status: EnrolmentStatus,
    ) -> Result<Vec<MemberId>, StoreError> {
        learners::with_status(tx, course, status).await
    }

    async fn overdue(&self, tx: &mut TenantTx, course: CourseId) -> Result<Vec<MemberId>, StoreError> {
        learners::overdue(tx, course).await
    }
}
