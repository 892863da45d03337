//! A server and its clients under an emulated network and an emulated time: loss, disorder, doubles, and numbers that
//! wrap. Nothing here waits.

mod layers;
mod voices;
mod world;

use std::time::Duration;

use plenum_media::{Cipher, Command, Event, Medium, PeerId};
use proptest::prelude::*;

use world::{Weather, World};

/// A picture, the first of which is a key frame; it can be told from all others.
fn picture(number: u32) -> Vec<u8> {
    let mut payload = vec![0x10, u8::from(number > 0)];
    payload.extend_from_slice(&number.to_be_bytes());
    payload.resize(900, 7);
    payload
}

fn number(payload: &[u8]) -> u32 {
    u32::from_be_bytes([payload[2], payload[3], payload[4], payload[5]])
}

#[test]
fn voices_and_pictures_reach_everybody() {
    let mut world = World::new();
    let side = world.side();
    let (anna, streams, sources) = world.publisher(&side, 1, &[Medium::Microphone, Medium::Camera]);
    let wanted = [(sources[0], Medium::Microphone), (sources[1], Medium::Camera)];
    let receivers: Vec<_> = (2..5)
        .map(|id| {
            let side = world.side();
            world.subscriber(&side, id, &wanted)
        })
        .collect();
    world.run(Duration::from_millis(500));
    assert_eq!(world.clients[anna].1.cipher(), Some(Cipher::Aes128Gcm));
    for step in 0..50_u32 {
        world.send(anna, &streams[0], 111, step * 960, &step.to_be_bytes());
        world.send(anna, &streams[1], 96, step * 3_000, &picture(step));
        world.run(Duration::from_millis(20));
    }
    for (place, taken) in receivers {
        let got = &world.got[place];
        let voices = got.keys().filter(|(ssrc, _)| *ssrc == taken[0].ssrc()).count();
        let pictures: Vec<u32> = got
            .iter()
            .filter(|((ssrc, _), _)| *ssrc == taken[1].ssrc())
            .map(|(_, payload)| number(payload))
            .collect();
        assert_eq!(voices, 50);
        assert_eq!(pictures, (0..50).collect::<Vec<_>>());
    }
    assert_eq!(world.refused, 0);
    let flows = world.events.iter().filter(|event| matches!(event, Event::Flows { .. })).count();
    assert_eq!(flows, 2);
}

#[test]
fn a_picture_is_asked_for_when_somebody_waits_for_one() {
    let mut world = World::new();
    let side = world.side();
    let (anna, streams, sources) = world.publisher(&side, 1, &[Medium::Camera]);
    world.run(Duration::from_millis(500));
    world.send(anna, &streams[0], 96, 0, &picture(1));
    world.run(Duration::from_millis(50));
    let side = world.side();
    let (boris, _) = world.subscriber(&side, 2, &[(sources[0], Medium::Camera)]);
    world.run(Duration::from_secs(1));
    assert!(world.clients[anna].1.key_frames_wanted().contains(&streams[0].ssrc()));
    world.send(anna, &streams[0], 96, 3_000, &picture(2));
    world.run(Duration::from_millis(50));
    assert!(world.got[boris].is_empty(), "a picture does not begin in its middle");
    world.send(anna, &streams[0], 96, 6_000, &picture(0));
    world.run(Duration::from_millis(50));
    assert_eq!(world.got[boris].len(), 1);
}

#[test]
fn who_leaves_gets_nothing_more() {
    let mut world = World::new();
    let side = world.side();
    let (anna, streams, sources) = world.publisher(&side, 1, &[Medium::Microphone]);
    let side = world.side();
    let (boris, _) = world.subscriber(&side, 2, &[(sources[0], Medium::Microphone)]);
    world.run(Duration::from_millis(500));
    world.send(anna, &streams[0], 111, 0, b"one");
    world.run(Duration::from_millis(50));
    assert_eq!(world.got[boris].len(), 1);
    world.server.on_command(world.now, Command::Close { peer: PeerId(2) });
    world.send(anna, &streams[0], 111, 960, b"two");
    world.run(Duration::from_millis(50));
    assert_eq!(world.got[boris].len(), 1);
    world.server.on_command(world.now, Command::Close { peer: PeerId(1) });
    assert_eq!(world.server.due(), None, "nobody is left to look after");
}

#[test]
fn who_goes_silent_is_given_up() {
    let mut world = World::new();
    let side = world.side();
    world.publisher(&side, 1, &[Medium::Microphone]);
    world.run(Duration::from_millis(500));
    world.weather.lost_percent = 100;
    world.run(Duration::from_secs(25));
    assert!(world.events.contains(&Event::Failed { peer: PeerId(1) }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However much of the handshake is lost, late or doubled, it comes about.
    #[test]
    fn a_connection_comes_about_through_loss(seed in any::<u64>(), lost_percent in 0..25_u64, late_percent in 0..20_u64) {
        let mut world = World::new();
        world.weather = Weather { lost_percent, late_percent, doubled_percent: 5, seed };
        let side = world.side();
        let (anna, ..) = world.publisher(&side, 1, &[Medium::Microphone]);
        let mut waited = Duration::ZERO;
        let connected = |world: &World| {
            let told = world.events.iter().any(|event| matches!(event, Event::Connected { .. }));
            told && world.clients[anna].1.cipher().is_some()
        };
        while !connected(&world) {
            prop_assert!(waited < Duration::from_secs(25), "{:?}", world.events);
            world.run(Duration::from_millis(100));
            waited += Duration::from_millis(100);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is lost, late or doubled on the way: with repairs every picture reaches everybody who asks for what is
    /// missing, each packet under one number, in its order; and numbers wrap meanwhile.
    #[test]
    fn what_gets_lost_is_sent_again(
        seed in any::<u64>(),
        lost_percent in 0..15_u64,
        late_percent in 0..10_u64,
        doubled_percent in 0..5_u64,
    ) {
        let mut world = World::new();
        world.weather = Weather { seed, ..Weather::default() };
        let side = world.side();
        let (anna, streams, sources) = world.publisher(&side, 1, &[Medium::Camera]);
        let side = world.side();
        let (boris, taken) = world.subscriber(&side, 2, &[(sources[0], Medium::Camera)]);
        world.run(Duration::from_millis(500));
        let repairs_of_anna = streams[0].rtx().expect("pictures have repairs");
        world.clients[anna].1.repair(streams[0].ssrc(), repairs_of_anna, 97);
        world.send(anna, &streams[0], 96, 0, &picture(0));
        world.run(Duration::from_millis(50));
        world.weather = Weather { lost_percent, late_percent, doubled_percent, seed };
        let ssrc = taken[0].ssrc();
        let repairs = taken[0].rtx().expect("pictures have repairs");
        let last = 150_u32;
        for step in 1..=last + 50 {
            // At the end there is time for repairs.
            if step <= last {
                world.send(anna, &streams[0], 96, step * 3_000, &picture(step));
            }
            world.run(Duration::from_millis(20));
            ask(&mut world, boris, ssrc, repairs);
        }
        let mut pictures: Vec<(u16, u32)> = world.got[boris]
            .iter()
            .filter(|((of, _), _)| *of == ssrc)
            .map(|((_, sequence), payload)| (*sequence, number(payload)))
            .collect();
        pictures.extend(
            world.got[boris].iter().filter(|((of, _), _)| *of == repairs).map(|(_, payload)| {
                (u16::from_be_bytes([payload[0], payload[1]]), number(&payload[2..]))
            }),
        );
        pictures.sort_by_key(|(_, number)| *number);
        pictures.dedup();
        let first = pictures[0].0;
        for (sequence, number) in &pictures {
            prop_assert_eq!(u32::from(sequence.wrapping_sub(first)), *number, "a picture has one number");
        }
        // Nobody can know that the very last ones are missing.
        let newest = pictures.last().map_or(0, |(_, number)| *number);
        prop_assert!(newest + 10 > last, "{}", newest);
        prop_assert_eq!(pictures.len(), newest as usize + 1);
    }
}

/// A receiver asks for what is missing.
fn ask(world: &mut World, client: usize, ssrc: u32, repairs: u32) {
    let mut there: Vec<u16> =
        world.got[client].keys().filter(|(of, _)| *of == ssrc).map(|(_, sequence)| *sequence).collect();
    there.extend(
        world.got[client]
            .iter()
            .filter(|((of, _), _)| *of == repairs)
            .map(|(_, payload)| u16::from_be_bytes([payload[0], payload[1]])),
    );
    let Some(first) = there.iter().copied().min_by_key(|one| one.wrapping_sub(there[0]).cast_signed()) else {
        return;
    };
    let span = there.iter().map(|one| one.wrapping_sub(first)).max().unwrap_or(0);
    let missing: Vec<u16> =
        (0..span).map(|step| first.wrapping_add(step)).filter(|one| !there.contains(one)).collect();
    if !missing.is_empty() {
        world.clients[client].1.ask_again(ssrc, &missing);
    }
}
