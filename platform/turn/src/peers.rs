//! Where the relay may send to: the media server's addresses, and no others.

use std::net::{IpAddr, SocketAddr};

/// The addresses of the media server, as they are now. Asked for each packet.
pub trait Peers: Send + Sync + 'static {
    /// Where an address that browsers are told is reached from here. `None`: it is none of the media server's, and
    /// nothing is sent there.
    fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr>;
}

/// What is no address of one machine, whoever says that it is: nothing is sent there.
pub(crate) fn is_never_a_peer(address: SocketAddr) -> bool {
    let ip = address.ip();
    let special = match ip {
        IpAddr::V4(ip) => ip.is_broadcast() || ip.octets()[0] == 0 || ip.octets()[0] >= 240,
        // Other spellings of IPv4 addresses would pass a list of IPv4 addresses by.
        IpAddr::V6(ip) => {
            (ip.to_ipv4().is_some() && !ip.is_loopback()) || ip.segments()[..6] == [0x64, 0xFF9B, 0, 0, 0, 0]
        }
    };
    special || ip.is_unspecified() || ip.is_multicast() || address.port() == 0
}

#[cfg(test)]
mod tests {
    use super::is_never_a_peer;

    #[test]
    fn only_addresses_of_one_machine_are_peers() {
        for address in [
            "0.0.0.0:5000",
            "0.1.2.3:5000",
            "224.0.0.1:5000",
            "239.255.255.250:1900",
            "255.255.255.255:5000",
            "240.0.0.1:5000",
            "192.0.2.1:0",
            "[::]:5000",
            "[ff02::1]:5000",
            "[::ffff:127.0.0.1]:5000",
            "[::ffff:192.0.2.1]:5000",
            "[::192.0.2.1]:5000",
            "[64:ff9b::192.0.2.1]:5000",
        ] {
            assert!(is_never_a_peer(address.parse().expect(address)), "{address}");
        }
        for address in ["192.0.2.1:5000", "127.0.0.1:5000", "[::1]:5000", "[2001:db8::1]:5000"] {
            assert!(!is_never_a_peer(address.parse().expect(address)), "{address}");
        }
    }
}
