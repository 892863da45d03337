use std::time::Instant;

use rtc::rtp;

/// Gives the packets of changing sources the numbers of one continuous outgoing stream.
///
/// A receiving browser keeps one decoder and one jitter buffer per stream. When the stream starts to carry another
/// participant, sequence numbers must go on without a gap and timestamps must advance by the time that really passed,
/// or the browser takes the change for loss.
pub(crate) struct Rewriter {
    ssrc: u32,
    payload_type: u8,
    clock_rate: u32,
    last_out: Option<Sent>,
    offsets: Option<Offsets>,
}

#[derive(Clone, Copy)]
struct Sent {
    sequence: u16,
    timestamp: u32,
    at: Instant,
}

#[derive(Clone, Copy)]
struct Offsets {
    first_in: u16,
    sequence: u16,
    timestamp: u32,
}

impl Rewriter {
    pub(crate) fn new(ssrc: u32, payload_type: u8, clock_rate: u32) -> Self {
        Self { ssrc, payload_type, clock_rate, last_out: None, offsets: None }
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// The next packet begins a new run: of another source, or of the same one after packets were left out on
    /// purpose.
    pub(crate) fn restart(&mut self) {
        self.offsets = None;
    }

    /// The packet under this stream's numbers, or `None` if it comes from before the present run.
    pub(crate) fn rewrite(&mut self, mut packet: rtp::Packet, now: Instant) -> Option<rtp::Packet> {
        let offsets = *self.offsets.get_or_insert_with(|| match self.last_out {
            None => Offsets { first_in: packet.header.sequence_number, sequence: 0, timestamp: 0 },
            Some(last) => {
                let elapsed = now.saturating_duration_since(last.at).as_secs_f64();
                // At least one tick: two frames never share a timestamp.
                let ticks = ((elapsed * f64::from(self.clock_rate)) as u32).max(1);
                Offsets {
                    first_in: packet.header.sequence_number,
                    sequence: last.sequence.wrapping_add(1).wrapping_sub(packet.header.sequence_number),
                    timestamp: last.timestamp.wrapping_add(ticks).wrapping_sub(packet.header.timestamp),
                }
            }
        });
        if is_before(packet.header.sequence_number, offsets.first_in) && !self.is_long_run(offsets) {
            return None;
        }

        packet.header.sequence_number = packet.header.sequence_number.wrapping_add(offsets.sequence);
        packet.header.timestamp = packet.header.timestamp.wrapping_add(offsets.timestamp);
        packet.header.ssrc = self.ssrc;
        packet.header.payload_type = self.payload_type;
        let sent =
            Sent { sequence: packet.header.sequence_number, timestamp: packet.header.timestamp, at: now };
        // A retransmitted packet arrives late; what counts for the next run is the newest.
        if self.last_out.is_none_or(|last| !is_before(sent.sequence, last.sequence)) {
            self.last_out = Some(sent);
        }
        Some(packet)
    }

    /// Once the run is a quarter of the number space long, "before its first packet" can no longer be told from
    /// "far after it", and late packets of an earlier run are long gone.
    fn is_long_run(&mut self, offsets: Offsets) -> bool {
        let first_out = offsets.first_in.wrapping_add(offsets.sequence);
        let long = self.last_out.is_some_and(|last| last.sequence.wrapping_sub(first_out) > 0x3fff);
        if long && let (Some(offsets), Some(last)) = (self.offsets.as_mut(), self.last_out) {
            // Move the mark along, well behind the newest packet.
            offsets.first_in = last.sequence.wrapping_sub(offsets.sequence).wrapping_sub(0x1fff);
        }
        long
    }
}

/// Sequence numbers wrap: a number is before another if the shorter way leads back (RFC 1982 §3.2).
fn is_before(one: u16, other: u16) -> bool {
    one != other && other.wrapping_sub(one) < 0x8000
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rewriter;
    use crate::core::testing::packet;

    fn numbers(rewriter: &mut Rewriter, sequence: u16, timestamp: u32, now: Instant) -> Option<(u16, u32)> {
        let out = rewriter.rewrite(packet(sequence, timestamp, b"x"), now)?;
        assert_eq!((out.header.ssrc, out.header.payload_type), (7, 96));
        Some((out.header.sequence_number, out.header.timestamp))
    }

    #[test]
    fn another_source_goes_on_where_the_first_one_stopped() {
        let start = Instant::now();
        let mut rewriter = Rewriter::new(7, 96, 90_000);
        assert_eq!(numbers(&mut rewriter, 100, 5_000, start), Some((100, 5_000)));
        assert_eq!(numbers(&mut rewriter, 101, 8_000, start), Some((101, 8_000)));

        rewriter.restart();
        let later = start + Duration::from_secs(1);
        assert_eq!(numbers(&mut rewriter, 60_000, 4_000_000_000, later), Some((102, 98_000)));
        assert_eq!(numbers(&mut rewriter, 60_001, 4_000_003_000, later), Some((103, 101_000)));
    }

    #[test]
    fn loss_and_disorder_of_the_source_stay_visible() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(7, 96, 90_000);
        for (sequence, expected) in [(10, 10), (13, 13), (12, 12), (14, 14)] {
            assert_eq!(numbers(&mut rewriter, sequence, 0, now).map(|n| n.0), Some(expected));
        }
    }

    #[test]
    fn packets_from_before_the_run_are_left_out() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(7, 96, 90_000);
        assert!(numbers(&mut rewriter, 20, 0, now).is_some());
        rewriter.restart();
        assert_eq!(numbers(&mut rewriter, 30, 0, now).map(|n| n.0), Some(21));
        assert_eq!(numbers(&mut rewriter, 29, 0, now), None);
    }

    #[test]
    fn a_run_longer_than_the_number_space_goes_on() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(7, 96, 90_000);
        let mut sequence = 65_000_u16;
        for _ in 0..200_000 {
            assert_eq!(numbers(&mut rewriter, sequence, 0, now).map(|n| n.0), Some(sequence));
            sequence = sequence.wrapping_add(1);
        }
    }
}
