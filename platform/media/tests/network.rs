//! A server and its clients under an emulated network and an emulated time: loss, disorder, doubles, and numbers that
//! wrap. Nothing here waits.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use plenum_media::client::{Client, Packet};
use plenum_media::{
    Answer, Cipher, Command, Credentials, Event, Forwarder, Identity, Local, Medium, Offer, Outgoing, PeerId,
    Route, SourceId, Transport, offer,
};
use proptest::prelude::*;

const SERVER: &str = "192.0.2.1:7000";
const STEP: Duration = Duration::from_millis(5);

fn route(address: &str) -> Route {
    Route { transport: Transport::Udp, address: address.parse().expect("an address") }
}

/// What happens to datagrams on their way; a number for each decides.
#[derive(Debug, Clone, Copy, Default)]
struct Weather {
    lost_percent: u64,
    late_percent: u64,
    doubled_percent: u64,
    seed: u64,
}

impl Weather {
    fn next(&mut self) -> u64 {
        // Numbers of SplitMix64.
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.seed;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) % 100
    }
}

/// A datagram on its way: when it arrives, from where, to where.
type Mail = (Instant, SocketAddr, SocketAddr, Vec<u8>);

/// A server and some clients.
struct World {
    now: Instant,
    server: Forwarder,
    clients: Vec<(SocketAddr, Client)>,
    mail: Vec<Mail>,
    weather: Weather,
    events: Vec<Event>,
    /// By client: the payloads that came, by stream and place.
    got: Vec<BTreeMap<(u32, u16), Vec<u8>>>,
    refused: usize,
}

impl World {
    fn new() -> Self {
        let identity = Identity::generate().expect("an identity");
        Self {
            now: Instant::now(),
            server: Forwarder::new(identity),
            clients: Vec::new(),
            mail: Vec::new(),
            weather: Weather::default(),
            events: Vec::new(),
            got: Vec::new(),
            refused: 0,
        }
    }

    /// Carries datagrams for so long, and lets everybody do what is due.
    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            self.server.on_time(self.now);
            for (_, client) in &mut self.clients {
                client.on_time(self.now);
            }
            self.post();
            let (due, later): (Vec<Mail>, Vec<Mail>) =
                std::mem::take(&mut self.mail).into_iter().partition(|(at, ..)| *at <= self.now);
            self.mail = later;
            for (_, from, to, mut datagram) in due {
                self.deliver(from, to, &mut datagram);
            }
            self.post();
            self.events.extend(std::iter::from_fn(|| self.server.poll_event()));
        }
    }

    fn deliver(&mut self, from: SocketAddr, to: SocketAddr, datagram: &mut [u8]) {
        let from = Route { transport: Transport::Udp, address: from };
        if to == route(SERVER).address {
            self.server.on_datagram(self.now, from, datagram);
            return;
        }
        let Some(place) = self.clients.iter().position(|(address, _)| *address == to) else { return };
        let client = &mut self.clients[place].1;
        if !Client::is_media(datagram) {
            client.on_datagram(self.now, from, datagram);
        } else if let Some(received) = client.open(self.now, datagram) {
            let payload = received.payload.to_vec();
            self.got[place].insert((received.ssrc, received.sequence), payload);
        } else {
            self.refused += 1;
        }
    }

    fn post(&mut self) {
        let mut posted = Vec::new();
        let mut take = |from: SocketAddr, outbox: &mut plenum_media::Outbox| {
            outbox.arrange();
            for run in outbox.runs() {
                posted.extend(outbox.parts(run).map(|part| (from, run.route.address, part.to_vec())));
            }
            outbox.clear();
        };
        take(route(SERVER).address, self.server.outbox());
        for (address, client) in &mut self.clients {
            take(*address, client.outbox());
        }
        for (from, to, datagram) in posted {
            if self.weather.next() < self.weather.lost_percent {
                continue;
            }
            let late = if self.weather.next() < self.weather.late_percent { 4 } else { 1 };
            let doubled = self.weather.next() < self.weather.doubled_percent;
            for copy in 0..=u32::from(doubled) {
                self.mail.push((self.now + STEP * (late + copy), from, to, datagram.clone()));
            }
        }
    }

    fn local(&self) -> (Local, Identity) {
        let identity = Identity::generate().expect("an identity");
        let local = Local {
            credentials: Credentials::generate(),
            fingerprint: identity.fingerprint(),
            udp: Vec::new(),
            tcp: Vec::new(),
        };
        (local, identity)
    }

    /// A client that sends these streams; their ids are those of its sources.
    fn publisher(
        &mut self,
        server: &Local,
        id: u64,
        media: &[Medium],
    ) -> (usize, Vec<Outgoing>, Vec<SourceId>) {
        let (local, identity) = self.local();
        let streams: Vec<Outgoing> =
            media.iter().map(|medium| Outgoing::new(*medium, format!("of-{id}"))).collect();
        let read = Offer::parse(&offer(&local, 1, &streams), None).expect("an offer");
        let sources: Vec<SourceId> =
            (0..media.len()).map(|at| SourceId(id * 100 + u64::try_from(at).expect("small"))).collect();
        let taken = sources.iter().copied().zip(read.incoming()).collect();
        let remote = read.remote().clone();
        self.server.on_command(
            self.now,
            Command::Publish { peer: PeerId(id), local: server.credentials.clone(), remote, sources: taken },
        );
        let place = self.join(server, local, identity);
        (place, streams, sources)
    }

    /// A client that receives these sources.
    fn subscriber(
        &mut self,
        server: &Local,
        id: u64,
        sources: &[(SourceId, Medium)],
    ) -> (usize, Vec<Outgoing>) {
        let (local, identity) = self.local();
        let streams: Vec<Outgoing> =
            sources.iter().map(|(_, medium)| Outgoing::new(*medium, "seat".into())).collect();
        // A client's answer takes all, and says who it is; it reads like an offer of the same streams.
        let answer =
            offer(&local, 1, &streams).replace("a=sendonly", "a=recvonly").replace("actpass", "active");
        let answer = Answer::parse(&answer).expect("an answer");
        let peer = PeerId(id);
        let subscribe =
            Command::Subscribe { peer, local: server.credentials.clone(), streams: streams.clone(), answer };
        self.server.on_command(self.now, subscribe);
        for (slot, (source, _)) in sources.iter().enumerate() {
            self.server.on_command(self.now, Command::Connect { peer, slot, source: Some(*source) });
        }
        let place = self.join(server, local, identity);
        (place, streams)
    }

    fn join(&mut self, server: &Local, local: Local, identity: Identity) -> usize {
        let place = self.clients.len();
        let address: SocketAddr = ([10, 0, 0, 1], 4_000 + u16::try_from(place).expect("few")).into();
        let text = offer(server, 1, &[Outgoing::new(Medium::Microphone, "s".into())]);
        let remote = Offer::parse(&text, None).expect("an offer").remote().clone();
        let client = Client::new(&identity, local.credentials, remote, route(SERVER), self.now);
        self.clients.push((address, client));
        self.got.push(BTreeMap::new());
        place
    }

    fn server_side(&self, server: &Forwarder) -> Local {
        Local {
            credentials: Credentials::generate(),
            fingerprint: server.fingerprint(),
            udp: Vec::new(),
            tcp: Vec::new(),
        }
    }

    fn side(&self) -> Local {
        self.server_side(&self.server)
    }

    /// Sends the next packet of a stream.
    fn send(&mut self, client: usize, stream: &Outgoing, payload_type: u8, timestamp: u32, payload: &[u8]) {
        let ssrc = stream.ssrc();
        let packet = Packet { ssrc, payload_type, marker: true, timestamp, payload };
        assert!(self.clients[client].1.send(&packet), "the client is connected");
    }
}

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
