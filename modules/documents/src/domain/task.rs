//! The life of a task.

use chrono::NaiveDate;

use super::words;

words! {
    "state of a task",
    /// Where a task stands. Overdue is no state: the date says it.
    TaskState {
        /// Given; the assignee has not begun.
        Given = "given",
        /// The assignee works on it.
        InWork = "in_work",
        /// The assignee reported; the controller decides.
        Reported = "reported",
        /// Done.
        Accepted = "accepted",
        /// The controller was not satisfied: it is worked on again.
        Returned = "returned",
    }
}

/// What is done to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The assignee begins.
    Begin,
    /// The assignee reports.
    Report,
    /// The controller accepts the report.
    Accept,
    /// The controller returns it.
    Return,
}

/// The task is in another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaskFault {
    /// It was accepted.
    #[error("the task is done")]
    Done,
    /// There is no report to decide on.
    #[error("nothing was reported")]
    NotReported,
    /// A report waits for its decision.
    #[error("a report waits for the decision")]
    AlreadyReported,
    /// It is worked on already.
    #[error("the task is in work")]
    AlreadyBegun,
}

impl TaskFault {
    /// The stable word.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Done => "task_done",
            Self::NotReported => "not_reported",
            Self::AlreadyReported => "already_reported",
            Self::AlreadyBegun => "already_begun",
        }
    }
}

impl TaskState {
    /// The state after a move.
    ///
    /// # Errors
    /// [`TaskFault`].
    pub const fn after(self, done: Move) -> Result<Self, TaskFault> {
        match (self, done) {
            (Self::Accepted, _) => Err(TaskFault::Done),
            (Self::Given | Self::Returned, Move::Begin) => Ok(Self::InWork),
            (Self::InWork, Move::Begin) => Err(TaskFault::AlreadyBegun),
            (Self::Reported, Move::Begin | Move::Report) => Err(TaskFault::AlreadyReported),
            (Self::Given | Self::InWork | Self::Returned, Move::Report) => Ok(Self::Reported),
            (Self::Reported, Move::Accept) => Ok(Self::Accepted),
            (Self::Reported, Move::Return) => Ok(Self::Returned),
            (_, Move::Accept | Move::Return) => Err(TaskFault::NotReported),
        }
    }

    /// Whether it is late on this day: not done, and its day is past.
    #[must_use]
    pub fn overdue(self, due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
        self != Self::Accepted && due_on.is_some_and(|due| due < today)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
    }

    #[test]
    fn a_task_is_worked_on_reported_and_accepted() {
        let state =
            TaskState::Given.after(Move::Begin).and_then(|s| s.after(Move::Report)).expect("reported");
        assert_eq!(state.after(Move::Report), Err(TaskFault::AlreadyReported));
        let again = state.after(Move::Return).expect("returned");
        assert_eq!(again.after(Move::Accept), Err(TaskFault::NotReported));
        let done = again.after(Move::Report).and_then(|s| s.after(Move::Accept)).expect("accepted");
        assert_eq!(done.after(Move::Return), Err(TaskFault::Done));
    }

    #[test]
    fn a_task_is_late_the_day_after_until_it_is_accepted() {
        assert!(!TaskState::Given.overdue(Some(day(23)), day(23)));
        assert!(TaskState::Reported.overdue(Some(day(23)), day(24)));
        assert!(!TaskState::Accepted.overdue(Some(day(23)), day(24)));
        assert!(!TaskState::Given.overdue(None, day(24)));
    }

    proptest! {
        /// Nothing is accepted that was not reported just before, and nothing follows the acceptance.
        #[test]
        fn only_a_report_is_accepted(moves in prop::collection::vec(
            prop_oneof![Just(Move::Begin), Just(Move::Report), Just(Move::Accept), Just(Move::Return)], 0..30)) {
            let mut state = TaskState::Given;
            for done in moves {
                let after = state.after(done);
                if after == Ok(TaskState::Accepted) {
                    prop_assert_eq!(state, TaskState::Reported);
                }
                if state == TaskState::Accepted {
                    prop_assert_eq!(after, Err(TaskFault::Done));
                }
                state = after.unwrap_or(state);
            }
        }
    }
}
