use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Assembler, Frame, PATIENCE, RecordedPacket};
use crate::SourceId;
use crate::medium::Medium;

const RATE: u32 = 90_000;

/// A picture of so many packets, each of a byte that tells which picture it is.
fn picture(number: u8, is_key: bool, packets: usize) -> Vec<Vec<u8>> {
    let first = vec![0x10, u8::from(!is_key), number];
    std::iter::once(first).chain((1..packets).map(|_| vec![0x00, number])).collect()
}

struct Sender {
    start: Instant,
    stream: u32,
    sequence: u16,
    timestamp: u32,
    ms: u64,
}

impl Sender {
    /// One whose numbers are about to wrap.
    fn new(start: Instant) -> Self {
        Self { start, stream: 7, sequence: u16::MAX - 3, timestamp: u32::MAX - RATE / 20, ms: 0 }
    }

    /// The packets of a picture, 40 ms after the one before.
    fn send(&mut self, payloads: Vec<Vec<u8>>) -> Vec<RecordedPacket> {
        self.ms += 40;
        self.timestamp = self.timestamp.wrapping_add(RATE / 25);
        let (count, at) = (payloads.len(), self.start + Duration::from_millis(self.ms));
        let packets = payloads.into_iter().enumerate().map(|(place, payload)| {
            self.sequence = self.sequence.wrapping_add(1);
            RecordedPacket {
                source: SourceId(1),
                stream: self.stream,
                sequence: self.sequence,
                timestamp: self.timestamp,
                marker: place + 1 == count,
                at,
                payload,
            }
        });
        packets.collect()
    }
}

fn frames(assembler: &mut Assembler) -> Vec<Frame> {
    std::iter::from_fn(|| assembler.pop()).collect()
}

fn numbers(frames: &[Frame]) -> Vec<u8> {
    frames.iter().map(|frame| frame.bytes[1]).collect()
}

#[test]
fn a_picture_is_put_together_without_what_the_packets_say_of_it() {
    let start = Instant::now();
    let (mut sender, mut assembler) = (Sender::new(start), Assembler::new(Medium::Camera, start));
    for packet in sender.send(picture(5, true, 3)) {
        assembler.push(packet);
    }
    let expected = Frame { at: Duration::from_millis(40), is_key: true, size: None, bytes: vec![0, 5, 5, 5] };
    assert_eq!(frames(&mut assembler), [expected]);
}

#[test]
fn what_is_missing_for_good_is_left_out_until_a_key_frame() {
    let start = Instant::now();
    let (mut sender, mut assembler) = (Sender::new(start), Assembler::new(Medium::Camera, start));
    for packet in sender.send(picture(1, true, 2)) {
        assembler.push(packet);
    }
    // One that never comes.
    sender.send(picture(2, false, 1));
    for number in 3..6 {
        for packet in sender.send(picture(number, false, 2)) {
            assembler.push(packet);
        }
    }
    assert_eq!(numbers(&frames(&mut assembler)), [1]);
    assert!(!assembler.takes_key_frame_wish(), "it may come yet");
    sender.ms += u64::try_from(PATIENCE.as_millis()).expect("half a second");
    for packet in sender.send(picture(6, false, 2)) {
        assembler.push(packet);
    }
    assert!(assembler.takes_key_frame_wish());
    assert!(!assembler.takes_key_frame_wish(), "it is asked for once");
    for packet in sender.send(picture(7, true, 2)) {
        assembler.push(packet);
    }
    assert_eq!(numbers(&frames(&mut assembler)), [7]);
}

#[test]
fn another_quality_begins_with_its_key_frame_and_goes_on_in_time() {
    let start = Instant::now();
    let (mut sender, mut assembler) = (Sender::new(start), Assembler::new(Medium::Camera, start));
    for packet in sender.send(picture(1, true, 1)) {
        assembler.push(packet);
    }
    (sender.stream, sender.timestamp, sender.sequence) = (8, 12, 40_000);
    for (number, is_key) in [(2, false), (3, true), (4, false)] {
        for packet in sender.send(picture(number, is_key, 2)) {
            assembler.push(packet);
        }
    }
    let found = frames(&mut assembler);
    assert_eq!(numbers(&found), [1, 3, 4]);
    assert_eq!(found.iter().map(|frame| frame.at.as_millis()).collect::<Vec<_>>(), [40, 120, 160]);
}

#[test]
fn a_voice_has_the_moment_of_its_clock_whatever_held_it_up() {
    let start = Instant::now();
    let mut assembler = Assembler::new(Medium::Microphone, start);
    for (number, held_up) in [0_u16, 0, 90, 70, 50, 30, 10, 0].into_iter().enumerate() {
        let number = u16::try_from(number).expect("a few");
        assembler.push(RecordedPacket {
            source: SourceId(1),
            stream: 7,
            sequence: number,
            timestamp: u32::from(number) * 960,
            marker: false,
            at: start + Duration::from_millis(u64::from(100 + number * 20 + held_up)),
            payload: vec![1],
        });
    }
    for (frame, number) in frames(&mut assembler).iter().zip(0_u128..) {
        let told = frame.at.as_micros();
        assert!(told.abs_diff(100_000 + number * 20_000) < 1_000, "{told} of the {number}th");
    }
}

#[test]
fn a_clock_that_is_begun_anew_does_not_tear_the_time() {
    let start = Instant::now();
    let mut assembler = Assembler::new(Medium::Microphone, start);
    for (ms, timestamp) in [(0, 5_u32), (20, 965), (5_000, 3_000_000_000), (5_020, 3_000_000_960)] {
        let sequence = u16::try_from(ms / 20).expect("a few");
        assembler.push(RecordedPacket {
            source: SourceId(1),
            stream: 7,
            sequence,
            timestamp,
            marker: false,
            at: start + Duration::from_millis(ms),
            payload: vec![1],
        });
    }
    assembler.finish();
    let told: Vec<u128> = frames(&mut assembler).iter().map(|frame| frame.at.as_millis()).collect();
    assert_eq!(told, [0, 20, 5_000, 5_020]);
}

proptest! {
    /// Whatever gets lost and is sent again, is doubled or overtakes: every picture is there once, whole and in order.
    #[test]
    fn disorder_changes_nothing(
        sizes in prop::collection::vec(1_usize..5, 1..40),
        disorder in prop::collection::vec((0_usize..6, any::<bool>()), 200),
    ) {
        let start = Instant::now();
        let (mut sender, mut assembler) = (Sender::new(start), Assembler::new(Medium::Camera, start));
        let sent: Vec<RecordedPacket> = sizes
            .iter()
            .zip(0..)
            .flat_map(|(packets, number)| sender.send(picture(number, number % 10 == 0, *packets)))
            .collect();
        // The first one is what all others are ordered by.
        let mut order: Vec<(usize, RecordedPacket)> = Vec::new();
        for (place, packet) in sent.into_iter().enumerate() {
            let (held_up, doubled) = if place == 0 { (0, false) } else { disorder[place % disorder.len()] };
            order.push((place + held_up, packet.clone()));
            if doubled {
                order.push((place + held_up + 2, packet));
            }
        }
        order.sort_by_key(|(place, _)| *place);
        for (_, packet) in order {
            assembler.push(packet);
        }
        assembler.finish();
        let found = frames(&mut assembler);
        prop_assert_eq!(numbers(&found), (0..u8::try_from(sizes.len()).expect("a few")).collect::<Vec<_>>());
        prop_assert!(found.iter().zip(&sizes).all(|(frame, packets)| frame.bytes.len() == packets + 1));
        prop_assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn no_packets_confuse_it(
        packets in prop::collection::vec(
            (any::<u16>(), any::<u32>(), any::<bool>(), 0_u32..2, prop::collection::vec(any::<u8>(), 0..6)),
            0..60,
        ),
        is_video in any::<bool>(),
    ) {
        let start = Instant::now();
        let medium = if is_video { Medium::Camera } else { Medium::Microphone };
        let mut assembler = Assembler::new(medium, start);
        for ((sequence, timestamp, marker, stream, payload), ms) in packets.into_iter().zip(0..) {
            let at = start + Duration::from_millis(ms * 50);
            let source = SourceId(1);
            assembler.push(RecordedPacket { source, stream, sequence, timestamp, marker, at, payload });
        }
        assembler.finish();
        let found = frames(&mut assembler);
        prop_assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
    }
}
