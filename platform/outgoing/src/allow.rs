//! What the operator of the installation lets requests reach beside the public internet: an intranet.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;
use url::{Host, Url};

/// Exceptions from the rules: hosts by name, and networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// Addresses in this network.
    Network(IpNet),
    /// Whatever address this name has.
    Name(String),
    /// The same, without encryption too; with a port, only there.
    Plain { host: String, port: u16 },
}

/// What stands there is neither a name nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "«{0}» is neither a host such as idp.example.org, nor http://host:port, nor a network such as 10.1.0.0/16"
)]
pub struct AllowedError(pub String);

impl Allowed {
    /// Whether requests to this host may go to an address that is not public.
    pub(crate) fn address(&self, host: &str, port: u16, address: IpAddr) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Network(net) => net.contains(&address),
            Entry::Name(name) => name == host,
            Entry::Plain { host: name, port: only } => name == host && *only == port,
        })
    }

    /// Whether requests to this host may go without encryption.
    pub(crate) fn plain(&self, host: &str, port: u16) -> bool {
        let matches = |entry: &Entry| matches!(entry, Entry::Plain { host: name, port: only } if name == host && *only == port);
        self.entries.iter().any(matches)
    }

    /// Whether there is no exception.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Those that are neither boundless nor without encryption.
    #[must_use]
    pub fn ordinary(&self) -> Vec<String> {
        let special = [self.unencrypted(), self.boundless()].concat();
        self.entries.iter().map(ToString::to_string).filter(|entry| !special.contains(entry)).collect()
    }

    /// Those that let requests go without encryption.
    #[must_use]
    pub fn unencrypted(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry, Entry::Plain { .. }))
            .map(ToString::to_string)
            .collect()
    }

    /// Networks that are all networks.
    #[must_use]
    pub fn boundless(&self) -> Vec<String> {
        let all = |entry: &&Entry| matches!(entry, Entry::Network(net) if net.prefix_len() == 0);
        self.entries.iter().filter(all).map(ToString::to_string).collect()
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(net) => net.fmt(f),
            Self::Name(name) => f.write_str(name),
            Self::Plain { host, port } => write!(f, "http://{host}:{port}"),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries: Vec<String> = self.entries.iter().map(ToString::to_string).collect();
        f.write_str(&entries.join(", "))
    }
}

/// With commas between the entries.
impl FromStr for Allowed {
    type Err = AllowedError;

    fn from_str(text: &str) -> Result<Self, AllowedError> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let entries = words.map(entry).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }
}

fn entry(word: &str) -> Result<Entry, AllowedError> {
    let wrong = || AllowedError(word.to_owned());
    if let Ok(net) = word.parse::<IpNet>() {
        return Ok(Entry::Network(net.trunc()));
    }
    if let Ok(address) = word.parse::<IpAddr>() {
        return Ok(Entry::Network(address.into()));
    }
    if word.starts_with("http://") {
        let url = Url::parse(word).map_err(|_| wrong())?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        let host = url.host().map(named).filter(|_| bare).ok_or_else(wrong)?;
        return Ok(Entry::Plain { host, port: url.port_or_known_default().unwrap_or(80) });
    }
    match Host::parse(word) {
        Ok(Host::Domain(name)) if !name.contains(['/', '*', ' ', ':']) => {
            Ok(Entry::Name(named(Host::Domain(&name))))
        }
        _ => Err(wrong()),
    }
}

/// A host as names are compared: in lower case, without the dot of the root.
pub(crate) fn named(host: Host<&str>) -> String {
    match host {
        Host::Domain(name) => name.trim_end_matches('.').to_lowercase(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> Allowed {
        text.parse().expect("entries")
    }

    #[test]
    fn each_entry_lets_in_what_it_names_and_no_more() {
        let some = allowed("IdP.Example.org, 10.1.0.0/16, http://127.0.0.1:9000");
        let private: IpAddr = "10.2.0.1".parse().expect("an address");
        assert!(some.address("idp.example.org", 443, private));
        assert!(!some.address("other.example.org", 443, private));
        assert!(!some.address("sub.idp.example.org", 443, private));
        assert!(some.address("other.example.org", 443, "10.1.255.255".parse().expect("an address")));
        assert!(!some.plain("idp.example.org", 80));
        assert!(some.plain("127.0.0.1", 9000) && !some.plain("127.0.0.1", 9001));
        assert!(!some.address("127.0.0.1", 5432, "127.0.0.1".parse().expect("an address")));
        assert_eq!(some.to_string(), "idp.example.org, 10.1.0.0/16, http://127.0.0.1:9000");
        assert_eq!(some.unencrypted(), ["http://127.0.0.1:9000"]);
        assert_eq!(allowed("::/0, 10.0.0.0/8").boundless(), ["::/0"]);
        assert!(allowed("").is_empty());
    }

    #[test]
    fn what_is_no_entry_is_named() {
        for wrong in [
            "https://a.example",
            "a b",
            "*.example.org",
            "http://a.example/path",
            "http://u@a.example",
            "10.0.0.0/40",
        ] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong}");
        }
    }
}
