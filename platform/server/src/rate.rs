//! How often somebody may call: a bucket for each network address and for each account.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::http::HeaderMap;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DashMapStateStore,
};
use ipnet::IpNet;
use plenum_kernel::AccountId;

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// A bucket holds what comes in so many seconds: a page that opens asks for much at once.
const BURST_S: u32 = 20;
/// Behind one address there may be a hall full of people.
const PEOPLE_PER_ADDRESS: u32 = 10;
/// After so many calls, buckets that are full again are forgotten.
const SWEEP: u32 = 10_000;

/// The buckets of a server.
pub struct Rates {
    addresses: Buckets<IpAddr>,
    accounts: Buckets<AccountId>,
    clock: DefaultClock,
    calls: AtomicU32,
}

impl Rates {
    /// With so many operations in a second for an account, and ten times as many for an address.
    #[must_use]
    pub fn new(per_second: NonZeroU32) -> Self {
        let quota =
            |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(factor(BURST_S)));
        Self {
            addresses: RateLimiter::dashmap(quota(per_second.saturating_mul(factor(PEOPLE_PER_ADDRESS)))),
            accounts: RateLimiter::dashmap(quota(per_second)),
            clock: DefaultClock::default(),
            calls: AtomicU32::new(0),
        }
    }

    /// A call from this address.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn address(&self, address: IpAddr) -> Result<(), u64> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.addresses.retain_recent();
            self.accounts.retain_recent();
        }
        self.judge(&self.addresses, &network(address))
    }

    /// A call of this account.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn account(&self, account: AccountId) -> Result<(), u64> {
        self.judge(&self.accounts, &account)
    }

    fn judge<K: std::hash::Hash + Eq + Clone>(&self, buckets: &Buckets<K>, key: &K) -> Result<(), u64> {
        buckets.check_key(key).map_err(|early| early.wait_time_from(self.clock.now()).as_secs() + 1)
    }
}

fn factor(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

/// One caller of IPv6 has a whole network of addresses (RFC 6177 §2).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

/// The caller's address. Proxies that are trusted tell whom they speak for; anybody else's word is worth nothing, so
/// `X-Forwarded-For` is read from its end, as far as trusted proxies wrote it.
#[must_use]
pub fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address.to_canonical()));
    let mut caller = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").iter().collect::<Vec<_>>();
    let said = lines.iter().rev().filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for word in said {
        if !is_trusted(caller) {
            break;
        }
        let Ok(address) = word.trim().parse::<IpAddr>() else { break };
        caller = address.to_canonical();
    }
    caller
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn from(peer: &str, said: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in said {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a network")).collect();
        caller(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(from("198.51.100.7", &["203.0.113.9"], &[]), "198.51.100.7");
        assert_eq!(from("10.0.0.2", &["203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        // What stands before the address that the proxy wrote was written by the caller.
        assert_eq!(from("10.0.0.2", &["192.0.2.1, 203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.2", &["192.0.2.1", "203.0.113.9, 10.0.0.3"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("::ffff:10.0.0.2", &["203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.2", &["no address"], &["10.0.0.0/8"]), "10.0.0.2");
    }

    #[test]
    fn a_bucket_empties_for_one_and_not_for_others() {
        let rates = Rates::new(NonZeroU32::MIN);
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let burst = usize::try_from(BURST_S * PEOPLE_PER_ADDRESS).expect("small");
        assert_eq!((0..burst).filter(|_| rates.address(one).is_ok()).count(), burst);
        assert!((0..burst).any(|_| rates.address(one).is_err()));
        assert!(rates.address(other).is_ok());
        let neighbours =
            ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"].map(|text| text.parse().expect("an address"));
        assert_eq!(network(neighbours[0]), network(neighbours[1]));
        let account = AccountId::new();
        assert!((0..=BURST_S * 2).any(|_| rates.account(account).is_err()));
        assert!(rates.account(AccountId::new()).is_ok());
    }
}
