//! What somebody publishes, and who receives it.

use std::time::{Duration, Instant};

use crate::SourceId;
use crate::allocation::Rung;
use crate::history::{History, Kept};
use crate::medium::Medium;
use crate::meter::Meter;
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
    /// The qualities in which it comes, as the publisher names them; one, unless it sends several.
    pub(crate) layers: Vec<Layer>,
    pub(crate) taps: Vec<Tap>,
    /// What of it is recorded, if it is.
    pub(crate) recorded: Option<Recorded>,
    /// Whether a first packet has come.
    pub(crate) flows: bool,
    /// How loud a voice is: decibels above the faintest that can be told, 0 to 127. Whose browser does not tell is loud.
    pub(crate) loudness: f32,
    speech: Speech,
}

/// Whether somebody speaks, by how loud they are. A cough is no speech, and a breath does not end it.
#[derive(Debug, Clone, Copy, Default)]
struct Speech {
    speaks: bool,
    /// Since when it sounds as if that were not so.
    otherwise_since: Option<Instant>,
}

/// Whoever is so loud may be speaking: 50 dB below the loudest that can be told, which is where quiet speech is.
const SPEECH: f32 = 77.0;
/// Whoever speaks does so until they are fainter than this.
const SILENCE: f32 = 70.0;
/// What lasts so long is speech.
const SPEECH_LASTS: Duration = Duration::from_millis(300);
/// What lasts so long ends it.
const SILENCE_LASTS: Duration = Duration::from_millis(1_000);

impl Speech {
    /// Notes how loud it is; `Some` when that changes whether somebody speaks.
    fn note(&mut self, loudness: f32, now: Instant) -> Option<bool> {
        let (otherwise, lasts) = if self.speaks {
            (loudness < SILENCE, SILENCE_LASTS)
        } else {
            (loudness >= SPEECH, SPEECH_LASTS)
        };
        if !otherwise {
            self.otherwise_since = None;
            return None;
        }
        let since = *self.otherwise_since.get_or_insert(now);
        if now.saturating_duration_since(since) < lasts {
            return None;
        }
        *self = Self { speaks: !self.speaks, otherwise_since: None };
        Some(self.speaks)
    }
}

/// How fast a voice that falls silent is forgotten, by packets of 20 ms: half of it in a third of a second.
const FADING: f32 = 0.04;

/// One of the qualities in which a picture is sent, or the only one.
pub(crate) struct Layer {
    pub(crate) ssrc: Option<u32>,
    pub(crate) receiver: Option<Receiver>,
    /// Of pictures.
    pub(crate) history: Option<History>,
    pub(crate) meter: Meter,
    /// How high the picture is, in pixels; 0 while it is not known.
    height: u32,
    /// Where the latest key frame began, and when it came.
    key_frame: Option<(u16, Instant)>,
    key_frame_wanted: bool,
    key_frame_asked: Option<Instant>,
}

/// A receiver, under which of its streams it receives, and in which quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tap {
    pub(crate) peer: PeerKey,
    pub(crate) slot: usize,
    /// The layer that it gets.
    pub(crate) carries: Option<usize>,
    /// The layer that it is to get, from that layer's next key frame on; `None`: nothing.
    pub(crate) target: Option<usize>,
}

/// The quality in which a source is recorded, and the one in which it is to be, from that one's next key frame on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recorded {
    carries: Option<usize>,
    target: usize,
}

impl Recorded {
    /// Whether a packet of this layer is kept; `None` when it would be if it began a key frame.
    pub(crate) fn takes(&mut self, layer: usize, begins: bool) -> Option<bool> {
        if self.carries == Some(layer) {
            return Some(true);
        }
        if self.target != layer {
            return Some(false);
        }
        if !begins {
            return None;
        }
        self.carries = Some(layer);
        Some(true)
    }
}

/// A picture goes on from its key frame when that is not older, and not so many packets have come since: they all leave
/// at once.
const REPLAYED_AGE: Duration = Duration::from_millis(500);
const REPLAYED_PACKETS: u16 = 64;

impl Source {
    pub(crate) fn new(id: SourceId, medium: Medium, owner: PeerKey, layers: usize) -> Self {
        let layers = (0..layers.max(1)).map(|_| Layer::new(medium)).collect();
        Self {
            id,
            medium,
            owner,
            layers,
            taps: Vec::new(),
            recorded: None,
            flows: false,
            loudness: f32::MAX,
            speech: Speech::default(),
        }
    }

    /// A packet of a voice says how loud it is (RFC 6464 §3): decibels below the loudest, under a bit that says whether it
    /// is a voice.
    pub(crate) fn hear(&mut self, level: u8) {
        let loudness = f32::from(127 - (level & 0x7F));
        if loudness > self.loudness || self.loudness > 127.0 {
            self.loudness = loudness;
        } else {
            self.loudness += (loudness - self.loudness) * FADING;
        }
    }

    /// Whether whoever speaks began or ceased to. Those whose browser does not tell how loud they are never do.
    pub(crate) fn listen(&mut self, now: Instant) -> Option<bool> {
        if self.medium.is_video() || self.loudness >= f32::MAX {
            return None;
        }
        // Whoever is silent may send next to nothing.
        let flows = self.layers.first().is_some_and(|layer| layer.meter.flows(now));
        self.speech.note(if flows { self.loudness } else { 0.0 }, now)
    }

    /// Somebody receives it from now on: of pictures, the first quality until it is known what the way carries.
    pub(crate) fn connect(&mut self, peer: PeerKey, slot: usize) {
        let carries = (!self.medium.is_video()).then_some(0);
        self.taps.push(Tap { peer, slot, carries, target: Some(0) });
    }

    pub(crate) fn disconnect(&mut self, peer: PeerKey, slot: usize) {
        self.taps.retain(|tap| !tap.is(peer, slot));
    }

    pub(crate) fn tap(&mut self, peer: PeerKey, slot: usize) -> Option<&mut Tap> {
        self.taps.iter_mut().find(|tap| tap.is(peer, slot))
    }

    /// Begins or ceases to be recorded, in the first quality until it is known which is the best.
    pub(crate) fn record(&mut self, on: bool) {
        if on != self.recorded.is_some() {
            self.recorded = on.then_some(Recorded { carries: None, target: 0 });
            self.want_key_frame(0);
        }
    }

    /// Records the best of the qualities that come.
    pub(crate) fn record_the_best(&mut self, now: Instant) {
        let Some(best) = self.recorded.and_then(|_| self.rungs(now).last().map(|rung| rung.layer)) else {
            return;
        };
        if let Some(recorded) = self.recorded.as_mut().filter(|recorded| recorded.target != best) {
            recorded.target = best;
            self.want_key_frame(best);
        }
    }

    /// Asks for a key frame in each quality, soon.
    pub(crate) fn want_key_frames(&mut self) {
        for layer in 0..self.layers.len() {
            self.want_key_frame(layer);
        }
    }

    /// Asks for a key frame in this quality, soon.
    pub(crate) fn want_key_frame(&mut self, layer: usize) {
        if self.medium.is_video()
            && let Some(layer) = self.layers.get_mut(layer)
        {
            layer.want_key_frame();
        }
    }

    /// The qualities that come at the moment, the smallest first.
    pub(crate) fn rungs(&self, now: Instant) -> Vec<Rung> {
        let flowing = self.layers.iter().enumerate().filter(|(_, layer)| layer.meter.flows(now));
        let mut rungs: Vec<Rung> = flowing
            .map(|(layer, state)| Rung { layer, rate: state.meter.rate(now), height: state.height })
            .collect();
        // A publisher may name its qualities in either order.
        rungs.sort_by_key(|rung| rung.height);
        rungs
    }
}

impl Tap {
    fn is(&self, peer: PeerKey, slot: usize) -> bool {
        self.peer == peer && self.slot == slot
    }
}

impl Layer {
    fn new(medium: Medium) -> Self {
        Self {
            ssrc: None,
            receiver: None,
            history: medium.is_video().then(History::new),
            meter: Meter::default(),
            height: 0,
            key_frame: None,
            key_frame_wanted: false,
            key_frame_asked: None,
        }
    }

    pub(crate) fn want_key_frame(&mut self) {
        self.key_frame_wanted = true;
    }

    /// A key frame begins with this packet.
    pub(crate) fn note_key_frame(&mut self, now: Instant, sequence: u16, height: u16) {
        self.key_frame = Some((sequence, now));
        if height > 0 {
            self.height = height.into();
        }
    }

    /// The latest key frame and all that came since, when that is recent, whole and little: whoever comes need not wait
    /// for another one.
    pub(crate) fn replay(&self, now: Instant) -> Option<impl Iterator<Item = &Kept>> {
        let history = self.history.as_ref()?;
        let (first, at) = self.key_frame?;
        if now.saturating_duration_since(at) > REPLAYED_AGE {
            return None;
        }
        let count = history.newest()?.wrapping_sub(first).wrapping_add(1);
        let kept = move |step| history.get(first.wrapping_add(step));
        let is_whole = count <= REPLAYED_PACKETS && (0..count).all(|step| kept(step).is_some());
        is_whole.then(|| (0..count).filter_map(kept))
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
    fn speech_is_what_lasts_and_ends_with_a_pause() {
        let (start, mut speech) = (Instant::now(), Speech::default());
        let at = |ms| start + Duration::from_millis(ms);
        // A cough.
        assert_eq!(
            [speech.note(100.0, at(0)), speech.note(40.0, at(200)), speech.note(100.0, at(400))],
            [None; 3]
        );
        assert_eq!(speech.note(90.0, at(699)), None);
        assert_eq!(speech.note(90.0, at(700)), Some(true));
        // A breath, and what is neither.
        assert_eq!(
            [speech.note(20.0, at(900)), speech.note(72.0, at(1_800)), speech.note(60.0, at(2_000))],
            [None; 3]
        );
        assert_eq!(speech.note(60.0, at(2_999)), None);
        assert_eq!(speech.note(60.0, at(3_000)), Some(false));
    }

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
