//! A voice for tests: a client of the forwarding core that sends packets over a socket of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use plenum_media::client::{Client, Packet};
use plenum_media::{Credentials, Identity, Local, Medium, Offer, Outgoing, Route, Transport, offer};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// Somebody who will speak once the server has answered the offer.
pub(super) struct Voice {
    identity: Identity,
    local: Local,
    stream: Outgoing,
}

impl Voice {
    pub(super) fn new() -> Self {
        let identity = Identity::generate().unwrap();
        let local = Local {
            credentials: Credentials::generate(),
            fingerprint: identity.fingerprint(),
            udp: Vec::new(),
            tcp: Vec::new(),
        };
        Self { identity, local, stream: Outgoing::new(Medium::Microphone, "voice".into()) }
    }

    /// What to publish, as section 0.
    pub(super) fn offer(&self) -> String {
        offer(&self.local, 1, std::slice::from_ref(&self.stream))
    }

    /// Speaks until it is aborted.
    pub(super) fn speak(self, answer: &str) -> JoinHandle<()> {
        let remote = Offer::parse(answer, None).unwrap().remote().clone();
        let address = server_of(answer);
        tokio::spawn(async move {
            let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let server = Route { transport: Transport::Udp, address };
            let mut client =
                Client::new(&self.identity, self.local.credentials, remote, server, Instant::now());
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            let mut buffer = vec![0; 2_048];
            let mut timestamp = 0_u32;
            loop {
                tokio::select! {
                    _ = tick.tick() => {
                        client.on_time(Instant::now());
                        let ssrc = self.stream.ssrc();
                        timestamp = timestamp.wrapping_add(960);
                        client.send(&Packet { ssrc, payload_type: 111, marker: false, timestamp, payload: b"voice", level: None, layer: None });
                    }
                    received = socket.recv_from(&mut buffer) => {
                        let (length, _) = received.unwrap();
                        client.on_datagram(Instant::now(), server, &buffer[..length]);
                    }
                }
                let outbox = client.outbox();
                outbox.arrange();
                for run in outbox.runs() {
                    for part in outbox.parts(run) {
                        socket.send_to(part, address).await.unwrap();
                    }
                }
                outbox.clear();
            }
        })
    }
}

/// Where the server of an answer takes datagrams.
fn server_of(answer: &str) -> SocketAddr {
    let candidate = answer.lines().find(|line| line.starts_with("a=candidate:1 1 udp")).unwrap();
    let words: Vec<&str> = candidate.split(' ').collect();
    SocketAddr::new(words[4].parse().unwrap(), words[5].parse().unwrap())
}
