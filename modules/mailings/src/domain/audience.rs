//! Who is meant by a campaign.

use plenum_learning_api::{CourseId, EnrolmentStatus};
use plenum_members_api::Audience;
use serde::{Deserialize, Serialize};

/// How far in a course they have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseProgress {
    /// Enrolled and not begun.
    NotStarted,
    /// Begun and not done.
    InProgress,
    /// Enrolled and not done.
    NotCompleted,
    /// Enrolled and not done, though the due date has passed.
    Overdue,
    /// Done.
    Completed,
    /// Not on the course: never enrolled, or taken off it.
    NotEnrolled,
}

impl CourseProgress {
    /// Whether those are meant who have none of the [enrolments](Self::statuses), not those who have one.
    #[must_use]
    pub fn is_outside(self) -> bool {
        self == Self::NotEnrolled
    }

    /// The enrolments that decide; of [`Self::Overdue`] only those whose due date has passed.
    #[must_use]
    pub fn statuses(self) -> &'static [EnrolmentStatus] {
        match self {
            Self::NotStarted => &[EnrolmentStatus::Enrolled],
            Self::InProgress => &[EnrolmentStatus::InProgress],
            Self::NotCompleted | Self::Overdue => &[EnrolmentStatus::Enrolled, EnrolmentStatus::InProgress],
            Self::Completed => &[EnrolmentStatus::Completed],
            Self::NotEnrolled => {
                &[EnrolmentStatus::Enrolled, EnrolmentStatus::InProgress, EnrolmentStatus::Completed]
            }
        }
    }
}

/// The course criterion: only those who are so far in this course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseCriterion {
    /// The course.
    pub course: CourseId,
    /// How far they are.
    pub progress: CourseProgress,
}

/// Who is meant: criteria of the register, and of a course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignAudience {
    /// Criteria of the register.
    pub register: Audience,
    /// The criterion of a course.
    pub course: Option<CourseCriterion>,
}
