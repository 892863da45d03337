//! Clients that come by TCP or TLS, each over a connection of their own (RFC 8656 §2.1).

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use plenum_stun::{self as stun, Frame};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::Instant,
};
use tokio_rustls::TlsAcceptor;

use super::{
    LONGEST, Listener, Shared,
    towards::{Back, Opener},
};
use crate::{
    limits::network,
    server::{Client, Outcome},
};

/// So many messages wait for a slow client; what comes then is dropped.
const QUEUE: usize = 256;

/// How many connections there are, altogether and from each address.
pub(super) struct Connections {
    per_address: usize,
    total: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that is counted.
struct Place<'a> {
    connections: &'a Connections,
    address: IpAddr,
}

impl Connections {
    pub(super) fn new(per_address: usize, total: usize) -> Self {
        Self { per_address, total, open: Mutex::default() }
    }

    pub(super) fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    fn take(&self, ip: IpAddr) -> Option<Place<'_>> {
        let address = network(ip);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = open.get(&address).copied().unwrap_or(0);
        if of_address >= self.per_address || open.values().sum::<usize>() >= self.total {
            return None;
        }
        *open.entry(address).or_default() += 1;
        Some(Place { connections: self, address })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

pub(super) async fn serve(shared: Arc<Shared>, listener: TcpListener, tls: Option<TlsAcceptor>) {
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, address)) = accepted else {
            // No file to open is left: others close some.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (shared, tls) = (shared.clone(), tls.clone());
        tokio::spawn(async move {
            let stop = shared.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                () = connection(shared, stream, address, tls) => {}
            }
        });
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream, address: SocketAddr, tls: Option<TlsAcceptor>) {
    let Some(_place) = shared.connections.take(address.ip()) else { return };
    // Voices are small packets: they are not to wait for one another.
    drop(stream.set_nodelay(true));
    match tls {
        None => {
            let client = Client { listener: Listener::Tcp as u8, address, stream: true };
            converse(&shared, stream, client).await;
        }
        Some(acceptor) => {
            let client = Client { listener: Listener::Tls as u8, address, stream: true };
            if let Ok(Ok(stream)) = tokio::time::timeout(shared.patience, acceptor.accept(stream)).await {
                converse(&shared, stream, client).await;
            }
        }
    }
}

/// Reads and answers until either side ends it. With the connection its allocation ends.
async fn converse(shared: &Arc<Shared>, stream: impl AsyncRead + AsyncWrite, client: Client) {
    let (reader, writer) = tokio::io::split(stream);
    let (sender, queue) = mpsc::channel(QUEUE);
    tokio::select! {
        () = read(shared, reader, client, sender) => {}
        () = write(writer, queue, shared.patience) => {}
    }
    shared.server().end(&client);
}

async fn read(shared: &Arc<Shared>, reader: impl AsyncRead, client: Client, answers: mpsc::Sender<Vec<u8>>) {
    let mut reader = std::pin::pin!(reader);
    let back = Back::Stream(answers.clone());
    let (mut buffer, mut filled) = (vec![0; 4 * LONGEST], 0);
    let mut deadline = Instant::now() + shared.patience;
    loop {
        match tokio::time::timeout_at(deadline, reader.read(&mut buffer[filled..])).await {
            Ok(Ok(length)) if length > 0 => filled += length,
            Ok(_) => return,
            // Who holds an allocation may be silent for as long as it lasts; who holds none is not to stay, by whatever
            // trickle.
            Err(_) if shared.server().holds(&client) => deadline = Instant::now() + shared.patience,
            Err(_) => return,
        }
        let mut at = 0;
        loop {
            match stun::frame(&buffer[at..filled], LONGEST) {
                Frame::Whole(length) => {
                    // An answer waits for room, and with it whatever the client says further.
                    if let Some(answer) = hear(shared, &client, &back, &buffer[at..at + length])
                        && answers.send(answer).await.is_err()
                    {
                        return;
                    }
                    at += length;
                }
                Frame::Partial => break,
                Frame::Garbage => return,
            }
        }
        buffer.copy_within(at..filled, 0);
        filled -= at;
    }
}

fn hear(shared: &Arc<Shared>, client: &Client, back: &Back, message: &[u8]) -> Option<Vec<u8>> {
    let now = shared.now();
    let mut opener = Opener { shared, client: *client, back };
    let outcome = shared.server().heard(client, message, &mut opener, now);
    match outcome {
        Outcome::Nothing => None,
        Outcome::Answer(answer) => Some(answer),
        Outcome::Forward { socket, to, data } => {
            socket.send(to, data);
            None
        }
    }
}

async fn write(writer: impl AsyncWrite, mut queue: mpsc::Receiver<Vec<u8>>, patience: Duration) {
    let mut writer = std::pin::pin!(writer);
    while let Some(message) = queue.recv().await {
        // A client that takes nothing for so long is gone.
        let written = async {
            writer.write_all(&message).await?;
            // TLS keeps what it has encrypted until it is told.
            if queue.is_empty() { writer.flush().await } else { Ok(()) }
        };
        match tokio::time::timeout(patience, written).await {
            Ok(Ok(())) => {}
            _ => return,
        }
    }
}
