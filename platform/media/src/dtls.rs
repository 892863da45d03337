//! The handshake by which both sides agree on keys (DTLS 1.2, RFC 6347; DTLS-SRTP, RFC 5764).

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::crypto::RTCCryptoProvider;
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::srtp::config::LABEL_EXTRACTOR_DTLS_SRTP;
use sha2::{Digest as _, Sha256};

use crate::srtp::{Cipher, Srtp};

/// Stands for the other side, wherever its packets come from: paths change under a handshake, keys do not.
const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9);
/// The library sends its flight again after so long. It does so seven times and gives up, so that this is long and
/// [`Repeats`] do what is quick.
const FLIGHT: Duration = Duration::from_secs(4);
/// Larger ones would be cut into pieces by networks that carry 1,280 bytes.
const MTU: usize = 1_200;

/// SHA-256 over a certificate: what descriptions call it by (RFC 8122 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// Reads `AB:CD:…`; `None` when it is no SHA-256.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|part| part.len() == 2)?;
            *byte = u8::from_str_radix(part, 16).ok()?;
        }
        parts.next().is_none().then_some(Self(bytes))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

/// What all handshakes of a server share: its certificate, made anew at each start, and what it agrees to.
#[derive(Clone)]
pub struct Identity {
    crypto: Arc<dyn RTCCryptoProvider>,
    certificate: Certificate,
    fingerprint: Fingerprint,
    /// One for each of [`PROFILES`] alone: the library takes the first that the other side names and that we know, and
    /// browsers do not name the cheapest first.
    servers: [Arc<HandshakeConfig>; 3],
    client: Arc<HandshakeConfig>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[error("a certificate for media could not be made: {0}")]
pub struct IdentityError(String);

/// The cheapest first.
const PROFILES: [SrtpProtectionProfile; 3] = [
    SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
    SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
    SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
];
/// A longer first message is no handshake.
const HELLO: usize = 16 * 1024;

impl Identity {
    /// Makes a key and a certificate for it.
    ///
    /// # Errors
    /// [`IdentityError`] when the system's source of randomness fails.
    pub fn generate() -> Result<Self, IdentityError> {
        let failed = |error: &dyn std::fmt::Display| IdentityError(error.to_string());
        let crypto = rtc::crypto::default_provider().map_err(|error| failed(&error))?;
        let certificate = Certificate::generate_self_signed(vec!["plenum".to_owned()], crypto.crypto())
            .map_err(|error| failed(&error))?;
        let der = certificate.certificate.first().ok_or_else(|| failed(&"it is empty"))?;
        let fingerprint = Fingerprint::of(der);
        let with = |is_client, profiles: &[_]| config(&crypto, &certificate, is_client, profiles);
        let [first, second, third] = PROFILES;
        Ok(Self {
            servers: [with(false, &[first])?, with(false, &[second])?, with(false, &[third])?],
            client: with(true, &PROFILES)?,
            certificate: certificate.clone(),
            crypto: Arc::clone(&crypto),
            fingerprint,
        })
    }

    /// The same, that as a client offers this cipher alone.
    ///
    /// # Errors
    /// [`IdentityError`] when it cannot be offered.
    pub fn only(self, cipher: Cipher) -> Result<Self, IdentityError> {
        let wanted = PROFILES.into_iter().find(|profile| Cipher::negotiated(*profile) == Some(cipher));
        let wanted = wanted.ok_or_else(|| IdentityError("there is no such cipher".to_owned()))?;
        let client = config(&self.crypto, &self.certificate, true, &[wanted])?;
        Ok(Self { client, ..self })
    }

    /// What descriptions call the certificate by.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// What a side of a handshake has and agrees to.
fn config(
    crypto: &Arc<dyn RTCCryptoProvider>,
    certificate: &Certificate,
    is_client: bool,
    profiles: &[SrtpProtectionProfile],
) -> Result<Arc<HandshakeConfig>, IdentityError> {
    // Who the other side is is told by its fingerprint, not by an authority; see `Dtls::finish`.
    let builder = ConfigBuilder::default()
        .with_crypto_provider(Arc::clone(crypto))
        .with_certificates(vec![certificate.clone()])
        .with_srtp_protection_profiles(profiles.to_vec())
        .with_client_auth(ClientAuthType::RequireAnyClientCert)
        .with_extended_master_secret(ExtendedMasterSecretType::Require)
        .with_insecure_skip_verify(true)
        .with_server_name("plenum".to_owned())
        .with_flight_interval(FLIGHT)
        .with_mtu(MTU);
    builder.build(is_client, None).map(Arc::new).map_err(|error| IdentityError(error.to_string()))
}

/// One handshake.
pub(crate) struct Dtls {
    identity: Identity,
    endpoint: Endpoint,
    is_client: bool,
    begun: bool,
    hello: Hello,
    /// What the other side's description calls its certificate by.
    expected: Fingerprint,
    repeats: Repeats,
}

/// What came of a datagram.
pub(crate) enum Progress {
    /// There is more to come.
    Going,
    /// Both sides have the keys.
    Done(Box<Srtp>),
    /// The other side has ended the connection.
    Closed,
    /// It cannot succeed any more.
    Failed(String),
}

impl Dtls {
    /// Waits for the other side to begin.
    pub(crate) fn server(identity: &Identity, expected: Fingerprint) -> Self {
        let local = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let endpoint = Endpoint::new(local, TransportProtocol::UDP, None);
        Self {
            identity: identity.clone(),
            endpoint,
            is_client: false,
            begun: false,
            hello: Hello::default(),
            expected,
            repeats: Repeats::default(),
        }
    }

    /// Will begin by itself.
    pub(crate) fn client(identity: &Identity, expected: Fingerprint) -> Self {
        let local = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let endpoint = Endpoint::new(local, TransportProtocol::UDP, None);
        Self {
            identity: identity.clone(),
            endpoint,
            is_client: true,
            begun: false,
            hello: Hello::default(),
            expected,
            repeats: Repeats::default(),
        }
    }

    /// The path is there: a client begins.
    pub(crate) fn begin(&mut self, now: Instant) -> Result<(), String> {
        if !self.is_client || self.begun {
            return Ok(());
        }
        self.begun = true;
        let config = Arc::clone(&self.identity.client);
        self.endpoint.connect(now, PEER, config, None).map_err(|error| error.to_string())
    }

    pub(crate) fn read(&mut self, now: Instant, datagram: &[u8]) -> Progress {
        let mut events = Vec::new();
        if !self.is_client && !self.begun {
            // What is offered decides what we agree to, so the first message is read as a whole before.
            let Some(offered) = self.hello.add(datagram) else { return Progress::Going };
            self.begun = true;
            let wanted = PROFILES.iter().position(|profile| offered.contains(&(*profile as u16)));
            let Some(wanted) = wanted else {
                return Progress::Failed("no cipher is offered that we know".into());
            };
            self.endpoint.set_server_config(Some(Arc::clone(&self.identity.servers[wanted])));
            for datagram in std::mem::take(&mut self.hello.datagrams) {
                events.extend(self.take(now, &datagram));
            }
        } else {
            events = self.take(now, datagram);
        }
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    // Whether the last flight has come, its sender cannot know.
                    self.repeats.is_over = self.is_client;
                    return match self.finish() {
                        Ok(srtp) => Progress::Done(Box::new(srtp)),
                        Err(why) => Progress::Failed(why),
                    };
                }
                EndpointEvent::PeerClosed => return Progress::Closed,
                _ => {}
            }
        }
        Progress::Going
    }

    fn take(&mut self, now: Instant, datagram: &[u8]) -> Vec<EndpointEvent> {
        // Anybody can send a datagram that is none; the handshake goes on with those that are.
        self.endpoint.read(now, PEER, None, BytesMut::from(datagram)).unwrap_or_else(|error| {
            tracing::debug!(%error, "a datagram of a handshake was not understood");
            Vec::new()
        })
    }

    /// The next datagram to send.
    pub(crate) fn next(&mut self, now: Instant) -> Option<BytesMut> {
        let fresh = self.endpoint.poll_transmit().map(|transmit| transmit.message);
        match &fresh {
            Some(datagram) => self.repeats.note(now, datagram),
            None => self.repeats.is_open = false,
        }
        fresh.or_else(|| self.repeats.waiting.pop_front())
    }

    /// When a flight has to be sent again.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.endpoint.poll_timeout(&PEER)
    }

    pub(crate) fn on_time(&mut self, now: Instant) -> Result<(), String> {
        self.repeats.on_time(now);
        if self.due().is_none_or(|due| due > now) {
            return Ok(());
        }
        self.endpoint.handle_timeout(PEER, now).map_err(|error| error.to_string())
    }

    /// The other side has the keys.
    pub(crate) fn settle(&mut self) {
        self.repeats.is_over = true;
    }

    /// Says good bye.
    pub(crate) fn close(&mut self, now: Instant) {
        self.endpoint.stop(now, PEER);
    }

    fn finish(&self) -> Result<Srtp, String> {
        let state = self.endpoint.get_connection_state(PEER).ok_or("the handshake has no state")?;
        let certificate = state.peer_certificates.first().ok_or("the other side has no certificate")?;
        if Fingerprint::of(certificate) != self.expected {
            return Err("the certificate is not the one of the description".to_owned());
        }
        let cipher =
            Cipher::negotiated(state.srtp_protection_profile()).ok_or("no cipher was agreed upon")?;
        let material = state
            .export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], cipher.material_len())
            .map_err(|error| error.to_string())?;
        Srtp::new(cipher, material.as_ref(), self.is_client, &self.identity.crypto)
            .map_err(|error| error.to_string())
    }
}

/// What was sent last, so that it can be sent once more as it is.
///
/// The library forgets to send its flight again once something has come that is not yet enough (a part of the other side's
/// flight, or an old one again), and when both sides are in that state neither says a word any more (RFC 6347 §4.2.4 wants
/// both to go on). A record that came at first is a repetition to the other side, and is left out there; one that got
/// lost is what was waited for.
#[derive(Default)]
struct Repeats {
    flight: Vec<BytesMut>,
    /// Whether what is sent next belongs to the same flight.
    is_open: bool,
    waiting: VecDeque<BytesMut>,
    sent: Option<Instant>,
    count: u32,
    is_over: bool,
}

/// A flight is repeated after so long, then after twice as long, and so on, so many times.
const REPEAT: Duration = Duration::from_millis(250);
const REPEATS: u32 = 14;

impl Repeats {
    fn note(&mut self, now: Instant, datagram: &BytesMut) {
        if !self.is_open {
            (self.is_open, self.count) = (true, 0);
            self.flight.clear();
            self.waiting.clear();
        }
        self.flight.push(datagram.clone());
        self.sent = Some(now);
    }

    fn on_time(&mut self, now: Instant) {
        let Some(sent) = self.sent.filter(|_| !self.is_over && self.count < REPEATS) else { return };
        // At most two seconds.
        let wait = REPEAT * (1 << self.count.min(3));
        if now.saturating_duration_since(sent) >= wait {
            self.waiting = self.flight.iter().cloned().collect();
            self.sent = Some(now);
            self.count += 1;
        }
    }
}

/// The first message of a client, put together from the datagrams that it comes in: browsers send one that is longer than
/// a datagram, with its extensions in any order.
#[derive(Default)]
struct Hello {
    datagrams: Vec<Vec<u8>>,
    message: Vec<u8>,
    /// Which bytes of the message have come.
    there: Vec<bool>,
}

impl Hello {
    /// Adds a datagram. Once the message is whole: the ciphers for media that it offers (RFC 5764 §4.1.1).
    fn add(&mut self, datagram: &[u8]) -> Option<Vec<u16>> {
        let mut rest = datagram;
        while let Some((message, behind)) = record(rest) {
            self.add_part(message);
            rest = behind;
        }
        let held: usize = self.datagrams.iter().map(Vec::len).sum();
        if held + datagram.len() <= HELLO {
            self.datagrams.push(datagram.to_vec());
        }
        let is_whole = !self.there.is_empty() && self.there.iter().all(|there| *there);
        is_whole.then(|| offered(&self.message).unwrap_or_default())
    }

    /// Adds a part of a message of the handshake (RFC 6347 §4.2.2); of a ClientHello only.
    fn add_part(&mut self, part: &[u8]) {
        let Some((&[1, l0, l1, l2, _, _, o0, o1, o2, p0, p1, p2], body)) = part.split_first_chunk() else {
            return;
        };
        let number =
            |bytes: [u8; 3]| usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2]);
        let (whole, from, length) = (number([l0, l1, l2]), number([o0, o1, o2]), number([p0, p1, p2]));
        if whole > HELLO || from + length > whole || body.len() < length {
            return;
        }
        if self.message.len() != whole {
            self.message = vec![0; whole];
            self.there = vec![false; whole];
        }
        self.message[from..from + length].copy_from_slice(&body[..length]);
        self.there[from..from + length].fill(true);
    }
}

/// The first record of a datagram when it is of the handshake, and what is behind it (RFC 6347 §4.1).
fn record(datagram: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[kind, _, _, _, _, _, _, _, _, _, _, high, low], rest) = datagram.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    (kind == 22 && rest.len() >= length).then(|| rest.split_at(length))
}

/// The ciphers for media that a ClientHello offers (RFC 5246 §7.4.1.2).
fn offered(hello: &[u8]) -> Option<Vec<u16>> {
    // Version and random; then session, cookie, ciphers and compressions, each behind its length.
    let mut at = 2 + 32;
    at += 1 + usize::from(*hello.get(at)?);
    at += 1 + usize::from(*hello.get(at)?);
    at += 2 + usize::from(u16::from_be_bytes([*hello.get(at)?, *hello.get(at + 1)?]));
    at += 1 + usize::from(*hello.get(at)?);
    let mut rest = hello.get(at + 2..)?;
    while let Some((&[a, b, c, d], behind)) = rest.split_first_chunk() {
        let value = behind.get(..usize::from(u16::from_be_bytes([c, d])))?;
        // `use_srtp`: a length, the profiles, and what identifies keys, which nobody uses.
        if u16::from_be_bytes([a, b]) == 14 {
            let (&[high, low], profiles) = value.split_first_chunk()?;
            let profiles = profiles.get(..usize::from(u16::from_be_bytes([high, low])))?;
            return Some(profiles.chunks_exact(2).map(|one| u16::from_be_bytes([one[0], one[1]])).collect());
        }
        rest = &behind[value.len()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ends, until nothing more is said.
    fn shake(client: &mut Dtls, server: &mut Dtls) -> [Option<Result<Srtp, String>>; 2] {
        let now = Instant::now();
        let mut ends = [None, None];
        client.begin(now).expect("begun");
        loop {
            let mut silent = true;
            for turn in 0..2 {
                let (from, to): (&mut Dtls, &mut Dtls) =
                    if turn == 0 { (&mut *client, &mut *server) } else { (&mut *server, &mut *client) };
                while let Some(datagram) = from.next(now) {
                    silent = false;
                    match to.read(now, &datagram) {
                        Progress::Going | Progress::Closed => {}
                        Progress::Done(srtp) => ends[1 - turn] = Some(Ok(*srtp)),
                        Progress::Failed(why) => ends[1 - turn] = Some(Err(why)),
                    }
                }
            }
            if silent {
                return ends;
            }
        }
    }

    #[test]
    fn both_sides_get_the_same_keys_for_the_cheaper_cipher() {
        let (anna, server) = (Identity::generate().expect("one"), Identity::generate().expect("one"));
        let mut client = Dtls::client(&anna, server.fingerprint());
        let mut other = Dtls::server(&server, anna.fingerprint());
        let [Some(Ok(mut client)), Some(Ok(mut server))] = shake(&mut client, &mut other) else {
            panic!("no keys");
        };
        assert_eq!((client.cipher, server.cipher), (Cipher::Aes128Gcm, Cipher::Aes128Gcm));
        let report = [0x80, 201, 0, 1, 0, 0, 0, 9];
        let sealed = client.seal_rtcp(&report).expect("sealed");
        assert_eq!(&server.open_rtcp(&sealed).expect("opened")[..], report);
    }

    #[test]
    fn a_first_message_in_pieces_is_put_together() {
        let identity = Identity::generate().expect("one");
        let mut client = Dtls::client(&identity, identity.fingerprint());
        client.begin(Instant::now()).expect("begun");
        let whole = client.next(Instant::now()).expect("a message");
        let (header, message) = (&whole[..13], &whole[25..]);
        let piece = |from: usize, to: usize| {
            let mut piece = header.to_vec();
            let number = |value: usize| u32::try_from(value).expect("small").to_be_bytes();
            piece.extend_from_slice(&[1]);
            piece.extend_from_slice(&number(message.len())[1..]);
            piece.extend_from_slice(&[0, 0]);
            piece.extend_from_slice(&number(from)[1..]);
            piece.extend_from_slice(&number(to - from)[1..]);
            piece.extend_from_slice(&message[from..to]);
            let length = u16::try_from(piece.len() - 13).expect("short").to_be_bytes();
            piece[11..13].copy_from_slice(&length);
            piece
        };
        let mut hello = Hello::default();
        assert_eq!(hello.add(&piece(70, message.len())), None);
        assert_eq!(hello.add(&piece(0, 40)), None);
        assert_eq!(hello.add(&piece(40, 70)), Some(vec![7, 8, 1]));
        assert_eq!(hello.datagrams.len(), 3);
    }

    proptest::proptest! {
        #[test]
        fn no_first_datagram_confuses_the_reader(
            mut raw in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120),
            shaped in proptest::prelude::any::<bool>(),
        ) {
            if shaped && raw.len() > 25 {
                (raw[0], raw[13]) = (22, 1);
                let length = u16::try_from(raw.len() - 13).expect("short").to_be_bytes();
                raw[11..13].copy_from_slice(&length);
            }
            let mut hello = Hello::default();
            let _ = hello.add(&raw);
            let _ = offered(&raw);
        }
    }

    #[test]
    fn another_certificate_than_the_described_one_gets_no_keys() {
        let (anna, server) = (Identity::generate().expect("one"), Identity::generate().expect("one"));
        let mut client = Dtls::client(&anna, server.fingerprint());
        let mut other = Dtls::server(&server, Identity::generate().expect("one").fingerprint());
        let [_, at_server] = shake(&mut client, &mut other);
        assert!(matches!(at_server, Some(Err(_))));
    }

    #[test]
    fn fingerprints_are_read_as_they_are_written() {
        let fingerprint = Identity::generate().expect("one").fingerprint();
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        assert_eq!(Fingerprint::parse(&fingerprint.to_string().to_lowercase()), Some(fingerprint));
        for text in ["", "AB", "AB:CD", "AB:".repeat(32).as_str(), "+1:".repeat(31).as_str()] {
            assert_eq!(Fingerprint::parse(text), None, "{text}");
        }
    }
}
