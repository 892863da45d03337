use std::collections::VecDeque;
use std::time::Instant;

use rtc::rtp;

use super::rewriter::Rewriter;
use super::{Medium, vp8};

/// Packets that may wait for one subscriber: about a second of a room with a dozen cameras.
const CAPACITY: usize = 1_024;

/// One outgoing stream of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SlotId(pub(crate) usize);

/// Everything that leaves towards one subscriber: its outgoing streams and the packets that wait for them.
///
/// The queue is bounded. When it is full, the video stream with the oldest packet loses all that it has waiting and
/// resumes at its next key frame: a picture that stands still for a moment is better than one that is torn, and voices
/// pass before pictures.
pub(crate) struct Outlet {
    capacity: usize,
    open: bool,
    slots: Vec<Slot>,
    waiting: VecDeque<Waiting>,
}

struct Slot {
    medium: Medium,
    rewriter: Rewriter,
    negotiated: bool,
    awaits_key_frame: bool,
}

struct Waiting {
    slot: SlotId,
    restarts: bool,
    packet: rtp::Packet,
}

/// What became of a packet that was offered to an outlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Pushed {
    /// A packet waits: wake the sender.
    pub(crate) queued: bool,
    /// The stream cannot go on before a key frame: ask its publisher for one.
    pub(crate) wants_key_frame: bool,
}

impl Default for Outlet {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Outlet {
    fn with_capacity(capacity: usize) -> Self {
        Self { capacity, open: false, slots: Vec::new(), waiting: VecDeque::new() }
    }

    /// Adds an outgoing stream. It carries nothing before it is negotiated.
    pub(crate) fn add_slot(&mut self, medium: Medium, ssrc: u32, payload_type: u8) -> SlotId {
        self.slots.push(Slot {
            medium,
            rewriter: Rewriter::new(ssrc, payload_type, medium.clock_rate()),
            negotiated: false,
            awaits_key_frame: medium.is_video(),
        });
        SlotId(self.slots.len() - 1)
    }

    /// The transport is up: packets may flow.
    pub(crate) fn open(&mut self) {
        self.open = true;
    }

    /// The subscriber has accepted these streams.
    pub(crate) fn negotiated(&mut self, slots: usize) {
        for slot in self.slots.iter_mut().take(slots) {
            slot.negotiated = true;
        }
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The stream changes its source, or loses it: what waits of the old one is of no use.
    pub(crate) fn restart(&mut self, slot: SlotId) {
        self.waiting.retain(|waiting| waiting.slot != slot);
        if let Some(found) = self.slots.get_mut(slot.0) {
            found.rewriter.restart();
            found.awaits_key_frame = found.medium.is_video();
        }
    }

    /// The stream with this synchronization source.
    pub(crate) fn slot_of(&self, ssrc: u32) -> Option<SlotId> {
        self.slots.iter().position(|slot| slot.rewriter.ssrc() == ssrc).map(SlotId)
    }

    /// Offers a packet of the slot's source.
    pub(crate) fn push(&mut self, slot: SlotId, packet: rtp::Packet) -> Pushed {
        let Some(found) = self.slots.get_mut(slot.0) else { return Pushed::default() };
        if !self.open || !found.negotiated {
            return Pushed { queued: false, wants_key_frame: false };
        }
        let mut restarts = false;
        if found.awaits_key_frame {
            if !vp8::starts_key_frame(&packet.payload) {
                return Pushed { queued: false, wants_key_frame: true };
            }
            found.awaits_key_frame = false;
            restarts = true;
        }
        self.waiting.push_back(Waiting { slot, restarts, packet });
        let wants_key_frame = self.waiting.len() > self.capacity && self.shed();
        Pushed { queued: true, wants_key_frame }
    }

    /// The next packet to send, under the numbers of its stream.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<(SlotId, rtp::Packet)> {
        while let Some(Waiting { slot, restarts, packet }) = self.waiting.pop_front() {
            let Some(found) = self.slots.get_mut(slot.0) else { continue };
            if restarts {
                found.rewriter.restart();
            }
            if let Some(packet) = found.rewriter.rewrite(packet, now) {
                return Some((slot, packet));
            }
        }
        None
    }

    /// Makes room; tells whether a video stream now needs a key frame.
    fn shed(&mut self) -> bool {
        let slots = &mut self.slots;
        let oldest_video =
            self.waiting.iter().map(|waiting| waiting.slot).find(|slot| slots[slot.0].medium.is_video());
        match oldest_video {
            Some(victim) => {
                slots[victim.0].awaits_key_frame = true;
                self.waiting.retain(|waiting| waiting.slot != victim);
                true
            }
            None => {
                self.waiting.pop_front();
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Outlet, Pushed, SlotId};
    use crate::core::Medium;
    use crate::core::testing::{DELTA_FRAME, KEY_FRAME, packet};

    const AUDIO_SSRC: u32 = 11;
    const VIDEO_SSRC: u32 = 22;

    fn outlet(capacity: usize) -> (Outlet, SlotId, SlotId) {
        let mut outlet = Outlet::with_capacity(capacity);
        let audio = outlet.add_slot(Medium::Microphone, AUDIO_SSRC, 111);
        let video = outlet.add_slot(Medium::Camera, VIDEO_SSRC, 96);
        outlet.open();
        outlet.negotiated(2);
        (outlet, audio, video)
    }

    fn drain(outlet: &mut Outlet) -> Vec<(SlotId, u16)> {
        let now = Instant::now();
        std::iter::from_fn(|| outlet.pop(now))
            .map(|(slot, packet)| (slot, packet.header.sequence_number))
            .collect()
    }

    #[test]
    fn nothing_flows_before_transport_and_negotiation() {
        let mut outlet = Outlet::with_capacity(8);
        let audio = outlet.add_slot(Medium::Microphone, AUDIO_SSRC, 111);
        assert!(!outlet.push(audio, packet(1, 0, b"a")).queued);
        outlet.open();
        assert!(!outlet.push(audio, packet(2, 0, b"a")).queued);
        outlet.negotiated(1);
        assert!(outlet.push(audio, packet(3, 0, b"a")).queued);
        assert_eq!(drain(&mut outlet), [(audio, 3)]);
    }

    #[test]
    fn a_picture_begins_with_a_key_frame() {
        let (mut outlet, _, video) = outlet(8);
        assert_eq!(
            outlet.push(video, packet(1, 0, DELTA_FRAME)),
            Pushed { queued: false, wants_key_frame: true }
        );
        assert_eq!(
            outlet.push(video, packet(2, 0, KEY_FRAME)),
            Pushed { queued: true, wants_key_frame: false }
        );
        assert!(outlet.push(video, packet(3, 0, DELTA_FRAME)).queued);
        assert_eq!(drain(&mut outlet), [(video, 2), (video, 3)]);
    }

    #[test]
    fn a_full_queue_sheds_video_and_keeps_voices() {
        let (mut outlet, audio, video) = outlet(3);
        outlet.push(video, packet(1, 0, KEY_FRAME));
        outlet.push(audio, packet(1, 0, b"a"));
        outlet.push(video, packet(2, 0, DELTA_FRAME));
        assert!(outlet.push(audio, packet(2, 0, b"a")).wants_key_frame);
        assert!(outlet.push(video, packet(3, 0, DELTA_FRAME)).wants_key_frame, "torn picture stays out");
        assert_eq!(drain(&mut outlet), [(audio, 1), (audio, 2)]);
    }

    #[test]
    fn after_shedding_the_receiver_sees_no_gap() {
        let (mut outlet, _, video) = outlet(2);
        outlet.push(video, packet(10, 0, KEY_FRAME));
        assert_eq!(drain(&mut outlet), [(video, 10)]);
        for sequence in 11..14 {
            outlet.push(video, packet(sequence, 0, DELTA_FRAME));
        }
        outlet.push(video, packet(40, 0, KEY_FRAME));
        assert_eq!(drain(&mut outlet), [(video, 11)]);
    }

    #[test]
    fn a_queue_of_voices_sheds_the_oldest() {
        let (mut outlet, audio, _) = outlet(2);
        for sequence in 1..=4 {
            assert!(!outlet.push(audio, packet(sequence, 0, b"a")).wants_key_frame);
        }
        assert_eq!(drain(&mut outlet), [(audio, 3), (audio, 4)]);
    }

    #[test]
    fn a_new_source_starts_clean() {
        let (mut outlet, _, video) = outlet(8);
        outlet.push(video, packet(1, 0, KEY_FRAME));
        outlet.restart(video);
        assert!(outlet.push(video, packet(500, 0, DELTA_FRAME)).wants_key_frame);
        outlet.push(video, packet(501, 0, KEY_FRAME));
        assert_eq!(drain(&mut outlet), [(video, 501)]);
    }

    #[test]
    fn streams_are_found_by_their_synchronization_source() {
        let (outlet, audio, video) = outlet(8);
        assert_eq!(outlet.slot_of(AUDIO_SSRC), Some(audio));
        assert_eq!(outlet.slot_of(VIDEO_SSRC), Some(video));
        assert_eq!(outlet.slot_of(33), None);
    }
}
