use std::time::Instant;

use crate::rtp::{is_before, unwrapped};

/// Gives the packets of changing sources the numbers of one continuous outgoing stream.
///
/// A receiving browser keeps one decoder and one jitter buffer per stream. When the stream starts to carry another
/// participant, or another layer of the same picture, sequence numbers must go on without a gap and timestamps must
/// advance by the time that really passed, or the browser takes the change for loss.
#[derive(Debug, Clone)]
pub(crate) struct Rewriter {
    clock_rate: u32,
    /// The sequence number of the first packet; small, so that none comes before it and wraps.
    first: u16,
    newest: Option<Newest>,
    run: Option<Run>,
}

#[derive(Debug, Clone, Copy)]
struct Newest {
    /// The sequence number, with the count of its wraps.
    index: u64,
    timestamp: u32,
    at: Instant,
}

/// Packets of one source, from a number on.
#[derive(Debug, Clone, Copy)]
struct Run {
    first_in: u16,
    first_out: u64,
    sequence: u16,
    timestamp: u32,
}

/// The numbers of an outgoing packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// The sequence number, with the count of its wraps above: what the cipher counts by.
    pub(crate) index: u64,
    pub(crate) timestamp: u32,
}

impl Rewriter {
    /// `first` is the sequence number to begin with; only its lower 15 bits are used (RFC 3711 §3.3.1 has receivers
    /// guess the count of wraps, and a first packet shortly before a wrap makes them guess wrong).
    pub(crate) fn new(first: u16, clock_rate: u32) -> Self {
        Self { clock_rate, first: first & 0x7FFF, newest: None, run: None }
    }

    /// The next packet begins a new run: of another source, or of the same one after packets were left out on
    /// purpose.
    pub(crate) fn restart(&mut self) {
        self.run = None;
    }

    /// The packet's numbers in this stream, or `None` if it comes from before the present run.
    pub(crate) fn rewrite(&mut self, sequence: u16, timestamp: u32, now: Instant) -> Option<Numbers> {
        let run = *self.run.get_or_insert_with(|| {
            let (first_out, base) = match self.newest {
                None => (u64::from(self.first), timestamp),
                Some(newest) => {
                    let elapsed = now.saturating_duration_since(newest.at).as_secs_f64();
                    // At least one tick: two frames never share a timestamp.
                    let ticks = ((elapsed * f64::from(self.clock_rate)) as u32).max(1);
                    (newest.index + 1, newest.timestamp.wrapping_add(ticks))
                }
            };
            Run {
                first_in: sequence,
                first_out,
                sequence: (first_out as u16).wrapping_sub(sequence),
                timestamp: base.wrapping_sub(timestamp),
            }
        });
        if is_before(sequence, run.first_in) && !self.is_long(run) {
            return None;
        }
        let near = self.newest.map_or(run.first_out, |newest| newest.index);
        let index = unwrapped(near, sequence.wrapping_add(run.sequence));
        let timestamp = timestamp.wrapping_add(run.timestamp);
        // A packet that was late on its way; what counts for the next run is the newest.
        if self.newest.is_none_or(|newest| index > newest.index) {
            self.newest = Some(Newest { index, timestamp, at: now });
        }
        Some(Numbers { index, timestamp })
    }

    /// The newest sequence number that went out.
    pub(crate) fn newest(&self) -> Option<u16> {
        self.newest.map(|newest| newest.index as u16)
    }

    /// The number that the source gave to a packet of the present run.
    pub(crate) fn source_of(&self, sequence: u16) -> Option<u16> {
        let (run, newest) = (self.run?, self.newest?);
        let index = unwrapped(newest.index, sequence);
        (index >= run.first_out && index <= newest.index).then(|| sequence.wrapping_sub(run.sequence))
    }

    /// A moment of the source, by this stream's clock.
    pub(crate) fn timestamp(&self, source: u32) -> Option<u32> {
        Some(source.wrapping_add(self.run?.timestamp))
    }

    /// Once the run is a quarter of the number space long, "before its first packet" can no longer be told from
    /// "far after it", and late packets of an earlier run are long gone.
    fn is_long(&mut self, run: Run) -> bool {
        let Some(newest) = self.newest else { return false };
        let long = newest.index.saturating_sub(run.first_out) > 0x3FFF;
        if long && let Some(present) = self.run.as_mut() {
            // Move the mark along, well behind the newest packet.
            present.first_in = (newest.index as u16).wrapping_sub(run.sequence).wrapping_sub(0x1FFF);
            present.first_out = newest.index - 0x1FFF;
        }
        long
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn numbers(rewriter: &mut Rewriter, sequence: u16, timestamp: u32, now: Instant) -> Option<(u64, u32)> {
        rewriter.rewrite(sequence, timestamp, now).map(|numbers| (numbers.index, numbers.timestamp))
    }

    #[test]
    fn another_source_goes_on_where_the_first_one_stopped() {
        let start = Instant::now();
        let mut rewriter = Rewriter::new(100, 90_000);
        assert_eq!(numbers(&mut rewriter, 7_000, 5_000, start), Some((100, 5_000)));
        assert_eq!(numbers(&mut rewriter, 7_001, 8_000, start), Some((101, 8_000)));

        rewriter.restart();
        let later = start + Duration::from_secs(1);
        assert_eq!(numbers(&mut rewriter, 60_000, 4_000_000_000, later), Some((102, 98_000)));
        assert_eq!(numbers(&mut rewriter, 60_001, 4_000_003_000, later), Some((103, 101_000)));
        assert_eq!(rewriter.source_of(103), Some(60_001));
        assert_eq!(rewriter.source_of(101), None, "of the run before");
        assert_eq!(rewriter.source_of(104), None, "not yet sent");
        assert_eq!(rewriter.timestamp(4_000_003_000), Some(101_000));
    }

    #[test]
    fn loss_and_disorder_of_the_source_stay_visible() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(0, 90_000);
        for (sequence, expected) in [(10, 0), (13, 3), (12, 2), (14, 4)] {
            assert_eq!(numbers(&mut rewriter, sequence, 0, now).map(|n| n.0), Some(expected));
        }
    }

    #[test]
    fn packets_from_before_the_run_are_left_out() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(5, 90_000);
        assert!(numbers(&mut rewriter, 20, 0, now).is_some());
        rewriter.restart();
        assert_eq!(numbers(&mut rewriter, 30, 0, now).map(|n| n.0), Some(6));
        assert_eq!(numbers(&mut rewriter, 29, 0, now), None);
    }

    proptest! {
        /// Whatever gets lost, comes twice or out of order, a run is shifted as a whole, over any number of wraps.
        #[test]
        fn a_run_is_shifted_as_a_whole(
            first_in in any::<u16>(),
            first_out in any::<u16>(),
            steps in prop::collection::vec((0..40u64, -20..20i64), 1..400),
        ) {
            let now = Instant::now();
            let mut rewriter = Rewriter::new(first_out, 90_000);
            let mut at = 0;
            let first_out = u64::from(first_out & 0x7FFF);
            prop_assert_eq!(numbers(&mut rewriter, first_in, 0, now).map(|n| n.0), Some(first_out));
            for (step, jitter) in steps {
                // Long ways, so that numbers wrap.
                at += step * 97;
                let Some(place) = at.checked_add_signed(jitter) else { continue };
                let sequence = first_in.wrapping_add(place as u16);
                let out = numbers(&mut rewriter, sequence, 0, now).map(|n| n.0);
                prop_assert_eq!(out, Some(first_out + place));
                prop_assert_eq!(rewriter.source_of((first_out + place) as u16), Some(sequence));
            }
        }

        /// However often the source changes, what goes out never goes back and never skips on its own.
        #[test]
        fn runs_follow_each_other_without_a_gap(runs in prop::collection::vec((any::<u16>(), any::<u32>(), 1..30u16), 1..40)) {
            let mut now = Instant::now();
            let mut rewriter = Rewriter::new(0, 90_000);
            let (mut expected, mut last) = (0, None::<u32>);
            for (first, timestamp, length) in runs {
                rewriter.restart();
                for step in 0..length {
                    now += Duration::from_millis(33);
                    let sequence = first.wrapping_add(step);
                    let moment = timestamp.wrapping_add(u32::from(step) * 2_970);
                    let (index, out) = numbers(&mut rewriter, sequence, moment, now).expect("newest");
                    prop_assert_eq!(index, expected);
                    expected += 1;
                    if let Some(last) = last {
                        prop_assert!((2_900..=3_000).contains(&out.wrapping_sub(last)), "{}", out.wrapping_sub(last));
                    }
                    last = Some(out);
                }
            }
        }
    }
}
