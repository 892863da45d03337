//! What the relay decides, with invented sockets and time.

use chrono::DateTime;
use uuid::Uuid;

use super::*;
use crate::credentials::Credentials;

const NOW_S: i64 = 1_000_000;
const MEDIA: &str = "192.0.2.10:40000";
/// Where the media server is reached: behind a one-to-one NAT.
const MEDIA_HERE: &str = "10.0.0.5:40000";

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// The media server at one address; or, carelessly, anything at all.
struct Media {
    careless: bool,
}

impl Peers for Media {
    fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        if self.careless {
            return Some(announced);
        }
        (announced == address(MEDIA)).then(|| address(MEDIA_HERE))
    }
}

/// Sockets that are numbers.
struct Numbers(u16);

impl Sockets<u16> for Numbers {
    fn open(&mut self) -> io::Result<(u16, SocketAddr)> {
        self.0 += 1;
        Ok((self.0, SocketAddr::new(address(MEDIA_HERE).ip(), self.0)))
    }
}

fn key() -> TurnKey {
    TurnKey::new("the key of the relay in these tests").expect("long enough")
}

/// The credentials of a person for an hour.
fn credentials(person: u128) -> Credentials {
    key().issue(Uuid::from_u128(person), DateTime::from_timestamp(NOW_S + 3_600, 0).expect("a moment"))
}

/// A relay, and its clock.
struct Bench {
    server: Server<u16>,
    sockets: Numbers,
    now: Now,
}

/// An answer: its class, and the number of its error.
type Answer = (Class, Option<u16>);

const DONE: Answer = (Class::Success, None);

fn refused(code: u16) -> Answer {
    (Class::Error, Some(code))
}

impl Bench {
    fn with(limits: Limits, careless: bool) -> Self {
        let rules = Rules {
            key: key(),
            limits,
            peers: Arc::new(Media { careless }),
            relayed_ip: address(MEDIA).ip(),
            listens_at: vec![address("10.0.0.5:3478"), address("0.0.0.0:5349")],
        };
        let now = Now { at: Instant::now(), unix_s: NOW_S };
        Self { server: Server::new(rules, now), sockets: Numbers(50_000), now }
    }

    fn new() -> Self {
        Self::with(Limits::default(), false)
    }

    fn pass(&mut self, seconds: u32) {
        self.now.at += Duration::from_secs(seconds.into());
        self.now.unix_s += i64::from(seconds);
    }

    fn say(&mut self, client: &Client, raw: &[u8]) -> Option<Vec<u8>> {
        match self.server.heard(client, raw, &mut self.sockets, self.now) {
            Outcome::Answer(answer) => Some(answer),
            Outcome::Nothing => None,
            Outcome::Forward { .. } => panic!("nothing was to be passed on"),
        }
    }

    /// What a request without a signature is told.
    fn challenge(&mut self, client: &Client) -> Option<String> {
        let raw = allocate([9; 12]).finish(false);
        let answer = self.say(client, &raw)?;
        let message = Message::parse(&answer)?;
        assert_eq!(told_of(&message), refused(401));
        assert_eq!(message.text(attribute::REALM), Some(REALM));
        message.text(attribute::NONCE).map(str::to_owned)
    }

    /// A request, signed, with a fresh nonce.
    fn ask(&mut self, client: &Client, who: &Credentials, request: Writer) -> Answer {
        let nonce = self.server.nonces.issue(client, self.now.unix_s);
        let raw = signed(request, who, &nonce);
        let answer = self.say(client, &raw).expect("an answer");
        told_of(&Message::parse(&answer).expect("a message"))
    }

    /// A client who holds an allocation and may reach the media server.
    fn settled(&mut self, client: &Client, who: &Credentials) {
        assert_eq!(self.ask(client, who, allocate([1; 12])), DONE);
        assert_eq!(self.ask(client, who, permission(&[address(MEDIA)])), DONE);
    }

    fn sends(&mut self, client: &Client, peer: SocketAddr, data: &[u8]) -> Option<(u16, SocketAddr)> {
        let raw = indication(peer, data).finish(false);
        match self.server.heard(client, &raw, &mut self.sockets, self.now) {
            Outcome::Forward { socket, to, .. } => Some((socket, to)),
            Outcome::Nothing => None,
            Outcome::Answer(_) => panic!("indications are not answered"),
        }
    }
}

fn client(address_: &str) -> Client {
    Client { listener: 0, address: address(address_), stream: false }
}

fn request(method: u16) -> Writer {
    Writer::new(Class::Request, method, rand::random::<Transaction>())
}

fn allocate(transaction: Transaction) -> Writer {
    Writer::new(Class::Request, method::ALLOCATE, transaction)
        .with(attribute::REQUESTED_TRANSPORT, &[UDP, 0, 0, 0])
}

fn permission(peers: &[SocketAddr]) -> Writer {
    let start = request(method::CREATE_PERMISSION);
    peers.iter().fold(start, |writer, peer| writer.with_address(attribute::XOR_PEER_ADDRESS, *peer))
}

fn channel(number: u16, peer: SocketAddr) -> Writer {
    let [high, low] = number.to_be_bytes();
    request(method::CHANNEL_BIND)
        .with(attribute::CHANNEL_NUMBER, &[high, low, 0, 0])
        .with_address(attribute::XOR_PEER_ADDRESS, peer)
}

fn refresh(lifetime: u32) -> Writer {
    request(method::REFRESH).with(attribute::LIFETIME, &lifetime.to_be_bytes())
}

fn indication(peer: SocketAddr, data: &[u8]) -> Writer {
    Writer::new(Class::Indication, method::SEND, rand::random::<Transaction>())
        .with_address(attribute::XOR_PEER_ADDRESS, peer)
        .with(attribute::DATA, data)
}

fn signed(request: Writer, who: &Credentials, nonce: &str) -> Vec<u8> {
    use md5::{Digest as _, Md5};

    let key = Md5::digest(format!("{}:{REALM}:{}", who.username, who.password));
    request
        .with(attribute::USERNAME, who.username.as_bytes())
        .with(attribute::REALM, REALM.as_bytes())
        .with(attribute::NONCE, nonce.as_bytes())
        .signed(&key)
        .finish(true)
}

fn told_of(message: &Message<'_>) -> Answer {
    let code = message.get(attribute::ERROR_CODE).map(|code| u16::from(code[2]) * 100 + u16::from(code[3]));
    (message.class, code)
}

#[test]
fn an_allocation_relays_both_ways_and_to_the_media_server_only() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    bench.settled(&anna, &who);
    assert_eq!(bench.sends(&anna, address(MEDIA), b"hello"), Some((50_001, address(MEDIA_HERE))));
    let back = bench.server.heard_from_peer(&anna, address(MEDIA_HERE), b"welcome", bench.now);
    let back = back.expect("what the media server sends comes back");
    let message = Message::parse(&back).expect("a message");
    assert_eq!((message.class, message.method), (Class::Indication, method::DATA));
    assert_eq!(message.get(attribute::DATA), Some(&b"welcome"[..]));
    // Under the address that the browser knows, not the one behind it.
    let peer = message.get(attribute::XOR_PEER_ADDRESS).and_then(|value| message.address(value));
    assert_eq!(peer, Some(address(MEDIA)));
    for stranger in ["10.0.0.5:40001", "203.0.113.1:40000", MEDIA] {
        let told = bench.server.heard_from_peer(&anna, address(stranger), b"x", bench.now);
        assert_eq!(told, None, "{stranger}");
    }
}

#[test]
fn a_channel_shortens_the_way() {
    let mut bench = Bench::new();
    let (anna, who) = (Client { stream: true, ..client("198.51.100.1:5000") }, credentials(1));
    assert_eq!(bench.ask(&anna, &who, allocate([1; 12])), DONE);
    assert_eq!(bench.ask(&anna, &who, channel(0x4001, address(MEDIA))), DONE);
    let raw = stun::to_channel(0x4001, b"voice", true);
    match bench.server.heard(&anna, &raw, &mut bench.sockets, bench.now) {
        Outcome::Forward { to, data, .. } => assert_eq!((to, data), (address(MEDIA_HERE), &b"voice"[..])),
        other => panic!("{other:?}"),
    }
    let back = bench.server.heard_from_peer(&anna, address(MEDIA_HERE), b"voice", bench.now);
    assert_eq!(back, Some(raw.clone()));
    assert_eq!(bench.ask(&anna, &who, channel(0x4002, address(MEDIA))), refused(400), "it has a number");
    assert_eq!(
        bench.ask(&anna, &who, channel(0x3FFF, address(MEDIA))),
        refused(400),
        "no number of a channel"
    );
    assert_eq!(bench.say(&anna, &stun::to_channel(0x4002, b"voice", true)), None);
    bench.pass(599);
    assert_eq!(bench.ask(&anna, &who, refresh(600)), DONE);
    bench.pass(2);
    assert_eq!(bench.say(&anna, &raw), None, "the channel's time is over");
}

#[test]
fn addresses_and_ports_that_are_not_the_media_servers_are_refused() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    bench.settled(&anna, &who);
    for peer in [
        // Of the media server's machine another port; the media server by the address behind its NAT.
        "192.0.2.10:22",
        "192.0.2.10:40001",
        MEDIA_HERE,
        // Loopback, private, link-local, the cloud's metadata, shared.
        "127.0.0.1:40000",
        "127.0.0.1:5432",
        "[::1]:40000",
        "10.0.0.1:40000",
        "172.16.0.1:40000",
        "192.168.1.1:40000",
        "169.254.169.254:80",
        "100.64.0.1:40000",
        "[fe80::1]:40000",
        "[fd00::1]:40000",
        // Multicast, broadcast, nobody.
        "224.0.0.251:5353",
        "255.255.255.255:40000",
        "0.0.0.0:40000",
        "[ff02::fb]:5353",
        "[::]:40000",
        // The media server in other spellings.
        "[::ffff:192.0.2.10]:40000",
        "[::192.0.2.10]:40000",
        "[64:ff9b::192.0.2.10]:40000",
        // The public internet.
        "203.0.113.7:40000",
        "[2001:db8::7]:40000",
    ] {
        let peer = address(peer);
        assert_eq!(bench.ask(&anna, &who, permission(&[peer])), refused(403), "{peer}");
        assert_eq!(bench.ask(&anna, &who, permission(&[address(MEDIA), peer])), refused(403), "{peer}");
        assert_eq!(bench.ask(&anna, &who, channel(0x4001, peer)), refused(403), "{peer}");
        assert_eq!(bench.sends(&anna, peer, b"x"), None, "{peer}");
        let told = bench.server.heard_from_peer(&anna, peer, b"x", bench.now);
        assert_eq!(told.is_some(), peer == address(MEDIA_HERE), "{peer}");
    }
    assert!(bench.sends(&anna, address(MEDIA), b"x").is_some());
}

#[test]
fn the_relays_own_addresses_and_those_of_others_are_refused_even_if_the_media_server_claims_them() {
    let mut bench = Bench::with(Limits::default(), true);
    let (anna, boris) = (client("198.51.100.1:5000"), client("198.51.100.2:5000"));
    bench.settled(&anna, &credentials(1));
    // Permitted while it was nobody's; then Boris is given it.
    assert_eq!(bench.ask(&anna, &credentials(1), permission(&[address("10.0.0.5:50002")])), DONE);
    assert!(bench.sends(&anna, address("10.0.0.5:50002"), b"x").is_some());
    bench.settled(&boris, &credentials(2));
    let told = bench.server.heard_from_peer(&anna, address("10.0.0.5:50002"), b"x", bench.now);
    assert_eq!(told, None);
    for peer in [
        // Where the relay listens.
        "10.0.0.5:3478",
        "10.0.0.5:5349",
        "192.0.2.10:5349",
        // What it has given to Anna and to Boris, as it is bound and as it is told.
        "10.0.0.5:50001",
        "192.0.2.10:50001",
        "10.0.0.5:50002",
        "192.0.2.10:50002",
        "[::ffff:10.0.0.5]:40000",
        "224.0.0.1:40000",
        "0.0.0.0:40000",
    ] {
        let peer = address(peer);
        assert_eq!(bench.ask(&anna, &credentials(1), permission(&[peer])), refused(403), "{peer}");
        assert_eq!(bench.ask(&anna, &credentials(1), channel(0x4001, peer)), refused(403), "{peer}");
        assert_eq!(bench.sends(&anna, peer, b"x"), None, "{peer}");
    }
    assert_eq!(bench.ask(&boris, &credentials(2), refresh(0)), DONE);
    assert_eq!(
        bench.ask(&anna, &credentials(1), permission(&[address("10.0.0.5:50002")])),
        DONE,
        "given back"
    );
}

#[test]
fn what_the_media_server_has_closed_is_reached_no_more() {
    struct Moving(std::sync::atomic::AtomicBool);
    impl Peers for Moving {
        fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
            self.0.load(std::sync::atomic::Ordering::SeqCst).then_some(announced)
        }
    }
    let mut bench = Bench::new();
    let media = Arc::new(Moving(true.into()));
    bench.server.rules.peers = media.clone();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    bench.settled(&anna, &who);
    assert!(bench.sends(&anna, address(MEDIA), b"x").is_some());
    assert!(bench.server.heard_from_peer(&anna, address(MEDIA), b"x", bench.now).is_some());
    media.0.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(bench.sends(&anna, address(MEDIA), b"x"), None);
    assert_eq!(bench.server.heard_from_peer(&anna, address(MEDIA), b"x", bench.now), None);
}

#[test]
fn nothing_is_sent_without_a_permission_nor_after_it() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    assert_eq!(bench.sends(&anna, address(MEDIA), b"x"), None, "no allocation");
    assert_eq!(bench.ask(&anna, &who, allocate([1; 12])), DONE);
    assert_eq!(bench.sends(&anna, address(MEDIA), b"x"), None, "no permission");
    assert_eq!(bench.server.heard_from_peer(&anna, address(MEDIA_HERE), b"x", bench.now), None);
    assert_eq!(bench.ask(&anna, &who, permission(&[address(MEDIA)])), DONE);
    bench.pass(299);
    assert!(bench.sends(&anna, address(MEDIA), b"x").is_some());
    bench.pass(1);
    assert_eq!(bench.sends(&anna, address(MEDIA), b"x"), None, "its time is over");
    assert_eq!(bench.server.heard_from_peer(&anna, address(MEDIA_HERE), b"x", bench.now), None);
}

#[test]
fn wrong_altered_and_foreign_credentials_are_refused() {
    let mut bench = Bench::new();
    let anna = client("198.51.100.1:5000");
    let good = credentials(1);
    let wrong = Credentials { password: "guessed".to_owned(), ..good.clone() };
    let foreign = Credentials { password: credentials(2).password, ..good.clone() };
    let (_, opaque) = good.username.split_once(':').expect("two parts");
    let prolonged = Credentials { username: format!("{}:{opaque}", NOW_S + 999_999), ..good.clone() };
    let other_key = TurnKey::new("the key of some other installation").expect("long enough");
    let elsewhere = other_key.issue(Uuid::from_u128(1), good.expires_at);
    let nameless = Credentials { username: String::new(), ..good.clone() };
    for who in [&wrong, &foreign, &prolonged, &elsewhere, &nameless] {
        assert_eq!(bench.ask(&anna, who, allocate([1; 12])), refused(401), "{who:?}");
    }
    let nonce = bench.challenge(&anna).expect("a nonce");
    let raw = signed(allocate([2; 12]), &good, &nonce);
    for at in (20..raw.len() - 8).step_by(3) {
        let mut altered = raw.clone();
        altered[at] ^= 1;
        let told = bench.say(&anna, &altered);
        let told = told.map(|answer| told_of(&Message::parse(&answer).expect("a message")).0);
        assert_ne!(told, Some(Class::Success), "byte {at}");
    }
    assert_eq!(bench.server.len(), 0);
    assert!(
        bench
            .say(&anna, &raw)
            .is_some_and(|answer| { told_of(&Message::parse(&answer).expect("a message")) == DONE })
    );
}

#[test]
fn expired_credentials_neither_allocate_nor_refresh_and_end_what_they_made() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    let expired = key().issue(Uuid::from_u128(1), DateTime::from_timestamp(NOW_S, 0).expect("a moment"));
    assert_eq!(bench.ask(&anna, &expired, allocate([1; 12])), refused(401));
    bench.settled(&anna, &who);
    for _ in 0..5 {
        bench.pass(500);
        assert_eq!(bench.ask(&anna, &who, refresh(3_600)), DONE);
        assert_eq!(bench.ask(&anna, &who, permission(&[address(MEDIA)])), DONE);
    }
    bench.pass(1_099);
    assert_eq!(bench.ask(&anna, &who, refresh(3_600)), DONE);
    assert_eq!(bench.ask(&anna, &who, permission(&[address(MEDIA)])), DONE);
    assert!(bench.sends(&anna, address(MEDIA), b"x").is_some());
    bench.pass(1);
    assert_eq!(bench.sends(&anna, address(MEDIA), b"x"), None, "the hour is over");
    assert_eq!(bench.ask(&anna, &who, refresh(3_600)), refused(401));
    assert_eq!(bench.ask(&anna, &who, allocate([3; 12])), refused(401));
    bench.server.sweep(bench.now);
    assert_eq!(bench.server.len(), 0);
}

#[test]
fn what_somebody_holds_is_not_for_others() {
    let mut bench = Bench::new();
    let (anna, who, other) = (client("198.51.100.1:5000"), credentials(1), credentials(2));
    bench.settled(&anna, &who);
    assert_eq!(bench.ask(&anna, &other, refresh(0)), refused(441));
    assert_eq!(bench.ask(&anna, &other, permission(&[address(MEDIA)])), refused(441));
    assert_eq!(bench.ask(&anna, &other, channel(0x4001, address(MEDIA))), refused(441));
    assert_eq!(bench.ask(&anna, &other, allocate([4; 12])), refused(437));
    assert_eq!(bench.ask(&client("198.51.100.1:5001"), &who, refresh(0)), refused(437), "from another port");
    assert_eq!(bench.server.len(), 1);
}

#[test]
fn an_overheard_request_is_worth_nothing_elsewhere_or_later() {
    let mut bench = Bench::new();
    let (anna, eve) = (client("198.51.100.1:5000"), client("203.0.113.66:5000"));
    let nonce = bench.challenge(&anna).expect("a nonce");
    let raw = signed(allocate([1; 12]), &credentials(1), &nonce);
    let told = bench.say(&eve, &raw).expect("an answer");
    let told = Message::parse(&told).expect("a message");
    assert_eq!(told_of(&told), refused(438));
    assert!(told.text(attribute::NONCE).is_some_and(|other| other != nonce));
    bench.pass(601);
    let told = bench.say(&anna, &raw).expect("an answer");
    assert_eq!(told_of(&Message::parse(&told).expect("a message")), refused(438));
}

#[test]
fn an_answer_that_was_lost_is_given_again() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    let nonce = bench.challenge(&anna).expect("a nonce");
    let raw = signed(allocate([1; 12]), &who, &nonce);
    let first = bench.say(&anna, &raw).expect("an answer");
    assert_eq!(bench.say(&anna, &raw), Some(first.clone()));
    let message = Message::parse(&first).expect("a message");
    let relayed = message.get(attribute::XOR_RELAYED_ADDRESS).and_then(|value| message.address(value));
    assert_eq!(relayed, Some(address("192.0.2.10:50001")));
    let mapped = message.get(attribute::XOR_MAPPED_ADDRESS).and_then(|value| message.address(value));
    assert_eq!(mapped, Some(anna.address));
    assert_eq!(message.number(attribute::LIFETIME), Some(600));
    assert_eq!(bench.ask(&anna, &who, allocate([2; 12])), refused(437), "another request is another matter");
    assert_eq!(bench.server.len(), 1);
}

#[test]
fn allocations_are_counted_by_participant_and_by_address() {
    let limits = Limits { per_participant: 3, per_address: 5, total: 7, ..Limits::default() };
    let mut bench = Bench::with(limits, false);
    let at = |host: u8, port: u16| client(&format!("198.51.100.{host}:{port}"));
    for port in 1..=3 {
        assert_eq!(bench.ask(&at(1, port), &credentials(1), allocate([1; 12])), DONE);
    }
    assert_eq!(bench.ask(&at(1, 4), &credentials(1), allocate([1; 12])), refused(486));
    assert_eq!(bench.ask(&at(9, 4), &credentials(1), allocate([1; 12])), refused(486), "from elsewhere");
    let later = DateTime::from_timestamp(NOW_S + 3_601, 0).expect("a moment");
    let renewed = key().issue(Uuid::from_u128(1), later);
    assert_eq!(bench.ask(&at(9, 4), &renewed, allocate([1; 12])), refused(486), "by other credentials");
    for port in 5..=6 {
        assert_eq!(bench.ask(&at(1, port), &credentials(2), allocate([1; 12])), DONE);
    }
    assert_eq!(bench.ask(&at(1, 7), &credentials(2), allocate([1; 12])), refused(486), "of one address");
    assert_eq!(bench.ask(&at(2, 1), &credentials(2), allocate([1; 12])), DONE);
    assert_eq!(bench.ask(&at(3, 1), &credentials(3), allocate([1; 12])), DONE);
    assert_eq!(bench.ask(&at(4, 1), &credentials(4), allocate([1; 12])), refused(508), "altogether");
    assert_eq!(bench.ask(&at(1, 1), &credentials(1), refresh(0)), DONE);
    assert_eq!(bench.ask(&at(4, 1), &credentials(4), allocate([1; 12])), DONE, "room again");
    bench.server.end(&at(1, 2));
    assert_eq!(
        bench.ask(&at(1, 9), &credentials(1), allocate([1; 12])),
        DONE,
        "a lost connection is no more"
    );
}

#[test]
fn an_allocation_lasts_as_long_as_it_is_refreshed_within_the_limit() {
    let mut bench = Bench::with(Limits { lifetime: Duration::from_secs(900), ..Limits::default() }, false);
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    let nonce = bench.challenge(&anna).expect("a nonce");
    let wish = allocate([1; 12]).with(attribute::LIFETIME, &100_000_u32.to_be_bytes());
    let answer = bench.say(&anna, &signed(wish, &who, &nonce)).expect("an answer");
    let lasts = Message::parse(&answer).and_then(|message| message.number(attribute::LIFETIME));
    assert_eq!(lasts, Some(900));
    bench.pass(899);
    assert!(bench.server.holds(&anna));
    assert_eq!(bench.ask(&anna, &who, refresh(700)), DONE);
    bench.pass(700);
    assert_eq!(bench.ask(&anna, &who, refresh(700)), refused(437), "it has ended");
}

#[test]
fn bytes_beyond_the_limit_are_dropped_each_way() {
    let limits = Limits { bytes_per_second: Some(10_000), ..Limits::default() };
    let mut bench = Bench::with(limits, false);
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    bench.settled(&anna, &who);
    let packet = [0; 1_000];
    let out =
        |bench: &mut Bench| (0..50).filter(|_| bench.sends(&anna, address(MEDIA), &packet).is_some()).count();
    let back = |bench: &mut Bench| {
        let now = bench.now;
        let heard =
            |bench: &mut Bench| bench.server.heard_from_peer(&anna, address(MEDIA_HERE), &packet, now);
        (0..50).filter(|_| heard(bench).is_some()).count()
    };
    assert_eq!((out(&mut bench), back(&mut bench)), (10, 10));
    assert_eq!((out(&mut bench), back(&mut bench)), (0, 0));
    bench.pass(1);
    assert_eq!((out(&mut bench), back(&mut bench)), (10, 10));
}

#[test]
fn permissions_and_channels_of_an_allocation_are_bounded() {
    let mut bench = Bench::with(Limits::default(), true);
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    assert_eq!(bench.ask(&anna, &who, allocate([1; 12])), DONE);
    let peer = |port: u16| SocketAddr::new(address(MEDIA).ip(), port);
    let many: Vec<SocketAddr> = (1..=33).map(peer).collect();
    assert_eq!(bench.ask(&anna, &who, permission(&many)), refused(508), "all or none");
    assert_eq!(bench.sends(&anna, peer(1), b"x"), None);
    for port in 1..=32 {
        assert_eq!(bench.ask(&anna, &who, channel(0x4000 + port, peer(port))), DONE);
    }
    assert_eq!(bench.ask(&anna, &who, channel(0x4100, peer(100))), refused(508));
    assert_eq!(bench.ask(&anna, &who, permission(&[peer(100)])), refused(508));
    assert_eq!(bench.ask(&anna, &who, channel(0x4001, peer(1))), DONE, "what is there is renewed");
}

#[test]
fn answers_to_strangers_are_short_and_few() {
    let mut bench = Bench::with(Limits { strangers_per_second: 5, ..Limits::default() }, false);
    let victim = client("203.0.113.9:53");
    let everything: Vec<Vec<u8>> = [
        request(method::BINDING).finish(false),
        request(method::BINDING).finish(true),
        // Which must be understood, and is not.
        request(method::BINDING).with(0x7000, &[]).with(0x7001, &[]).finish(false),
        request(method::ALLOCATE).finish(false),
        allocate([1; 12]).finish(false),
        allocate([1; 12]).finish(true),
        request(method::REFRESH).finish(false),
        refresh(0).finish(false),
        permission(&[address(MEDIA)]).finish(false),
        channel(0x4001, address(MEDIA)).finish(false),
        request(method::REFRESH).signed(b"anything").finish(false),
        signed(allocate([1; 12]), &Credentials { password: String::new(), ..credentials(1) }, "x"),
        indication(address(MEDIA), b"x").finish(false),
        stun::to_channel(0x4001, b"x", false),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        Vec::new(),
    ]
    .into();
    let mut worst: f64 = 0.0;
    for (at, raw) in everything.iter().enumerate() {
        // Each from a network that has not asked before.
        let somebody = client(&format!("198.51.100.{at}:53"));
        let answer = bench.say(&somebody, raw).map_or(0, |answer| answer.len());
        let factor = answer as f64 / raw.len().max(1) as f64;
        worst = worst.max(factor);
    }
    assert!(worst > 1.0 && worst < 2.2, "{worst}");
    // However many ask in the victim's name: ten seconds' worth at once, and then so many in a second.
    let raw = allocate([1; 12]).finish(false);
    let answered = |bench: &mut Bench| (0..1_000).filter(|_| bench.say(&victim, &raw).is_some()).count();
    assert_eq!(answered(&mut bench), 50);
    bench.pass(1);
    assert_eq!(answered(&mut bench), 5);
    assert_eq!(bench.server.len(), 0);
}

#[test]
fn who_holds_an_allocation_is_not_shut_out_by_a_flood_of_others() {
    let mut bench = Bench::with(Limits { strangers_per_second: 5, ..Limits::default() }, false);
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    bench.settled(&anna, &who);
    let other = client("198.51.100.1:6000");
    let challenged = (0..100).filter(|_| bench.challenge(&other).is_some()).count();
    assert!(challenged < 100, "{challenged}");
    assert_eq!(bench.ask(&anna, &who, refresh(600)), DONE);
    let aged = signed(refresh(600), &who, "AAAAAAAAAAAAAAAA");
    let told = bench.say(&anna, &aged).expect("an answer");
    assert_eq!(told_of(&Message::parse(&told).expect("a message")), refused(438));
}

#[test]
fn what_the_relay_does_not_do_is_refused_as_the_standard_says() {
    let mut bench = Bench::new();
    let (anna, who) = (client("198.51.100.1:5000"), credentials(1));
    let bare = || request(method::ALLOCATE);
    assert_eq!(bench.ask(&anna, &who, bare()), refused(400), "no transport");
    let tcp = bare().with(attribute::REQUESTED_TRANSPORT, &[6, 0, 0, 0]);
    assert_eq!(bench.ask(&anna, &who, tcp), refused(442));
    let family = |family| allocate([1; 12]).with(attribute::REQUESTED_ADDRESS_FAMILY, &[family, 0, 0, 0]);
    assert_eq!(bench.ask(&anna, &who, family(2)), refused(440));
    let pair = allocate([1; 12]).with(attribute::EVEN_PORT, &[0x80]);
    assert_eq!(bench.ask(&anna, &who, pair), refused(508));
    let unknown = allocate([1; 12]).with(0x001A, &[]);
    assert_eq!(bench.ask(&anna, &who, unknown), refused(420));
    assert_eq!(bench.ask(&anna, &who, refresh(600)), refused(437), "nothing to refresh");
    assert_eq!(bench.ask(&anna, &who, permission(&[address(MEDIA)])), refused(437));
    assert_eq!(bench.server.len(), 0);
    assert_eq!(bench.ask(&anna, &who, family(1)), DONE);
    assert_eq!(bench.ask(&anna, &who, permission(&[])), refused(400));
}
