//! The sockets: where clients come in, and those towards the media server.

mod stream;
mod towards;
mod udp;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use plenum_kernel::Clock;
use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use self::{stream::Connections, towards::Towards};
use crate::{
    credentials::TurnKey,
    limits::Limits,
    peers::Peers,
    server::{Now, Rules, Server},
};

/// The longest message of a client, bytes: browsers send none that does not fit into an Ethernet frame.
const LONGEST: usize = 4_096;
/// How often what is over is looked for.
const SWEEP: Duration = Duration::from_secs(10);
/// A port of the system's choice may be free for UDP and not for TCP: so often another one is tried.
const TRIES: usize = 20;

/// How the relay runs.
pub struct RelayConfig {
    /// Makes the credentials that are accepted.
    pub key: TurnKey,
    /// Where clients come in by UDP and by TCP; port 0 is one of the system's choice.
    pub listen: SocketAddr,
    /// Where they come in by TLS, and with which certificate.
    pub tls: Option<(SocketAddr, TlsAcceptor)>,
    /// Where sockets towards the media server are bound. An unspecified address is every one of the machine.
    pub bind: IpAddr,
    /// The address that clients are told of their allocations: of the same family as the media server's.
    pub relayed: IpAddr,
    /// How much anybody may use.
    pub limits: Limits,
}

/// Why the relay cannot start.
#[derive(Debug, thiserror::Error)]
#[error("could not listen at {address} by {transport}")]
pub struct RelayError {
    /// Where.
    pub address: SocketAddr,
    /// `UDP`, `TCP` or `TLS`.
    pub transport: &'static str,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// What the relay carries at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Allocations.
    pub allocations: usize,
    /// Connections by TCP and TLS.
    pub connections: usize,
}

/// The relay. It runs until it is told to stop, whether this value lives or not.
pub struct Relay {
    shared: Arc<Shared>,
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
}

/// What all sockets share.
struct Shared {
    server: Mutex<Server<Arc<Towards>>>,
    clock: Arc<dyn Clock>,
    bind: IpAddr,
    connections: Connections,
    patience: Duration,
    stop: CancellationToken,
}

impl Shared {
    fn now(&self) -> Now {
        Now { at: Instant::now(), unix_s: self.clock.now().timestamp() }
    }

    fn server(&self) -> MutexGuard<'_, Server<Arc<Towards>>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The listeners, by the number that stands in each client.
#[derive(Debug, Clone, Copy)]
enum Listener {
    Udp = 0,
    Tcp = 1,
    Tls = 2,
}

impl Relay {
    /// Starts to listen; `stop` ends everything.
    ///
    /// # Errors
    /// [`RelayError`] when a port is taken or may not be had.
    pub async fn start(
        config: RelayConfig,
        peers: Arc<dyn Peers>,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> Result<Self, RelayError> {
        let (udp, tcp) = listen(config.listen).await?;
        let failed = |address, transport| move |source| RelayError { address, transport, source };
        let address = udp.local_addr().map_err(failed(config.listen, "UDP"))?;
        let tls = match config.tls {
            Some((at, acceptor)) => Some((TcpListener::bind(at).await.map_err(failed(at, "TLS"))?, acceptor)),
            None => None,
        };
        let tls_address = tls.as_ref().and_then(|(listener, _)| listener.local_addr().ok());
        // An unspecified address of one family is asked for: a socket of both would see addresses in two spellings.
        let bind = match config.bind {
            ip if ip.is_unspecified() && config.relayed.is_ipv4() => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            ip if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            ip => ip,
        };
        let limits = config.limits;
        let (connections, patience) = (Connections::new(limits.per_address, limits.total), limits.patience);
        let rules = Rules {
            key: config.key,
            limits,
            peers,
            relayed_ip: config.relayed,
            listens_at: [Some(address), tls_address].into_iter().flatten().collect(),
        };
        let now = Now { at: Instant::now(), unix_s: clock.now().timestamp() };
        let shared = Arc::new(Shared {
            server: Mutex::new(Server::new(rules, now)),
            clock,
            bind,
            connections,
            patience,
            stop: stop.clone(),
        });
        tokio::spawn(udp::serve(shared.clone(), udp));
        tokio::spawn(stream::serve(shared.clone(), tcp, None));
        if let Some((listener, acceptor)) = tls {
            tokio::spawn(stream::serve(shared.clone(), listener, Some(acceptor)));
        }
        tokio::spawn(sweep(shared.clone()));
        Ok(Self { shared, address, tls_address })
    }

    /// Where it listens by UDP and TCP.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens by TLS.
    #[must_use]
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls_address
    }

    /// What it carries at the moment.
    #[must_use]
    pub fn load(&self) -> Load {
        Load { allocations: self.shared.server().len(), connections: self.shared.connections.count() }
    }
}

/// The same port by UDP and by TCP.
async fn listen(address: SocketAddr) -> Result<(UdpSocket, TcpListener), RelayError> {
    let failed = |transport| move |source| RelayError { address, transport, source };
    let mut tries = 0;
    loop {
        let udp = UdpSocket::bind(address).await.map_err(failed("UDP"))?;
        let bound = udp.local_addr().map_err(failed("UDP"))?;
        match TcpListener::bind(bound).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(_) if address.port() == 0 && tries < TRIES => tries += 1,
            Err(source) => return Err(RelayError { address, transport: "TCP", source }),
        }
    }
}

async fn sweep(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(SWEEP) => {
                let now = shared.now();
                shared.server().sweep(now);
            }
        }
    }
}
