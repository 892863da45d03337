//! Which quality of each picture a receiver gets: what the layout shows, as far as the way carries it.

/// A picture that a receiver could get.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wish {
    /// Those of a smaller rank are served first.
    pub(crate) rank: u32,
    /// How high it is shown, in pixels; 0: not at all.
    pub(crate) height: u32,
    /// The qualities in which it comes, the smallest first.
    pub(crate) rungs: Vec<Rung>,
    /// Which of the rungs it is shown in now.
    pub(crate) present: Option<usize>,
}

/// A quality in which a picture comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rung {
    /// Which of the source's layers.
    pub(crate) layer: usize,
    /// Bits per second; 0 while it is not known.
    pub(crate) rate: f64,
    /// Pixels; 0 while it is not known.
    pub(crate) height: u32,
}

/// What is given to each wish, as the place of a rung, and what would be good to know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allocation {
    pub(crate) given: Vec<Option<usize>>,
    /// So much more would be of use, in bits per second: the next step of somebody, or all steps of everybody as far as
    /// that is not far beyond what is sent now.
    pub(crate) more: Option<f64>,
    /// What is sent now is so much too much that nothing whole comes through.
    pub(crate) flooded: bool,
}

/// More than any way carries.
const UNKNOWN: f64 = 1e12;
/// A way is believed to be too narrow for what is sent when it is so by this factor: estimates err.
const TOLERANCE: f64 = 1.25;
/// And by this factor for hardly anything whole to come through.
const FLOOD: f64 = 1.6;

impl Wish {
    /// The best rung that is of use: the smallest one that fills the place where it is shown.
    fn top(&self) -> Option<usize> {
        if self.height == 0 || self.rungs.is_empty() {
            return None;
        }
        let fills = |rung: &Rung| rung.height >= self.height;
        Some(self.rungs.iter().position(fills).unwrap_or(self.rungs.len() - 1))
    }

    fn rate(&self, rung: Option<usize>) -> f64 {
        match rung.and_then(|place| Some((place, self.rungs.get(place)?.rate))) {
            // Nobody is given what nobody knows the size of, but for the smallest there is.
            Some((1.., rate)) if rate <= 0.0 => UNKNOWN,
            Some((_, rate)) => rate,
            None => 0.0,
        }
    }
}

/// Gives each wish what the way carries. What is sent now is kept while the way is not known to be too narrow for it
/// (`keeps`); more is given only of what is known to go through (`allows`). `other` is what voices take. All in bits per
/// second.
pub(crate) fn allocate(wishes: &[Wish], other: f64, keeps: f64, allows: f64) -> Allocation {
    let tops: Vec<Option<usize>> = wishes.iter().map(Wish::top).collect();
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|place| (wishes[*place].rank, u32::MAX - wishes[*place].height));
    let total = |given: &[Option<usize>]| -> f64 {
        other + wishes.iter().zip(given).map(|(wish, rung)| wish.rate(*rung)).sum::<f64>()
    };
    // What is shown smaller than before, or not at all, is given at once.
    let mut given: Vec<Option<usize>> = wishes
        .iter()
        .zip(&tops)
        .map(|(wish, top)| top.and_then(|top| wish.present.map(|present| present.min(top))))
        .collect();
    let (mut sent, mut budget) = (total(&given), allows);
    let flooded = sent > keeps * FLOOD;
    if sent > keeps * TOLERANCE {
        given.fill(None);
        (sent, budget) = (other, keeps);
    }
    // One step more for a wish, if there is one and it fits.
    let mut step = |given: &mut [Option<usize>], place: usize, from: Option<usize>| {
        let next = from.map_or(0, |rung| rung + 1);
        let rate = wishes[place].rate(Some(next)) - wishes[place].rate(from);
        let fits =
            given[place] == from && tops[place].is_some_and(|top| next <= top) && sent + rate <= budget;
        if fits {
            given[place] = Some(next);
            sent += rate;
        }
        fits
    };
    // Everybody is seen, before anybody is seen better.
    for place in &order {
        step(&mut given, *place, None);
    }
    // Then step by step, in turn; of different ranks the first one has all its steps first.
    for rank in order.chunk_by(|one, other| wishes[*one].rank == wishes[*other].rank) {
        loop {
            let stepped = rank.iter().filter(|place| {
                let from = given[**place];
                from.is_some() && step(&mut given, **place, from)
            });
            if stepped.count() == 0 {
                break;
            }
        }
    }
    let steps = wishes.iter().enumerate().filter_map(|(place, wish)| {
        let next = given[place].map_or(0, |rung| rung + 1);
        (next <= tops[place]? && wish.rate(Some(next)) < UNKNOWN)
            .then(|| sent - wish.rate(given[place]) + wish.rate(Some(next)))
    });
    let more = steps.reduce(f64::min).map(|next| total(&tops).min(sent * 2.0).max(next));
    Allocation { given, more, flooded }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish(height: u32, present: Option<usize>) -> Wish {
        let rungs = [(150_000.0, 180), (500_000.0, 360), (1_500_000.0, 720)];
        let rungs = rungs.iter().enumerate().map(|(layer, (rate, height))| Rung {
            layer,
            rate: *rate,
            height: *height,
        });
        Wish { rank: 1, height, rungs: rungs.collect(), present }
    }

    fn given(wishes: &[Wish], keeps: f64, allows: f64) -> Vec<Option<usize>> {
        allocate(wishes, 0.0, keeps, allows).given
    }

    #[test]
    fn a_picture_is_as_good_as_it_is_shown() {
        for (height, expected) in [(0, None), (90, Some(0)), (180, Some(0)), (200, Some(1)), (2_000, Some(2))]
        {
            assert_eq!(given(&[wish(height, None)], 1e7, 1e7), [expected], "{height}");
        }
    }

    #[test]
    fn everybody_is_seen_before_anybody_is_seen_better() {
        let wishes = [wish(720, None), wish(180, None), wish(180, None)];
        assert_eq!(given(&wishes, 450_000.0, 450_000.0), [Some(0), Some(0), Some(0)]);
        assert_eq!(given(&wishes, 800_000.0, 800_000.0), [Some(1), Some(0), Some(0)]);
        assert_eq!(given(&wishes, 1_800_000.0, 1_800_000.0), [Some(2), Some(0), Some(0)]);
    }

    #[test]
    fn a_screen_has_all_its_steps_first() {
        let screen = Wish { rank: 0, ..wish(720, None) };
        let wishes = [wish(720, None), screen];
        assert_eq!(given(&wishes, 1_700_000.0, 1_700_000.0), [Some(0), Some(2)]);
    }

    #[test]
    fn what_is_sent_is_kept_until_the_way_is_too_narrow() {
        assert_eq!(given(&[wish(720, Some(2))], 1_300_000.0, 300_000.0), [Some(2)]);
        assert_eq!(given(&[wish(720, Some(2))], 1_100_000.0, 300_000.0), [Some(1)]);
        assert_eq!(given(&[wish(720, Some(2))], 200_000.0, 200_000.0), [Some(0)]);
        assert_eq!(given(&[wish(720, Some(2))], 100_000.0, 100_000.0), [None], "voices come first");
    }

    #[test]
    fn more_is_given_only_of_what_is_known_to_go_through() {
        let wishes = [wish(720, Some(0))];
        let allocation = allocate(&wishes, 40_000.0, 1e7, 400_000.0);
        assert_eq!((allocation.given, allocation.more), (vec![Some(0)], Some(540_000.0)));
        let allocation = allocate(&[wish(180, Some(0))], 40_000.0, 1e7, 400_000.0);
        assert_eq!((allocation.given, allocation.more), (vec![Some(0)], None));
    }

    #[test]
    fn nobody_is_given_what_nobody_knows_the_size_of() {
        let mut unknown = wish(720, Some(0));
        for rung in &mut unknown.rungs {
            rung.rate = 0.0;
        }
        let allocation = allocate(std::slice::from_ref(&unknown), 0.0, 1e7, 1e7);
        assert_eq!((allocation.given, allocation.more), (vec![Some(0)], None));
        assert_eq!(
            given(&[unknown], f64::INFINITY, f64::INFINITY),
            [Some(2)],
            "but where nothing is known at all"
        );
    }

    proptest! {
        /// Nothing is given that the way does not carry, or that is better than it is shown; and what is given can only
        /// grow with what the way carries.
        #[test]
        fn the_way_is_never_overfilled(
            shown in prop::collection::vec((0..4_u32, 0..1_000_u32, prop::option::of(0..3_usize)), 0..12),
            keeps in 0.0..1e7_f64,
            share in 0.0..1.0_f64,
        ) {
            let wishes: Vec<Wish> = shown
                .iter()
                .map(|(rank, height, present)| Wish { rank: *rank, ..wish(*height, *present) })
                .collect();
            let Allocation { given, more, .. } = allocate(&wishes, 50_000.0, keeps, keeps * share);
            let sum = |given: &[Option<usize>]| -> f64 {
                50_000.0 + wishes.iter().zip(given).map(|(wish, rung)| wish.rate(*rung)).sum::<f64>()
            };
            let before: Vec<Option<usize>> = wishes.iter().map(|wish| wish.present).collect();
            prop_assert!(sum(&given) <= keeps * TOLERANCE + 1.0 || given.iter().all(Option::is_none));
            prop_assert!(sum(&given) <= (keeps * share).max(sum(&before)).max(keeps.min(sum(&before))) + 1.0
                || sum(&given) <= keeps + 1.0);
            for (wish, rung) in wishes.iter().zip(&given) {
                prop_assert!(*rung <= wish.top());
            }
            let served = wishes.iter().zip(&given).all(|(wish, rung)| *rung == wish.top());
            prop_assert_eq!(more.is_none(), served);
            prop_assert!(more.is_none_or(|more| more < UNKNOWN));
        }
    }
}
