use std::time::{Duration, Instant};

/// How often a connection is pinged.
pub(super) const PING_INTERVAL: Duration = Duration::from_millis(2_500);

/// A connection that says nothing for so long is gone. Browsers answer pings by themselves, in background tabs too.
pub(super) const SILENCE_LIMIT: Duration = Duration::from_secs(10);

/// When a connection was last heard.
pub(super) struct Liveness {
    heard: Instant,
}

impl Liveness {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: now }
    }

    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    pub(super) fn is_silent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) >= SILENCE_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Liveness, SILENCE_LIMIT};

    #[test]
    fn a_connection_is_gone_after_the_limit_and_not_before() {
        let start = Instant::now();
        let mut liveness = Liveness::new(start);
        let almost = start + SILENCE_LIMIT - Duration::from_millis(1);
        assert!(!liveness.is_silent(almost));
        assert!(liveness.is_silent(start + SILENCE_LIMIT));
        liveness.heard(almost);
        assert!(!liveness.is_silent(start + SILENCE_LIMIT));
    }
}
