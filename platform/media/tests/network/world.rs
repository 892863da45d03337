//! A server and its clients, and the network between them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use plenum_media::client::{Client, Packet};
use plenum_media::{
    Answer, Command, Credentials, Event, Forwarder, Identity, Local, Medium, Offer, Outgoing, PeerId, Route,
    SourceId, Transport, offer,
};

const SERVER: &str = "192.0.2.1:7000";
pub const STEP: Duration = Duration::from_millis(5);

fn route(address: &str) -> Route {
    Route { transport: Transport::Udp, address: address.parse().expect("an address") }
}

/// What happens to datagrams on their way; a number for each decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub lost_percent: u64,
    pub late_percent: u64,
    pub doubled_percent: u64,
    pub seed: u64,
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

/// The way to a client: so much goes through, what is too much waits, and what would wait too long is lost.
pub struct Link {
    pub bits_per_second: f64,
    pub free: Instant,
}

/// A way keeps so much.
const QUEUE: Duration = Duration::from_millis(250);

impl Link {
    /// When a datagram that is given to it now has come through.
    fn carry(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let from = self.free.max(now);
        if from - now > QUEUE {
            return None;
        }
        self.free = from + Duration::from_secs_f64((bytes + 28) as f64 * 8.0 / self.bits_per_second);
        Some(self.free)
    }
}

/// A server and some clients.
pub struct World {
    pub now: Instant,
    pub server: Forwarder,
    pub clients: Vec<(SocketAddr, Client)>,
    mail: Vec<Mail>,
    pub weather: Weather,
    pub links: BTreeMap<SocketAddr, Link>,
    pub events: Vec<Event>,
    /// By client: the payloads that came, by stream and place.
    pub got: Vec<BTreeMap<(u32, u16), Vec<u8>>>,
    pub refused: usize,
}

impl World {
    pub fn new() -> Self {
        let identity = Identity::generate().expect("an identity");
        Self {
            now: Instant::now(),
            server: Forwarder::new(identity),
            clients: Vec::new(),
            mail: Vec::new(),
            weather: Weather::default(),
            links: BTreeMap::new(),
            events: Vec::new(),
            got: Vec::new(),
            refused: 0,
        }
    }

    /// Carries datagrams for so long, and lets everybody do what is due.
    pub fn run(&mut self, time: Duration) {
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
            let through = match self.links.get_mut(&to) {
                Some(link) => link.carry(self.now, datagram.len()),
                None => Some(self.now),
            };
            let Some(through) = through else { continue };
            let late = if self.weather.next() < self.weather.late_percent { 4 } else { 1 };
            let doubled = self.weather.next() < self.weather.doubled_percent;
            for copy in 0..=u32::from(doubled) {
                self.mail.push((through + STEP * (late + copy), from, to, datagram.clone()));
            }
        }
    }

    pub fn local(&self) -> (Local, Identity) {
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
    pub fn publisher(
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
    pub fn subscriber(
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

    pub fn join(&mut self, server: &Local, local: Local, identity: Identity) -> usize {
        let place = self.clients.len();
        let address: SocketAddr = ([10, 0, 0, 1], 4_000 + u16::try_from(place).expect("few")).into();
        let text = offer(server, 1, &[Outgoing::new(Medium::Microphone, "s".into())]);
        let remote = Offer::parse(&text, None).expect("an offer").remote().clone();
        let client = Client::new(&identity, local.credentials, remote, route(SERVER), self.now);
        self.clients.push((address, client));
        self.got.push(BTreeMap::new());
        place
    }

    pub fn server_side(&self, server: &Forwarder) -> Local {
        Local {
            credentials: Credentials::generate(),
            fingerprint: server.fingerprint(),
            udp: Vec::new(),
            tcp: Vec::new(),
        }
    }

    pub fn side(&self) -> Local {
        self.server_side(&self.server)
    }

    /// Sends the next packet of a stream.
    pub fn send(
        &mut self,
        client: usize,
        stream: &Outgoing,
        payload_type: u8,
        timestamp: u32,
        payload: &[u8],
    ) {
        let ssrc = stream.ssrc();
        let packet =
            Packet { ssrc, payload_type, marker: true, timestamp, payload, level: None, layer: None };
        assert!(self.clients[client].1.send(&packet), "the client is connected");
    }
}
