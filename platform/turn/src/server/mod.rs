//! What is answered and what is passed on: messages and time in, messages out. No sockets, no tasks.
//!
//! Of RFC 8656 it does what browsers need: allocations of UDP, permissions, channels. What it does not do is refused as
//! the standard says: relayed addresses of another family (440), TCP to peers (442), pairs of ports (508). Stricter than
//! the standard: permissions are for an address with its port, and whether an address may be sent to is asked for each
//! packet.

mod allocation;
mod nonce;

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use plenum_stun::{self as stun, CHANNELS, Class, Message, Transaction, Writer, attribute, method};

use self::{
    allocation::{Allocation, Beginning, Refused, Way},
    nonce::Nonces,
};
use crate::{
    credentials::{REALM, TurnKey},
    limits::{Limits, Strangers, network},
    peers::{Peers, is_never_a_peer},
};

/// How long an allocation lasts when its client does not say (RFC 8656 §7.2).
const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);
/// The shortest request that is answered to a stranger with a challenge: no answer is much longer than its request.
const SHORTEST_CHALLENGED: usize = 28;
/// So many unknown attributes are named in an answer.
const UNKNOWN_NAMED: usize = 4;
/// REQUESTED-TRANSPORT: UDP.
const UDP: u8 = 17;

/// The present moment, by both clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// What lifetimes are measured by.
    pub(crate) at: Instant,
    /// What credentials expire by: seconds since 1970.
    pub(crate) unix_s: i64,
}

/// Where a message came from: with the relay's own address, which the listener stands for, the five-tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client {
    pub(crate) listener: u8,
    pub(crate) address: SocketAddr,
    /// Whether it is a connection, by TCP or TLS.
    pub(crate) stream: bool,
}

/// Opens sockets towards the media server.
pub(crate) trait Sockets<S> {
    /// Opens one, and tells where it is bound.
    ///
    /// # Errors
    /// When there is none to be had.
    fn open(&mut self) -> io::Result<(S, SocketAddr)>;
}

/// What becomes of a message of a client.
#[derive(Debug)]
pub(crate) enum Outcome<'a, S> {
    /// Nothing.
    Nothing,
    /// The client is answered.
    Answer(Vec<u8>),
    /// A peer is sent this.
    Forward { socket: S, to: SocketAddr, data: &'a [u8] },
}

/// What the server works by.
pub(crate) struct Rules {
    pub(crate) key: TurnKey,
    pub(crate) limits: Limits,
    pub(crate) peers: Arc<dyn Peers>,
    /// The address that clients are told of their allocations.
    pub(crate) relayed_ip: IpAddr,
    /// Where the relay itself listens: nothing is sent there.
    pub(crate) listens_at: Vec<SocketAddr>,
}

/// All allocations.
pub(crate) struct Server<S> {
    rules: Rules,
    nonces: Nonces,
    strangers: Strangers,
    allocations: HashMap<Client, Allocation<S>>,
    per_participant: HashMap<String, usize>,
    per_address: HashMap<IpAddr, usize>,
    /// The ports of relayed addresses, and where they are bound.
    relayed: HashMap<u16, IpAddr>,
}

/// A request whose sender has shown who they are.
struct Known<'a> {
    username: &'a str,
    participant: &'a str,
    until_s: i64,
    key: [u8; 16],
}

impl<S: Clone> Server<S> {
    pub(crate) fn new(rules: Rules, now: Now) -> Self {
        let strangers = Strangers::new(rules.limits.strangers_per_second, now.at);
        Self {
            rules,
            nonces: Nonces::new(),
            strangers,
            allocations: HashMap::new(),
            per_participant: HashMap::new(),
            per_address: HashMap::new(),
            relayed: HashMap::new(),
        }
    }

    /// How many allocations there are.
    pub(crate) fn len(&self) -> usize {
        self.allocations.len()
    }

    /// Whether this client holds one.
    pub(crate) fn holds(&self, client: &Client) -> bool {
        self.allocations.contains_key(client)
    }

    /// Ends allocations whose time is over. To be called every few seconds; each is looked at again when it is used.
    pub(crate) fn sweep(&mut self, now: Now) {
        let over: Vec<Client> = self
            .allocations
            .iter()
            .filter(|(_, held)| held.is_over(now))
            .map(|(client, _)| *client)
            .collect();
        for client in over {
            self.end(&client);
        }
        self.strangers.sweep(now.at);
    }

    /// Ends the allocation of a client, whose connection is lost or who wishes so.
    pub(crate) fn end(&mut self, client: &Client) {
        let Some(ended) = self.allocations.remove(client) else { return };
        self.relayed.remove(&ended.relayed.port());
        decrease(&mut self.per_participant, &ended.participant);
        decrease(&mut self.per_address, &network(client.address.ip()));
        tracing::debug!(participant = %ended.participant, "an allocation of the relay has ended");
    }

    /// A message of a client.
    pub(crate) fn heard<'a>(
        &mut self,
        client: &Client,
        raw: &'a [u8],
        sockets: &mut dyn Sockets<S>,
        now: Now,
    ) -> Outcome<'a, S> {
        if let Some((number, data)) = stun::channel_data(raw) {
            let Some(held) = self.held(client, now) else { return Outcome::Nothing };
            return match held.peer_of(number, now) {
                Some(peer) => self.forward(client, peer, data, now),
                None => Outcome::Nothing,
            };
        }
        let Some(message) = Message::parse(raw) else { return Outcome::Nothing };
        match (message.class, message.method) {
            (Class::Indication, method::SEND) => self.send(client, &message, now),
            (Class::Request, method::BINDING) => self.binding(client, &message, now),
            (
                Class::Request,
                method::ALLOCATE | method::REFRESH | method::CREATE_PERMISSION | method::CHANNEL_BIND,
            ) => match self.request(client, &message, raw.len(), sockets, now) {
                Some(answer) => Outcome::Answer(answer),
                None => Outcome::Nothing,
            },
            _ => Outcome::Nothing,
        }
    }

    /// Something came to the relayed address of a client; returns what the client is sent.
    pub(crate) fn heard_from_peer(
        &mut self,
        client: &Client,
        from: SocketAddr,
        data: &[u8],
        now: Now,
    ) -> Option<Vec<u8>> {
        let peer = self.held(client, now)?.peer_at(from, now)?;
        if self.judge(peer) != Some(from) {
            return None;
        }
        let held = self.allocations.get_mut(client)?;
        if !held.carries(Way::ToClient, data.len(), now) {
            return None;
        }
        if let Some(number) = held.number_of(peer, now) {
            return Some(stun::to_channel(number, data, client.stream));
        }
        let indication = Writer::new(Class::Indication, method::DATA, rand::random::<Transaction>())
            .with_address(attribute::XOR_PEER_ADDRESS, peer)
            .with(attribute::DATA, data);
        Some(indication.finish(false))
    }

    /// The allocation of a client, if its time is not over.
    fn held(&mut self, client: &Client, now: Now) -> Option<&mut Allocation<S>> {
        if self.allocations.get(client)?.is_over(now) {
            self.end(client);
            return None;
        }
        self.allocations.get_mut(client)
    }

    /// Where an address is reached, if it is the media server's. Nothing else is ever sent to.
    fn judge(&self, peer: SocketAddr) -> Option<SocketAddr> {
        if is_never_a_peer(peer) {
            return None;
        }
        let at = self.rules.peers.reached_at(peer).filter(|at| !is_never_a_peer(*at))?;
        (!self.is_own(peer) && !self.is_own(at)).then_some(at)
    }

    /// Whether it is an address of the relay itself: where it listens, or one that it has given out.
    fn is_own(&self, address: SocketAddr) -> bool {
        let given_out = self.relayed.get(&address.port()).is_some_and(|ip| {
            *ip == address.ip() || ip.is_unspecified() || self.rules.relayed_ip == address.ip()
        });
        let listens = |at: &SocketAddr| {
            at.port() == address.port() && (at.ip() == address.ip() || at.ip().is_unspecified())
        };
        given_out || self.rules.listens_at.iter().any(listens)
    }

    fn forward<'a>(&mut self, client: &Client, peer: SocketAddr, data: &'a [u8], now: Now) -> Outcome<'a, S> {
        let Some(at) = self.judge(peer) else { return Outcome::Nothing };
        let Some(held) = self.allocations.get_mut(client) else { return Outcome::Nothing };
        if !held.permits(peer, now) || !held.carries(Way::ToPeer, data.len(), now) {
            return Outcome::Nothing;
        }
        Outcome::Forward { socket: held.socket.clone(), to: at, data }
    }

    /// A Send indication (RFC 8656 §11.2). What is wrong with it is passed over in silence.
    fn send<'a>(&mut self, client: &Client, message: &Message<'a>, now: Now) -> Outcome<'a, S> {
        if self.held(client, now).is_none() || !unknown(message).is_empty() {
            return Outcome::Nothing;
        }
        let peer = message.get(attribute::XOR_PEER_ADDRESS).and_then(|value| message.address(value));
        match (peer, message.get(attribute::DATA)) {
            (Some(peer), Some(data)) => self.forward(client, peer, data, now),
            _ => Outcome::Nothing,
        }
    }

    /// Tells anybody where they come from (RFC 8489 §3.1).
    fn binding(&mut self, client: &Client, message: &Message<'_>, now: Now) -> Outcome<'static, S> {
        if !self.strangers.admit(client.address.ip(), now.at) {
            return Outcome::Nothing;
        }
        let answer = match unknown(message) {
            unknown if unknown.is_empty() => message
                .answer(Class::Success)
                .with_address(attribute::XOR_MAPPED_ADDRESS, told(client.address)),
            unknown => unknown_attributes(message, &unknown),
        };
        Outcome::Answer(answer.finish(message.is_fingerprinted()))
    }

    /// A request that only somebody known may make.
    fn request(
        &mut self,
        client: &Client,
        message: &Message<'_>,
        length: usize,
        sockets: &mut dyn Sockets<S>,
        now: Now,
    ) -> Option<Vec<u8>> {
        // Before anything is calculated, so that a flood of forgeries costs little. Who holds an allocation has shown who
        // they are, and is not shut out by others behind the same router.
        let held = self.held(client, now).is_some();
        if !held && !self.strangers.admit(client.address.ip(), now.at) {
            return None;
        }
        let known = match self.identify(client, message, now) {
            Ok(known) => known,
            // An aged nonce is nobody's fault; all else is not the holder's.
            Err(code) if held && code != 438 && !self.strangers.admit(client.address.ip(), now.at) => {
                return None;
            }
            Err(code) => return self.challenge(client, message, length, code, now),
        };
        let answer =
            self.act(client, message, &known, sockets, now).unwrap_or_else(|refusal| match refusal {
                Refusal::Code(code) => message.answer(Class::Error).with_error(code),
                Refusal::Unknown(kinds) => unknown_attributes(message, &kinds),
            });
        Some(answer.signed(&known.key).finish(message.is_fingerprinted()))
    }

    /// The long-term mechanism of RFC 8489 §9.2.4.
    fn identify<'a>(&self, client: &Client, message: &Message<'a>, now: Now) -> Result<Known<'a>, u16> {
        if !message.is_signed() {
            return Err(401);
        }
        let (Some(username), Some(realm), Some(nonce)) = (
            message.text(attribute::USERNAME),
            message.text(attribute::REALM),
            message.text(attribute::NONCE),
        ) else {
            return Err(400);
        };
        if !self.nonces.holds(nonce, client, now.unix_s) {
            return Err(438);
        }
        let named = self.rules.key.read(username, now.unix_s).filter(|_| realm == REALM).ok_or(401_u16)?;
        if !message.is_signed_by(&named.key) {
            return Err(401);
        }
        Ok(Known { username, participant: named.participant, until_s: named.until_s, key: named.key })
    }

    /// An answer to a stranger: short, unsigned, and with what they need to show who they are.
    fn challenge(
        &self,
        client: &Client,
        message: &Message<'_>,
        length: usize,
        code: u16,
        now: Now,
    ) -> Option<Vec<u8>> {
        if length < SHORTEST_CHALLENGED {
            return None;
        }
        let mut answer = message.answer(Class::Error).with_error(code);
        if code != 400 {
            let nonce = self.nonces.issue(client, now.unix_s);
            answer = answer.with(attribute::REALM, REALM.as_bytes()).with(attribute::NONCE, nonce.as_bytes());
        }
        // A fingerprint would make the answer longer, and helps only where other protocols share a port.
        Some(answer.finish(false))
    }

    fn act(
        &mut self,
        client: &Client,
        message: &Message<'_>,
        known: &Known<'_>,
        sockets: &mut dyn Sockets<S>,
        now: Now,
    ) -> Result<Writer, Refusal> {
        let unknown = unknown(message);
        if !unknown.is_empty() {
            return Err(Refusal::Unknown(unknown));
        }
        if self.held(client, now).is_some_and(|held| held.username != known.username) {
            // RFC 8656 §5: what somebody holds is not for others.
            return Err(Refusal::Code(if message.method == method::ALLOCATE { 437 } else { 441 }));
        }
        match message.method {
            method::ALLOCATE => self.allocate(client, message, known, sockets, now),
            method::REFRESH => self.refresh(client, message, now),
            method::CREATE_PERMISSION => self.create_permission(client, message, now),
            _ => self.bind_channel(client, message, now),
        }
    }

    /// RFC 8656 §7.2.
    fn allocate(
        &mut self,
        client: &Client,
        message: &Message<'_>,
        known: &Known<'_>,
        sockets: &mut dyn Sockets<S>,
        now: Now,
    ) -> Result<Writer, Refusal> {
        if let Some(held) = self.held(client, now) {
            if held.request != message.transaction {
                return Err(Refusal::Code(437));
            }
            let (relayed, left) = (held.relayed, held.left(now));
            return Ok(self.allocated(client, message, relayed, left));
        }
        match message.get(attribute::REQUESTED_TRANSPORT) {
            Some([UDP, ..]) => {}
            Some([_, ..]) => return Err(Refusal::Code(442)),
            _ => return Err(Refusal::Code(400)),
        }
        // Without a wish the media server's family is meant: there is nothing else to be reached (the standard says IPv4).
        if let Some([family, ..]) = message.get(attribute::REQUESTED_ADDRESS_FAMILY) {
            let own = if self.rules.relayed_ip.is_ipv4() { 1 } else { 2 };
            if *family != own {
                return Err(Refusal::Code(440));
            }
        }
        if [attribute::EVEN_PORT, attribute::RESERVATION_TOKEN]
            .iter()
            .any(|kind| message.get(*kind).is_some())
        {
            return Err(Refusal::Code(508));
        }
        let limits = &self.rules.limits;
        let address = network(client.address.ip());
        let of_participant = self.per_participant.get(known.participant).copied().unwrap_or(0);
        let of_address = self.per_address.get(&address).copied().unwrap_or(0);
        if of_participant >= limits.per_participant || of_address >= limits.per_address {
            tracing::warn!(
                participant = known.participant,
                of_participant,
                of_address,
                "too many allocations"
            );
            return Err(Refusal::Code(486));
        }
        if self.allocations.len() >= limits.total {
            tracing::warn!("the relay has no room for further allocations");
            return Err(Refusal::Code(508));
        }
        let (socket, relayed) = sockets.open().map_err(|error| {
            tracing::warn!(%error, "the relay could not open a socket");
            Refusal::Code(508)
        })?;
        let beginning = Beginning {
            username: known.username.to_owned(),
            participant: known.participant.to_owned(),
            ends_s: known.until_s,
            request: message.transaction,
            relayed,
            socket,
            bytes_per_second: limits.bytes_per_second,
        };
        let mut held = Allocation::begin(beginning, now);
        let lasts = held.last(self.wished(message).unwrap_or(DEFAULT_LIFETIME), now);
        self.allocations.insert(*client, held);
        self.relayed.insert(relayed.port(), relayed.ip());
        *self.per_participant.entry(known.participant.to_owned()).or_default() += 1;
        *self.per_address.entry(address).or_default() += 1;
        tracing::debug!(participant = known.participant, "an allocation of the relay has begun");
        Ok(self.allocated(client, message, relayed, lasts))
    }

    fn allocated(
        &self,
        client: &Client,
        message: &Message<'_>,
        relayed: SocketAddr,
        lasts: Duration,
    ) -> Writer {
        let relayed = SocketAddr::new(self.rules.relayed_ip, relayed.port());
        message
            .answer(Class::Success)
            .with_address(attribute::XOR_RELAYED_ADDRESS, relayed)
            .with(attribute::LIFETIME, &seconds(lasts))
            .with_address(attribute::XOR_MAPPED_ADDRESS, told(client.address))
    }

    /// How long the client would like its allocation to last, within the limits; `None` for not at all.
    fn wished(&self, message: &Message<'_>) -> Option<Duration> {
        let wished = match message.number(attribute::LIFETIME) {
            Some(0) => return None,
            Some(seconds) => Duration::from_secs(seconds.into()).max(DEFAULT_LIFETIME),
            None => DEFAULT_LIFETIME,
        };
        Some(wished.min(self.rules.limits.lifetime))
    }

    /// RFC 8656 §8.2.
    fn refresh(&mut self, client: &Client, message: &Message<'_>, now: Now) -> Result<Writer, Refusal> {
        let wished = self.wished(message);
        let held = self.held(client, now).ok_or(Refusal::Code(437))?;
        let lasts = if let Some(wished) = wished {
            held.last(wished, now)
        } else {
            self.end(client);
            Duration::ZERO
        };
        Ok(message.answer(Class::Success).with(attribute::LIFETIME, &seconds(lasts)))
    }

    /// RFC 8656 §10.2: all addresses, or none.
    fn create_permission(
        &mut self,
        client: &Client,
        message: &Message<'_>,
        now: Now,
    ) -> Result<Writer, Refusal> {
        if self.held(client, now).is_none() {
            return Err(Refusal::Code(437));
        }
        let named = message.attributes().filter(|(kind, _)| *kind == attribute::XOR_PEER_ADDRESS);
        let mut peers = Vec::new();
        for (_, value) in named {
            peers.push(self.admitted(message, value)?);
        }
        if peers.is_empty() {
            return Err(Refusal::Code(400));
        }
        let held = self.held(client, now).ok_or(Refusal::Code(437))?;
        held.permit(&peers, now).map_err(|_| Refusal::Code(508))?;
        Ok(message.answer(Class::Success))
    }

    /// RFC 8656 §12.2.
    fn bind_channel(&mut self, client: &Client, message: &Message<'_>, now: Now) -> Result<Writer, Refusal> {
        if self.held(client, now).is_none() {
            return Err(Refusal::Code(437));
        }
        let number = match message.get(attribute::CHANNEL_NUMBER) {
            Some(&[high, low, _, _]) => u16::from_be_bytes([high, low]),
            _ => return Err(Refusal::Code(400)),
        };
        let value = message.get(attribute::XOR_PEER_ADDRESS).ok_or(Refusal::Code(400))?;
        if !CHANNELS.contains(&number) {
            return Err(Refusal::Code(400));
        }
        let (peer, at) = self.admitted(message, value)?;
        let held = self.held(client, now).ok_or(Refusal::Code(437))?;
        held.bind(number, peer, at, now).map_err(|refused| {
            Refusal::Code(match refused {
                Refused::Bound => 400,
                Refused::Full => 508,
            })
        })?;
        Ok(message.answer(Class::Success))
    }

    /// An address that a client wishes to reach, and where it is: 403 for whatever is not the media server's (RFC 8656
    /// §10.2, §12.2: "restrictions on the IP address and port values").
    fn admitted(&self, message: &Message<'_>, value: &[u8]) -> Result<(SocketAddr, SocketAddr), Refusal> {
        let peer = message.address(value).ok_or(Refusal::Code(400))?;
        match self.judge(peer) {
            Some(at) => Ok((peer, at)),
            None => {
                tracing::debug!(%peer, "the relay was asked to reach what is not the media server's");
                Err(Refusal::Code(403))
            }
        }
    }
}

/// Why a request of somebody known is not carried out.
enum Refusal {
    /// By the number of an error.
    Code(u16),
    /// It says what the relay does not understand.
    Unknown(Vec<u16>),
}

/// The attributes that must be understood and are not (RFC 8489 §6.3.1).
fn unknown(message: &Message<'_>) -> Vec<u16> {
    use attribute::{
        CHANNEL_NUMBER, DATA, EVEN_PORT, LIFETIME, NONCE, REALM, REQUESTED_ADDRESS_FAMILY,
        REQUESTED_TRANSPORT, RESERVATION_TOKEN, USERNAME, XOR_PEER_ADDRESS,
    };
    const KNOWN: &[u16] = &[
        USERNAME,
        CHANNEL_NUMBER,
        LIFETIME,
        XOR_PEER_ADDRESS,
        DATA,
        REALM,
        NONCE,
        REQUESTED_ADDRESS_FAMILY,
        EVEN_PORT,
        REQUESTED_TRANSPORT,
        RESERVATION_TOKEN,
    ];
    let kinds = message.attributes().map(|(kind, _)| kind);
    kinds.filter(|kind| *kind < 0x8000 && !KNOWN.contains(kind)).take(UNKNOWN_NAMED).collect()
}

fn unknown_attributes(message: &Message<'_>, kinds: &[u16]) -> Writer {
    let kinds: Vec<u8> = kinds.iter().flat_map(|kind| kind.to_be_bytes()).collect();
    message.answer(Class::Error).with_error(420).with(attribute::UNKNOWN_ATTRIBUTES, &kinds)
}

/// A socket for both families writes IPv4 addresses as IPv6 ones.
fn told(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn seconds(lasts: Duration) -> [u8; 4] {
    u32::try_from(lasts.as_secs()).unwrap_or(u32::MAX).to_be_bytes()
}

fn decrease<K, Q>(counts: &mut HashMap<K, usize>, key: &Q)
where
    K: std::hash::Hash + Eq + std::borrow::Borrow<Q>,
    Q: std::hash::Hash + Eq + ?Sized,
{
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
