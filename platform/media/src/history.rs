//! What was received of a picture lately, so that what got lost on the way to one receiver can be sent to it again.

use crate::rtp;

/// Packets that are kept: about two seconds of a picture of high quality.
const LENGTH: usize = 512;

/// The last packets of one stream, in plain text. Their memory is used again and again.
pub(crate) struct History {
    kept: Vec<Kept>,
    newest: Option<u16>,
}

/// A packet as it is needed to send it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// `None` in a place that was never used.
    pub(crate) sequence: Option<u16>,
    pub(crate) marker: bool,
    pub(crate) timestamp: u32,
    pub(crate) payload: Vec<u8>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { kept: vec![Kept::default(); LENGTH], newest: None }
    }

    pub(crate) fn keep(&mut self, sequence: u16, marker: bool, timestamp: u32, payload: &[u8]) {
        if self.newest.is_none_or(|newest| rtp::is_before(newest, sequence)) {
            self.newest = Some(sequence);
        }
        let kept = &mut self.kept[usize::from(sequence) % LENGTH];
        kept.sequence = Some(sequence);
        (kept.marker, kept.timestamp) = (marker, timestamp);
        kept.payload.clear();
        kept.payload.extend_from_slice(payload);
    }

    /// The number of the newest packet.
    pub(crate) fn newest(&self) -> Option<u16> {
        self.newest
    }

    /// The packet of this number, while it is kept.
    pub(crate) fn get(&self, sequence: u16) -> Option<&Kept> {
        // A number from before the last wrap would be found again after it.
        let age = self.newest?.wrapping_sub(sequence);
        let kept = &self.kept[usize::from(sequence) % LENGTH];
        (usize::from(age) < LENGTH && kept.sequence == Some(sequence)).then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_kept_for_a_while() {
        let mut history = History::new();
        let first = 65_000_u16;
        for step in 0..2_000_u16 {
            history.keep(first.wrapping_add(step), step % 2 == 0, step.into(), &step.to_be_bytes());
        }
        let last = first.wrapping_add(1_999);
        let kept = history.get(last).expect("the last one");
        assert_eq!((kept.marker, kept.timestamp), (false, 1_999));
        assert_eq!(kept.payload, 1_999_u16.to_be_bytes());
        assert!(history.get(last.wrapping_sub(511)).is_some());
        assert_eq!(history.get(last.wrapping_sub(512)), None);
        assert_eq!(history.get(last.wrapping_add(1)), None, "not yet there");
    }

    #[test]
    fn what_got_lost_is_not_there() {
        let mut history = History::new();
        history.keep(10, false, 0, b"a");
        history.keep(12, false, 0, b"c");
        assert_eq!(history.get(11), None);
        assert!(History::new().get(0).is_none());
    }
}
