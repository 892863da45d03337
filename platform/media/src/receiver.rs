//! What comes in on one stream: which packets are missing, and what the sender is told of it.

use std::time::{Duration, Instant};

use rtc::rtcp::reception_report::ReceptionReport;

use crate::rtp::{Rtp, unwrapped};

/// A packet that did not come is asked for this often, at this interval.
const TRIES: u8 = 8;
const RETRY: Duration = Duration::from_millis(60);
/// Packets that are missing at one time; more are a picture that only a key frame mends.
const MISSING: usize = 256;

/// The state of one incoming stream (RFC 3550 §6.4.1 and appendix A; RFC 4585 §6.2.1 for what is asked for again).
pub(crate) struct Receiver {
    ssrc: u32,
    clock_rate: u32,
    /// Whether packets that are missing are asked for: only if their sender keeps them.
    repairs: bool,
    first: Option<u64>,
    highest: u64,
    received: u64,
    reported_expected: u64,
    reported_received: u64,
    jitter: f64,
    transit: Option<f64>,
    epoch: Option<Instant>,
    last_report: Option<(u32, Instant)>,
    missing: Vec<Missing>,
}

#[derive(Debug, Clone, Copy)]
struct Missing {
    index: u64,
    due: Instant,
    tries: u8,
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Not seen before.
    New,
    /// So much is missing before it that only a key frame helps.
    Torn,
}

impl Receiver {
    pub(crate) fn new(ssrc: u32, clock_rate: u32, repairs: bool) -> Self {
        Self {
            ssrc,
            clock_rate,
            repairs,
            first: None,
            highest: 0,
            received: 0,
            reported_expected: 0,
            reported_received: 0,
            jitter: 0.0,
            transit: None,
            epoch: None,
            last_report: None,
            missing: Vec::new(),
        }
    }

    /// Takes note of a packet.
    pub(crate) fn on_packet(&mut self, rtp: &Rtp, now: Instant) -> Arrival {
        self.received += 1;
        let epoch = *self.epoch.get_or_insert(now);
        let arrival = now.saturating_duration_since(epoch).as_secs_f64() * f64::from(self.clock_rate);
        let transit = arrival - f64::from(rtp.timestamp);
        if let Some(before) = self.transit.replace(transit) {
            let step = (transit - before).abs();
            // The timestamp may have wrapped.
            if step < f64::from(u32::MAX) / 2.0 {
                self.jitter += (step - self.jitter) / 16.0;
            }
        }
        if self.first.is_none() {
            // Room for packets that come late, from before the first.
            let index = 0x1_0000 + u64::from(rtp.sequence);
            self.first = Some(index);
            self.highest = index;
            return Arrival::New;
        }
        let index = unwrapped(self.highest, rtp.sequence);
        if index > self.highest {
            let gap = index - self.highest - 1;
            self.highest = index;
            if self.repairs && gap > 0 {
                if gap as usize + self.missing.len() > MISSING {
                    self.missing.clear();
                    return Arrival::Torn;
                }
                let lost = (index - gap..index).map(|index| Missing { index, due: now, tries: 0 });
                self.missing.extend(lost);
            }
        } else {
            self.missing.retain(|missing| missing.index != index);
        }
        Arrival::New
    }

    /// A packet that was sent again has come; `false` when it was not missing any more.
    pub(crate) fn on_repaired(&mut self, sequence: u16) -> bool {
        let index = unwrapped(self.highest, sequence);
        let before = self.missing.len();
        self.missing.retain(|missing| missing.index != index);
        self.missing.len() < before
    }

    /// The numbers to ask for again now; `true` when some were given up, and only a key frame helps.
    pub(crate) fn ask_again(&mut self, now: Instant, numbers: &mut Vec<u16>) -> bool {
        let before = self.missing.len();
        self.missing.retain(|missing| missing.tries < TRIES || missing.due > now);
        let given_up = self.missing.len() < before;
        for missing in self.missing.iter_mut().filter(|missing| missing.due <= now) {
            missing.due = now + RETRY;
            missing.tries += 1;
            numbers.push(missing.index as u16);
        }
        given_up
    }

    /// The sender has told which moment of its clock is which of the stream's.
    pub(crate) fn on_sender_report(&mut self, ntp: u64, now: Instant) {
        self.last_report = Some(((ntp >> 16) as u32, now));
    }

    /// What the sender is told; `None` before the first packet.
    pub(crate) fn report(&mut self, now: Instant) -> Option<ReceptionReport> {
        let first = self.first?;
        let expected = self.highest - first + 1;
        let lost = expected.saturating_sub(self.received);
        let expected_now = expected - self.reported_expected;
        let received_now = self.received - self.reported_received;
        (self.reported_expected, self.reported_received) = (expected, self.received);
        let lost_now = expected_now.saturating_sub(received_now);
        let fraction = (lost_now * 256).checked_div(expected_now).unwrap_or(0);
        let (last_sender_report, delay) = self.last_report.map_or((0, 0), |(middle, at)| {
            let units = now.saturating_duration_since(at).as_secs_f64() * 65_536.0;
            (middle, units as u32)
        });
        Some(ReceptionReport {
            ssrc: self.ssrc,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            // 24 bits.
            total_lost: u32::try_from(lost).unwrap_or(u32::MAX).min(0x7F_FFFF),
            last_sequence_number: self.highest as u32 & 0xFFFF
                | ((self.highest >> 16) as u32).wrapping_sub(1) << 16,
            jitter: self.jitter as u32,
            last_sender_report,
            delay,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rtp(sequence: u16, timestamp: u32) -> Rtp {
        let mut raw = vec![0x80, 96];
        raw.extend_from_slice(&sequence.to_be_bytes());
        raw.extend_from_slice(&timestamp.to_be_bytes());
        raw.extend_from_slice(&[0, 0, 0, 1]);
        Rtp::parse(&raw).expect("a packet")
    }

    fn asked(receiver: &mut Receiver, now: Instant) -> Vec<u16> {
        let mut numbers = Vec::new();
        receiver.ask_again(now, &mut numbers);
        numbers
    }

    #[test]
    fn what_is_missing_is_asked_for_until_it_comes() {
        let mut now = Instant::now();
        let mut receiver = Receiver::new(1, 90_000, true);
        for sequence in [65_534, 65_535, 2, 3] {
            receiver.on_packet(&rtp(sequence, 0), now);
        }
        assert_eq!(asked(&mut receiver, now), [0, 1]);
        assert_eq!(asked(&mut receiver, now), [0; 0], "not at once again");
        receiver.on_packet(&rtp(1, 0), now);
        now += RETRY;
        assert_eq!(asked(&mut receiver, now), [0]);
        assert!(receiver.on_repaired(0));
        assert!(!receiver.on_repaired(0));
        now += RETRY;
        assert_eq!(asked(&mut receiver, now), [0; 0]);
    }

    #[test]
    fn what_never_comes_is_given_up() {
        let mut now = Instant::now();
        let mut receiver = Receiver::new(1, 90_000, true);
        receiver.on_packet(&rtp(1, 0), now);
        receiver.on_packet(&rtp(3, 0), now);
        let mut asked_for = 0;
        for _ in 0..100 {
            let mut numbers = Vec::new();
            if receiver.ask_again(now, &mut numbers) {
                assert_eq!(asked_for, usize::from(TRIES));
                return;
            }
            asked_for += numbers.len();
            now += RETRY;
        }
        panic!("asked for ever");
    }

    #[test]
    fn a_long_gap_is_not_asked_for() {
        let now = Instant::now();
        let mut receiver = Receiver::new(1, 90_000, true);
        receiver.on_packet(&rtp(1, 0), now);
        assert_eq!(receiver.on_packet(&rtp(1_000, 0), now), Arrival::Torn);
        assert_eq!(asked(&mut receiver, now), [0; 0]);
    }

    #[test]
    fn reports_tell_loss_and_position() {
        let now = Instant::now();
        let mut receiver = Receiver::new(7, 48_000, false);
        assert!(receiver.report(now).is_none());
        for sequence in (0..100_u16).filter(|sequence| sequence % 4 != 3) {
            receiver.on_packet(&rtp(65_500_u16.wrapping_add(sequence), 0), now);
        }
        receiver.on_sender_report(0x1234_5678_9ABC_DEF0, now);
        let report = receiver.report(now + Duration::from_millis(500)).expect("a report");
        // The last one is missing, which nobody can know.
        assert_eq!((report.ssrc, report.total_lost), (7, 24));
        assert_eq!(report.fraction_lost, 62);
        assert_eq!(report.last_sequence_number, 0x1_0000 + 62);
        assert_eq!((report.last_sender_report, report.delay), (0x5678_9ABC, 32_768));
        let again = receiver.report(now).expect("a report");
        assert_eq!((again.fraction_lost, again.total_lost), (0, 24));
    }

    proptest! {
        /// In whatever order packets come, and however often, what is asked for is just what did not come.
        #[test]
        fn exactly_what_did_not_come_is_asked_for(
            first in any::<u16>(),
            order in Just((1..120_u16).collect::<Vec<_>>()).prop_shuffle(),
            lost in prop::collection::btree_set(1..119_u16, 0..20),
        ) {
            let now = Instant::now();
            let mut receiver = Receiver::new(1, 90_000, true);
            receiver.on_packet(&rtp(first, 0), now);
            for step in order.iter().filter(|step| !lost.contains(step)) {
                receiver.on_packet(&rtp(first.wrapping_add(*step), 0), now);
                receiver.on_packet(&rtp(first.wrapping_add(*step), 0), now);
            }
            let mut numbers = asked(&mut receiver, now);
            numbers.sort_by_key(|number| number.wrapping_sub(first));
            let expected: Vec<u16> = lost.iter().map(|step| first.wrapping_add(*step)).collect();
            prop_assert_eq!(numbers, expected);
        }
    }
}
