//! A thread that carries media: one core, one socket at the port that all threads share, and the rooms assigned to it.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Jobs, Sender as JobSender, TryRecvError};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use plenum_media::{Command, Event, Forwarder, Identity, PeerId, RecordedPacket, Route, SourceId, Transport};
use tokio::sync::mpsc;

use super::batch::{Receiver, Sender};
use super::directory::Directory;
use super::streams::{State, Streams};

const SOCKET: Token = Token(0);
const WAKE: Token = Token(1);
const LISTENER: Token = Token(2);
const FIRST_STREAM: usize = 16;
/// Datagrams that are taken before what they caused is sent.
const TURN: usize = 256;
/// The packets of a picture are waited for so long, so that those of one receiver leave by one call.
const TOGETHER: Duration = Duration::from_micros(400);
/// A thread with nothing to do looks around this often.
const IDLE: Duration = Duration::from_millis(500);

/// What happens to a connection, told to whoever opened it.
#[derive(Debug)]
pub(crate) enum PeerEvent {
    /// The transport is lost for good.
    Failed(PeerId),
    /// The first packet of a source has come.
    Flows(SourceId),
    /// Whoever is heard by a source began or ceased to speak.
    Speaks { source: SourceId, speaks: bool },
    /// The picture at this place is left out, because the way is too narrow for it, or is there again.
    Held {
        /// Among the streams that were offered.
        place: usize,
        /// Whether it is left out.
        held: bool,
    },
}

/// What a thread is asked for.
pub(super) enum Job {
    /// This.
    Command(Command),
    /// Whoever wants to know what happens to a connection and to what it publishes.
    Watch(PeerId, mpsc::UnboundedSender<PeerEvent>),
    /// What comes of a source is told from now on, or no more.
    Record(SourceId, Option<mpsc::UnboundedSender<RecordedPacket>>),
    /// A datagram that came to another thread.
    Datagram(Route, Vec<u8>),
    /// A connection by TCP that came to another thread, with what was read of it.
    Stream(TcpStream, SocketAddr, Vec<u8>),
    /// End.
    Stop,
}

/// The way to a thread.
#[derive(Clone)]
pub(super) struct Handle {
    jobs: JobSender<Job>,
    waker: Arc<Waker>,
}

impl Handle {
    /// The way to a thread that has ended.
    #[cfg(test)]
    pub(super) fn of_nobody() -> Self {
        let poll = Poll::new().expect("a poll");
        let waker = Waker::new(poll.registry(), WAKE).expect("a waker");
        Self { jobs: std::sync::mpsc::channel().0, waker: Arc::new(waker) }
    }

    /// Asks the thread for something. One that has ended has nothing left to do.
    pub(super) fn ask(&self, job: Job) {
        if self.jobs.send(job).is_ok()
            && let Err(error) = self.waker.wake()
        {
            tracing::error!(%error, "a media thread was not woken");
        }
    }
}

/// Whether datagrams come within this time, which is shorter than a poll can wait.
fn is_readable(socket: &UdpSocket, within: Duration) -> bool {
    let mut sockets = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    ppoll(&mut sockets, Some(TimeSpec::from_duration(within)), None).is_ok_and(|ready| ready > 0)
}

/// The thread itself.
pub(super) struct Worker {
    place: usize,
    poll: Poll,
    socket: UdpSocket,
    listener: Option<TcpListener>,
    jobs: Jobs<Job>,
    forwarder: Forwarder,
    directory: Arc<Directory>,
    /// All threads, by their places; set before the first runs.
    others: Arc<std::sync::OnceLock<Vec<Handle>>>,
    watchers: HashMap<PeerId, mpsc::UnboundedSender<PeerEvent>>,
    sources: HashMap<SourceId, PeerId>,
    recorders: HashMap<SourceId, mpsc::UnboundedSender<RecordedPacket>>,
    routes: HashMap<PeerId, Route>,
    streams: Streams,
}

impl Worker {
    pub(super) fn new(
        place: usize,
        socket: UdpSocket,
        listener: Option<std::net::TcpListener>,
        identity: Identity,
        directory: Arc<Directory>,
        others: Arc<std::sync::OnceLock<Vec<Handle>>>,
    ) -> io::Result<(Self, Handle)> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let descriptor = socket.as_raw_fd();
        poll.registry().register(&mut SourceFd(&descriptor), SOCKET, Interest::READABLE)?;
        let mut listener = listener.map(TcpListener::from_std);
        if let Some(listener) = &mut listener {
            poll.registry().register(listener, LISTENER, Interest::READABLE)?;
        }
        let (sender, jobs) = std::sync::mpsc::channel();
        let worker = Self {
            place,
            poll,
            socket,
            listener,
            jobs,
            forwarder: Forwarder::new(identity),
            directory,
            others,
            watchers: HashMap::new(),
            sources: HashMap::new(),
            recorders: HashMap::new(),
            routes: HashMap::new(),
            streams: Streams::new(FIRST_STREAM),
        };
        Ok((worker, Handle { jobs: sender, waker }))
    }

    /// Carries media until it is told to stop.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(256);
        let (mut receiver, mut sender) = (Receiver::new(), Sender::new());
        let mut more = false;
        loop {
            let wait = if more {
                Duration::ZERO
            } else {
                let due = self.forwarder.due();
                due.map_or(IDLE, |due| due.saturating_duration_since(Instant::now()).min(IDLE))
            };
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "a media thread cannot wait for datagrams any more");
                return;
            }
            let mut ready = more;
            for event in &events {
                match event.token() {
                    SOCKET => ready = true,
                    WAKE => {}
                    LISTENER => self.accept(),
                    token => self.on_stream(token, event.is_readable(), event.is_writable()),
                }
            }
            if !self.on_jobs() {
                self.flush(&mut sender);
                return;
            }
            more = ready && self.take(&mut receiver);
            let began = Instant::now();
            while !more
                && self.forwarder.is_in_picture()
                && let Some(left) = TOGETHER.checked_sub(began.elapsed())
                && is_readable(&self.socket, left)
            {
                more = self.take(&mut receiver);
            }
            self.forwarder.on_time(Instant::now());
            self.flush(&mut sender);
            self.tell();
        }
    }

    /// Takes datagrams; whether there may be more.
    fn take(&mut self, receiver: &mut Receiver) -> bool {
        let now = Instant::now();
        let (forwarder, directory, others, place) =
            (&mut self.forwarder, &self.directory, &self.others, self.place);
        let mut taken = 0;
        loop {
            let result = receiver.take(&self.socket, |address, datagram| {
                let from = Route { transport: Transport::Udp, address };
                if forwarder.knows(from) && plenum_media::name_of(datagram).is_none() {
                    forwarder.on_datagram(now, from, datagram);
                    return;
                }
                match directory.thread_of(from, datagram) {
                    Some(thread) if thread != place => {
                        if let Some(other) = others.get().and_then(|others| others.get(thread)) {
                            other.ask(Job::Datagram(from, datagram.to_vec()));
                        }
                    }
                    _ => {
                        forwarder.on_datagram(now, from, datagram);
                    }
                }
            });
            match result {
                Ok((count, more)) => {
                    taken += count;
                    if !more {
                        return false;
                    }
                    if taken >= TURN {
                        return true;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "datagrams could not be taken");
                    return false;
                }
            }
        }
    }

    /// Does what it was asked for; `false` when that is to stop.
    fn on_jobs(&mut self) -> bool {
        loop {
            let job = match self.jobs.try_recv() {
                Ok(job) => job,
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            };
            let now = Instant::now();
            match job {
                Job::Command(command) => {
                    match &command {
                        Command::Publish { peer, sources, .. } => {
                            self.sources.retain(|_, owner| owner != peer);
                            self.sources.extend(sources.iter().map(|(source, _)| (*source, *peer)));
                            self.recorders.retain(|source, _| self.sources.contains_key(source));
                        }
                        Command::Close { peer } => {
                            self.sources.retain(|_, owner| owner != peer);
                            self.recorders.retain(|source, _| self.sources.contains_key(source));
                            self.watchers.remove(peer);
                            if let Some(route) = self.routes.remove(peer) {
                                self.directory.forget_route(route);
                            }
                        }
                        _ => {}
                    }
                    self.forwarder.on_command(now, command);
                }
                Job::Watch(peer, watcher) => {
                    self.watchers.insert(peer, watcher);
                }
                Job::Record(source, recorder) => {
                    let on = recorder.is_some();
                    match recorder.filter(|_| self.sources.contains_key(&source)) {
                        Some(recorder) => self.recorders.insert(source, recorder),
                        None => self.recorders.remove(&source),
                    };
                    self.forwarder.on_command(now, Command::Record { source, on });
                }
                Job::Datagram(from, mut datagram) => {
                    self.forwarder.on_datagram(now, from, &mut datagram);
                }
                Job::Stream(socket, address, read) => self.add(socket, address, read),
                Job::Stop => return false,
            }
        }
    }

    /// Tells what happened, and what came of what is recorded.
    fn tell(&mut self) {
        for packet in self.forwarder.take_recorded() {
            if let Some(recorder) = self.recorders.get(&packet.source) {
                // Whoever has ended will say so in a moment.
                let _ = recorder.send(packet);
            }
        }
        while let Some(event) = self.forwarder.poll_event() {
            let (peer, told) = match event {
                Event::Connected { peer, cipher } => {
                    tracing::debug!(?peer, ?cipher, "a media connection is up");
                    continue;
                }
                Event::Failed { peer } => (peer, PeerEvent::Failed(peer)),
                Event::Flows { source } => {
                    let Some(peer) = self.sources.get(&source) else { continue };
                    (*peer, PeerEvent::Flows(source))
                }
                Event::Speaks { source, speaks } => {
                    let Some(peer) = self.sources.get(&source) else { continue };
                    (*peer, PeerEvent::Speaks { source, speaks })
                }
                Event::Held { peer, slot, held } => (peer, PeerEvent::Held { place: slot, held }),
                Event::Moved { peer, route } => {
                    if let Some(before) = self.routes.insert(peer, route) {
                        self.directory.forget_route(before);
                    }
                    self.directory.route(route, self.place);
                    continue;
                }
            };
            if let Some(watcher) = self.watchers.get(&peer) {
                // Whoever has ended has no use for it.
                let _ = watcher.send(told);
            }
        }
    }

    /// Sends what waits.
    fn flush(&mut self, sender: &mut Sender) {
        let outbox = self.forwarder.outbox();
        if outbox.is_empty() {
            return;
        }
        outbox.arrange();
        sender.send(&self.socket, outbox, outbox.runs());
        let by_tcp = outbox.runs().iter().filter(|run| run.route.transport == Transport::Tcp);
        for run in by_tcp {
            for part in outbox.parts(run) {
                if self.streams.send(run.route.address, part) == State::Closed {
                    break;
                }
            }
        }
        outbox.clear();
    }

    fn accept(&mut self) {
        loop {
            let accepted = match &self.listener {
                Some(listener) => listener.accept(),
                None => return,
            };
            match accepted {
                Ok((socket, address)) => self.add(socket, address, Vec::new()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be taken");
                    return;
                }
            }
        }
    }

    fn add(&mut self, socket: TcpStream, address: SocketAddr, read: Vec<u8>) {
        match self.streams.add(self.poll.registry(), socket, address, read) {
            Ok(Some(token)) => self.on_stream(token, true, false),
            Ok(None) => tracing::warn!("there are too many connections by TCP"),
            Err(error) => tracing::debug!(%error, "a connection could not be taken"),
        }
    }

    fn on_stream(&mut self, token: Token, readable: bool, writable: bool) {
        let mut state = State::Open;
        if writable {
            state = self.streams.flush(token);
        }
        if readable && state == State::Open {
            loop {
                state = self.streams.fill(token);
                if self.on_read(token).is_err() {
                    state = State::Closed;
                }
                if state != State::More {
                    break;
                }
            }
        }
        if state == State::Closed {
            self.streams.remove(self.poll.registry(), token);
        }
    }

    /// Takes the datagrams that were read of a connection; whose they are is told by the first.
    fn on_read(&mut self, token: Token) -> Result<(), ()> {
        let Some(address) = self.streams.address(token) else { return Ok(()) };
        let from = Route { transport: Transport::Tcp, address };
        let mut datagram = Vec::new();
        while self.streams.next(token, &mut datagram)? {
            let thread = self.directory.thread_of(from, &datagram);
            match thread {
                Some(thread) if thread != self.place => {
                    let Some((socket, address, read)) = self.streams.remove(self.poll.registry(), token)
                    else {
                        return Ok(());
                    };
                    let length = u16::try_from(datagram.len()).unwrap_or(u16::MAX);
                    let mut whole = length.to_be_bytes().to_vec();
                    whole.extend_from_slice(&datagram);
                    whole.extend_from_slice(&read);
                    if let Some(other) = self.others.get().and_then(|others| others.get(thread)) {
                        other.ask(Job::Stream(socket, address, whole));
                    }
                    return Ok(());
                }
                // Who begins with something else has no business here.
                None if !self.forwarder.knows(from) => return Err(()),
                _ => {
                    self.forwarder.on_datagram(Instant::now(), from, &mut datagram);
                }
            }
        }
        Ok(())
    }
}
