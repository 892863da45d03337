//! The addresses at which media are taken, as long as they are: whoever relays to this server relays to them only.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

/// The addresses of all open peer connections. Clones share everything.
#[derive(Clone, Default)]
pub struct MediaAddresses(Arc<RwLock<HashMap<SocketAddr, SocketAddr>>>);

impl MediaAddresses {
    /// Where an address that browsers are told is bound on this machine; `None` when nobody listens at it.
    pub fn bound_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&announced).copied()
    }

    /// Begins to tell of one peer connection.
    pub(super) fn open(&self) -> Told {
        Told { all: self.clone(), own: Vec::new() }
    }
}

/// What is told of one peer connection, until this value is dropped.
pub(super) struct Told {
    all: MediaAddresses,
    own: Vec<SocketAddr>,
}

impl Told {
    /// Tells of the host candidates of a description: each at its own address, or at the announced ones.
    pub(super) fn tell(&mut self, sdp: &str, announced: &[IpAddr]) {
        let mut all = self.all.0.write().unwrap_or_else(PoisonError::into_inner);
        for bound in sdp.lines().filter_map(candidate) {
            let own = [bound.ip()];
            let ips = if announced.is_empty() { &own } else { announced };
            for ip in ips {
                let address = SocketAddr::new(*ip, bound.port());
                if all.insert(address, bound).is_none() {
                    self.own.push(address);
                }
            }
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let mut all = self.all.0.write().unwrap_or_else(PoisonError::into_inner);
        for address in &self.own {
            all.remove(address);
        }
    }
}

/// `a=candidate:<foundation> <component> udp <priority> <address> <port> typ host …` (RFC 8839 §5.1).
fn candidate(line: &str) -> Option<SocketAddr> {
    let fields: Vec<&str> = line.strip_prefix("a=candidate:")?.split(' ').collect();
    match fields.as_slice() {
        [_, _, transport, _, ip, port, "typ", "host", ..] if transport.eq_ignore_ascii_case("udp") => {
            Some(SocketAddr::new(ip.parse().ok()?, port.parse().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::MediaAddresses;

    const SDP: &str = "v=0\r\na=candidate:42 1 udp 2130706431 10.0.0.5 40000 typ host\r\n\
                       a=candidate:43 1 tcp 2130706431 10.0.0.5 9 typ host tcptype active\r\n";

    fn at(all: &MediaAddresses, address: &str) -> Option<String> {
        all.bound_at(address.parse().unwrap()).map(|bound| bound.to_string())
    }

    #[test]
    fn addresses_are_told_as_long_as_somebody_listens() {
        let all = MediaAddresses::default();
        let mut told = all.open();
        told.tell(SDP, &[]);
        told.tell(SDP, &[]);
        assert_eq!(at(&all, "10.0.0.5:40000").as_deref(), Some("10.0.0.5:40000"));
        assert_eq!(at(&all, "10.0.0.5:9"), None);
        assert_eq!(at(&all, "10.0.0.5:40001"), None);
        drop(told);
        assert_eq!(at(&all, "10.0.0.5:40000"), None);
    }

    #[test]
    fn behind_a_nat_the_announced_address_leads_to_the_bound_one() {
        let all = MediaAddresses::default();
        let mut told = all.open();
        told.tell(SDP, &["192.0.2.7".parse().unwrap()]);
        assert_eq!(at(&all, "192.0.2.7:40000").as_deref(), Some("10.0.0.5:40000"));
        assert_eq!(at(&all, "10.0.0.5:40000"), None, "nobody was told of it");
    }
}
