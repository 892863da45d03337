//! How much the way to a receiver carries: told by the receiver's reports of when each packet came, judged by the
//! library's congestion control (draft-ietf-rmcat-gcc-02), and tried out before more is sent.
//!
//! Congestion control alone tells when too much is sent. How much more would go through it can only guess while little
//! is sent, so that a better picture is preceded by a trial: for a moment, packets that were sent already are sent again,
//! as many as the better picture will have.

use std::time::{Duration, Instant};

use rtc::interceptor::{BandwidthEstimator as _, Gcc, PacketReport, convert_twcc};
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;

use crate::rtp::unwrapped;

/// What is believed before anything is known, and the bounds, in bits per second.
const FIRST: f64 = 300_000.0;
const LEAST: f64 = 50_000.0;
const MOST: f64 = 20_000_000.0;
/// Packets of which it is known when they left: two seconds of a large meeting.
const KEPT: usize = 2_048;
/// How much more than what is known to go through may be sent without a trial.
const BOLDNESS: f64 = 1.5;
/// What went through is remembered so long.
const REMEMBERED: Duration = Duration::from_secs(5);
/// The rate that goes through is taken over this time.
const WINDOW: Duration = Duration::from_millis(300);
/// A trial takes so long, and its end is waited for so long.
const TRIAL: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_millis(1_500);
/// The next trial comes so much later: after a success, after a failure, and after many.
const NEXT: Duration = Duration::from_millis(300);
const FIRST_WAIT: Duration = Duration::from_secs(4);
const LAST_WAIT: Duration = Duration::from_secs(16);
/// A trial has failed when less of it came through than this share, or more than that was lost.
const THROUGH: f64 = 0.85;
const LOST: f64 = 0.12;

/// A queue on the way runs empty in so long.
const SETTLE: Duration = Duration::from_millis(500);
/// A way that loses more than this share carries what comes through it, and no more.
const FLOOD: f64 = 0.25;

/// What is known of the way to a receiver.
pub(crate) struct Bandwidth {
    epoch: Instant,
    gcc: Gcc,
    /// By number modulo [`KEPT`].
    sent: Vec<Departure>,
    next: u64,
    reports: Vec<PacketReport>,
    window: Window,
    /// Packets before this one tell nothing new.
    judged: u64,
    /// How much goes through, in bits per second, as it was judged when the last window ended.
    estimate: f64,
    /// Until then nothing is judged: what waits on the way was sent before it was known to be narrow.
    settled: Instant,
    /// What went through, in bits per second, and when.
    proved: Option<(f64, Instant)>,
    trial: Option<Trial>,
    next_trial: Instant,
    wait: Duration,
}

/// A packet that left. `number` is that of the packet which has the place now, or 0.
#[derive(Debug, Clone, Copy, Default)]
struct Departure {
    number: u64,
    micros: u64,
    size: u32,
}

/// What came through since a moment, and what did not.
#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    /// Bytes that left, and bytes that came.
    sent: usize,
    bytes: usize,
    came: usize,
    lost: usize,
}

impl Window {
    fn new(since: Instant) -> Self {
        Self { since, sent: 0, bytes: 0, came: 0, lost: 0 }
    }

    fn add(&mut self, reports: &[PacketReport]) {
        let came = reports.iter().filter(|one| one.arrived);
        self.bytes += came.clone().map(|one| one.size).sum::<usize>();
        let came = came.count();
        self.came += came;
        self.lost += reports.len() - came;
    }
}

/// More than usual is sent, to see whether it goes through.
#[derive(Debug)]
struct Trial {
    /// Bits per second.
    rate: f64,
    began: Instant,
    first: u64,
    /// Set when it is over and its last reports are waited for.
    last: Option<u64>,
    sent: usize,
    came: usize,
    lost: usize,
    bytes: usize,
    arrivals: Option<(Duration, Duration)>,
    /// What congestion control thought before.
    before: f64,
}

impl Bandwidth {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            epoch: now,
            gcc: Gcc::new(FIRST, LEAST, MOST),
            sent: Vec::new(),
            // Numbers begin with a wrap, so that none that is told is before the first.
            next: 0x1_0001,
            reports: Vec::new(),
            window: Window::new(now),
            judged: 0,
            estimate: FIRST,
            settled: now,
            proved: None,
            trial: None,
            next_trial: now,
            wait: FIRST_WAIT,
        }
    }

    /// The number of the next packet, which leaves now.
    pub(crate) fn number(&mut self, now: Instant, size: usize) -> u16 {
        if self.sent.is_empty() {
            self.sent.resize(KEPT, Departure::default());
        }
        let number = self.next;
        self.next += 1;
        let micros = u64::try_from(now.saturating_duration_since(self.epoch).as_micros()).unwrap_or(0);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        self.sent[number as usize % KEPT] = Departure { number, micros, size };
        self.window.sent += size as usize;
        if let Some(trial) = self.trial.as_mut().filter(|trial| trial.last.is_none()) {
            trial.sent += size as usize;
        }
        number as u16
    }

    /// Takes the receiver's report.
    pub(crate) fn on_feedback(&mut self, now: Instant, feedback: &TransportLayerCc) {
        // What tells of more than is kept tells of what was never sent.
        if self.sent.is_empty() || usize::from(feedback.packet_status_count) > KEPT {
            return;
        }
        let mut told = convert_twcc(feedback);
        // The last chunk is filled up with what means nothing.
        told.truncate(feedback.packet_status_count.into());
        self.reports.clear();
        for one in told {
            let number = unwrapped(self.next, one.sequence_number);
            let place = &mut self.sent[number as usize % KEPT];
            if place.number != number {
                continue;
            }
            // Each is told of once, even if the receiver repeats itself.
            place.number = 0;
            if number < self.judged {
                continue;
            }
            self.reports.push(PacketReport {
                ssrc: 0,
                id: number,
                rtp_sequence_number: one.sequence_number,
                is_twcc: true,
                twcc_sequence_number: one.sequence_number,
                size: place.size as usize,
                arrived: one.arrived,
                departure: self.epoch + Duration::from_micros(place.micros),
                arrival: one.arrival,
                ecn: one.ecn,
            });
        }
        if now < self.settled {
            self.judged = self.next;
            self.window = Window::new(now);
            return;
        }
        self.gcc.on_reports(now, &self.reports);
        self.window.add(&self.reports);
        self.note_window(now);
        if let Some(trial) = &mut self.trial {
            trial.note(&self.reports);
        }
        self.judge(now);
    }

    fn note_window(&mut self, now: Instant) {
        let time = now.saturating_duration_since(self.window.since);
        if time < WINDOW {
            return;
        }
        let Window { sent, bytes, came, lost, .. } = std::mem::replace(&mut self.window, Window::new(now));
        let rate = bytes as f64 * 8.0 / time.as_secs_f64();
        let lost = lost as f64 / (came + lost).max(1) as f64;
        let target = self.gcc.target_bitrate();
        if lost > FLOOD && rate < self.estimate {
            // A queue that is full at once shows no growing delay, and congestion control is slow to believe in loss.
            self.fall(now, rate * THROUGH);
        } else if target < self.estimate {
            // Congestion control takes what comes for what fits. When little is sent, and all of it comes, that is wrong.
            if bytes as f64 >= sent as f64 * THROUGH && lost <= LOST {
                self.believe(self.estimate);
            } else {
                self.fall(now, target.max(rate * THROUGH).min(self.estimate));
            }
        } else if rate > target && lost <= LOST {
            // What goes through, goes through.
            self.believe(rate);
        } else {
            self.estimate = target;
        }
        let is_old = |at: Instant| now.saturating_duration_since(at) >= REMEMBERED;
        match self.proved {
            Some((known, at)) if known > rate && !is_old(at) => {
                self.proved = Some((known.min(self.estimate.max(rate)), at));
            }
            _ => self.proved = Some((rate, now)),
        }
    }

    /// The way carries less than was thought.
    fn fall(&mut self, now: Instant, rate: f64) {
        self.believe(rate);
        self.settled = now + SETTLE;
        // A way that has just become narrow is not tried out.
        self.next_trial = self.next_trial.max(now + FIRST_WAIT);
    }

    fn believe(&mut self, rate: f64) {
        self.gcc = Gcc::new(rate, LEAST, MOST);
        self.estimate = self.gcc.target_bitrate();
    }

    /// How much may be sent of what is sent already, in bits per second; of what nothing is known yet, all.
    pub(crate) fn keeps(&self) -> f64 {
        if self.proved.is_some() { self.estimate } else { MOST }
    }

    /// How much may be sent at all without a trial.
    pub(crate) fn allows(&self) -> f64 {
        let proved = self.proved.map_or(FIRST, |(rate, _)| rate * BOLDNESS);
        self.keeps().min(proved)
    }

    /// Begins to try whether so much goes through, unless a trial goes on or the last one was too short ago.
    pub(crate) fn try_out(&mut self, now: Instant, rate: f64) {
        if self.trial.is_some() || now < self.next_trial || self.proved.is_none() {
            return;
        }
        // What it saw when something else was sent is no sign of what will be.
        self.believe(self.estimate);
        self.trial = Some(Trial {
            rate: rate.min(MOST),
            began: now,
            first: self.next,
            last: None,
            sent: 0,
            came: 0,
            lost: 0,
            bytes: 0,
            arrivals: None,
            before: self.gcc.delay_based_bitrate(),
        });
    }

    /// How many bytes are to be sent now beside the others, because of a trial.
    pub(crate) fn padding(&mut self, now: Instant) -> usize {
        let Some(trial) = self.trial.as_mut().filter(|trial| trial.last.is_none()) else {
            self.judge(now);
            return 0;
        };
        let time = now.saturating_duration_since(trial.began);
        if time >= TRIAL {
            trial.last = Some(self.next.saturating_sub(1));
            return 0;
        }
        let due = (trial.rate * time.as_secs_f64() / 8.0) as usize;
        due.saturating_sub(trial.sent)
    }

    /// Ends the trial when its outcome is known.
    fn judge(&mut self, now: Instant) {
        let Some(trial) = &self.trial else { return };
        // The queue grows: that is an answer, and more would only harm.
        let congested = self.gcc.delay_based_bitrate() < trial.before;
        let told_of = trial.last.is_some_and(|last| trial.first + (trial.came + trial.lost) as u64 > last);
        let late = now.saturating_duration_since(trial.began) >= TRIAL + PATIENCE;
        if !congested && !told_of && !late {
            return;
        }
        let rate = trial.rate_that_came();
        let time = TRIAL.min(now.saturating_duration_since(trial.began)).as_secs_f64();
        let asked = (trial.sent as f64 * 8.0 / time).min(trial.rate);
        let lost = trial.lost as f64 / (trial.came + trial.lost).max(1) as f64;
        let succeeded = !congested && rate >= asked * THROUGH && lost <= LOST && trial.came > 0;
        self.trial = None;
        if succeeded {
            let rate = rate.min(asked);
            tracing::trace!(rate, "more goes through");
            if rate > self.estimate {
                self.believe(rate);
            }
            self.proved = Some((rate / BOLDNESS, now));
            self.wait = FIRST_WAIT;
            self.next_trial = now + NEXT;
        } else {
            tracing::trace!(rate, asked, lost, congested, "no more goes through");
            self.next_trial = now + self.wait;
            self.wait = (self.wait * 2).min(LAST_WAIT);
        }
    }
}

impl Trial {
    fn note(&mut self, reports: &[PacketReport]) {
        let is_ours =
            |one: &&PacketReport| one.id >= self.first && self.last.is_none_or(|last| one.id <= last);
        let (mut came, mut lost, mut bytes, mut arrivals) = (0, 0, 0, self.arrivals);
        for one in reports.iter().filter(is_ours) {
            match one.arrival.filter(|_| one.arrived) {
                Some(at) => {
                    came += 1;
                    match &mut arrivals {
                        // The first one opens the time over which the others are counted.
                        None => arrivals = Some((at, at)),
                        Some((_, last)) => {
                            bytes += one.size;
                            *last = at.max(*last);
                        }
                    }
                }
                None => lost += 1,
            }
        }
        self.came += came;
        self.lost += lost;
        self.bytes += bytes;
        self.arrivals = arrivals;
    }

    fn rate_that_came(&self) -> f64 {
        let Some((first, last)) = self.arrivals else { return 0.0 };
        let time = last.saturating_sub(first).as_secs_f64();
        if time > 0.0 { self.bytes as f64 * 8.0 / time } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;
    use rtc::shared::marshal::{Marshal as _, Unmarshal as _};

    use super::*;
    use crate::twcc::Arrivals;

    /// A way that carries so much, keeps what is too much for a while, and loses some.
    struct Way {
        now: Instant,
        start: Instant,
        bits_per_second: f64,
        lost_percent: u64,
        /// When the way has carried what was given to it.
        free: Instant,
        flying: VecDeque<(Instant, u16)>,
        arrivals: Arrivals,
        next_report: Instant,
        seed: u64,
        bandwidth: Bandwidth,
    }

    /// One way takes so long, and the way keeps at most so much.
    const DELAY: Duration = Duration::from_millis(30);
    const QUEUE: Duration = Duration::from_millis(300);
    const PACKET: usize = 1_100;

    impl Way {
        fn new(bits_per_second: f64) -> Self {
            let now = Instant::now();
            Self {
                now,
                start: now,
                bits_per_second,
                lost_percent: 0,
                free: now,
                flying: VecDeque::new(),
                arrivals: Arrivals::new(now),
                next_report: now,
                seed: 1,
                bandwidth: Bandwidth::new(now),
            }
        }

        fn send(&mut self, size: usize) {
            let number = self.bandwidth.number(self.now, size);
            self.seed =
                self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let is_lost = (self.seed >> 33) % 100 < self.lost_percent;
            let from = self.free.max(self.now);
            if is_lost || from - self.now > QUEUE {
                return;
            }
            self.free = from + Duration::from_secs_f64(size as f64 * 8.0 / self.bits_per_second);
            self.flying.push_back((self.free + DELAY, number));
        }

        /// Sends pictures of this rate for so long, 30 a second, and padding as it is asked for; `wanted` is what should
        /// go through.
        fn run(&mut self, time: Duration, rate: f64, wanted: f64) {
            let end = self.now + time;
            let mut pictures = 0_u32;
            let from = self.now;
            while self.now < end {
                self.now += Duration::from_millis(1);
                if self.now >= from + Duration::from_millis(33) * pictures {
                    pictures += 1;
                    let mut left = (rate / 8.0 * 0.033) as usize;
                    while left > 0 {
                        let size = left.min(PACKET);
                        self.send(size);
                        left -= size;
                    }
                }
                if (self.now - self.start).as_millis().is_multiple_of(20) {
                    self.bandwidth.try_out(self.now, wanted);
                    let mut padding = self.bandwidth.padding(self.now);
                    while padding > 0 {
                        self.send(PACKET);
                        padding = padding.saturating_sub(PACKET);
                    }
                }
                while let Some((at, number)) = self.flying.front().copied()
                    && at <= self.now
                {
                    self.flying.pop_front();
                    self.arrivals.note(number, at);
                }
                if self.now >= self.next_report {
                    self.next_report = self.now + Duration::from_millis(100);
                    if let Some(report) = self.arrivals.report(1, 2) {
                        let raw = report.marshal().expect("bytes");
                        let read = TransportLayerCc::unmarshal(&mut &raw[..]).expect("a report");
                        self.bandwidth.on_feedback(self.now, &read);
                    }
                }
            }
        }
    }

    #[test]
    fn what_a_wide_way_carries_is_found_out_by_trying() {
        let mut way = Way::new(5_000_000.0);
        way.run(Duration::from_secs(3), 150_000.0, 1_500_000.0);
        assert!(way.bandwidth.allows() > 1_200_000.0, "{}", way.bandwidth.allows());
    }

    #[test]
    fn a_narrow_way_is_not_taken_for_a_wide_one() {
        let mut way = Way::new(400_000.0);
        way.run(Duration::from_secs(60), 150_000.0, 1_500_000.0);
        assert!(way.bandwidth.allows() < 420_000.0, "{}", way.bandwidth.allows());
        assert!(way.bandwidth.keeps() > 150_000.0, "{}", way.bandwidth.keeps());
    }

    #[test]
    fn a_way_that_becomes_narrow_is_noticed_soon_and_its_return_later() {
        let mut way = Way::new(3_000_000.0);
        way.run(Duration::from_secs(5), 1_000_000.0, 1_000_000.0);
        assert!(way.bandwidth.keeps() > 900_000.0, "{}", way.bandwidth.keeps());
        way.bits_per_second = 300_000.0;
        way.run(Duration::from_millis(1_500), 1_000_000.0, 1_000_000.0);
        assert!(way.bandwidth.keeps() < 500_000.0, "{}", way.bandwidth.keeps());
        way.run(Duration::from_secs(5), 150_000.0, 1_000_000.0);
        assert!(way.bandwidth.allows() < 400_000.0, "{}", way.bandwidth.allows());
        way.bits_per_second = 3_000_000.0;
        let (mut waited, mut allows) = (Duration::ZERO, 0.0);
        while allows < 900_000.0 {
            assert!(waited < LAST_WAIT + FIRST_WAIT, "{allows}");
            way.run(Duration::from_millis(100), 150_000.0, 1_000_000.0);
            waited += Duration::from_millis(100);
            allows = way.bandwidth.allows();
        }
    }

    #[test]
    fn scattered_loss_is_no_congestion() {
        let mut way = Way::new(5_000_000.0);
        way.lost_percent = 5;
        way.run(Duration::from_secs(20), 1_000_000.0, 1_000_000.0);
        assert!(way.bandwidth.keeps() > 900_000.0, "{}", way.bandwidth.keeps());
    }

    proptest! {
        /// Whatever a receiver tells, and whenever: what is believed stays within its bounds.
        #[test]
        fn no_report_confuses_the_reader(
            reports in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..60), 0..2_000_u64), 0..40),
        ) {
            let mut now = Instant::now();
            let mut bandwidth = Bandwidth::new(now);
            for (bytes, wait) in reports {
                now += Duration::from_millis(wait);
                for _ in 0..20 {
                    bandwidth.number(now, 1_000);
                }
                bandwidth.try_out(now, 1e6);
                bandwidth.padding(now);
                // The header that makes it a report of arrivals (RFC 4585 §6.1), of 20 bytes and of all that follows.
                let words = u16::try_from((20 + bytes.len()).div_ceil(4) - 1).expect("short");
                let mut raw = vec![0x8F, 205];
                raw.extend(words.to_be_bytes());
                raw.extend([0; 8]);
                raw.extend(bytes);
                raw.resize(4 * (usize::from(words) + 1), 0);
                if let Ok(report) = TransportLayerCc::unmarshal(&mut &raw[..]) {
                    bandwidth.on_feedback(now, &report);
                }
                prop_assert!((LEAST..=MOST).contains(&bandwidth.keeps()));
                prop_assert!((0.0..=MOST).contains(&bandwidth.allows()));
            }
        }
    }

    #[test]
    fn reports_of_what_was_never_sent_change_nothing() {
        let mut arrivals = Arrivals::new(Instant::now());
        arrivals.note(9_000, Instant::now());
        let report = arrivals.report(1, 2).expect("a report");
        let mut bandwidth = Bandwidth::new(Instant::now());
        bandwidth.on_feedback(Instant::now(), &report);
        bandwidth.number(Instant::now(), 100);
        bandwidth.on_feedback(Instant::now(), &report);
        assert!((bandwidth.allows() - FIRST).abs() < 1.0);
    }
}
