//! What somebody publishes, and who receives it.

use std::time::{Duration, Instant};

use crate::SourceId;
use crate::history::History;
use crate::medium::Medium;
use crate::peer_key::PeerKey;
use crate::receiver::Receiver;

slotmap::new_key_type! {
    /// A source within a forwarder.
    pub(crate) struct SourceKey;
}

/// Key frames are many times larger than others; a publisher is asked for one at most this often, however many
/// receivers want one.
const KEY_FRAME_INTERVAL: Duration = Duration::from_millis(300);

/// A published stream.
pub(crate) struct Source {
    pub(crate) id: SourceId,
    pub(crate) medium: Medium,
    pub(crate) owner: PeerKey,
    /// The best one first; one, unless the publisher sends several.
    pub(crate) layers: Vec<Layer>,
    pub(crate) taps: Vec<Tap>,
    /// Whether a first packet has come.
    pub(crate) flows: bool,
}

/// One of the qualities in which a picture is sent, or the only one.
pub(crate) struct Layer {
    pub(crate) ssrc: Option<u32>,
    pub(crate) receiver: Option<Receiver>,
    /// Of pictures.
    pub(crate) history: Option<History>,
    key_frame_wanted: bool,
    key_frame_asked: Option<Instant>,
}

/// A receiver, and under which of its streams it receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tap {
    pub(crate) peer: PeerKey,
    pub(crate) slot: usize,
}

impl Source {
    pub(crate) fn new(id: SourceId, medium: Medium, owner: PeerKey, layers: usize) -> Self {
        let layers = (0..layers.max(1)).map(|_| Layer::new(medium)).collect();
        Self { id, medium, owner, layers, taps: Vec::new(), flows: false }
    }

    pub(crate) fn connect(&mut self, tap: Tap) {
        if !self.taps.contains(&tap) {
            self.taps.push(tap);
        }
        self.want_key_frame();
    }

    pub(crate) fn disconnect(&mut self, tap: Tap) {
        self.taps.retain(|known| *known != tap);
    }

    /// Asks for a key frame of what is received, soon.
    pub(crate) fn want_key_frame(&mut self) {
        if self.medium.is_video() {
            for layer in &mut self.layers {
                layer.key_frame_wanted = true;
            }
        }
    }
}

impl Layer {
    fn new(medium: Medium) -> Self {
        Self {
            ssrc: None,
            receiver: None,
            history: medium.is_video().then(History::new),
            key_frame_wanted: false,
            key_frame_asked: None,
        }
    }

    pub(crate) fn want_key_frame(&mut self) {
        self.key_frame_wanted = true;
    }

    /// Whether to ask for a key frame now; requests that come meanwhile are answered by one more, after the interval.
    pub(crate) fn takes_request(&mut self, now: Instant) -> bool {
        let waited = self
            .key_frame_asked
            .is_none_or(|asked| now.saturating_duration_since(asked) >= KEY_FRAME_INTERVAL);
        let takes = self.key_frame_wanted && self.ssrc.is_some() && waited;
        if takes {
            self.key_frame_wanted = false;
            self.key_frame_asked = Some(now);
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_is_not_asked_too_often() {
        let mut now = Instant::now();
        let mut layer = Layer::new(Medium::Camera);
        layer.want_key_frame();
        assert!(!layer.takes_request(now), "there is nobody to ask yet");
        layer.ssrc = Some(1);
        assert!(layer.takes_request(now));
        assert!(!layer.takes_request(now));
        layer.want_key_frame();
        assert!(!layer.takes_request(now));
        now += KEY_FRAME_INTERVAL;
        assert!(layer.takes_request(now));
    }
}
