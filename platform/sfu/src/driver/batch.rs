//! Datagrams by the batch: many for one call of the system, and many of one receiver for one passage through it.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;

use nix::errno::Errno;
use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};
use plenum_media::{Outbox, Run, Transport};

/// So many datagrams are taken by one call.
const TAKEN: usize = 64;
/// So many runs leave by one call.
const SENT: usize = 128;
/// The longest datagram that a peer sends is shorter.
const LONGEST: usize = 2_048;

/// Takes datagrams from a socket that does not block.
pub(super) struct Receiver {
    headers: MultiHeaders<SockaddrStorage>,
    buffers: Vec<u8>,
    lengths: Vec<(usize, SocketAddr)>,
}

impl Receiver {
    pub(super) fn new() -> Self {
        Self {
            headers: MultiHeaders::preallocate(TAKEN, None),
            buffers: vec![0; TAKEN * LONGEST],
            lengths: Vec::with_capacity(TAKEN),
        }
    }

    /// Takes what is there, and hands each datagram over; how many there were, and whether there may be more.
    pub(super) fn take(
        &mut self,
        socket: &UdpSocket,
        mut each: impl FnMut(SocketAddr, &mut [u8]),
    ) -> io::Result<(usize, bool)> {
        self.lengths.clear();
        {
            let mut slices: Vec<[IoSliceMut<'_>; 1]> =
                self.buffers.chunks_mut(LONGEST).map(|buffer| [IoSliceMut::new(buffer)]).collect();
            let flags = MsgFlags::MSG_DONTWAIT;
            let taken = match recvmmsg(socket.as_raw_fd(), &mut self.headers, slices.iter_mut(), flags, None)
            {
                Ok(taken) => taken,
                Err(Errno::EAGAIN | Errno::EINTR | Errno::ECONNREFUSED) => return Ok((0, false)),
                Err(error) => return Err(error.into()),
            };
            for message in taken {
                let from = message.address.as_ref().and_then(address);
                let Some(from) = from else { continue };
                self.lengths.push((message.bytes, from));
            }
        }
        let count = self.lengths.len();
        for ((length, from), buffer) in self.lengths.drain(..).zip(self.buffers.chunks_mut(LONGEST)) {
            each(from, &mut buffer[..length]);
        }
        Ok((count, count == TAKEN))
    }
}

fn address(storage: &SockaddrStorage) -> Option<SocketAddr> {
    storage
        .as_sockaddr_in()
        .map(|v4| SocketAddr::new(v4.ip().into(), v4.port()))
        .or_else(|| storage.as_sockaddr_in6().map(|v6| SocketAddr::new(v6.ip().into(), v6.port())))
}

/// Sends what waits in an outbox.
pub(super) struct Sender {
    plain: MultiHeaders<SockaddrStorage>,
    cut: MultiHeaders<SockaddrStorage>,
    /// Whether the system cuts runs into datagrams (udp(7): `UDP_SEGMENT`, Linux 4.18).
    cuts: bool,
    order: Vec<usize>,
    /// Datagrams that the system had no room for.
    pub(super) dropped: u64,
}

impl Sender {
    pub(super) fn new() -> Self {
        Self {
            plain: MultiHeaders::preallocate(SENT, None),
            cut: MultiHeaders::preallocate(SENT, Some(nix::cmsg_space!(u16))),
            cuts: true,
            order: Vec::new(),
            dropped: 0,
        }
    }

    /// Sends the datagrams that go by UDP, those of one receiver in their order.
    pub(super) fn send(&mut self, socket: &UdpSocket, outbox: &Outbox, runs: &[Run]) {
        self.order.clear();
        let udp = runs.iter().enumerate().filter(|(_, run)| run.route.transport == Transport::Udp);
        self.order.extend(udp.map(|(at, _)| at));
        // What is cut alike leaves by one call; a receiver's second run is in a later round than its first.
        self.order.sort_by_key(|at| (runs[*at].round, cut_of(&runs[*at])));
        let order = std::mem::take(&mut self.order);
        for alike in order.chunk_by(|one, other| {
            (runs[*one].round, cut_of(&runs[*one])) == (runs[*other].round, cut_of(&runs[*other]))
        }) {
            for part in alike.chunks(SENT) {
                self.send_alike(socket, outbox, runs, part);
            }
        }
        self.order = order;
    }

    fn send_alike(&mut self, socket: &UdpSocket, outbox: &Outbox, runs: &[Run], which: &[usize]) {
        let cut = which.first().map_or(0, |at| cut_of(&runs[*at]));
        if cut > 0 && !self.cuts {
            return self.send_singly(socket, outbox, runs, which);
        }
        let parts: usize = which.iter().map(|at| runs[*at].count()).sum();
        let mut slices: Vec<IoSlice<'_>> = Vec::with_capacity(parts);
        let mut ends = Vec::with_capacity(which.len());
        let mut addresses = Vec::with_capacity(which.len());
        for at in which {
            slices.extend(outbox.parts(&runs[*at]).map(IoSlice::new));
            ends.push(slices.len());
            addresses.push(Some(SockaddrStorage::from(runs[*at].route.address)));
        }
        let mut begin = 0;
        let messages: Vec<&[IoSlice<'_>]> = ends
            .iter()
            .map(|end| {
                let message = &slices[begin..*end];
                begin = *end;
                message
            })
            .collect();
        let (headers, with) = if cut > 0 {
            (&mut self.cut, vec![ControlMessage::UdpGsoSegments(&cut)])
        } else {
            (&mut self.plain, Vec::new())
        };
        let mut done = 0;
        while done < messages.len() {
            let sent = sendmmsg(
                socket.as_raw_fd(),
                headers,
                &messages[done..],
                &addresses[done..],
                &with,
                MsgFlags::MSG_DONTWAIT,
            )
            .map(|sent| sent.count());
            match sent {
                Ok(count) => done += count.max(1),
                Err(Errno::EINTR) => {}
                Err(Errno::EINVAL | Errno::EIO | Errno::EOPNOTSUPP) if cut > 0 => {
                    tracing::info!("the system does not cut datagrams; they leave one by one");
                    self.cuts = false;
                    return self.send_singly(socket, outbox, runs, &which[done..]);
                }
                // The way out is full: what cannot leave is lost, as on any other hop. It holds up nobody.
                Err(Errno::EAGAIN | Errno::ENOBUFS) => {
                    let left: usize = which[done..].iter().map(|at| runs[*at].count()).sum();
                    self.dropped += left as u64;
                    return;
                }
                // One receiver that cannot be reached is passed over.
                Err(_) => done += 1,
            }
        }
    }

    fn send_singly(&mut self, socket: &UdpSocket, outbox: &Outbox, runs: &[Run], which: &[usize]) {
        for at in which {
            for part in outbox.parts(&runs[*at]) {
                if socket.send_to(part, runs[*at].route.address).is_err() {
                    self.dropped += 1;
                }
            }
        }
    }
}

/// Into what length a run is cut; 0 for one that is a single datagram.
fn cut_of(run: &Run) -> u16 {
    if run.count() > 1 { u16::try_from(run.segment).unwrap_or(0) } else { 0 }
}
