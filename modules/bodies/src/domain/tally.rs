//! Counting a named open vote: a motion is adopted by more than half of those who took part, that is, who were present
//! at the closing or had voted before they left. Abstaining and not voting count against adoption, as the practice of
//! union bodies has it ("большинством голосов присутствующих").

use super::choice::Choice;

/// The outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Voices for.
    pub r#for: u32,
    /// Voices against.
    pub against: u32,
    /// Abstentions.
    pub abstained: u32,
    /// Present and silent.
    pub not_voted: u32,
}

impl Tally {
    /// Counts; each participant stands once, `None` for one who did not vote.
    #[must_use]
    pub fn count(choices: impl IntoIterator<Item = Option<Choice>>) -> Self {
        let mut tally = Self::default();
        for choice in choices {
            match choice {
                Some(Choice::For) => tally.r#for += 1,
                Some(Choice::Against) => tally.against += 1,
                Some(Choice::Abstained) => tally.abstained += 1,
                None => tally.not_voted += 1,
            }
        }
        tally
    }

    /// How many took part.
    #[must_use]
    pub fn participants(self) -> u32 {
        self.r#for + self.against + self.abstained + self.not_voted
    }

    /// How many voices for adopt the motion.
    #[must_use]
    pub fn required(self) -> u32 {
        self.participants() / 2 + 1
    }

    /// Whether the motion is adopted.
    #[must_use]
    pub fn adopted(self) -> bool {
        self.r#for >= self.required()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_is_not_enough() {
        let half = Tally::count([Some(Choice::For), Some(Choice::Against)]);
        assert!(!half.adopted());
        let silent = Tally::count([Some(Choice::For), None]);
        assert!(!silent.adopted());
        assert!(Tally::count([Some(Choice::For), Some(Choice::For), Some(Choice::Abstained)]).adopted());
        assert!(!Tally::count([]).adopted());
    }

    proptest! {
        #[test]
        fn everyone_is_counted_once_and_order_does_not_matter(
            votes in proptest::collection::vec(
                prop_oneof![Just(None), Just(Some(Choice::For)), Just(Some(Choice::Against)), Just(Some(Choice::Abstained))],
                0..200,
            )
        ) {
            let tally = Tally::count(votes.iter().copied());
            prop_assert_eq!(tally.participants() as usize, votes.len());
            prop_assert_eq!(tally, Tally::count(votes.iter().rev().copied()));
            prop_assert_eq!(tally.adopted(), u64::from(tally.r#for) * 2 > votes.len() as u64);
        }
    }
}
