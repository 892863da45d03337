//! The relay by which browsers behind firewalls reach the media: its settings, its key, its start.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
};

use anyhow::Context as _;
use plenum_kernel::Clock;
use plenum_meetings::Nodes;
use plenum_sfu::MediaAddresses;
use plenum_turn::{Limits, Peers, Relay, RelayConfig, Relays, TurnKey};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::{
    app::kept_text,
    config::{Config, ConfigError, parse, wrong},
};

/// The ports of TURN (RFC 7065 §3.1): without and with TLS.
const PORT: u16 = 3478;
const TLS_PORT: u16 = 5349;
/// Megabits in a second that an allocation carries each way: a full room of pictures.
const BANDWIDTH: u64 = 20;

/// Which relay there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnConfig {
    /// None.
    Off,
    /// This program's own.
    Own(OwnRelay),
    /// One that is run elsewhere, such as coturn, at these addresses.
    Elsewhere(Vec<String>),
}

/// How this program's own relay is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRelay {
    /// The name or address that browsers are told, and the port when it is not the one listened at.
    pub public: Authority,
    /// The same for TLS, when it is another.
    pub tls_public: Option<Authority>,
    /// Where it listens by UDP and TCP.
    pub listen: SocketAddr,
    /// Where it listens by TLS.
    pub tls_listen: Option<SocketAddr>,
    /// What an allocation carries each way; none is no limit.
    pub bytes_per_second: Option<u64>,
}

/// A host, and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// A name or an address; of IPv6 in brackets.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
}

impl std::str::FromStr for Authority {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self { host: bracketed(ip), port: None });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            let port = Some(address.port()).filter(|port| *port != 0).ok_or(())?;
            return Ok(Self { host: bracketed(address.ip()), port: Some(port) });
        }
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0).ok_or(())?)),
            None => (text, None),
        };
        let is_name =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if host.split('.').all(is_name) { Ok(Self { host: host.to_owned(), port }) } else { Err(()) }
    }
}

fn bracketed(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

impl TurnConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting that is wrong.
    pub(crate) fn read(
        get: &dyn Fn(&'static str) -> Option<String>,
        ip: IpAddr,
        encrypts: bool,
    ) -> Result<Self, ConfigError> {
        const AUTHORITY: &str = "a name or an address, and perhaps a port, such as turn.example.org:3478";
        const LISTEN: &str = "an address and a port, such as 0.0.0.0:3478";
        let public = parse::<Authority>("PLENUM_TURN_PUBLIC", get, AUTHORITY)?;
        let listen = parse::<SocketAddr>("PLENUM_TURN_LISTEN", get, LISTEN)?;
        let tls_public = parse::<Authority>("PLENUM_TURN_TLS_PUBLIC", get, AUTHORITY)?;
        let tls_listen = parse::<SocketAddr>("PLENUM_TURN_TLS_LISTEN", get, LISTEN)?;
        let bandwidth = parse::<u64>(
            "PLENUM_TURN_BANDWIDTH",
            get,
            "megabits in a second for each connection, 0 for no limit",
        )?;
        if let Some(text) = get("PLENUM_TURN_URLS") {
            let urls: Vec<String> = text.split(',').map(|url| url.trim().to_owned()).collect();
            if let Some(url) =
                urls.iter().find(|url| !(url.starts_with("turn:") || url.starts_with("turns:")))
            {
                let what =
                    "addresses such as turns:turn.example.org:5349?transport=tcp, with commas between them";
                return Err(wrong("PLENUM_TURN_URLS", url, what));
            }
            if public.is_some() {
                return Err(wrong(
                    "PLENUM_TURN_URLS",
                    &text,
                    "PLENUM_TURN_PUBLIC is set too: one relay is enough",
                ));
            }
            if get("PLENUM_TURN_SECRET").is_none() {
                return Err(ConfigError::Missing {
                    name: "PLENUM_TURN_SECRET",
                    why: "the relay of PLENUM_TURN_URLS accepts what is made with its own secret".to_owned(),
                });
            }
            return Ok(Self::Elsewhere(urls));
        }
        let Some(public) = public else {
            if listen.is_some() || tls_listen.is_some() || tls_public.is_some() {
                return Err(ConfigError::Missing {
                    name: "PLENUM_TURN_PUBLIC",
                    why: "another setting of the relay is set".to_owned(),
                });
            }
            return Ok(Self::Off);
        };
        if (tls_listen.is_some() || tls_public.is_some()) && !encrypts {
            return Err(ConfigError::Missing {
                name: "PLENUM_TLS_CERT",
                why: "the relay is to encrypt".to_owned(),
            });
        }
        let tls_listen = encrypts.then(|| tls_listen.unwrap_or_else(|| SocketAddr::new(ip, TLS_PORT)));
        Ok(Self::Own(OwnRelay {
            public,
            tls_public,
            listen: listen.unwrap_or_else(|| SocketAddr::new(ip, PORT)),
            tls_listen,
            bytes_per_second: Some(bandwidth.unwrap_or(BANDWIDTH))
                .filter(|mbits| *mbits > 0)
                .map(|mbits| mbits * 125_000),
        }))
    }

    /// What a demonstration has when nothing is set: a relay on this machine, at a port of the system's choice.
    #[must_use]
    pub fn or_on_this_machine(self, media: IpAddr, demo: bool) -> Self {
        if self != Self::Off || !demo || !media.is_loopback() {
            return self;
        }
        Self::Own(OwnRelay {
            public: Authority { host: bracketed(media), port: None },
            tls_public: None,
            listen: SocketAddr::new(media, 0),
            tls_listen: None,
            bytes_per_second: Some(BANDWIDTH * 125_000),
        })
    }
}

impl OwnRelay {
    /// The addresses that browsers are told, when it listens at these ports (RFC 7065). The most direct way comes first,
    /// and the one that firewalls let through most often last; browsers try all.
    #[must_use]
    pub fn urls(&self, port: u16, tls_port: Option<u16>) -> Vec<String> {
        let Authority { host, port: public_port } = &self.public;
        let port = public_port.unwrap_or(port);
        let mut urls: Vec<String> =
            ["udp", "tcp"].map(|transport| format!("turn:{host}:{port}?transport={transport}")).into();
        if let Some(tls_port) = tls_port {
            let host = self.tls_public.as_ref().map_or(host, |public| &public.host);
            let port = self.tls_public.as_ref().and_then(|public| public.port).unwrap_or(tls_port);
            urls.push(format!("turns:{host}:{port}?transport=tcp"));
        }
        urls
    }
}

/// The media servers' addresses, for the relay.
pub struct Media {
    /// Of this server.
    pub here: MediaAddresses,
    /// Of those with which it carries rooms together.
    pub nodes: Nodes,
}

impl Peers for Media {
    fn reached_at(&self, announced: SocketAddr) -> Option<SocketAddr> {
        let here = self.here.bound_at(announced);
        here.or_else(|| self.nodes.takes_media_at(announced).then_some(announced))
    }
}

/// Starts the relay that is configured, and returns what those who are let into rooms are told of it.
///
/// # Errors
/// When it cannot listen, or its key cannot be read or made.
pub async fn start(
    config: &Config,
    demo: bool,
    media: Media,
    acceptor: Option<TlsAcceptor>,
    clock: Arc<dyn Clock>,
    stop: &CancellationToken,
) -> anyhow::Result<Relays> {
    let own = match config.turn.clone().or_on_this_machine(config.media_address, demo) {
        TurnConfig::Off => return Ok(Relays::none()),
        TurnConfig::Elsewhere(urls) => return Ok(Relays::at(urls, key(config)?)),
        TurnConfig::Own(own) => own,
    };
    let key = key(config)?;
    let limits = Limits { bytes_per_second: own.bytes_per_second, ..Limits::default() }.within_open_files();
    // As the media server does: it announces the address of its sockets when it is not told another, and listens at
    // loopback when it announces that.
    let announced = config.media_address;
    let bind = config.listen.ip();
    let bind = if bind.is_unspecified() && announced.is_loopback() { announced } else { bind };
    let relay = RelayConfig {
        key: key.clone(),
        listen: own.listen,
        tls: own.tls_listen.zip(acceptor),
        bind,
        relayed: announced,
        limits,
    };
    let relay = Relay::start(relay, Arc::new(media), clock, stop.clone()).await.with_context(|| {
        format!(
            "PLENUM_TURN_LISTEN: the relay could not start at {}; is another one running there?",
            own.listen
        )
    })?;
    let urls = own.urls(relay.address().port(), relay.tls_address().map(|address| address.port()));
    tracing::info!(?urls, "the relay of media is there");
    Ok(Relays::at(urls, key))
}

/// The key that makes credentials: configured, or made at the first start and readable by its owner only.
fn key(config: &Config) -> anyhow::Result<TurnKey> {
    match &config.turn_key {
        Some(key) => Ok(key.clone()),
        None => kept_key(&config.data_dir.join("turn.key")),
    }
}

fn kept_key(path: &Path) -> anyhow::Result<TurnKey> {
    let text = kept_text(path, || TurnKey::generate().as_str().to_owned())?;
    TurnKey::new(&text).with_context(|| format!("{} does not hold a key", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data/turn.key");
        let made = kept_key(&path).expect("a key");
        assert_eq!(kept_key(&path).expect("a key").as_str(), made.as_str());
        assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "short").expect("written");
        assert!(kept_key(&path).is_err());
    }

    #[test]
    fn a_demonstration_has_a_relay_on_its_own_machine_only() {
        let here = IpAddr::from([127, 0, 0, 1]);
        let TurnConfig::Own(own) = TurnConfig::Off.or_on_this_machine(here, true) else {
            panic!("one is there")
        };
        assert_eq!((own.listen.to_string().as_str(), own.public.host.as_str()), ("127.0.0.1:0", "127.0.0.1"));
        assert_eq!(TurnConfig::Off.or_on_this_machine(here, false), TurnConfig::Off);
        assert_eq!(TurnConfig::Off.or_on_this_machine(IpAddr::from([192, 0, 2, 1]), true), TurnConfig::Off);
    }
}
