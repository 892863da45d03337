use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use plenum_media::{Command, Credentials, Identity, Local, PeerId, SourceId};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::addresses::MediaAddresses;
use super::directory::Directory;
use super::worker::{Handle, Job, PeerEvent, Worker};

/// What the system keeps for a socket in each direction, in bytes: a key frame for everybody in a large room.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;
/// Ports that are tried before there is one at which both datagrams and streams can be taken.
const ATTEMPTS: usize = 16;

/// Why media cannot be carried.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The port is taken, the address is not of this machine, or there are no descriptors left.
    #[error("media cannot be taken at {address}")]
    Socket {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A thread could not be started.
    #[error("a media thread could not be started")]
    Thread(#[source] io::Error),
    /// There is no randomness.
    #[error(transparent)]
    Identity(#[from] plenum_media::IdentityError),
}

/// Where and how media are carried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EngineConfig {
    pub(crate) bind: IpAddr,
    /// 0: one of the system's choice.
    pub(crate) port: u16,
    pub(crate) announced: IpAddr,
    /// 0: one for each core.
    pub(crate) threads: usize,
}

/// The threads that carry media, one for each core, all at one port: datagrams and streams of all peers.
pub(crate) struct Engine {
    threads: Vec<Handle>,
    running: Mutex<Vec<JoinHandle<()>>>,
    identity: Identity,
    told: Vec<SocketAddr>,
    directory: Arc<Directory>,
    addresses: MediaAddresses,
    ids: AtomicU64,
    held: Arc<AtomicUsize>,
    rooms: Arc<Mutex<Rooms>>,
}

/// Which thread carries which room, and how many connections each.
#[derive(Default)]
struct Rooms {
    threads: HashMap<Uuid, (usize, usize)>,
    load: Vec<usize>,
}

/// A connection, until it is dropped: then it ends.
pub(super) struct Peer {
    pub(super) id: PeerId,
    pub(super) credentials: Credentials,
    thread: Handle,
    place: usize,
    room: Uuid,
    directory: Arc<Directory>,
    rooms: Arc<Mutex<Rooms>>,
    held: Arc<AtomicUsize>,
    identity: Identity,
    told: Vec<SocketAddr>,
}

impl Engine {
    pub(crate) fn new(config: EngineConfig) -> Result<Self, EngineError> {
        let identity = Identity::generate()?;
        let EngineConfig { bind, announced, .. } = config;
        // "Every interface" leaves out loopback: whoever announces that must listen there.
        let bind = if bind.is_unspecified() && announced.is_loopback() { announced } else { bind };
        let count = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (sockets, listener) = sockets(SocketAddr::new(bind, config.port), count)?;
        let failed = |source| EngineError::Socket { address: SocketAddr::new(bind, config.port), source };
        let bound = listener.local_addr().map_err(failed)?;
        let ips = if announced.is_unspecified() { own_addresses(bind) } else { vec![announced] };
        let told: Vec<SocketAddr> = ips.iter().map(|ip| SocketAddr::new(*ip, bound.port())).collect();
        let directory = Arc::new(Directory::default());
        let others = Arc::new(OnceLock::new());
        let mut listener = Some(listener);
        let (mut workers, mut threads) = (Vec::new(), Vec::new());
        for (place, socket) in sockets.into_iter().enumerate() {
            let listener = listener.take();
            let directory = Arc::clone(&directory);
            let (worker, handle) =
                Worker::new(place, socket, listener, identity.clone(), directory, Arc::clone(&others))
                    .map_err(EngineError::Thread)?;
            workers.push(worker);
            threads.push(handle);
        }
        // Set once, before any of them runs.
        let _ = others.set(threads.clone());
        let mut running = Vec::new();
        for (place, worker) in workers.into_iter().enumerate() {
            let thread = std::thread::Builder::new().name(format!("media-{place}")).spawn(move || {
                pin(place);
                worker.run();
            });
            running.push(thread.map_err(EngineError::Thread)?);
        }
        let addresses = MediaAddresses::new(&told, if bind.is_unspecified() { None } else { Some(bound) });
        tracing::info!(threads = count, address = %bound, told = ?told, "media are carried");
        Ok(Self {
            rooms: Arc::new(Mutex::new(Rooms { threads: HashMap::new(), load: vec![0; count] })),
            threads,
            running: Mutex::new(running),
            identity,
            told,
            directory,
            addresses,
            ids: AtomicU64::new(1),
            held: Arc::default(),
        })
    }

    /// Connections that are open now.
    pub(crate) fn peers(&self) -> usize {
        self.held.load(Ordering::Acquire)
    }

    /// Where media are taken.
    pub(crate) fn addresses(&self) -> &MediaAddresses {
        &self.addresses
    }

    /// Opens a connection in a room, on the room's thread, that tells `events` what happens to it.
    pub(super) fn open(&self, room: Uuid, events: mpsc::UnboundedSender<PeerEvent>) -> Peer {
        let place = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).enter(room);
        let id = PeerId(self.ids.fetch_add(1, Ordering::Relaxed));
        let credentials = Credentials::generate();
        self.directory.name(&credentials.ufrag, place);
        self.held.fetch_add(1, Ordering::AcqRel);
        let thread = self.threads[place].clone();
        thread.ask(Job::Watch(id, events));
        Peer {
            id,
            credentials,
            thread,
            place,
            room,
            directory: Arc::clone(&self.directory),
            rooms: Arc::clone(&self.rooms),
            held: Arc::clone(&self.held),
            identity: self.identity.clone(),
            told: self.told.clone(),
        }
    }

    /// An id for a source.
    pub(super) fn source_id(&self) -> SourceId {
        SourceId(self.ids.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        for thread in &self.threads {
            thread.ask(Job::Stop);
        }
        for thread in self.running.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if thread.join().is_err() {
                tracing::error!("a media thread broke off");
            }
        }
    }
}

impl Rooms {
    fn enter(&mut self, room: Uuid) -> usize {
        let quietest = (0..self.load.len()).min_by_key(|place| self.load[*place]).unwrap_or(0);
        let (place, count) = self.threads.entry(room).or_insert((quietest, 0));
        *count += 1;
        self.load[*place] += 1;
        *place
    }

    fn leave(&mut self, room: Uuid) {
        let Some((place, count)) = self.threads.get_mut(&room) else { return };
        *count -= 1;
        self.load[*place] -= 1;
        if *count == 0 {
            self.threads.remove(&room);
        }
    }
}

impl Peer {
    /// How this side is reached and known.
    pub(super) fn local(&self) -> Local {
        Local {
            credentials: self.credentials.clone(),
            fingerprint: self.identity.fingerprint(),
            udp: self.told.clone(),
            tcp: self.told.clone(),
        }
    }

    /// Other names for this side, because the other side begins its path anew.
    pub(super) fn restart(&mut self) {
        self.directory.forget_name(&self.credentials.ufrag);
        self.credentials = Credentials::generate();
        self.directory.name(&self.credentials.ufrag, self.place);
    }

    pub(super) fn command(&self, command: Command) {
        self.thread.ask(Job::Command(command));
    }

    pub(super) fn thread(&self) -> &Handle {
        &self.thread
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.thread.ask(Job::Command(Command::Close { peer: self.id }));
        self.directory.forget_name(&self.credentials.ufrag);
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).leave(self.room);
        self.held.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A socket for each thread and a listener, all at one port.
fn sockets(wanted: SocketAddr, count: usize) -> Result<(Vec<UdpSocket>, std::net::TcpListener), EngineError> {
    let mut last = None;
    for _ in 0..if wanted.port() == 0 { ATTEMPTS } else { 1 } {
        match sockets_at(wanted, count) {
            Ok(found) => return Ok(found),
            // The port that the system chose for datagrams may be taken for streams.
            Err(error) => last = Some(error),
        }
    }
    let source = last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    Err(EngineError::Socket { address: wanted, source })
}

fn sockets_at(wanted: SocketAddr, count: usize) -> io::Result<(Vec<UdpSocket>, std::net::TcpListener)> {
    let mut at = wanted;
    let mut sockets = Vec::with_capacity(count);
    for _ in 0..count {
        let socket = Socket::new(Domain::for_address(at), Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_port(true)?;
        socket.set_nonblocking(true)?;
        // As much as the system allows; more needs `net.core.rmem_max` and `wmem_max`.
        let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
        let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
        socket.bind(&at.into())?;
        let socket = UdpSocket::from(socket);
        at = socket.local_addr()?;
        sockets.push(socket);
    }
    let listener = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
    listener.set_reuse_address(true)?;
    listener.set_nonblocking(true)?;
    listener.bind(&at.into())?;
    listener.listen(1_024)?;
    Ok((sockets, listener.into()))
}

/// The addresses of this machine that others can reach; of one family, when the socket is bound to it.
fn own_addresses(bind: IpAddr) -> Vec<IpAddr> {
    if !bind.is_unspecified() {
        return vec![bind];
    }
    let interfaces = nix::ifaddrs::getifaddrs().map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    let mut found: Vec<IpAddr> = interfaces
        .iter()
        .filter_map(|interface| interface.address.as_ref())
        .filter_map(|address| {
            let v4 = address.as_sockaddr_in().map(|v4| IpAddr::V4(v4.ip()));
            v4.or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip())))
        })
        .filter(|ip| !ip.is_loopback() && ip.is_ipv4() == bind.is_ipv4())
        // Link-local addresses mean nothing without an interface.
        .filter(|ip| !matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local()))
        .collect();
    found.dedup();
    found
}

/// Keeps the thread on one core, so that what it works with stays in that core's cache.
fn pin(place: usize) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 {
        return;
    }
    let mut set = CpuSet::new();
    if let Err(error) = set.set(place % cores).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set)) {
        tracing::debug!(%error, "a media thread was not pinned to a core");
    }
}
