//! How much of something comes.

use std::time::{Duration, Instant};

/// Over this time bytes are counted before they weigh in.
const WINDOW: Duration = Duration::from_millis(250);
/// How much the last window weighs: about a second of memory.
const WEIGHT: f64 = 0.25;
/// What has brought nothing for so long has stopped: a publisher leaves out a quality without a word when its way becomes
/// narrow, and whoever sees it sees nothing from then on.
const SILENCE: Duration = Duration::from_millis(350);

/// The rate of a stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter {
    window: Option<Instant>,
    bytes: usize,
    rate: Option<f64>,
    heard: Option<Instant>,
}

impl Meter {
    /// So many bytes have come.
    pub(crate) fn add(&mut self, now: Instant, bytes: usize) {
        let since = *self.window.get_or_insert(now);
        let time = now.saturating_duration_since(since);
        if time >= WINDOW {
            let latest = self.bytes as f64 * 8.0 / time.as_secs_f64();
            self.rate = Some(self.rate.map_or(latest, |rate| rate + (latest - rate) * WEIGHT));
            (self.window, self.bytes) = (Some(now), 0);
        }
        self.bytes += bytes;
        self.heard = Some(now);
    }

    /// Bits per second; 0 when nothing comes.
    pub(crate) fn rate(&self, now: Instant) -> f64 {
        if self.flows(now) { self.rate.unwrap_or(0.0) } else { 0.0 }
    }

    /// Whether anything has come lately.
    pub(crate) fn flows(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| now.saturating_duration_since(heard) < SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_follows_what_comes() {
        let mut now = Instant::now();
        let mut meter = Meter::default();
        assert!(!meter.flows(now) && meter.rate(now) < 1.0);
        let mut send = |meter: &mut Meter, bytes: usize, packets: u32| {
            for _ in 0..packets {
                now += Duration::from_millis(10);
                meter.add(now, bytes);
            }
            now
        };
        let at = send(&mut meter, 1_000, 200);
        assert!((790_000.0..810_000.0).contains(&meter.rate(at)), "{}", meter.rate(at));
        let at = send(&mut meter, 250, 500);
        assert!((195_000.0..215_000.0).contains(&meter.rate(at)), "{}", meter.rate(at));
        assert!(meter.flows(at) && !meter.flows(at + SILENCE));
        assert!(meter.rate(at + SILENCE) < 1.0);
    }
}
