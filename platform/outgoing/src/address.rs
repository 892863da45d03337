//! Which network addresses are somebody else's, and which lead back to us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What an address is, by the special-purpose registries of IANA (RFC 6890) and what clouds add to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reachable by everybody: may be called.
    Public,
    /// This machine.
    Loopback,
    /// A network of an organization (RFC 1918, RFC 4193), or one that carriers share (RFC 6598).
    Private,
    /// This cable, and in clouds the metadata of the machine (RFC 3927, RFC 4291 §2.5.6).
    LinkLocal,
    /// Metadata of a cloud that stand at an address of another kind.
    Metadata,
    /// Many receivers.
    Multicast,
    /// For documents, benchmarks, protocols, tunnels, or for nothing yet.
    Reserved,
}

/// What an IPv4 network is for, where that is not for everybody.
const V4: &[(Ipv4Addr, u8, Kind)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, Kind::Reserved),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Kind::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Kind::Private),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Kind::Loopback),
    // Azure answers the machines that it hosts here.
    (Ipv4Addr::new(168, 63, 129, 16), 32, Kind::Metadata),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Kind::LinkLocal),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Kind::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Kind::Reserved),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Kind::Reserved),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Kind::Reserved),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Kind::Private),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Kind::Reserved),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Kind::Reserved),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Kind::Reserved),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Kind::Multicast),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Kind::Reserved),
];

/// The same of IPv6, for what lies in the space of global addresses.
const V6: &[(Ipv6Addr, u8)] = &[
    // Protocols and Teredo (RFC 2928, RFC 4380), ORCHID, documentation, the old 6bone.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),
];

/// What an address is. One that wraps another is what the wrapped one is.
#[must_use]
pub fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> Kind {
    let inside =
        |(net, prefix, _): &&(Ipv4Addr, u8, Kind)| Ipv4Net::new_assert(*net, *prefix).contains(&address);
    V4.iter().find(inside).map_or(Kind::Public, |(.., kind)| *kind)
}

fn v6(address: Ipv6Addr) -> Kind {
    if address == Ipv6Addr::LOCALHOST {
        return Kind::Loopback;
    }
    if let Some(wrapped) = wrapped(address) {
        return v4(wrapped);
    }
    let [first, ..] = address.segments();
    match first {
        0xfc00..=0xfdff => Kind::Private,
        0xfe80..=0xfebf => Kind::LinkLocal,
        // Site-local, given up by RFC 3879, and still routed in old networks.
        0xfec0..=0xfeff => Kind::Private,
        0xff00..=0xffff => Kind::Multicast,
        // All that is given out so far (RFC 4291 §2.4).
        0x2000..=0x3fff => {
            let reserved =
                V6.iter().any(|(net, prefix)| Ipv6Net::new_assert(*net, *prefix).contains(&address));
            if reserved { Kind::Reserved } else { Kind::Public }
        }
        _ => Kind::Reserved,
    }
}

/// The IPv4 address that an IPv6 one stands for.
fn wrapped(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match [a, b, c, d, e, f] {
        // ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), ::ffff:0:a.b.c.d (RFC 2765), ::a.b.c.d (given up, RFC 4291 §2.5.5.1).
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0, 0, 0, 0, 0, 0] => Some(of(g, h)),
        // NAT64 (RFC 6052 §2.1); the local-use prefix of RFC 8215 is reserved as a whole.
        [0x64, 0xff9b, 0, 0, 0, 0] => Some(of(g, h)),
        // 6to4 (RFC 3056).
        [0x2002, ..] => Some(of(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Kind) {
        assert_eq!(kind(text.parse().expect("an address")), expected, "{text}");
    }

    #[test]
    fn what_leads_back_to_us_is_known() {
        check("127.0.0.1", Kind::Loopback);
        check("127.255.255.254", Kind::Loopback);
        check("0.0.0.0", Kind::Reserved);
        check("10.0.0.1", Kind::Private);
        check("172.16.0.1", Kind::Private);
        check("172.31.255.255", Kind::Private);
        check("192.168.1.1", Kind::Private);
        check("100.64.0.1", Kind::Private);
        check("100.100.100.200", Kind::Private);
        check("169.254.169.254", Kind::LinkLocal);
        check("168.63.129.16", Kind::Metadata);
        check("192.0.0.192", Kind::Reserved);
        check("224.0.0.1", Kind::Multicast);
        check("255.255.255.255", Kind::Reserved);
        check("203.0.113.9", Kind::Reserved);
        check("::", Kind::Reserved);
        check("::1", Kind::Loopback);
        check("fd00:ec2::254", Kind::Private);
        check("fe80::1", Kind::LinkLocal);
        check("fec0::1", Kind::Private);
        check("ff02::1", Kind::Multicast);
        check("2001:db8::1", Kind::Reserved);
        check("2001::1", Kind::Reserved);
        check("64:ff9b:1::a00:1", Kind::Reserved);
        check("100::1", Kind::Reserved);
        check("5f00::1", Kind::Reserved);
    }

    #[test]
    fn the_edges_of_networks_are_exact() {
        for public in [
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "1.1.1.1",
            "2606:4700:4700::1111",
            "2a02:6b8::2:242",
            "64:ff9b::101:101",
            "2002:101:101::1",
            "::ffff:1.1.1.1",
        ] {
            check(public, Kind::Public);
        }
    }

    fn forms(address: Ipv4Addr) -> [Ipv6Addr; 5] {
        let [a, b, c, d] = address.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        [
            address.to_ipv6_mapped(),
            Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2002, high, low, 0x1234, 5, 6, 7, 8),
        ]
    }

    proptest! {
        #[test]
        fn a_wrapped_address_is_what_it_wraps(bits in any::<u32>()) {
            let address = Ipv4Addr::from(bits);
            for form in forms(address) {
                prop_assert_eq!(kind(form.into()), kind(address.into()), "{}", form);
            }
        }

        #[test]
        fn the_compatible_form_is_never_better_than_what_it_wraps(bits in any::<u32>()) {
            let address = Ipv4Addr::from(bits);
            let compatible = Ipv6Addr::from(u128::from(bits));
            if kind(compatible.into()) == Kind::Public {
                prop_assert_eq!(kind(address.into()), Kind::Public);
            }
        }

        /// An independent opinion: what the standard library knows to be special is never public here.
        #[test]
        fn nothing_special_is_public(bits in any::<u32>(), net in 0_usize..6, wide in any::<u128>()) {
            let starts = [0x7f00_0000_u32, 0x0a00_0000, 0xac10_0000, 0xc0a8_0000, 0xa9fe_0000, 0xe000_0000];
            let masks = [0x00ff_ffff_u32, 0x00ff_ffff, 0x000f_ffff, 0x0000_ffff, 0x0000_ffff, 0x0fff_ffff];
            let inside = Ipv4Addr::from(starts[net] | (bits & masks[net]));
            prop_assert_ne!(kind(inside.into()), Kind::Public, "{}", inside);
            for address in [inside, Ipv4Addr::from(bits)] {
                let special = address.is_loopback() || address.is_private() || address.is_link_local()
                    || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                    || address.is_unspecified();
                prop_assert!(!special || kind(address.into()) != Kind::Public, "{}", address);
            }
            let address = Ipv6Addr::from(wide);
            let special = address.is_loopback() || address.is_multicast() || address.is_unspecified()
                || address.is_unique_local() || address.is_unicast_link_local();
            prop_assert!(!special || kind(address.into()) != Kind::Public, "{}", address);
        }

        #[test]
        fn local_networks_of_ipv6_are_never_public(low in any::<u128>()) {
            for (start, bits) in [(0xfc00_u128 << 112, 121), (0xfe80_u128 << 112, 118), (0xff00_u128 << 112, 120)] {
                let address = Ipv6Addr::from(start | (low & ((1_u128 << bits) - 1)));
                prop_assert_ne!(kind(address.into()), Kind::Public, "{}", address);
            }
        }
    }
}
