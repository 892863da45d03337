//! Which quality of a picture a receiver gets.

use std::collections::BTreeMap;
use std::time::Duration;

use plenum_media::client::Packet;
use plenum_media::{Command, Event, Medium, Offer, Outgoing, PeerId, SourceId, offer};

use crate::world::{Link, World};

/// Name, height and rate of each layer.
const LAYERS: [(&str, u16, f64); 3] = [("q", 180, 150_000.0), ("h", 360, 500_000.0), ("f", 720, 1_500_000.0)];
const PICTURE: Duration = Duration::from_millis(40);
const RID: u8 = 10;
const NAME_OF_RIDS: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// Who sends a picture in three qualities.
struct Camera {
    client: usize,
    source: SourceId,
    /// Of each layer: the number of its stream, and whether a key frame is asked for.
    layers: Vec<(u32, bool)>,
    pictures: u32,
    /// Whether packets say of which layer they are.
    names: bool,
    publish: Command,
}

impl Camera {
    fn new(world: &mut World, id: u64) -> Self {
        let side = world.side();
        let (local, identity) = world.local();
        let stream = Outgoing::new(Medium::Camera, "simulcast".into());
        let names = LAYERS.map(|(name, ..)| name);
        let rids: String = names.iter().map(|name| format!("a=rid:{name} send\r\n")).collect();
        let simulcast = format!(
            "a=extmap:{RID} {NAME_OF_RIDS}\r\n{rids}a=simulcast:send {}\r\na=sendonly",
            names.join(";")
        );
        let text = offer(&local, 1, &[stream]).replace("a=sendonly", &simulcast);
        let read = Offer::parse(&text, None).expect("an offer");
        let source = SourceId(id);
        let taken = read.incoming().into_iter().map(|incoming| (source, incoming)).collect();
        let (peer, remote) = (PeerId(id), read.remote().clone());
        let credentials = side.credentials.clone();
        let publish = Command::Publish { peer, local: credentials, remote, sources: taken };
        world.server.on_command(world.now, publish.clone());
        let client = world.join(&side, local, identity);
        let layers = (0..LAYERS.len()).map(|at| (7_000 + u32::try_from(at).expect("few"), true)).collect();
        Self { client, source, layers, pictures: 0, names: true, publish }
    }

    /// Sends for so long.
    fn run(&mut self, world: &mut World, time: Duration) {
        let end = world.now + time;
        while world.now < end {
            let asked = world.clients[self.client].1.key_frames_wanted();
            // One request brings a key frame of each layer, as browsers have it.
            let all = !asked.is_empty();
            for (ssrc, asks) in &mut self.layers {
                *asks |= all || asked.contains(ssrc);
            }
            for (at, (name, height, rate)) in LAYERS.into_iter().enumerate() {
                self.send(world, at, name, height, (rate * PICTURE.as_secs_f64() / 8.0) as usize);
            }
            self.pictures += 1;
            world.run(PICTURE);
        }
    }

    fn send(&mut self, world: &mut World, at: usize, name: &str, height: u16, bytes: usize) {
        let (ssrc, asks) = &mut self.layers[at];
        let is_key = std::mem::take(asks);
        let mut left = if is_key { bytes * 3 } else { bytes };
        let mut first = true;
        while left > 0 {
            let size = left.min(1_100);
            left -= size;
            let mut payload = vec![if first { 0x10 } else { 0 }];
            // The header of a key frame, or of another.
            payload.extend([u8::from(!is_key), 0, 0, 0x9D, 0x01, 0x2A, 0, 1]);
            payload.extend(height.to_le_bytes());
            payload.extend(self.pictures.to_be_bytes());
            payload.resize(size.max(payload.len()), 7);
            let packet = Packet {
                ssrc: *ssrc,
                payload_type: 96,
                marker: left == 0,
                timestamp: self.pictures * 3_600,
                payload: &payload,
                level: None,
                layer: self.names.then_some((RID, name)),
            };
            world.clients[self.client].1.send(&packet);
            first = false;
        }
    }
}

/// The heights of the pictures that a stream of a client brought since a number of theirs: how many packets of each.
fn heights(world: &World, client: usize, ssrc: u32, since: u32) -> BTreeMap<u16, usize> {
    let mut found = BTreeMap::new();
    for (_, payload) in world.got[client].iter().filter(|((of, _), _)| *of == ssrc) {
        let number = u32::from_be_bytes(payload[11..15].try_into().expect("four bytes"));
        if number >= since {
            *found.entry(u16::from_le_bytes([payload[9], payload[10]])).or_default() += 1;
        }
    }
    found
}

fn link(world: &mut World, client: usize, bits_per_second: f64) {
    let address = world.clients[client].0;
    world.links.insert(address, Link { bits_per_second, free: world.now });
}

fn receiver(world: &mut World, id: u64, camera: &Camera, bits_per_second: f64) -> (usize, Outgoing) {
    let side = world.side();
    let (client, streams) = world.subscriber(&side, id, &[(camera.source, Medium::Camera)]);
    world.clients[client].1.report_arrivals();
    link(world, client, bits_per_second);
    (client, streams[0].clone())
}

/// Runs until the last half a second brought pictures of this height alone; how long that took.
fn until(
    world: &mut World,
    camera: &mut Camera,
    (client, stream): &(usize, Outgoing),
    height: u16,
    limit: Duration,
) -> Duration {
    let began = world.now;
    loop {
        let since = camera.pictures;
        camera.run(world, Duration::from_millis(500));
        // What is on its way yet.
        let seen = heights(world, *client, stream.ssrc(), since);
        if seen.keys().eq([&height]) {
            return world.now - began;
        }
        let took = world.now - began;
        assert!(took < limit, "{height} is not there after {took:?}: {seen:?}");
    }
}

#[test]
fn a_receiver_gets_what_its_way_carries() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let wide = receiver(&mut world, 2, &camera, 6_000_000.0);
    let narrow = receiver(&mut world, 3, &camera, 400_000.0);
    until(&mut world, &mut camera, &wide, 720, Duration::from_secs(6));
    until(&mut world, &mut camera, &narrow, 180, Duration::from_secs(6));

    link(&mut world, wide.0, 300_000.0);
    until(&mut world, &mut camera, &wide, 180, Duration::from_secs(3));
    link(&mut world, wide.0, 6_000_000.0);
    until(&mut world, &mut camera, &wide, 720, Duration::from_secs(25));
    // Nobody else was meant.
    until(&mut world, &mut camera, &narrow, 180, Duration::from_secs(6));
    // Through the changes up it is one stream: no number is missing of the last ones.
    let numbers: Vec<u16> = world.got[wide.0]
        .keys()
        .filter(|(ssrc, _)| *ssrc == wide.1.ssrc())
        .map(|(_, sequence)| *sequence)
        .collect();
    let last = &numbers[numbers.len() - 200..];
    assert_eq!(last[199] - last[0], 199, "{last:?}");
}

#[test]
fn a_picture_is_as_good_as_it_is_shown() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let anna = receiver(&mut world, 2, &camera, 20_000_000.0);
    let show = |world: &mut World, height| {
        world.server.on_command(world.now, Command::Show { peer: PeerId(2), slot: 0, height });
    };
    show(&mut world, 200);
    until(&mut world, &mut camera, &anna, 360, Duration::from_secs(6));
    show(&mut world, 100);
    until(&mut world, &mut camera, &anna, 180, Duration::from_secs(2));
    show(&mut world, 0);
    camera.run(&mut world, Duration::from_secs(1));
    let since = camera.pictures;
    camera.run(&mut world, Duration::from_secs(2));
    assert_eq!(heights(&world, anna.0, anna.1.ssrc(), since), BTreeMap::new());
    show(&mut world, 2_000);
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(6));
    assert!(
        !world.events.iter().any(|event| matches!(event, Event::Held { .. })),
        "nobody was short of anything"
    );
}

#[test]
fn a_picture_is_left_out_when_nothing_but_voices_fits_and_comes_again() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let anna = receiver(&mut world, 2, &camera, 4_000_000.0);
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(6));
    link(&mut world, anna.0, 90_000.0);
    let held = |world: &World, expected| {
        world.events.iter().rev().find_map(|event| match event {
            Event::Held { held, .. } => Some(*held == expected),
            _ => None,
        })
    };
    let began = world.now;
    while held(&world, true) != Some(true) {
        camera.run(&mut world, Duration::from_millis(200));
        assert!(world.now - began < Duration::from_secs(15), "the picture is not left out");
    }
    // Another picture in its place is told of anew.
    let told = |world: &World| {
        world.events.iter().filter(|event| matches!(event, Event::Held { held: true, .. })).count()
    };
    let before = told(&world);
    for source in [None, Some(camera.source)] {
        world.server.on_command(world.now, Command::Connect { peer: PeerId(2), slot: 0, source });
    }
    camera.run(&mut world, Duration::from_millis(400));
    assert_eq!(told(&world), before + 1);
    link(&mut world, anna.0, 4_000_000.0);
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(40));
    assert_eq!(held(&world, false), Some(true));
}

#[test]
fn layers_that_named_themselves_once_stay_known() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let anna = receiver(&mut world, 2, &camera, 6_000_000.0);
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(6));
    // Browsers stop naming them once the server has said that packets come, and describe themselves again later.
    camera.names = false;
    world.server.on_command(world.now, camera.publish.clone());
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(2));
}

#[test]
fn scattered_loss_takes_no_quality() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let anna = receiver(&mut world, 2, &camera, 6_000_000.0);
    until(&mut world, &mut camera, &anna, 720, Duration::from_secs(6));
    world.weather.lost_percent = 5;
    let since = camera.pictures;
    camera.run(&mut world, Duration::from_secs(20));
    let seen = heights(&world, anna.0, anna.1.ssrc(), since);
    let all: usize = seen.values().sum();
    assert!(seen.get(&720).is_some_and(|best| best * 10 > all * 8), "{seen:?}");
}

#[test]
fn who_comes_soon_after_a_key_frame_waits_for_no_other() {
    let mut world = World::new();
    let mut camera = Camera::new(&mut world, 1);
    let anna = receiver(&mut world, 2, &camera, 20_000_000.0);
    let boris = receiver(&mut world, 3, &camera, 20_000_000.0);
    world.server.on_command(world.now, Command::Connect { peer: PeerId(3), slot: 0, source: None });
    camera.run(&mut world, Duration::from_secs(3));
    world.clients[anna.0].1.ask_key_frame(anna.1.ssrc());
    let request = camera.pictures;
    camera.run(&mut world, Duration::from_millis(160));
    let keys = world.clients[camera.client].1.key_frames_wanted();
    assert!(keys.is_empty(), "it was sent");
    world
        .server
        .on_command(world.now, Command::Connect { peer: PeerId(3), slot: 0, source: Some(camera.source) });
    camera.run(&mut world, Duration::from_millis(40));
    let seen = heights(&world, boris.0, boris.1.ssrc(), request);
    assert!(seen.contains_key(&180), "{seen:?}");
    camera.run(&mut world, Duration::from_millis(160));
    // That Boris is to get more later may ask for one; that he begins did not.
    let numbers: Vec<u32> = world.got[boris.0]
        .iter()
        .filter(|((of, _), _)| *of == boris.1.ssrc())
        .map(|(_, payload)| u32::from_be_bytes(payload[11..15].try_into().expect("four bytes")))
        .collect();
    assert!(numbers.iter().is_sorted() && numbers[0] <= request + 3, "{request}: {numbers:?}");
}
