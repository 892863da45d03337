//! What one client holds of the relay.

use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use plenum_stun::Transaction;

use super::Now;
use crate::limits::Bucket;

/// How long a permission lasts (RFC 8656 §9).
const PERMISSION: Duration = Duration::from_secs(300);
/// How long a channel lasts (RFC 8656 §12).
const CHANNEL: Duration = Duration::from_secs(600);
/// Permissions and channels of one allocation: a browser needs one for each address of the media server.
const MOST: usize = 32;
/// What a burst may bring before the limit of bytes holds, in seconds.
const BURST_S: f64 = 1.0;

/// An address that data may go to and come from.
struct Permission {
    /// Where it is reached from here.
    at: SocketAddr,
    until: Instant,
}

/// A short name of an address.
struct Channel {
    peer: SocketAddr,
    until: Instant,
}

/// Why something was not granted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The number or the address is bound otherwise already.
    Bound,
    /// There are enough.
    Full,
}

/// What one client holds of the relay.
pub(super) struct Allocation<S> {
    /// The name that it was made with; all later requests have to bear it.
    pub(super) username: String,
    /// The opaque id in it.
    pub(super) participant: String,
    /// Seconds since 1970: with its credentials it ends, refreshed or not.
    pub(super) ends_s: i64,
    /// What was the request: when it is sent again, because the answer was lost, it is answered again.
    pub(super) request: Transaction,
    /// The relay's own address for it, as it is bound here.
    pub(super) relayed: SocketAddr,
    pub(super) socket: S,
    until: Instant,
    permissions: HashMap<SocketAddr, Permission>,
    channels: HashMap<u16, Channel>,
    to_peers: Option<Flow>,
    to_client: Option<Flow>,
}

/// How much may still flow one way.
struct Flow {
    bytes_per_second: f64,
    bucket: Bucket,
}

impl Flow {
    fn new(bytes_per_second: u64, now: Instant) -> Self {
        let bytes_per_second = f64::from(u32::try_from(bytes_per_second).unwrap_or(u32::MAX));
        Self { bytes_per_second, bucket: Bucket::full(bytes_per_second * BURST_S, now) }
    }

    fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let (rate, bytes) = (self.bytes_per_second, f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)));
        self.bucket.take(bytes, rate, rate * BURST_S, now)
    }
}

/// Which way data flows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    ToPeer,
    ToClient,
}

/// What an allocation begins with.
pub(super) struct Beginning<S> {
    pub(super) username: String,
    pub(super) participant: String,
    pub(super) ends_s: i64,
    pub(super) request: Transaction,
    pub(super) relayed: SocketAddr,
    pub(super) socket: S,
    pub(super) bytes_per_second: Option<u64>,
}

impl<S> Allocation<S> {
    pub(super) fn begin(from: Beginning<S>, now: Now) -> Self {
        let flow = || from.bytes_per_second.map(|bytes| Flow::new(bytes, now.at));
        let (to_peers, to_client) = (flow(), flow());
        let Beginning { username, participant, ends_s, request, relayed, socket, .. } = from;
        Self {
            username,
            participant,
            ends_s,
            request,
            relayed,
            socket,
            until: now.at,
            permissions: HashMap::new(),
            channels: HashMap::new(),
            to_peers,
            to_client,
        }
    }

    /// Lets it last, but not longer than its credentials; returns for how long.
    pub(super) fn last(&mut self, wished: Duration, now: Now) -> Duration {
        let left = u64::try_from(self.ends_s - now.unix_s).unwrap_or(0);
        let lasts = wished.min(Duration::from_secs(left));
        self.until = now.at + lasts;
        lasts
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, now: Now) -> bool {
        now.at >= self.until || now.unix_s >= self.ends_s
    }

    /// How long it still lasts.
    pub(super) fn left(&self, now: Now) -> Duration {
        self.until.saturating_duration_since(now.at)
    }

    /// Permits addresses, all of them or none.
    pub(super) fn permit(&mut self, peers: &[(SocketAddr, SocketAddr)], now: Now) -> Result<(), Refused> {
        self.permissions.retain(|_, permission| permission.until > now.at);
        let new = peers.iter().filter(|(peer, _)| !self.permissions.contains_key(peer)).count();
        if self.permissions.len() + new > MOST {
            return Err(Refused::Full);
        }
        for (peer, at) in peers {
            self.permissions.insert(*peer, Permission { at: *at, until: now.at + PERMISSION });
        }
        Ok(())
    }

    /// Gives an address a number, and permits it.
    pub(super) fn bind(
        &mut self,
        number: u16,
        peer: SocketAddr,
        at: SocketAddr,
        now: Now,
    ) -> Result<(), Refused> {
        self.channels.retain(|_, channel| channel.until > now.at);
        let bound = self.channels.iter().find(|(known, channel)| **known == number || channel.peer == peer);
        match bound {
            Some((known, channel)) if *known != number || channel.peer != peer => return Err(Refused::Bound),
            None if self.channels.len() >= MOST => return Err(Refused::Full),
            _ => {}
        }
        self.permit(&[(peer, at)], now)?;
        self.channels.insert(number, Channel { peer, until: now.at + CHANNEL });
        Ok(())
    }

    /// The address that a number stands for.
    pub(super) fn peer_of(&self, number: u16, now: Now) -> Option<SocketAddr> {
        self.channels.get(&number).filter(|channel| channel.until > now.at).map(|channel| channel.peer)
    }

    /// The number of an address.
    pub(super) fn number_of(&self, peer: SocketAddr, now: Now) -> Option<u16> {
        let live = |channel: &Channel| channel.peer == peer && channel.until > now.at;
        self.channels.iter().find(|(_, channel)| live(channel)).map(|(number, _)| *number)
    }

    /// Whether data may go there.
    pub(super) fn permits(&self, peer: SocketAddr, now: Now) -> bool {
        self.permissions.get(&peer).is_some_and(|permission| permission.until > now.at)
    }

    /// The permitted address that is reached there.
    pub(super) fn peer_at(&self, at: SocketAddr, now: Now) -> Option<SocketAddr> {
        let live = |permission: &Permission| permission.at == at && permission.until > now.at;
        self.permissions.iter().find(|(_, permission)| live(permission)).map(|(peer, _)| *peer)
    }

    /// Whether so many bytes may still flow that way.
    pub(super) fn carries(&mut self, way: Way, bytes: usize, now: Now) -> bool {
        let flow = match way {
            Way::ToPeer => &mut self.to_peers,
            Way::ToClient => &mut self.to_client,
        };
        flow.as_mut().is_none_or(|flow| flow.take(bytes, now.at))
    }
}
