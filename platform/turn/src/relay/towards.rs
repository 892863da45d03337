//! Sockets towards the media server, one for each allocation.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Weak},
};

use tokio::{net::UdpSocket, sync::mpsc, task::AbortHandle};

use super::{LONGEST, Shared};
use crate::server::{Client, Sockets};

/// The way back to a client.
#[derive(Clone)]
pub(super) enum Back {
    /// By the socket that the client came to.
    Udp(Arc<UdpSocket>),
    /// By its connection, which drops what finds no room: media that are late are of no use.
    Stream(mpsc::Sender<Vec<u8>>),
}

impl Back {
    /// Sends, or drops when there is no room.
    pub(super) fn send(&self, client: &Client, data: Vec<u8>) {
        match self {
            // What does not fit now would be late.
            Self::Udp(socket) => drop(socket.try_send_to(&data, client.address)),
            Self::Stream(sender) => drop(sender.try_send(data)),
        }
    }
}

/// The socket of an allocation. It closes when the allocation ends.
pub(super) struct Towards {
    socket: Arc<UdpSocket>,
    reading: AbortHandle,
}

impl Towards {
    /// Sends, or drops when there is no room.
    pub(super) fn send(&self, to: SocketAddr, data: &[u8]) {
        drop(self.socket.try_send_to(data, to));
    }
}

impl Drop for Towards {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// Opens sockets for one client.
pub(super) struct Opener<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) client: Client,
    pub(super) back: &'a Back,
}

impl Sockets<Arc<Towards>> for Opener<'_> {
    fn open(&mut self) -> io::Result<(Arc<Towards>, SocketAddr)> {
        let socket = std::net::UdpSocket::bind(SocketAddr::new(self.shared.bind, 0))?;
        socket.set_nonblocking(true)?;
        let bound = socket.local_addr()?;
        let socket = Arc::new(UdpSocket::from_std(socket)?);
        // The task must not keep what keeps it.
        let shared = Arc::downgrade(self.shared);
        let reading = tokio::spawn(read(shared, socket.clone(), self.client, self.back.clone()));
        Ok((Arc::new(Towards { socket, reading: reading.abort_handle() }), bound))
    }
}

async fn read(shared: Weak<Shared>, socket: Arc<UdpSocket>, client: Client, back: Back) {
    let mut buffer = vec![0; LONGEST];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else {
            // Such as "connection refused" of an earlier packet; the socket goes on.
            tokio::task::yield_now().await;
            continue;
        };
        let Some(shared) = shared.upgrade() else { return };
        if length == LONGEST {
            // Cut off, most likely.
            continue;
        }
        let now = shared.now();
        let from = SocketAddr::new(from.ip(), from.port());
        let answer = shared.server().heard_from_peer(&client, from, &buffer[..length], now);
        if let Some(answer) = answer {
            back.send(&client, answer);
        }
    }
}
