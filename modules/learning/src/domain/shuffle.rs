//! Orders that follow from a seed: the same at every look at an attempt.

/// A permutation of `0..length` that follows from the seed (Fisher-Yates over SplitMix64).
#[must_use]
pub fn order(seed: u64, length: usize) -> Vec<usize> {
    let mut state = seed;
    let mut order: Vec<usize> = (0..length).collect();
    for last in (1..length).rev() {
        let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
        let at = usize::try_from(next(&mut state) % bound).unwrap_or_default();
        order.swap(last, at);
    }
    order
}

/// The next number of SplitMix64 (Steele, Lea, Flood 2014).
pub fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_order_holds_each_place_once(seed: u64, length in 0_usize..60) {
            let mut sorted = order(seed, length);
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..length).collect::<Vec<_>>());
        }

        #[test]
        fn a_seed_has_one_order(seed: u64, length in 0_usize..60) {
            prop_assert_eq!(order(seed, length), order(seed, length));
        }
    }

    #[test]
    fn seeds_differ() {
        let orders: std::collections::BTreeSet<_> = (0..40).map(|seed| order(seed, 6)).collect();
        assert!(orders.len() > 20);
    }
}
