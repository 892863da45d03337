//! The load: clients on a thread of their own, each with a socket of its own, that send made-up streams and measure what
//! comes to them. The same for every server.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use plenum_media::client::{Client, Packet, Tally};
use plenum_media::{Cipher, Credentials, Identity, Outgoing, Remote, Route, Transport};

/// Voices: packets of 20 ms of 32 kbit/s.
const VOICE: Duration = Duration::from_millis(20);
const VOICE_BYTES: usize = 80;
/// Pictures: 30 in a second of 1 Mbit/s, in four packets each.
const PICTURE: Duration = Duration::from_micros(33_333);
const PICTURE_PACKETS: usize = 4;
const PICTURE_BYTES: usize = 1_042;
const TICK: Duration = Duration::from_millis(10);

/// A client to be.
pub struct Plan {
    pub identity: Identity,
    pub local: Credentials,
    pub remote: Remote,
    pub socket: UdpSocket,
    pub server: SocketAddr,
    pub sends: Vec<Outgoing>,
    /// When somebody began to join.
    pub began: Instant,
}

/// What was measured since the last reset.
#[derive(Debug, Default, Clone)]
pub struct Report {
    pub clients: usize,
    pub connected: usize,
    /// Clients to whom pictures came.
    pub watching: usize,
    pub received: u64,
    pub lost: u64,
    /// In microseconds, sorted.
    pub delays: Vec<u32>,
    /// How long it took from the first word with the server until the first picture came: in microseconds, sorted.
    pub joins: Vec<u32>,
    pub ciphers: Vec<Cipher>,
}

impl Report {
    /// A quantile of the delays, in microseconds.
    pub fn delay(&self, share: f64) -> u32 {
        quantile(&self.delays, share)
    }
}

/// A quantile of what is sorted.
pub fn quantile(sorted: &[u32], share: f64) -> u32 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

enum Ask {
    Add(Box<Plan>),
    Reset,
    Report(Sender<Report>),
    Clear,
}

/// The thread.
#[derive(Clone)]
pub struct Load {
    asks: Sender<Ask>,
}

struct Endpoint {
    socket: UdpSocket,
    client: Client,
    server: SocketAddr,
    sends: Vec<Stream>,
    tallies: HashMap<u32, (u8, Tally)>,
    began: Instant,
    /// How long it took until the first picture came.
    joined: Option<Duration>,
}

struct Stream {
    outgoing: Outgoing,
    next: Instant,
    count: u32,
    key_frame: bool,
}

impl Load {
    pub fn start() -> (Self, JoinHandle<()>) {
        let (asks, asked) = channel();
        let thread = std::thread::spawn(move || Thread::new().run(&asked));
        (Self { asks }, thread)
    }

    pub fn add(&self, plan: Plan) {
        self.ask(Ask::Add(Box::new(plan)));
    }

    /// From now on it is measured.
    pub fn reset(&self) {
        self.ask(Ask::Reset);
    }

    pub fn report(&self) -> anyhow::Result<Report> {
        let (sender, report) = channel();
        self.ask(Ask::Report(sender));
        report.recv().context("the load has ended")
    }

    /// Forgets all clients.
    pub fn clear(&self) {
        self.ask(Ask::Clear);
    }

    fn ask(&self, ask: Ask) {
        // One that has ended is noticed by whoever waits for a report.
        let _ = self.asks.send(ask);
    }
}

struct Thread {
    poll: Poll,
    epoch: Instant,
    endpoints: Vec<Endpoint>,
    delays: Vec<u32>,
    buffer: Vec<u8>,
}

impl Thread {
    fn new() -> Self {
        let poll = Poll::new().expect("a poll");
        Self {
            poll,
            epoch: Instant::now(),
            endpoints: Vec::new(),
            delays: Vec::new(),
            buffer: vec![0; 2_048],
        }
    }

    fn run(mut self, asked: &Receiver<Ask>) {
        let mut events = Events::with_capacity(1_024);
        let mut next_tick = Instant::now();
        loop {
            loop {
                match asked.try_recv() {
                    Ok(ask) => self.on_ask(ask),
                    Err(std::sync::mpsc::TryRecvError::Empty) => break,
                    Err(std::sync::mpsc::TryRecvError::Disconnected) => return,
                }
            }
            let now = Instant::now();
            let streams = self.endpoints.iter().flat_map(|endpoint| &endpoint.sends);
            let due = streams.map(|stream| stream.next).min().unwrap_or(next_tick).min(next_tick);
            let wait = due.saturating_duration_since(now);
            self.poll.poll(&mut events, Some(wait)).or_else(interrupted).expect("waiting");
            for event in &events {
                self.take(event.token().0);
            }
            let now = Instant::now();
            if now >= next_tick {
                next_tick = now + TICK;
                for endpoint in &mut self.endpoints {
                    endpoint.client.on_time(now);
                    endpoint.flush();
                }
            }
            for endpoint in &mut self.endpoints {
                endpoint.send(now, self.epoch);
            }
        }
    }

    fn on_ask(&mut self, ask: Ask) {
        match ask {
            Ask::Add(plan) => {
                let Plan { identity, local, remote, socket, server, sends, began } = *plan;
                let descriptor = socket.as_raw_fd();
                let token = Token(self.endpoints.len());
                let mut source = SourceFd(&descriptor);
                self.poll.registry().register(&mut source, token, Interest::READABLE).expect("registered");
                let now = Instant::now();
                let route = Route { transport: Transport::Udp, address: server };
                let client = Client::new(&identity, local, remote, route, now);
                // Not all at the same moment.
                let phase = Duration::from_micros(self.endpoints.len() as u64 * 1_700 % 33_000);
                let sends = sends.into_iter().map(|outgoing| Stream {
                    outgoing,
                    next: now + phase,
                    count: 0,
                    key_frame: true,
                });
                self.endpoints.push(Endpoint {
                    socket,
                    client,
                    server,
                    sends: sends.collect(),
                    tallies: HashMap::new(),
                    began,
                    joined: None,
                });
            }
            Ask::Reset => {
                self.delays.clear();
                self.endpoints.iter_mut().for_each(|endpoint| endpoint.tallies.clear());
            }
            Ask::Report(sender) => {
                let _ = sender.send(self.report());
            }
            Ask::Clear => {
                self.endpoints.clear();
                self.delays.clear();
                self.poll = Poll::new().expect("a poll");
            }
        }
    }

    fn report(&self) -> Report {
        let mut report = Report { clients: self.endpoints.len(), ..Report::default() };
        for endpoint in &self.endpoints {
            if let Some(cipher) = endpoint.client.cipher() {
                report.connected += 1;
                if !report.ciphers.contains(&cipher) {
                    report.ciphers.push(cipher);
                }
            }
            report.watching += usize::from(endpoint.tallies.values().any(|(kind, _)| *kind == 96));
            for (_, tally) in endpoint.tallies.values() {
                report.received += tally.received();
                report.lost += tally.lost();
            }
        }
        report.joins.extend(self.endpoints.iter().filter_map(|endpoint| endpoint.joined).map(micros));
        report.joins.sort_unstable();
        report.delays = self.delays.clone();
        report.delays.sort_unstable();
        report
    }

    fn take(&mut self, place: usize) {
        let Some(endpoint) = self.endpoints.get_mut(place) else { return };
        while let Ok((length, from)) = endpoint.socket.recv_from(&mut self.buffer) {
            let now = Instant::now();
            let datagram = &mut self.buffer[..length];
            if !Client::is_media(datagram) {
                let from = Route { transport: Transport::Udp, address: from };
                endpoint.client.on_datagram(now, from, datagram);
                continue;
            }
            let Some(received) = endpoint.client.open(now, datagram) else { continue };
            let tally = endpoint.tallies.entry(received.ssrc).or_default();
            tally.0 = received.payload_type;
            tally.1.note(received.sequence);
            if received.payload_type == 96 && endpoint.joined.is_none() {
                endpoint.joined = Some(now.saturating_duration_since(endpoint.began));
            }
            let at = if received.payload_type == 96 { 2 } else { 0 };
            if let Some(sent) = received.payload.get(at..).and_then(|rest| rest.first_chunk()) {
                let sent = Duration::from_nanos(u64::from_be_bytes(*sent));
                let delay = now.saturating_duration_since(self.epoch).saturating_sub(sent);
                self.delays.push(micros(delay));
            }
        }
        endpoint.flush();
    }
}

impl Endpoint {
    fn send(&mut self, now: Instant, epoch: Instant) {
        let mut any = false;
        let wanted = self.client.key_frames_wanted();
        for stream in &mut self.sends {
            if wanted.contains(&stream.outgoing.ssrc()) {
                stream.key_frame = true;
            }
            while stream.next <= now {
                let sent = u64::try_from(epoch.elapsed().as_nanos()).unwrap_or(0).to_be_bytes();
                let ssrc = stream.outgoing.ssrc();
                if stream.outgoing.medium.is_video() {
                    for part in 0..PICTURE_PACKETS {
                        let mut payload = [7; PICTURE_BYTES];
                        payload[0] = if part == 0 { 0x10 } else { 0 };
                        payload[1] = u8::from(!stream.key_frame);
                        payload[2..10].copy_from_slice(&sent);
                        let marker = part + 1 == PICTURE_PACKETS;
                        let timestamp = stream.count * 3_000;
                        any |= self.client.send(&Packet {
                            ssrc,
                            payload_type: 96,
                            marker,
                            timestamp,
                            payload: &payload,
                            level: None,
                            layer: None,
                        });
                    }
                    stream.key_frame = false;
                    stream.next += PICTURE;
                } else {
                    let mut payload = [7; VOICE_BYTES];
                    payload[..8].copy_from_slice(&sent);
                    let timestamp = stream.count * 960;
                    let packet = Packet {
                        ssrc,
                        payload_type: 111,
                        marker: false,
                        timestamp,
                        payload: &payload,
                        level: None,
                        layer: None,
                    };
                    any |= self.client.send(&packet);
                    stream.next += VOICE;
                }
                stream.count += 1;
            }
        }
        if any {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let outbox = self.client.outbox();
        if outbox.is_empty() {
            return;
        }
        outbox.arrange();
        for run in outbox.runs() {
            for part in outbox.parts(run) {
                // What does not leave is counted as lost.
                let _ = self.socket.send_to(part, self.server);
            }
        }
        outbox.clear();
    }
}

fn interrupted(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}
