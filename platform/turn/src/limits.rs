//! How much of the relay anybody may use.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    time::{Duration, Instant},
};

/// How much anybody may use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Allocations of one participant, whatever credentials and addresses they come with. A browser makes one for each
    /// of its two connections, each address of the relay and each of its networks, and those of a page that crashed
    /// last until they end by themselves.
    pub per_participant: usize,
    /// Allocations, and TCP connections, of one network address: an office behind a router.
    pub per_address: usize,
    /// Allocations, and TCP connections, altogether.
    pub total: usize,
    /// Bytes in a second that an allocation carries, each way. What exceeds it is dropped. None is no limit.
    pub bytes_per_second: Option<u64>,
    /// Requests in a second and network address by which nobody has shown who they are; ten times as many at once.
    pub strangers_per_second: u32,
    /// The longest that an allocation lasts without being refreshed; its credentials may end it earlier.
    pub lifetime: Duration,
    /// For how long a connection by TCP or TLS may stay without an allocation, and a client take nothing of what it is
    /// sent.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_participant: 40,
            per_address: 2_000,
            total: 8_000,
            bytes_per_second: Some(20_000_000 / 8),
            strangers_per_second: 100,
            lifetime: Duration::from_secs(3_600),
            patience: Duration::from_secs(15),
        }
    }
}

impl Limits {
    /// The same, with no more sockets altogether than half of what the process may open: the other half is for those who
    /// come by HTTP. The process asks for as many as it is allowed to have, up to a bound.
    #[must_use]
    pub fn within_open_files(mut self) -> Self {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};

        const WANTED: u64 = 65_536;
        if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
            let wanted = soft.max(hard.min(WANTED));
            let open = if setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() { wanted } else { soft };
            // An allocation by TCP takes two.
            self.total = self.total.min(usize::try_from(open / 4).unwrap_or(usize::MAX));
        }
        self
    }
}

/// Fills by itself with time, and gives as much as is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    level: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub(crate) fn full(size: f64, now: Instant) -> Self {
        Self { level: size, at: now }
    }

    /// Takes so much, or nothing when there is less in it.
    pub(crate) fn take(&mut self, amount: f64, per_second: f64, size: f64, now: Instant) -> bool {
        self.fill(per_second, size, now);
        let enough = self.level >= amount;
        if enough {
            self.level -= amount;
        }
        enough
    }

    fn fill(&mut self, per_second: f64, size: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * per_second).min(size);
        self.at = now;
    }
}

/// Counts those of whom nothing is known but the address that they claim to come from.
#[derive(Debug)]
pub(crate) struct Strangers {
    per_second: f64,
    buckets: HashMap<IpAddr, Bucket>,
    /// For those whom there is no room to count one by one.
    others: Bucket,
    swept: Instant,
}

impl Strangers {
    /// So many addresses are counted at a time: some megabytes.
    const MOST: usize = 50_000;
    /// So many seconds' worth may come at once.
    const BURST: f64 = 10.0;

    pub(crate) fn new(per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(per_second);
        let others = Bucket::full(per_second * Self::BURST, now);
        Self { per_second, buckets: HashMap::new(), others, swept: now }
    }

    /// Whether this address may be answered once more.
    pub(crate) fn admit(&mut self, ip: IpAddr, now: Instant) -> bool {
        let (per_second, size) = (self.per_second, self.per_second * Self::BURST);
        let key = network(ip);
        if self.buckets.len() >= Self::MOST && !self.buckets.contains_key(&key) {
            // At most once a second, so that a flood of invented addresses costs a look at each of them and no more.
            if now.saturating_duration_since(self.swept) >= Duration::from_secs(1) {
                self.sweep(now);
            }
            if self.buckets.len() >= Self::MOST {
                return self.others.take(1.0, per_second, size, now);
            }
        }
        self.buckets.entry(key).or_insert_with(|| Bucket::full(size, now)).take(1.0, per_second, size, now)
    }

    /// Forgets those who have not come for so long that they may come as often as new ones.
    pub(crate) fn sweep(&mut self, now: Instant) {
        self.swept = now;
        let (per_second, size) = (self.per_second, self.per_second * Self::BURST);
        self.buckets.retain(|_, bucket| {
            bucket.fill(per_second, size, now);
            bucket.level < size
        });
    }
}

/// Who has an IPv6 address has 2^64 of them.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_what_has_come_in() {
        let start = Instant::now();
        let mut bucket = Bucket::full(3.0, start);
        let taken = |bucket: &mut Bucket, now| (0..9).filter(|_| bucket.take(1.0, 2.0, 3.0, now)).count();
        assert_eq!(taken(&mut bucket, start), 3);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(1)), 2);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(60)), 3);
    }

    #[test]
    fn invented_addresses_neither_fill_the_memory_nor_shut_out_those_who_are_known() {
        let start = Instant::now();
        let mut strangers = Strangers::new(1, start);
        let known = IpAddr::from([192, 0, 2, 1]);
        assert!(strangers.admit(known, start));
        let invented = (0..200_000_u32).map(|number| IpAddr::from((number + (10 << 24)).to_be_bytes()));
        let admitted = invented.filter(|ip| strangers.admit(*ip, start)).count();
        assert_eq!(admitted, Strangers::MOST - 1 + 10, "those without a place share one");
        assert!(strangers.buckets.len() <= Strangers::MOST);
        assert!(strangers.admit(known, start));
        strangers.sweep(start + Duration::from_secs(60));
        assert!(strangers.buckets.is_empty());
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let same = |a: &str, b: &str| network(a.parse().expect(a)) == network(b.parse().expect(b));
        assert!(same("2001:db8::1", "2001:db8::ffff:1"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }
}
