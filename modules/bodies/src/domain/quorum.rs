//! Quorum: how many of the elected must be present. It counts people, not connections.

/// How the share is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// More than the share: "more than half".
    MoreThan,
    /// The share or more: "at least two thirds".
    AtLeast,
}

/// A body's quorum rule: a share of the elected members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuorumRule {
    comparison: Comparison,
    numerator: u32,
    denominator: u32,
}

/// The share is not one that can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quorum must be a share above zero that all members together reach")]
pub struct ImpossibleRule;

impl QuorumRule {
    /// Makes a rule.
    ///
    /// # Errors
    /// [`ImpossibleRule`] for a zero, for more than the whole, and for "more than all".
    pub fn new(comparison: Comparison, numerator: u32, denominator: u32) -> Result<Self, ImpossibleRule> {
        let reachable = match comparison {
            Comparison::MoreThan => numerator < denominator,
            Comparison::AtLeast => numerator <= denominator,
        };
        if numerator == 0 || denominator == 0 || denominator > 1000 || !reachable {
            return Err(ImpossibleRule);
        }
        Ok(Self { comparison, numerator, denominator })
    }

    /// How the share is compared.
    #[must_use]
    pub fn comparison(self) -> Comparison {
        self.comparison
    }

    /// The share's numerator.
    #[must_use]
    pub fn numerator(self) -> u32 {
        self.numerator
    }

    /// The share's denominator.
    #[must_use]
    pub fn denominator(self) -> u32 {
        self.denominator
    }

    /// How many must be present when `elected` are elected; at least one.
    #[must_use]
    pub fn required(self, elected: u32) -> u32 {
        let product = u64::from(elected) * u64::from(self.numerator);
        let denominator = u64::from(self.denominator);
        let required = match self.comparison {
            Comparison::MoreThan => product / denominator + 1,
            Comparison::AtLeast => product.div_ceil(denominator),
        };
        u32::try_from(required).unwrap_or(u32::MAX).max(1)
    }
}

/// A body's quorum at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    /// How many are on the session's roll.
    pub elected: u32,
    /// How many of them are present.
    pub present: u32,
    /// How many must be.
    pub required: u32,
}

impl Quorum {
    /// Takes stock.
    #[must_use]
    pub fn count(rule: QuorumRule, elected: u32, present: u32) -> Self {
        Self { elected, present, required: rule.required(elected) }
    }

    /// Whether there are enough. A body without members has no quorum.
    #[must_use]
    pub fn reached(self) -> bool {
        self.elected > 0 && self.present >= self.required
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(comparison: Comparison, numerator: u32, denominator: u32) -> QuorumRule {
        QuorumRule::new(comparison, numerator, denominator).expect("a possible rule")
    }

    #[test]
    fn more_than_half_of_fifteen_is_eight() {
        assert_eq!(rule(Comparison::MoreThan, 1, 2).required(15), 8);
        assert_eq!(rule(Comparison::MoreThan, 1, 2).required(14), 8);
        assert_eq!(rule(Comparison::AtLeast, 2, 3).required(15), 10);
        assert_eq!(rule(Comparison::AtLeast, 2, 3).required(16), 11);
    }

    #[test]
    fn nobody_is_never_a_quorum() {
        assert!(!Quorum::count(rule(Comparison::AtLeast, 1, 1000), 0, 0).reached());
        assert!(!Quorum::count(rule(Comparison::AtLeast, 1, 1000), 3, 0).reached());
    }

    #[test]
    fn impossible_rules_are_refused() {
        for (comparison, numerator, denominator) in [
            (Comparison::MoreThan, 1, 1),
            (Comparison::AtLeast, 3, 2),
            (Comparison::AtLeast, 0, 2),
            (Comparison::AtLeast, 1, 0),
        ] {
            assert!(QuorumRule::new(comparison, numerator, denominator).is_err());
        }
    }

    proptest! {
        #[test]
        fn all_together_always_reach_it_and_one_fewer_than_required_never(
            elected in 1_u32..5_000,
            numerator in 1_u32..100,
            extra in 1_u32..100,
            more in any::<bool>(),
        ) {
            let comparison = if more { Comparison::MoreThan } else { Comparison::AtLeast };
            let rule = rule(comparison, numerator, numerator + extra);
            let required = rule.required(elected);
            prop_assert!(required <= elected);
            prop_assert!(Quorum::count(rule, elected, elected).reached());
            prop_assert!(Quorum::count(rule, elected, required).reached());
            prop_assert!(!Quorum::count(rule, elected, required - 1).reached());
            // The share itself, in whole numbers.
            let share = u64::from(required) * u64::from(numerator + extra);
            let whole = u64::from(elected) * u64::from(numerator);
            let kept = if more { share > whole } else { share >= whole };
            prop_assert!(kept);
        }
    }
}
