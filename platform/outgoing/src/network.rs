//! Names and connections, as the machine has them.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use async_trait::async_trait;
use tokio::net::{TcpStream, lookup_host};

/// What requests go through: the machine's own, or a test's.
#[async_trait]
pub trait Network: Send + Sync {
    /// The addresses of a name. Asked once for each request.
    ///
    /// # Errors
    /// When the name has none.
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;

    /// A connection to exactly this address.
    ///
    /// # Errors
    /// When nobody answers there.
    async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream>;
}

/// The machine's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNetwork;

#[async_trait]
impl Network for SystemNetwork {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(lookup_host((name, 0)).await?.map(|found| found.ip()).collect())
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        TcpStream::connect(address).await
    }
}
