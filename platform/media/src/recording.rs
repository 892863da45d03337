//! From packets of a source to what is kept of it: whole frames, in their order, at their moments.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::SourceId;
use crate::medium::Medium;
use crate::rtp::unwrapped;
use crate::vp8::{Descriptor, size_of};

/// A packet that is missing is waited for so long: sending it again takes a few round trips.
const PATIENCE: Duration = Duration::from_millis(500);
/// A frame is not larger than this, in bytes: what is, is none.
const FRAME_MAX_BYTES: usize = 4 * 1024 * 1024;
/// A stream whose clock is this far from the time that passed has begun to count anew, in seconds.
const JUMP: f64 = 2.0;
/// What is told of two frames differs by this at least.
const STEP: Duration = Duration::from_millis(1);
/// How fast a stream's clock is followed when it is slower than ours: a share of what it is late by, with each packet.
const FOLLOWING: f64 = 0.001;

/// A packet of a source that is recorded, opened.
#[derive(Debug, Clone)]
pub struct RecordedPacket {
    /// Of what.
    pub source: SourceId,
    /// Under which number it was sent: another number is another quality of the same picture.
    pub(crate) stream: u32,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    /// When it came.
    pub(crate) at: Instant,
    pub(crate) payload: Vec<u8>,
}

/// A picture, or 20 ms of a voice, as its encoder made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// How long after the beginning of the recording it is to be shown or heard. Never the same or less than of the one
    /// before it.
    pub at: Duration,
    /// Whether it can be decoded without those before it.
    pub is_key: bool,
    /// Of key frames of pictures: the width and the height from here on, in pixels.
    pub size: Option<(u16, u16)>,
    /// VP8 (RFC 6386) or Opus (RFC 6716).
    pub bytes: Vec<u8>,
}

/// Puts the packets of one source in order, and frames together. A picture of which something is missing for good is left
/// out, and so are those after it, until there is a key frame.
#[derive(Debug)]
pub struct Assembler {
    medium: Medium,
    stream: Option<u32>,
    /// By their sequence numbers, with the count of wraps.
    waiting: BTreeMap<u64, RecordedPacket>,
    next: Option<u64>,
    clock: Clock,
    picture: Option<Picture>,
    awaits_key_frame: bool,
    wants_key_frame: bool,
    ready: VecDeque<Frame>,
    /// The moment of the last frame.
    last: Option<Duration>,
}

#[derive(Debug)]
struct Picture {
    timestamp: u32,
    at: Duration,
    is_key: bool,
    bytes: Vec<u8>,
}

impl Assembler {
    /// For a source whose frames are told by the time since `beginning`.
    #[must_use]
    pub fn new(medium: Medium, beginning: Instant) -> Self {
        Self {
            medium,
            stream: None,
            waiting: BTreeMap::new(),
            next: None,
            clock: Clock::new(medium.clock_rate(), beginning),
            picture: None,
            awaits_key_frame: medium.is_video(),
            wants_key_frame: false,
            ready: VecDeque::new(),
            last: None,
        }
    }

    /// Takes a packet.
    pub fn push(&mut self, packet: RecordedPacket) {
        let now = packet.at;
        if self.stream != Some(packet.stream) {
            // Another quality of the picture, or a stream that was begun anew: from a key frame on.
            self.give_up_waiting();
            self.stream = Some(packet.stream);
            self.next = None;
            self.picture = None;
            self.awaits_key_frame = self.medium.is_video();
            self.clock.restart();
        }
        // Room for packets that come late, from before the first.
        let next = *self.next.get_or_insert(0x1_0000 + u64::from(packet.sequence));
        let index = unwrapped(next, packet.sequence);
        if index >= next {
            self.waiting.insert(index, packet);
        }
        self.advance(now);
    }

    /// The next frame, if one is whole.
    pub fn pop(&mut self) -> Option<Frame> {
        self.ready.pop_front()
    }

    /// Nothing more will come: what is there is all there is.
    pub fn finish(&mut self) {
        self.give_up_waiting();
    }

    /// Whether nothing goes on without a key frame; asked once for each time.
    pub fn takes_key_frame_wish(&mut self) -> bool {
        std::mem::take(&mut self.wants_key_frame)
    }

    fn give_up_waiting(&mut self) {
        while let Some((index, packet)) = self.waiting.pop_first() {
            self.step(index, packet);
        }
    }

    /// Takes what is next, and gives up what was waited for too long.
    fn advance(&mut self, now: Instant) {
        while let Some(first) = self.waiting.first_entry() {
            let is_next = Some(*first.key()) == self.next;
            if !is_next && now.saturating_duration_since(first.get().at) < PATIENCE {
                return;
            }
            let (index, packet) = first.remove_entry();
            self.step(index, packet);
        }
    }

    fn step(&mut self, index: u64, packet: RecordedPacket) {
        let torn = self.next.replace(index + 1).is_some_and(|next| next != index);
        let at = self.clock.moment(packet.timestamp, packet.at);
        if !self.medium.is_video() {
            // Whoever is silent may send packets of nothing.
            if !packet.payload.is_empty() {
                self.emit(Frame { at, is_key: true, size: None, bytes: packet.payload });
            }
            return;
        }
        if torn {
            self.tear();
        }
        // A packet that is only padding.
        if packet.payload.is_empty() {
            return;
        }
        let Some(descriptor) = Descriptor::parse(&packet.payload) else { return self.tear() };
        let content = &packet.payload[descriptor.length..];
        if descriptor.starts_frame {
            if self.picture.take().is_some() {
                self.tear();
            }
            let is_key = descriptor.starts_key_frame;
            let (timestamp, bytes) = (packet.timestamp, content.to_vec());
            self.picture = Some(Picture { timestamp, at, is_key, bytes });
        } else {
            match &mut self.picture {
                Some(picture)
                    if picture.timestamp == packet.timestamp
                        && picture.bytes.len() + content.len() <= FRAME_MAX_BYTES =>
                {
                    picture.bytes.extend_from_slice(content);
                }
                _ => return self.tear(),
            }
        }
        if packet.marker
            && let Some(Picture { at, is_key, bytes, .. }) = self.picture.take()
        {
            self.awaits_key_frame &= !is_key;
            if self.awaits_key_frame {
                self.wants_key_frame = true;
            } else {
                let size = if is_key { size_of(&bytes) } else { None };
                self.emit(Frame { at, is_key, size, bytes });
            }
        }
    }

    fn tear(&mut self) {
        self.picture = None;
        self.awaits_key_frame = true;
        self.wants_key_frame = true;
    }

    fn emit(&mut self, mut frame: Frame) {
        frame.at = self.last.map_or(frame.at, |last| frame.at.max(last + STEP));
        self.last = Some(frame.at);
        self.ready.push_back(frame);
    }
}

/// From the timestamps of a stream to the time since the beginning. The packet that was on its way the shortest tells how
/// the two clocks stand to each other; what comes later than that was held up.
#[derive(Debug)]
struct Clock {
    rate: f64,
    beginning: Instant,
    /// The newest timestamp, and how many ticks passed until it.
    newest: Option<(u32, i64)>,
    /// Seconds of ours at tick 0.
    offset: f64,
}

impl Clock {
    fn new(rate: u32, beginning: Instant) -> Self {
        Self { rate: f64::from(rate), beginning, newest: None, offset: 0.0 }
    }

    /// The stream counts from another number.
    fn restart(&mut self) {
        self.newest = None;
    }

    fn moment(&mut self, timestamp: u32, came: Instant) -> Duration {
        let came = came.saturating_duration_since(self.beginning).as_secs_f64();
        let ticks = match self.newest {
            Some((newest, ticks)) => ticks + i64::from(timestamp.wrapping_sub(newest).cast_signed()),
            None => 0,
        };
        let streamed = ticks as f64 / self.rate;
        let late = came - streamed - self.offset;
        if self.newest.is_none() || late.abs() > JUMP {
            self.offset = came - streamed;
        } else if late < 0.0 {
            self.offset += late;
        } else {
            self.offset += late * FOLLOWING;
        }
        self.newest = Some((timestamp, ticks));
        Duration::try_from_secs_f64(streamed + self.offset).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
