//! TLS by the program itself, when certificates are given; getting them (ACME) is left to whoever renews the files.

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use anyhow::Context as _;
use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    serve::Listener,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

/// Who has not ended the handshake by then is not served.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many handshakes go on at a time; others wait.
const HANDSHAKES: usize = 256;
/// How often the files are looked at: who renews them need not know of the program.
const LOOK: Duration = Duration::from_secs(60);

/// The files of the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those between it and the authority, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads both.
    ///
    /// # Errors
    /// Naming the setting whose file cannot be used.
    pub fn load(&self) -> anyhow::Result<CertifiedKey> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .with_context(|| format!("PLENUM_TLS_CERT: could not read {}", self.certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .with_context(|| format!("PLENUM_TLS_KEY: could not read {}", self.key.display()))?;
        CertifiedKey::from_der(chain, key, &ring::default_provider())
            .context("PLENUM_TLS_KEY is not the key of the certificate in PLENUM_TLS_CERT")
    }

    /// When each of them was last written.
    fn written(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key]
            .map(|path| std::fs::metadata(path).and_then(|about| about.modified()).ok())
    }
}

/// The certificate that is shown now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// A certificate, and its renewal.
pub struct Certificate {
    files: TlsFiles,
    shown: Arc<Shown>,
    written: [Option<SystemTime>; 2],
}

impl Certificate {
    /// Reads it.
    ///
    /// # Errors
    /// As of [`TlsFiles::load`].
    pub fn open(files: TlsFiles) -> anyhow::Result<Self> {
        let written = files.written();
        let shown = Arc::new(Shown(RwLock::new(Arc::new(files.load()?))));
        Ok(Self { files, shown, written })
    }

    /// How connections are taken with it.
    ///
    /// # Panics
    /// Never: ring has ciphers for both versions.
    #[must_use]
    pub fn acceptor(&self) -> TlsAcceptor {
        let mut config = self.config();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }

    /// How connections to the relay are taken with it: they speak no HTTP.
    #[must_use]
    pub fn relay_acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.config()))
    }

    fn config(&self) -> ServerConfig {
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has ciphers for both versions")
            .with_no_client_auth()
            .with_cert_resolver(self.shown.clone())
    }

    /// Reads the files anew. What cannot be used is told, and the one before stays.
    pub fn renew(&mut self) {
        self.written = self.files.written();
        match self.files.load() {
            Ok(key) => {
                *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => tracing::error!("the certificate before stays: {error:#}"),
        }
    }

    /// Renews it when a signal comes or the files were written, until it is stopped.
    ///
    /// # Errors
    /// When signals cannot be heeded.
    pub async fn keep(mut self, stop: CancellationToken) -> io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};

        let mut hangup = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                _ = hangup.recv() => self.renew(),
                () = tokio::time::sleep(LOOK) => {
                    if self.files.written() != self.written {
                        self.renew();
                    }
                }
            }
        }
    }
}

/// Takes connections, and gives those on whose encryption both sides agreed. A handshake that takes long keeps nobody
/// else waiting.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl TlsListener {
    /// Takes connections of `listener` until it is stopped.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn over(listener: TcpListener, acceptor: TlsAcceptor, stop: CancellationToken) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(HANDSHAKES);
        tokio::spawn(accept(listener, acceptor, sender, stop));
        Ok(Self { ready, address })
    }
}

async fn accept(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => return,
            // That of axum waits a moment when the process has no more files to open.
            accepted = Listener::accept(&mut listener) => accepted,
        };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            let _place = place;
            if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                // When nobody takes it any more, the server has stopped.
                sender.send((stream, peer)).await.ok();
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // It was stopped, and so will be whoever waits here.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Sends everybody who comes without encryption to the public address: never to the one that they name.
pub fn redirect(public_url: &str) -> Router {
    let public_url: Arc<str> = Arc::from(public_url);
    Router::new().fallback(move |uri: Uri, _: HeaderMap| {
        let public_url = public_url.clone();
        async move { moved(&public_url, &uri) }
    })
}

fn moved(public_url: &str, uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path } else { "/" };
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("{public_url}{path}"))]).into_response()
}
