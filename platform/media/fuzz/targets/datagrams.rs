//! Datagrams of a stranger and of a participant: STUN, DTLS, RTP and RTCP as they come, and RTP and RTCP that are properly
//! sealed and hold anything, which only a participant can send.
//!
//! The input is a list of datagrams, each behind a byte that tells its kind and a byte that tells its length.
#![no_main]

use std::cell::RefCell;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use plenum_media::client::Client;
use plenum_media::{
    Answer, Command, Credentials, Forwarder, Identity, Local, Medium, Offer, Outgoing, PeerId, Route,
    SourceId, Transport, offer,
};

/// A server and two clients that are connected: one sends, one receives.
struct World {
    now: Instant,
    server: Forwarder,
    clients: [(Route, Client); 2],
}

thread_local! { static WORLD: RefCell<Option<World>> = const { RefCell::new(None) }; }

fn route(port: u16) -> Route {
    Route { transport: Transport::Udp, address: ([10, 0, 0, 1], port).into() }
}

fn side(fingerprint: plenum_media::Fingerprint) -> Local {
    Local { credentials: Credentials::generate(), fingerprint, udp: Vec::new(), tcp: Vec::new() }
}

impl World {
    fn new() -> Self {
        let now = Instant::now();
        let mut server = Forwarder::new(Identity::generate().expect("an identity"));
        let media = [Medium::Microphone, Medium::Camera];
        let streams = media.map(|medium| Outgoing::new(medium, "load".into()));
        let mut join = |place: u16| {
            let identity = Identity::generate().expect("an identity");
            let (local, ours) = (side(identity.fingerprint()), side(server.fingerprint()));
            let sdp = offer(&local, 1, &streams);
            let peer = PeerId(u64::from(place));
            let command = if place == 0 {
                let read = Offer::parse(&sdp, None).expect("an offer");
                let sources = (1..).map(SourceId).zip(read.incoming()).collect();
                let remote = read.remote().clone();
                Command::Publish { peer, local: ours.credentials.clone(), remote, sources }
            } else {
                let sdp = sdp.replace("a=sendonly", "a=recvonly").replace("actpass", "active");
                let answer = Answer::parse(&sdp).expect("an answer");
                Command::Subscribe {
                    peer,
                    local: ours.credentials.clone(),
                    streams: streams.to_vec(),
                    answer,
                }
            };
            server.on_command(now, command);
            let text = offer(&ours, 1, &streams);
            let remote = Offer::parse(&text, None).expect("an offer").remote().clone();
            (route(4_000 + place), Client::new(&identity, local.credentials, remote, route(7_000), now))
        };
        let clients = [join(0), join(1)];
        for (slot, source) in [1, 2].map(SourceId).into_iter().enumerate() {
            server.on_command(now, Command::Connect { peer: PeerId(1), slot, source: Some(source) });
        }
        let mut world = Self { now, server, clients };
        for _ in 0..100 {
            world.turn();
        }
        assert!(world.clients.iter().all(|(_, client)| client.cipher().is_some()), "both are connected");
        world
    }

    /// Lets some time pass, and carries what waits.
    fn turn(&mut self) {
        self.now += Duration::from_millis(20);
        self.server.on_time(self.now);
        for (from, client) in &mut self.clients {
            client.on_time(self.now);
            for mut datagram in drain(client.outbox(), None) {
                self.server.on_datagram(self.now, *from, &mut datagram);
            }
        }
        for (at, client) in &mut self.clients {
            for mut datagram in drain(self.server.outbox(), Some(*at)) {
                if Client::is_media(&datagram) {
                    client.open(self.now, &mut datagram);
                } else {
                    client.on_datagram(self.now, route(7_000), &datagram);
                }
            }
        }
        self.server.outbox().clear();
        while self.server.poll_event().is_some() {}
    }
}

fn drain(outbox: &mut plenum_media::Outbox, to: Option<Route>) -> Vec<Vec<u8>> {
    outbox.arrange();
    let wanted = outbox.runs().iter().filter(|run| to.is_none_or(|to| run.route == to));
    let all = wanted.flat_map(|run| outbox.parts(run).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect();
    if to.is_none() {
        outbox.clear();
    }
    all
}

fuzz_target!(|input: &[u8]| {
    WORLD.with_borrow_mut(|world| {
        let world = world.get_or_insert_with(World::new);
        let mut rest = input;
        while let Some((&[kind, length], behind)) = rest.split_first_chunk() {
            let (datagram, behind) = behind.split_at(behind.len().min(usize::from(length)));
            rest = behind;
            let place = usize::from(kind & 1);
            let (from, client) = &mut world.clients[place];
            let from = *from;
            let datagrams = match kind >> 1 & 3 {
                0 => vec![datagram.to_vec()],
                1 => client.seal_media(datagram).into_iter().collect(),
                2 => client.seal_control(datagram).into_iter().collect(),
                // A stranger.
                _ => {
                    world.server.on_datagram(world.now, route(9), &mut datagram.to_vec());
                    Vec::new()
                }
            };
            for mut datagram in datagrams {
                world.server.on_datagram(world.now, from, &mut datagram);
            }
        }
        world.turn();
        // Whoever says good bye, or is given up, is replaced.
        if world.clients.iter().any(|(_, client)| client.has_failed()) {
            *world = World::new();
        }
    });
});
