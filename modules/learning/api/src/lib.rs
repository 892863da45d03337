//! The contract of learning: ids, events, and what other modules may ask about courses and learners.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_events::Event;
use plenum_kernel::id_types;
use plenum_members_api::MemberId;
use serde::{Deserialize, Serialize};

id_types! {
    /// A course.
    CourseId = "Course";
    /// A section of a course.
    SectionId = "Section";
    /// A lesson of a section.
    LessonId = "Lesson";
    /// A question of a quiz.
    QuestionId = "Question";
    /// A member's enrolment in a course.
    EnrolmentId = "Enrolment";
    /// An attempt at a quiz.
    AttemptId = "Attempt";
    /// A certificate.
    CertificateId = "Certificate";
    /// An invitation to a course: a link that members follow.
    InvitationId = "CourseInvitation";
}

/// How far a learner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentStatus {
    /// Enrolled, nothing opened.
    Enrolled,
    /// Something is done.
    InProgress,
    /// All is done and passed.
    Completed,
    /// Taken off the course.
    Withdrawn,
}

/// An enrolment, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentSummary {
    /// Its id.
    pub id: EnrolmentId,
    /// The course.
    pub course: CourseId,
    /// What the course is called.
    pub course_title: String,
    /// The learner.
    pub member: MemberId,
    /// How far they are.
    pub status: EnrolmentStatus,
    /// By when the course is to be done.
    pub due_at: Option<DateTime<Utc>>,
    /// The certificate's number, when there is one.
    pub certificate_number: Option<String>,
}

/// What other modules may ask of learning, inside their own transaction.
#[async_trait]
pub trait LearningRead: Send + Sync {
    /// What a course is called; none when the tenant has no such course.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn course_title(&self, tx: &mut TenantTx, id: CourseId) -> Result<Option<String>, StoreError>;

    /// The published courses by title, at most 500.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn courses(&self, tx: &mut TenantTx) -> Result<Vec<(CourseId, String)>, StoreError>;

    /// One enrolment.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn enrolment(
        &self,
        tx: &mut TenantTx,
        id: EnrolmentId,
    ) -> Result<Option<EnrolmentSummary>, StoreError>;

    /// The learners of a course who are so far, at most 100,000.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn learners(
        &self,
        tx: &mut TenantTx,
        course: CourseId,
        status: EnrolmentStatus,
    ) -> Result<Vec<MemberId>, StoreError>;

    /// The learners of a course whose due date has passed and who are not done, at most 100,000.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn overdue(&self, tx: &mut TenantTx, course: CourseId) -> Result<Vec<MemberId>, StoreError>;
}

/// A course was published: people can be enrolled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CoursePublished {
    /// The course.
    pub course: CourseId,
}

impl Event for CoursePublished {
    const NAME: &'static str = "learning.course_published";
}

/// A member was enrolled in a course.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberEnrolled {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The course.
    pub course: CourseId,
    /// The learner.
    pub member: MemberId,
}

impl Event for MemberEnrolled {
    const NAME: &'static str = "learning.member_enrolled";
}

/// A member completed a course and got its certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateIssued {
    /// The certificate.
    pub certificate: CertificateId,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The course.
    pub course: CourseId,
    /// The learner.
    pub member: MemberId,
}

impl Event for CertificateIssued {
    const NAME: &'static str = "learning.certificate_issued";
}
