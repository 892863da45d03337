//! Connections by TCP, for whom datagrams do not reach (RFC 6544): each datagram goes behind its length (RFC 4571).

use std::collections::HashMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

/// What waits for one that takes too little; what comes then is left out, whole datagrams only.
const WAITING: usize = 256 * 1024;
/// The longest datagram that is taken.
const LONGEST: usize = 8 * 1024;
/// Connections of one thread.
const MOST: usize = 4_096;

/// The connections of a thread.
pub(super) struct Streams {
    by_token: HashMap<Token, Stream>,
    tokens: HashMap<SocketAddr, Token>,
    next: usize,
}

struct Stream {
    socket: TcpStream,
    address: SocketAddr,
    read: Vec<u8>,
    write: Vec<u8>,
}

/// What became of a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// There may be more to read.
    More,
    Closed,
}

impl Streams {
    /// Tokens from `first` on are given to connections.
    pub(super) fn new(first: usize) -> Self {
        Self { by_token: HashMap::new(), tokens: HashMap::new(), next: first }
    }

    /// Takes a connection, with what was read of it already.
    pub(super) fn add(
        &mut self,
        registry: &Registry,
        mut socket: TcpStream,
        address: SocketAddr,
        read: Vec<u8>,
    ) -> std::io::Result<Option<Token>> {
        if self.by_token.len() >= MOST {
            return Ok(None);
        }
        let token = Token(self.next);
        self.next += 1;
        socket.set_nodelay(true)?;
        registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
        self.tokens.insert(address, token);
        self.by_token.insert(token, Stream { socket, address, read, write: Vec::new() });
        Ok(Some(token))
    }

    /// Gives a connection away, with what was read of it.
    pub(super) fn remove(
        &mut self,
        registry: &Registry,
        token: Token,
    ) -> Option<(TcpStream, SocketAddr, Vec<u8>)> {
        let mut stream = self.by_token.remove(&token)?;
        self.tokens.remove(&stream.address);
        // A socket that is not there any more needs no deregistration.
        let _ = registry.deregister(&mut stream.socket);
        Some((stream.socket, stream.address, stream.read))
    }

    pub(super) fn address(&self, token: Token) -> Option<SocketAddr> {
        self.by_token.get(&token).map(|stream| stream.address)
    }

    /// Reads what is there, or as much as is kept: then there may be more, of which nothing will tell.
    pub(super) fn fill(&mut self, token: Token) -> State {
        let Some(stream) = self.by_token.get_mut(&token) else { return State::Closed };
        let mut buffer = [0; 16 * 1024];
        loop {
            if stream.read.len() > 4 * LONGEST {
                return State::More;
            }
            match stream.socket.read(&mut buffer) {
                Ok(0) => return State::Closed,
                Ok(count) => stream.read.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return State::Open,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return State::Closed,
            }
        }
    }

    /// The next whole datagram that was read; `Err` when the connection speaks something else.
    pub(super) fn next(&mut self, token: Token, datagram: &mut Vec<u8>) -> Result<bool, ()> {
        let Some(stream) = self.by_token.get_mut(&token) else { return Ok(false) };
        let Some(&[high, low]) = stream.read.first_chunk() else { return Ok(false) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > LONGEST {
            return Err(());
        }
        if stream.read.len() < 2 + length {
            return Ok(false);
        }
        datagram.clear();
        datagram.extend_from_slice(&stream.read[2..2 + length]);
        stream.read.drain(..2 + length);
        Ok(true)
    }

    /// Sends a datagram, or leaves it out when too much waits.
    pub(super) fn send(&mut self, to: SocketAddr, datagram: &[u8]) -> State {
        let Some(stream) = self.tokens.get(&to).and_then(|token| self.by_token.get_mut(token)) else {
            return State::Closed;
        };
        let Ok(length) = u16::try_from(datagram.len()) else { return State::Open };
        if stream.write.len() > WAITING {
            return State::Open;
        }
        stream.write.extend_from_slice(&length.to_be_bytes());
        stream.write.extend_from_slice(datagram);
        stream.flush()
    }

    /// Sends what waits.
    pub(super) fn flush(&mut self, token: Token) -> State {
        self.by_token.get_mut(&token).map_or(State::Closed, Stream::flush)
    }
}

impl Stream {
    fn flush(&mut self) -> State {
        let mut done = 0;
        let state = loop {
            if done == self.write.len() {
                break State::Open;
            }
            match self.socket.write(&self.write[done..]) {
                Ok(0) => break State::Closed,
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break State::Open,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break State::Closed,
            }
        };
        self.write.drain(..done);
        state
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use mio::Poll;

    use super::*;

    /// Both ends of a connection; the first is one of ours.
    fn pair(poll: &Poll) -> (Streams, Token, SocketAddr, std::net::TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let theirs = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (ours, address) = listener.accept().unwrap();
        ours.set_nonblocking(true).unwrap();
        let mut streams = Streams::new(1);
        let token = streams.add(poll.registry(), TcpStream::from_std(ours), address, Vec::new());
        (streams, token.unwrap().unwrap(), address, theirs)
    }

    #[test]
    fn who_takes_nothing_holds_up_nobody() {
        let poll = Poll::new().unwrap();
        let (mut streams, token, address, _theirs) = pair(&poll);
        // More than the system keeps for a connection.
        for _ in 0..50_000 {
            assert_eq!(streams.send(address, &[7; 1_000]), State::Open);
        }
        let waiting = streams.by_token[&token].write.len();
        assert!(waiting > 0 && waiting <= WAITING + 1_002, "{waiting}");
    }

    #[test]
    fn datagrams_are_cut_out_of_the_stream_again() {
        let poll = Poll::new().unwrap();
        let (mut streams, token, _, mut theirs) = pair(&poll);
        theirs.write_all(&[0, 3, b'o', b'n', b'e', 0, 3, b't', b'w']).unwrap();
        drop(theirs);
        assert_eq!(streams.fill(token), State::Closed);
        let mut datagram = Vec::new();
        assert_eq!(streams.next(token, &mut datagram), Ok(true));
        assert_eq!(datagram, b"one");
        assert_eq!(streams.next(token, &mut datagram), Ok(false), "the second is not whole");
    }

    #[test]
    fn what_is_no_datagram_ends_the_connection() {
        let poll = Poll::new().unwrap();
        let (mut streams, token, _, mut theirs) = pair(&poll);
        theirs.write_all(b"GET / HTTP/1.1").unwrap();
        drop(theirs);
        streams.fill(token);
        assert_eq!(streams.next(token, &mut Vec::new()), Err(()));
    }
}
