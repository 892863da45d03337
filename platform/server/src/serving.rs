//! Serves connections, and lets go of those that are of no use: a head of a request that does not come to its end, and
//! whatever does not move in either direction. axum's own way of serving waits for both for good.

use std::{
    future::Future as _,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request, serve::Listener};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// Within so long the head of a request comes, the first one and those after it on the same connection.
pub const HEAD: Duration = Duration::from_secs(30);
/// Where nothing moves for so long, nobody is there: longer than an operation may take, and than an open page is silent.
pub const STILL: Duration = Duration::from_secs(75);

/// Serves what `listener` takes, until it is told to stop and the last answer is given.
pub async fn serve<L: Listener<Addr = SocketAddr>>(mut listener: L, router: Router, stop: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        connections.spawn(talk(Moving::new(stream, STILL), peer, router.clone(), stop.clone()));
    }
    connections.close();
    connections.wait().await;
}

async fn talk<S>(stream: Moving<S>, peer: SocketAddr, router: Router, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let mut manner = http1::Builder::new();
    manner.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection =
        manner.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Whoever went away did so; there is nothing to mend here.
        tracing::debug!(%error, "a connection ended");
    }
}

/// A stream that fails when nothing moved in either direction for too long.
struct Moving<S> {
    stream: S,
    still: Duration,
    moved: Instant,
    due: Pin<Box<Sleep>>,
}

impl<S> Moving<S> {
    fn new(stream: S, still: Duration) -> Self {
        let moved = Instant::now();
        Self { stream, still, moved, due: Box::pin(tokio::time::sleep_until(moved + still)) }
    }

    /// What came of an attempt: a failure when it waits and has waited for too long.
    fn seen<T>(&mut self, context: &mut Context<'_>, attempt: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if attempt.is_ready() {
            self.moved = Instant::now();
            return attempt;
        }
        while self.due.as_mut().poll(context).is_ready() {
            let due = self.moved + self.still;
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.due.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Moving<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.seen(context, attempt)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Moving<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.seen(context, attempt)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.seen(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.stream).poll_shutdown(context);
        self.seen(context, attempt)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Passes at once, but for what is due within it.
    const SOON: Duration = Duration::from_millis(1);
    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_connection_on_which_nothing_moves_is_let_go() {
        let (here, mut there) = tokio::io::duplex(16);
        let mut here = Moving::new(here, SOON);
        there.write_all(b"word").await.expect("sent");
        let mut word = [0; 4];
        here.read_exact(&mut word).await.expect("what came is read");
        let error = here.read_exact(&mut word).await.expect_err("nothing comes");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);

        // It is full, and nobody takes anything.
        let (here, _unread) = tokio::io::duplex(16);
        let mut here = Moving::new(here, SOON);
        let error = here.write_all(&[0; 32]).await.expect_err("nothing is taken");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn what_moves_goes_on() {
        let (here, mut there) = tokio::io::duplex(16);
        let mut here = Moving::new(here, LONG);
        // It was due, but something moved since.
        here.due.as_mut().reset(Instant::now());
        let (mut word, before) = ([0; 4], here.moved);
        let reading = async { here.read_exact(&mut word).await.map(|_| ()) };
        let writing = async {
            tokio::task::yield_now().await;
            there.write_all(b"word").await
        };
        let (read, written) = tokio::join!(reading, writing);
        assert!(read.is_ok() && written.is_ok());
        assert!(here.moved > before);
    }
}
