//! One outgoing stream of a receiver.

use std::time::Instant;

use rand::Rng as _;

use crate::medium::Medium;
use crate::rewriter::{Numbers, Rewriter};
use crate::sdp::{Numbering, Outgoing};
use crate::source::SourceKey;
use crate::vp8::{Descriptor, Pictures};

/// What goes out under one number, whatever it carries at the moment.
pub(crate) struct Slot {
    pub(crate) medium: Medium,
    pub(crate) ssrc: u32,
    /// What codecs and extensions are called over there.
    pub(crate) numbers: Numbering,
    /// Repairs: their number, and the count of what was sent under it.
    pub(crate) rtx: Option<(u32, u64)>,
    pub(crate) accepted: bool,
    /// What it carries.
    pub(crate) source: Option<SourceKey>,
    /// How high a picture is shown, in pixels; 0: not at all.
    pub(crate) height: u32,
    /// Whether a picture is left out, because the way is too narrow for it.
    pub(crate) held: bool,
    pub(crate) rewriter: Rewriter,
    pub(crate) pictures: Pictures,
    awaits_key_frame: bool,
    /// Packets and bytes of payload, as sender reports tell them.
    pub(crate) packets: u32,
    pub(crate) octets: u32,
}

/// What becomes of a packet that is offered to a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offered {
    /// It goes out under these numbers.
    Goes(Numbers),
    /// It does not go out.
    Stays,
    /// Neither does it, and nothing will before a key frame.
    AwaitsKeyFrame,
}

impl Slot {
    pub(crate) fn new(stream: &Outgoing) -> Self {
        let medium = stream.medium;
        let mut rng = rand::rng();
        Self {
            medium,
            ssrc: stream.ssrc,
            numbers: stream.numbers,
            rtx: stream.rtx.map(|ssrc| (ssrc, u64::from(rng.random_range(1..0x7FFF_u16)))),
            accepted: false,
            source: None,
            height: u32::MAX,
            held: false,
            rewriter: Rewriter::new(rng.random_range(1..0x7FFF), medium.clock_rate()),
            pictures: Pictures::default(),
            awaits_key_frame: medium.is_video(),
            packets: 0,
            octets: 0,
        }
    }

    /// Another source from now on, or none.
    pub(crate) fn restart(&mut self) {
        self.rewriter.restart();
        self.pictures.restart();
        self.awaits_key_frame = self.medium.is_video();
    }

    /// Offers a packet of the source; `descriptor` is there for pictures.
    pub(crate) fn offer(
        &mut self,
        sequence: u16,
        timestamp: u32,
        descriptor: Option<&Descriptor>,
        now: Instant,
    ) -> Offered {
        if !self.accepted {
            return Offered::Stays;
        }
        if self.awaits_key_frame {
            if !descriptor.is_some_and(|descriptor| descriptor.starts_key_frame) {
                return Offered::AwaitsKeyFrame;
            }
            self.awaits_key_frame = false;
            self.rewriter.restart();
            self.pictures.restart();
        }
        match self.rewriter.rewrite(sequence, timestamp, now) {
            Some(numbers) => Offered::Goes(numbers),
            None => Offered::Stays,
        }
    }

    /// Whether it shows a picture that has begun.
    pub(crate) fn shows(&self) -> bool {
        self.accepted && !self.awaits_key_frame
    }

    /// A packet of so many bytes of payload went out.
    pub(crate) fn sent(&mut self, payload: usize) {
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(u32::try_from(payload).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY_FRAME: &[u8] = &[0x10, 0x00];
    const DELTA_FRAME: &[u8] = &[0x10, 0x01];

    fn slot(medium: Medium) -> Slot {
        let mut slot = Slot::new(&Outgoing::new(medium, "seat-0".into()));
        slot.accepted = true;
        slot
    }

    fn offered(slot: &mut Slot, sequence: u16, payload: &[u8]) -> Offered {
        let descriptor = slot.medium.is_video().then(|| Descriptor::parse(payload).expect("a descriptor"));
        slot.offer(sequence, 0, descriptor.as_ref(), Instant::now())
    }

    fn index(offered: Offered) -> u64 {
        match offered {
            Offered::Goes(numbers) => numbers.index,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_goes_out_that_was_not_agreed_to() {
        let mut slot = slot(Medium::Microphone);
        slot.accepted = false;
        assert_eq!(offered(&mut slot, 1, b"a"), Offered::Stays);
        slot.accepted = true;
        index(offered(&mut slot, 2, b"a"));
    }

    #[test]
    fn a_picture_begins_with_a_key_frame_and_without_a_gap() {
        let mut slot = slot(Medium::Camera);
        assert_eq!(offered(&mut slot, 1, DELTA_FRAME), Offered::AwaitsKeyFrame);
        let first = index(offered(&mut slot, 2, KEY_FRAME));
        assert_eq!(index(offered(&mut slot, 3, DELTA_FRAME)), first + 1);
        slot.restart();
        assert_eq!(offered(&mut slot, 500, DELTA_FRAME), Offered::AwaitsKeyFrame);
        assert_eq!(index(offered(&mut slot, 501, KEY_FRAME)), first + 2);
    }

    #[test]
    fn voices_wait_for_nothing() {
        let mut slot = slot(Medium::Microphone);
        let first = index(offered(&mut slot, 9, b"a"));
        slot.restart();
        assert_eq!(index(offered(&mut slot, 700, b"a")), first + 1);
    }
}
