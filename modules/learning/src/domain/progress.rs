//! How far a learner is.

use chrono::TimeDelta;

/// A lesson for the learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LessonState {
    /// A required lesson before it is not done yet.
    Locked,
    /// Can be opened.
    Open,
    /// Was opened.
    Started,
    /// Done.
    Done,
}

/// What is known of a lesson of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whether the course is not done without it.
    pub required: bool,
    /// Whether it was opened.
    pub seen: bool,
    /// Whether it is done.
    pub done: bool,
}

/// The states of the lessons in their order.
#[must_use]
pub fn states(steps: &[Step], sequential: bool) -> Vec<LessonState> {
    let mut locked = false;
    let state = |step: &Step| {
        let state = match (step.done, locked, step.seen) {
            (true, ..) => LessonState::Done,
            (false, true, _) => LessonState::Locked,
            (false, false, true) => LessonState::Started,
            (false, false, false) => LessonState::Open,
        };
        locked |= sequential && step.required && !step.done;
        state
    };
    steps.iter().map(state).collect()
}

/// How many required lessons are done, and of how many.
#[must_use]
pub fn count(steps: &[Step]) -> (usize, usize) {
    let required = || steps.iter().filter(|step| step.required);
    (required().filter(|step| step.done).count(), required().count())
}

/// Whether the course is done.
#[must_use]
pub fn complete(steps: &[Step]) -> bool {
    let (done, total) = count(steps);
    total > 0 && done == total
}

/// The share of a video, per cent, that must have been played for the lesson to be done.
const WATCHED_PERCENT: i64 = 90;

/// How often players tell where they are, seconds.
pub const TELLING_S: i64 = 5;
/// A longer silence is a pause: what it hides was not watched.
const LONGEST_SILENCE_S: i64 = 4 * TELLING_S;

/// How many more seconds were played between two reports. A jump forward is not watching: what counts is at most twice
/// the time that passed, as fast as players go, and a long pause pays for no jump.
#[must_use]
pub fn played(from: i32, to: i32, passed_s: i64) -> i32 {
    let step = i64::from(to) - i64::from(from);
    let most = passed_s.clamp(0, LONGEST_SILENCE_S) * 2 + 2;
    if step <= 0 || step > most { 0 } else { i32::try_from(step).unwrap_or(0) }
}

/// Whether enough of a video was played.
#[must_use]
pub fn watched(watched_s: i32, duration_s: i32) -> bool {
    duration_s > 0 && i64::from(watched_s) * 100 >= i64::from(duration_s) * WATCHED_PERCENT
}

/// Whether somebody was at a webinar of so many minutes: half of it.
#[must_use]
pub fn attended(spent: TimeDelta, minutes: i32) -> bool {
    minutes > 0 && spent * 2 >= TimeDelta::minutes(minutes.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = (any::<bool>(), any::<bool>(), any::<bool>());
        proptest::collection::vec(
            step.prop_map(|(required, seen, done)| Step { required, seen, done }),
            0..15,
        )
    }

    proptest! {
        #[test]
        fn a_course_is_complete_when_all_required_lessons_are_done(steps in steps()) {
            let missing = steps.iter().any(|step| step.required && !step.done);
            let any = steps.iter().any(|step| step.required);
            prop_assert_eq!(complete(&steps), any && !missing);
        }

        #[test]
        fn nothing_is_locked_in_a_free_course(steps in steps()) {
            prop_assert!(!states(&steps, false).contains(&LessonState::Locked));
        }

        #[test]
        fn in_a_sequential_course_at_most_one_required_lesson_is_open(steps in steps()) {
            let states = states(&steps, true);
            let open = steps.iter().zip(&states).filter(|(step, state)| {
                step.required && matches!(state, LessonState::Open | LessonState::Started)
            });
            prop_assert!(open.count() <= 1);
        }

        #[test]
        fn done_stays_done(steps in steps(), sequential: bool) {
            for (step, state) in steps.iter().zip(states(&steps, sequential)) {
                prop_assert_eq!(step.done, state == LessonState::Done);
            }
        }

        #[test]
        fn nobody_plays_more_than_twice_the_time_that_passed(from in 0..5000, to in 0..5000, passed in 0_i64..100) {
            prop_assert!(i64::from(played(from, to, passed)) <= passed * 2 + 2);
        }
    }

    #[test]
    fn a_jump_to_the_end_is_not_watching() {
        assert_eq!(played(10, 580, 5), 0);
        assert_eq!(played(10, 20, 10), 10);
        assert_eq!(played(20, 10, 10), 0);
        assert!(watched(90, 100) && !watched(89, 100) && !watched(5, 0));
        // After a pause of an hour a jump is no better.
        assert_eq!((played(10, 53, 3_600), played(10, 52, 3_600)), (0, 42));
    }

    #[test]
    fn half_of_a_webinar_is_attendance() {
        assert!(attended(TimeDelta::minutes(30), 60) && !attended(TimeDelta::seconds(1_799), 60));
        assert!(!attended(TimeDelta::minutes(30), 0));
    }
}
