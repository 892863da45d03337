//! The relay over real sockets, with a client that was written by others.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use chrono::{DateTime, TimeDelta, Utc};
use plenum_kernel::{Clock, clock::ManualClock};
use plenum_turn::{Credentials, LIFETIME, Limits, Load, Peers, Relay, RelayConfig, TurnKey};
use rtc_shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc_turn::client::{Client, ClientConfig, Event};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use sansio::Protocol as _;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Long enough for a loaded machine; nothing waits so long that goes well.
const PATIENCE: Duration = Duration::from_secs(30);

/// The media server: sockets that can be added and closed.
#[derive(Default)]
struct Media(Mutex<Vec<SocketAddr>>);

impl Peers for Media {
    fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        self.0.lock().expect("nobody panicked").contains(&announced).then_some(announced)
    }
}

struct World {
    relay: Relay,
    key: TurnKey,
    clock: Arc<ManualClock>,
    media: UdpSocket,
    tls: Option<Arc<rustls::ClientConfig>>,
    _stop: tokio_util::sync::DropGuard,
}

impl World {
    async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    async fn with(limits: Limits) -> Self {
        let media = UdpSocket::bind((HERE, 0)).await.expect("a socket");
        let addresses = Media::default();
        addresses.0.lock().expect("nobody panicked").push(media.local_addr().expect("bound"));
        let key = TurnKey::generate();
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("a moment");
        let clock = Arc::new(ManualClock::at(start));
        let stop = CancellationToken::new();
        let (acceptor, trusting) = certificate();
        let config = RelayConfig {
            key: key.clone(),
            listen: SocketAddr::new(HERE, 0),
            tls: Some((SocketAddr::new(HERE, 0), acceptor)),
            bind: HERE,
            relayed: HERE,
            limits,
        };
        let relay =
            Relay::start(config, Arc::new(addresses), clock.clone(), stop.clone()).await.expect("started");
        Self { relay, key, clock, media, tls: Some(trusting), _stop: stop.drop_guard() }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn credentials(&self) -> Credentials {
        self.key.issue(Uuid::from_u128(1), self.now() + LIFETIME)
    }

    async fn until(&self, wanted: Load) {
        let reached = async {
            while self.relay.load() != wanted {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("{:?}", self.relay.load()));
    }
}

fn certificate() -> (TlsAcceptor, Arc<rustls::ClientConfig>) {
    let provider = || Arc::new(rustls::crypto::ring::default_provider());
    let key = rcgen::KeyPair::generate().expect("a key");
    let parameters = rcgen::CertificateParams::new(vec!["relay.example.org".to_owned()]).expect("parameters");
    let certificate = parameters.self_signed(&key).expect("a certificate").der().clone();
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let server = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], private)
        .expect("a certificate and its key");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).expect("an authority");
    let client = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    (TlsAcceptor::from(Arc::new(server)), Arc::new(client))
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// How a client reaches the relay.
enum Line {
    Udp(UdpSocket),
    Stream(Box<dyn Stream>),
}

impl Line {
    async fn udp() -> Self {
        Self::Udp(UdpSocket::bind((HERE, 0)).await.expect("a socket"))
    }

    async fn tcp(world: &World) -> Self {
        Self::Stream(Box::new(TcpStream::connect(world.relay.address()).await.expect("connected")))
    }

    async fn tls(world: &World) -> Self {
        let connector = TlsConnector::from(world.tls.clone().expect("a certificate"));
        let address = world.relay.tls_address().expect("it encrypts");
        let stream = TcpStream::connect(address).await.expect("connected");
        let name = ServerName::try_from("relay.example.org").expect("a name");
        Self::Stream(Box::new(connector.connect(name, stream).await.expect("a handshake")))
    }

    async fn send(&mut self, to: SocketAddr, data: &[u8]) {
        match self {
            Self::Udp(socket) => drop(socket.send_to(data, to).await.expect("sent")),
            Self::Stream(stream) => {
                stream.write_all(data).await.expect("sent");
                stream.flush().await.expect("sent");
            }
        }
    }

    /// The next message, cut out of the stream by its own length.
    async fn receive(&mut self) -> Vec<u8> {
        match self {
            Self::Udp(socket) => {
                let mut buffer = vec![0; 4_096];
                let length = socket.recv(&mut buffer).await.expect("received");
                buffer.truncate(length);
                buffer
            }
            Self::Stream(stream) => {
                let mut message = vec![0; 4];
                stream.read_exact(&mut message).await.expect("received");
                let length = usize::from(u16::from_be_bytes([message[2], message[3]]));
                let rest = if message[0] >> 6 == 0 { 16 + length } else { length.next_multiple_of(4) };
                message.resize(4 + rest, 0);
                stream.read_exact(&mut message[4..]).await.expect("received");
                message
            }
        }
    }
}

/// A client and its line.
struct Caller {
    client: Client,
    line: Line,
    server: SocketAddr,
    relayed: Option<SocketAddr>,
}

impl Caller {
    fn new(server: SocketAddr, line: Line, who: &Credentials) -> Self {
        let config = ClientConfig {
            turn_serv_addr: server.to_string(),
            local_addr: SocketAddr::new(HERE, 1),
            username: who.username.clone(),
            password: who.password.clone(),
            ..ClientConfig::default()
        };
        let provider = rtc_crypto::default_provider().expect("a provider");
        let client = Client::new(config, provider).expect("a client");
        Self { client, line, server, relayed: None }
    }

    /// Goes on until something has happened.
    async fn next(&mut self) -> Event {
        let happens = async {
            loop {
                if let Some(event) = self.client.poll_event() {
                    return event;
                }
                while let Some(message) = self.client.poll_write() {
                    self.line.send(self.server, &message.message).await;
                }
                let message = self.line.receive().await;
                let transport = TransportContext {
                    local_addr: SocketAddr::new(HERE, 1),
                    peer_addr: self.server,
                    transport_protocol: TransportProtocol::UDP,
                    ecn: None,
                };
                let message = BytesMut::from(&message[..]);
                let read = TransportMessage { now: Instant::now(), transport, message };
                self.client.handle_read(read).expect("the client understands the answer");
            }
        };
        tokio::time::timeout(PATIENCE, happens).await.expect("something happens")
    }

    async fn flush(&mut self) {
        while let Some(message) = self.client.poll_write() {
            self.line.send(self.server, &message.message).await;
        }
    }

    /// Asks for an allocation; the error when it is refused.
    async fn allocate(&mut self) -> Result<SocketAddr, String> {
        self.client.allocate(Instant::now()).expect("a request");
        match self.next().await {
            Event::AllocateResponse(_, relayed) => {
                self.relayed = Some(relayed);
                Ok(relayed)
            }
            Event::AllocateError(_, error) => Err(error.to_string()),
            other => panic!("{other:?}"),
        }
    }

    async fn permit(&mut self, peer: SocketAddr) -> Result<(), String> {
        let relayed = self.relayed.expect("an allocation");
        let mut relay = self.client.relay(relayed).expect("an allocation");
        relay.create_permission(Instant::now(), peer).expect("a request");
        match self.next().await {
            Event::CreatePermissionResponse(..) => Ok(()),
            Event::CreatePermissionError(_, error) => Err(error.to_string()),
            other => panic!("{other:?}"),
        }
    }

    async fn send(&mut self, peer: SocketAddr, data: &[u8]) {
        let relayed = self.relayed.expect("an allocation");
        self.client.relay(relayed).expect("one").send_to(Instant::now(), data, peer).expect("sent");
        self.flush().await;
    }

    async fn receives(&mut self) -> (SocketAddr, Vec<u8>) {
        match self.next().await {
            Event::DataIndicationOrChannelData(_, peer, data) => (peer, data.to_vec()),
            other => panic!("{other:?}"),
        }
    }
}

async fn takes(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 2_048];
    let (length, from) = tokio::time::timeout(PATIENCE, socket.recv_from(&mut buffer))
        .await
        .expect("it arrives")
        .expect("received");
    buffer.truncate(length);
    (buffer, from)
}

#[tokio::test]
async fn media_go_both_ways_over_udp_tcp_and_tls() {
    let world = World::start().await;
    let media = world.media.local_addr().expect("bound");
    for name in ["UDP", "TCP", "TLS"] {
        let line = match name {
            "UDP" => Line::udp().await,
            "TCP" => Line::tcp(&world).await,
            _ => Line::tls(&world).await,
        };
        let mut caller = Caller::new(world.relay.address(), line, &world.credentials());
        let relayed = caller.allocate().await.expect(name);
        caller.permit(media).await.expect(name);
        // The first goes as an indication, and asks for a channel; the answer to that comes before the media's.
        caller.send(media, b"hello").await;
        let (data, from) = takes(&world.media).await;
        assert_eq!((data.as_slice(), from), (&b"hello"[..], relayed), "{name}");
        for round in 0..20_u8 {
            world.media.send_to(&[round; 1_001], relayed).await.expect("sent");
            assert_eq!(caller.receives().await, (media, vec![round; 1_001]), "{name}");
            caller.send(media, &[round; 999]).await;
            assert_eq!(takes(&world.media).await.0, vec![round; 999], "{name}");
        }
        caller.client.relay(relayed).expect("one").close(Instant::now()).expect("closed");
        caller.flush().await;
        let connections = usize::from(name != "UDP");
        world.until(Load { allocations: 0, connections }).await;
        drop(caller);
        world.until(Load { allocations: 0, connections: 0 }).await;
    }
}

#[tokio::test]
async fn what_is_not_the_media_servers_is_neither_permitted_nor_reached_nor_heard() {
    let world = World::start().await;
    let other = UdpSocket::bind((HERE, 0)).await.expect("a socket");
    let elsewhere = other.local_addr().expect("bound");
    let mut caller = Caller::new(world.relay.address(), Line::udp().await, &world.credentials());
    let relayed = caller.allocate().await.expect("an allocation");
    for peer in [elsewhere, world.relay.address(), relayed, world.relay.tls_address().expect("it encrypts")] {
        let refused = caller.permit(peer).await.expect_err("refused");
        assert!(refused.contains("403"), "{refused}");
    }
    let mut second = Caller::new(world.relay.address(), Line::udp().await, &world.credentials());
    let of_second = second.allocate().await.expect("an allocation");
    assert!(caller.permit(of_second).await.expect_err("refused").contains("403"));

    // What a neighbour sends to the relayed address is not passed on; what the media server sends afterwards is.
    let media = world.media.local_addr().expect("bound");
    caller.permit(media).await.expect("permitted");
    other.send_to(b"intruder", relayed).await.expect("sent");
    world.media.send_to(b"media", relayed).await.expect("sent");
    assert_eq!(caller.receives().await, (media, b"media".to_vec()));

    // An indication that names the neighbour all the same is dropped; one for the media server arrives.
    for (peer, text) in [(elsewhere, &b"abuse"[..]), (media, &b"fair"[..])] {
        caller.line.send(caller.server, &indication(peer, text)).await;
    }
    assert_eq!(takes(&world.media).await.0, b"fair");
    assert!(other.try_recv(&mut [0; 64]).is_err(), "nothing came to the neighbour");
}

/// A Send indication, by hand: the client sends none without a permission.
fn indication(peer: SocketAddr, data: &[u8]) -> Vec<u8> {
    let SocketAddr::V4(peer) = peer else { panic!("{peer}") };
    let mut attributes = vec![0, 0x12, 0, 8, 0, 1];
    attributes.extend((peer.port() ^ 0x2112).to_be_bytes());
    attributes.extend((u32::from(*peer.ip()) ^ 0x2112_A442).to_be_bytes());
    attributes.extend([0, 0x13, 0, u8::try_from(data.len()).expect("short")]);
    attributes.extend(data);
    attributes.resize(attributes.len().next_multiple_of(4), 0);
    let mut message =
        vec![0, 0x16, 0, u8::try_from(attributes.len()).expect("short"), 0x21, 0x12, 0xA4, 0x42];
    message.extend([7; 12]);
    message.extend(attributes);
    message
}

#[tokio::test]
async fn nobody_allocates_by_credentials_that_are_wrong_expired_or_of_others() {
    let world = World::start().await;
    let good = world.credentials();
    let other = world.key.issue(Uuid::from_u128(2), good.expires_at);
    let expired = world.key.issue(Uuid::from_u128(1), world.now());
    let prolonged = Credentials { username: format!("9{}", good.username), ..good.clone() };
    let foreign = Credentials { password: other.password, ..good.clone() };
    let wrong = Credentials { password: String::new(), ..good.clone() };
    for who in [&expired, &prolonged, &foreign, &wrong] {
        for line in [Line::udp().await, Line::tcp(&world).await] {
            let mut caller = Caller::new(world.relay.address(), line, who);
            let refused = caller.allocate().await.expect_err("refused");
            assert!(refused.contains("401"), "{refused}");
        }
    }
    assert_eq!(world.relay.load().allocations, 0);
    let mut caller = Caller::new(world.relay.address(), Line::udp().await, &good);
    caller.allocate().await.expect("good ones are taken");
}

#[tokio::test]
async fn with_its_credentials_an_allocation_ends() {
    let world = World::start().await;
    let media = world.media.local_addr().expect("bound");
    let mut caller = Caller::new(world.relay.address(), Line::udp().await, &world.credentials());
    let relayed = caller.allocate().await.expect("an allocation");
    caller.permit(media).await.expect("permitted");
    world.clock.advance(LIFETIME - TimeDelta::seconds(1));
    caller.line.send(caller.server, &indication(media, b"in time")).await;
    assert_eq!(takes(&world.media).await.0, b"in time");
    world.clock.advance(TimeDelta::seconds(1));
    caller.line.send(caller.server, &indication(media, b"too late")).await;
    world.until(Load { allocations: 0, connections: 0 }).await;
    world.media.send_to(b"too late", relayed).await.expect("sent");
    let renewed = world.credentials();
    let mut next = Caller::new(world.relay.address(), Line::udp().await, &renewed);
    next.allocate().await.expect("new ones are taken");
    next.permit(media).await.expect("permitted");
    next.send(media, b"renewed").await;
    assert_eq!(takes(&world.media).await.0, b"renewed", "and nothing in between");
}

#[tokio::test]
async fn connections_are_counted_and_rubbish_ends_them() {
    let world = World::with(Limits { per_address: 3, ..Limits::default() }).await;
    let connect = || TcpStream::connect(world.relay.address());
    for rubbish in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 1, 0, 1, 0, 0], &[0x40, 0, 0xFF, 0xFF], &[0xFF; 64]]
    {
        let mut stream = connect().await.expect("connected");
        stream.write_all(rubbish).await.expect("sent");
        let end = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 64])).await.expect("it ends");
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    }
    world.until(Load { allocations: 0, connections: 0 }).await;
    let mut open = Vec::new();
    for held in 1..=3 {
        open.push(connect().await.expect("connected"));
        world.until(Load { allocations: 0, connections: held }).await;
    }
    let mut fourth = connect().await.expect("connected");
    let end = tokio::time::timeout(PATIENCE, fourth.read(&mut [0; 64])).await.expect("it ends");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    drop(open);
    world.until(Load { allocations: 0, connections: 0 }).await;
    let mut caller = Caller::new(world.relay.address(), Line::tcp(&world).await, &world.credentials());
    caller.allocate().await.expect("there is room again");
}

#[tokio::test]
async fn who_connects_and_says_nothing_of_use_is_let_go() {
    let world = World::with(Limits { patience: Duration::from_millis(200), ..Limits::default() }).await;
    // One is silent, one trickles, one does not end the handshake of TLS.
    let mut silent = TcpStream::connect(world.relay.address()).await.expect("connected");
    let mut trickling = TcpStream::connect(world.relay.address()).await.expect("connected");
    let mut half =
        TcpStream::connect(world.relay.tls_address().expect("it encrypts")).await.expect("connected");
    // On a slow machine they are let go before.
    trickling.write_all(&[0, 3, 0, 8]).await.ok();
    half.write_all(&[0x16, 3, 1]).await.ok();
    for stream in [&mut silent, &mut trickling, &mut half] {
        let end = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 64])).await.expect("it ends");
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    }
    world.until(Load { allocations: 0, connections: 0 }).await;
}

/// What stands in `infra/coturn` is for the same credentials and denies the same. That coturn does as it says was tried by
/// hand with 4.6.1.
#[test]
fn the_template_of_coturn_has_the_same_rules() {
    let text = include_str!("../../../infra/coturn/turnserver.conf");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let all = |name: &str| -> Vec<&str> {
        lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).collect()
    };
    let number = |name: &str| all(name)[0].parse::<u64>().expect(name);
    assert_eq!(all("realm"), [plenum_turn::REALM]);
    assert_eq!(
        all("denied-peer-ip"),
        ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]
    );
    assert_eq!(all("allowed-peer-ip"), ["MEDIA_ADDRESS"], "and nothing else");
    assert_eq!(all("static-auth-secret"), ["PLENUM_TURN_SECRET"]);
    for line in ["use-auth-secret", "no-multicast-peers", "no-tcp-relay", "no-cli"] {
        assert!(lines.contains(&line), "{line}");
    }
    for line in ["allow-loopback-peers", "no-auth", "lt-cred-mech"] {
        assert!(!lines.contains(&line), "{line}");
    }
    let limits = Limits::default();
    assert_eq!(Some(number("max-bps")), limits.bytes_per_second);
    assert_eq!(number("user-quota"), u64::try_from(limits.per_participant).expect("few"));
    assert_eq!(number("total-quota"), u64::try_from(limits.total).expect("some"));
    assert_eq!(number("max-allocate-lifetime"), limits.lifetime.as_secs());
    assert_eq!(i64::try_from(number("max-allocate-lifetime")), Ok(LIFETIME.num_seconds()));
}
