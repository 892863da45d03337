//! The path to a peer: ICE as a server with a known address needs it (RFC 8445 §2.5, "lite"): checks are answered, and
//! the path that the other side chooses is taken. As a client of such a server it makes the checks.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use plenum_stun::{Class, Message, Transaction, Writer, attribute, method};

/// Nothing was heard for so long: the other side is gone (RFC 7675 §5.1 gives up consent after 30 s).
const SILENCE: Duration = Duration::from_secs(20);
/// How often a client checks, until the path is there and afterwards.
const CHECK: Duration = Duration::from_millis(50);
const KEEP: Duration = Duration::from_secs(2);
/// Of a host, as preferred as can be (RFC 8445 §5.1.2.1).
const PRIORITY: u32 = 126 << 24 | 65_535 << 8 | 255;

/// What one side calls itself, and the key to its checks (RFC 8445 §5.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Credentials {
    /// 4 to 256 characters.
    pub ufrag: String,
    /// 22 to 256 characters.
    pub password: String,
}

impl Credentials {
    /// Makes some; the name is long enough that no two of a server are the same.
    #[must_use]
    pub fn generate() -> Self {
        use rand::distr::{Alphanumeric, SampleString as _};
        let mut rng = rand::rng();
        Self {
            ufrag: Alphanumeric.sample_string(&mut rng, 16),
            password: Alphanumeric.sample_string(&mut rng, 24),
        }
    }
}

/// The name of this side that a check carries (RFC 8445 §7.2.2); `None` for a datagram that is no check.
#[must_use]
pub fn name_of(datagram: &[u8]) -> Option<&str> {
    // Media come more often by far.
    if datagram.first().is_none_or(|first| *first > 3) {
        return None;
    }
    let message = Message::parse(datagram).filter(|message| message.class == Class::Request)?;
    message.text(attribute::USERNAME)?.split_once(':').map(|(ours, _)| ours)
}

/// By which transport a datagram comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream with a length before each datagram (RFC 4571).
    Tcp,
}

/// Where somebody is: an address, and the transport by which it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route {
    /// By datagrams or by a stream.
    pub transport: Transport,
    /// The address.
    pub address: SocketAddr,
}

/// The state of the path.
pub(crate) struct Ice {
    /// The present one last: after a restart the checks of the one before are still answered for a while.
    local: Vec<Credentials>,
    remote: Credentials,
    chosen: Option<Route>,
    heard: Instant,
    checks: Option<Checks>,
}

/// What a client that makes checks knows.
struct Checks {
    server: Route,
    tie_breaker: u64,
    next: Instant,
    pending: Option<Transaction>,
    counter: u64,
}

/// What came of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Not from the other side of this path.
    Nothing,
    /// An answer to send back where the message came from.
    Answer(Vec<u8>),
}

impl Ice {
    /// Answers checks.
    pub(crate) fn lite(local: Credentials, remote: Credentials, now: Instant) -> Self {
        Self { local: vec![local], remote, chosen: None, heard: now, checks: None }
    }

    /// Makes checks towards a server that answers them.
    pub(crate) fn client(local: Credentials, remote: Credentials, server: Route, now: Instant) -> Self {
        let checks = Checks { server, tie_breaker: rand::random(), next: now, pending: None, counter: 0 };
        Self { local: vec![local], remote, chosen: None, heard: now, checks: Some(checks) }
    }

    /// Both sides begin anew with other names; the path stays until another is chosen.
    pub(crate) fn restart(&mut self, local: Credentials, remote: Credentials) {
        if !self.local.iter().any(|known| known.ufrag == local.ufrag) {
            self.local.push(local);
        }
        if self.local.len() > 2 {
            self.local.remove(0);
        }
        self.remote = remote;
    }

    /// Whether both sides have these names.
    pub(crate) fn is_between(&self, local: &Credentials, remote: &Credentials) -> bool {
        self.remote == *remote && self.local.iter().any(|known| known.ufrag == local.ufrag)
    }

    /// The names by which checks find this path.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.local.iter().map(|local| local.ufrag.as_str())
    }

    /// The path, once there is one.
    pub(crate) fn route(&self) -> Option<Route> {
        self.chosen
    }

    /// Something came from the other side by its path.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) >= SILENCE
    }

    /// Takes a message of STUN.
    pub(crate) fn read(&mut self, now: Instant, from: Route, message: &Message<'_>) -> Heard {
        match (message.class, message.method) {
            (Class::Request, method::BINDING) => self.on_check(now, from, message),
            (Class::Success, method::BINDING) => {
                if let Some(checks) = &mut self.checks
                    && checks.pending == Some(message.transaction)
                    && message.is_signed_by(self.remote.password.as_bytes())
                {
                    checks.pending = None;
                    checks.next = now + KEEP;
                    self.chosen = Some(from);
                    self.heard = now;
                }
                Heard::Nothing
            }
            _ => Heard::Nothing,
        }
    }

    fn on_check(&mut self, now: Instant, from: Route, message: &Message<'_>) -> Heard {
        // "ours:theirs" (RFC 8445 §7.2.2).
        let Some((ours, theirs)) = message.text(attribute::USERNAME).and_then(|name| name.split_once(':'))
        else {
            return Heard::Nothing;
        };
        let Some(local) = self.local.iter().find(|local| local.ufrag == ours) else { return Heard::Nothing };
        if !message.is_signed_by(local.password.as_bytes()) {
            return Heard::Nothing;
        }
        self.heard = now;
        let is_present = self.local.last() == Some(local) && self.remote.ufrag == theirs;
        let chooses = message.get(attribute::USE_CANDIDATE).is_some();
        if is_present && (chooses || self.chosen.is_none()) {
            self.chosen = Some(from);
        }
        let answer = message
            .answer(Class::Success)
            .with_address(attribute::XOR_MAPPED_ADDRESS, from.address)
            .signed(local.password.as_bytes())
            .finish(true);
        Heard::Answer(answer)
    }

    /// The next check of a client, when it is due, and where it goes.
    pub(crate) fn check(&mut self, now: Instant) -> Option<(Route, Vec<u8>)> {
        let local = self.local.last()?;
        let checks = self.checks.as_mut().filter(|checks| checks.next <= now)?;
        checks.next = now + if self.chosen.is_some() { KEEP } else { CHECK };
        checks.counter += 1;
        let mut transaction = Transaction::default();
        transaction[..8].copy_from_slice(&checks.tie_breaker.to_be_bytes());
        transaction[4..].iter_mut().zip(checks.counter.to_be_bytes()).for_each(|(one, other)| *one ^= other);
        checks.pending = Some(transaction);
        let name = format!("{}:{}", self.remote.ufrag, local.ufrag);
        let check = Writer::new(Class::Request, method::BINDING, transaction)
            .with(attribute::USERNAME, name.as_bytes())
            .with(attribute::ICE_CONTROLLING, &checks.tie_breaker.to_be_bytes())
            .with(attribute::USE_CANDIDATE, &[])
            .with(attribute::PRIORITY, &PRIORITY.to_be_bytes())
            .signed(self.remote.password.as_bytes())
            .finish(true);
        Some((checks.server, check))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Route {
        Route { transport: Transport::Udp, address: text.parse().expect("an address") }
    }

    const SERVER: &str = "192.0.2.1:7000";

    fn pair(now: Instant) -> (Ice, Ice) {
        let (ours, theirs) = (Credentials::generate(), Credentials::generate());
        (Ice::client(theirs.clone(), ours.clone(), route(SERVER), now), Ice::lite(ours, theirs, now))
    }

    fn check(client: &mut Ice, server: &mut Ice, now: Instant, from: &str) -> Option<Vec<u8>> {
        let (_, check) = client.check(now)?;
        match server.read(now, route(from), &Message::parse(&check).expect("a message")) {
            Heard::Answer(answer) => Some(answer),
            Heard::Nothing => None,
        }
    }

    #[test]
    fn a_check_and_its_answer_make_a_path() {
        let now = Instant::now();
        let (mut client, mut server) = pair(now);
        let answer = check(&mut client, &mut server, now, "10.0.0.5:4000").expect("answered");
        assert_eq!(server.route(), Some(route("10.0.0.5:4000")));
        let message = Message::parse(&answer).expect("a message");
        let mapped = message.get(attribute::XOR_MAPPED_ADDRESS).expect("an address");
        assert_eq!(message.address(mapped), Some("10.0.0.5:4000".parse().expect("an address")));
        assert_eq!(client.route(), None);
        client.read(now, route(SERVER), &message);
        assert_eq!(client.route(), Some(route(SERVER)));
        assert_eq!(client.check(now), None, "not yet due again");
    }

    #[test]
    fn the_path_follows_a_peer_that_moves() {
        let now = Instant::now();
        let (mut client, mut server) = pair(now);
        check(&mut client, &mut server, now, "10.0.0.5:4000").expect("answered");
        check(&mut client, &mut server, now + KEEP, "10.9.9.9:1").expect("answered");
        assert_eq!(server.route(), Some(route("10.9.9.9:1")));
    }

    #[test]
    fn strangers_are_not_heard() {
        let now = Instant::now();
        let (mut client, mut server) = pair(now);
        client.remote.password.push('x');
        assert_eq!(check(&mut client, &mut server, now, "10.0.0.5:4000"), None);
        let (mut other, _) = pair(now);
        assert_eq!(check(&mut other, &mut server, now, "10.0.0.5:4000"), None);
        assert_eq!(server.route(), None);
    }

    #[test]
    fn after_a_restart_old_checks_are_answered_but_choose_nothing() {
        let now = Instant::now();
        let (mut client, mut server) = pair(now);
        check(&mut client, &mut server, now, "10.0.0.5:4000").expect("answered");
        let (ours, theirs) = (Credentials::generate(), Credentials::generate());
        server.restart(ours.clone(), theirs.clone());
        let later = now + KEEP;
        check(&mut client, &mut server, later, "10.0.0.6:4000").expect("answered");
        assert_eq!(server.route(), Some(route("10.0.0.5:4000")));
        let mut anew = Ice::client(theirs, ours, route(SERVER), later);
        check(&mut anew, &mut server, later, "10.0.0.7:4000").expect("answered");
        assert_eq!(server.route(), Some(route("10.0.0.7:4000")));
    }

    #[test]
    fn a_peer_that_says_nothing_is_gone() {
        let now = Instant::now();
        let (_, mut server) = pair(now);
        assert!(!server.is_silent(now + SILENCE - Duration::from_millis(1)));
        assert!(server.is_silent(now + SILENCE));
        server.heard(now + SILENCE);
        assert!(!server.is_silent(now + SILENCE));
    }
}
