//! What both servers are spoken to with.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use plenum_media::{Cipher, Credentials, Identity, Local, Medium, Offer, Outgoing, offer};

use crate::load::Plan;

/// One end of a connection before the other is known.
pub struct End {
    identity: Identity,
    local: Local,
    socket: Option<UdpSocket>,
    streams: Vec<Outgoing>,
    began: Instant,
}

impl End {
    pub fn new(identity: &Identity, ip: IpAddr, sends: bool) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        let local = Local {
            credentials: Credentials::generate(),
            fingerprint: identity.fingerprint(),
            udp: vec![socket.local_addr()?],
            tcp: Vec::new(),
        };
        let media: &[Medium] = if sends { &[Medium::Microphone, Medium::Camera] } else { &[] };
        let streams = media.iter().map(|medium| Outgoing::new(*medium, "load".into())).collect();
        Ok(Self { identity: identity.clone(), local, socket: Some(socket), streams, began: Instant::now() })
    }

    /// What a player asks for: sound and pictures.
    pub fn request(&self) -> String {
        let streams = [Medium::Microphone, Medium::Camera].map(|medium| Outgoing::new(medium, "load".into()));
        full(&offer(&self.local, 1, &streams)).replace("a=sendonly", "a=recvonly")
    }

    /// An offer of what it sends; it will begin the handshake.
    pub fn offer(&self) -> String {
        full(&offer(&self.local, 1, &self.streams))
    }

    /// Its answer to an offer: everything is taken.
    pub fn answer(&self, sdp: &str) -> anyhow::Result<String> {
        Ok(full(&Offer::parse(sdp, None)?.answer(&self.local)))
    }

    /// The client, once; the other side's description is known.
    pub fn plan(&mut self, sdp: &str) -> anyhow::Result<Option<Plan>> {
        let Some(socket) = self.socket.take() else { return Ok(None) };
        let remote = Offer::parse(sdp, None)?.remote().clone();
        Ok(Some(Plan {
            identity: self.identity.clone(),
            local: self.local.credentials.clone(),
            remote,
            socket,
            server: candidate(sdp)?,
            sends: self.streams.clone(),
            began: self.began,
        }))
    }
}

/// All clients are alike but for their names; the cipher is the same for both servers.
pub fn identity() -> anyhow::Result<Identity> {
    Ok(Identity::generate()?.only(Cipher::Aes128Gcm)?)
}

/// The description of somebody who makes checks and begins handshakes.
fn full(sdp: &str) -> String {
    sdp.replace("a=ice-lite\r\n", "")
        .replace("a=setup:actpass", "a=setup:active")
        .replace("a=setup:passive", "a=setup:active")
}

/// Where the server of a description takes datagrams.
fn candidate(sdp: &str) -> anyhow::Result<SocketAddr> {
    let candidate = |line: &str| {
        let words: Vec<&str> = line.strip_prefix("a=candidate:")?.split(' ').collect();
        let is_udp = words.get(2)?.eq_ignore_ascii_case("udp");
        let ip: IpAddr = words.get(4)?.parse().ok().filter(IpAddr::is_ipv4)?;
        let port = words.get(5)?.parse().ok()?;
        is_udp.then_some(SocketAddr::new(ip, port))
    };
    sdp.lines().find_map(candidate).with_context(|| format!("no candidate in {sdp}"))
}

/// A process and what it used.
pub struct Usage {
    pid: u32,
}

impl Usage {
    pub fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// Time on a processor, in and for the process, of all its threads.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        let fields: Vec<&str> = stat.rsplit_once(')').context("a name")?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).context("a number");
        // In hundredths of a second (proc(5), utime and stime).
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }

    pub fn resident_mib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kib: u64 =
            line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).context("a number")?;
        Ok(kib / 1_024)
    }
}
