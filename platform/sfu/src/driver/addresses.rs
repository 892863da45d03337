//! The addresses at which media are taken: whoever relays to this server relays to them only.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// Where media are taken. Clones share everything.
#[derive(Clone, Default)]
pub struct MediaAddresses(Arc<HashMap<SocketAddr, SocketAddr>>);

impl MediaAddresses {
    /// Browsers are told `told`; the socket is bound at `bound`, or at each of them.
    pub(super) fn new(told: &[SocketAddr], bound: Option<SocketAddr>) -> Self {
        Self(Arc::new(told.iter().map(|told| (*told, bound.unwrap_or(*told))).collect()))
    }

    /// Where browsers are told that media are taken.
    pub fn told(&self) -> impl Iterator<Item = SocketAddr> {
        self.0.keys().copied()
    }

    /// Where an address that browsers are told is bound on this machine; `None` when nobody listens at it.
    pub fn bound_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        self.0.get(&announced).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::MediaAddresses;

    #[test]
    fn behind_a_nat_the_announced_address_leads_to_the_bound_one() {
        let [told, bound] = ["192.0.2.7:7000", "10.0.0.5:7000"].map(|text| text.parse().expect("an address"));
        let all = MediaAddresses::new(&[told], Some(bound));
        assert_eq!(all.bound_at(told), Some(bound));
        assert_eq!(all.bound_at(bound), None, "nobody was told of it");
        assert_eq!(MediaAddresses::new(&[told], None).bound_at(told), Some(told));
    }
}
