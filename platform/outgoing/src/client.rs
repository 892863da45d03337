//! One request: resolve, judge, connect to what was judged, send, read so much and no more.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use http::{HeaderValue, Version, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    body::Bytes,
    client::conn::http1,
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{net::TcpStream, sync::Semaphore, time::timeout};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::{Allowed, Kind, Network, Request, Response, SystemNetwork, allow::named, kind};

/// So many of a name's addresses are tried.
const TRIED: usize = 4;
/// The most header lines of an answer.
const HEADERS: usize = 100;
/// The largest head of an answer, bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// What may not be sent: credentials of ours, and what belongs to the connection.
const OURS: [header::HeaderName; 6] = [
    header::COOKIE,
    header::HOST,
    header::CONNECTION,
    header::PROXY_AUTHORIZATION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// How much a request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first question to the last byte.
    pub time: Duration,
    /// The largest body of an answer, bytes.
    pub answer_bytes: usize,
    /// Requests at a time; others wait, within their time.
    pub at_a_time: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), answer_bytes: 1024 * 1024, at_a_time: 32 }
    }
}

/// The request was not made, or not answered. None of these repeats what the other side said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The address is no https address of a host, or carries a name and password.
    #[error("the address is not one that requests go to")]
    Address,
    /// The name has no address.
    #[error("the host has no network address")]
    Unresolved,
    /// The host has an address that leads back to us.
    #[error("the host has an address that requests must not go to ({0:?})")]
    Forbidden(Kind),
    /// Nobody answered at its addresses.
    #[error("the host does not answer")]
    Unreachable,
    /// Its certificate is not trusted, or not one of this name.
    #[error("the host could not prove by a certificate that it is the one that is named")]
    Untrusted,
    /// It spoke no HTTP, or broke off.
    #[error("the host did not answer in HTTP")]
    Broken,
    /// It took too long.
    #[error("the host took too long")]
    TooSlow,
    /// It said too much.
    #[error("the host's answer is too large")]
    TooLarge,
}

/// The certificates that are to be trusted cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("there is no certificate in PEM to be trusted")]
pub struct TrustError;

/// Makes requests. Cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    inner: Arc<Inner>,
}

struct Inner {
    network: Arc<dyn Network>,
    allowed: Allowed,
    limits: Limits,
    tls: TlsConnector,
    places: Semaphore,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("allowed", &self.inner.allowed).finish_non_exhaustive()
    }
}

impl Outgoing {
    /// Through the machine's network, trusting the authorities that browsers trust and those of `authorities`, in PEM:
    /// an intranet has its own.
    ///
    /// # Errors
    /// [`TrustError`] when there is no certificate in it.
    pub fn new(allowed: Allowed, authorities: Option<&[u8]>) -> Result<Self, TrustError> {
        Self::over(Arc::new(SystemNetwork), allowed, Limits::default(), authorities)
    }

    /// Through another network, within other limits.
    ///
    /// # Errors
    /// As of [`new`](Self::new).
    ///
    /// # Panics
    /// Never: the versions of TLS are those that the cryptography has.
    pub fn over(
        network: Arc<dyn Network>,
        allowed: Allowed,
        limits: Limits,
        authorities: Option<&[u8]>,
    ) -> Result<Self, TrustError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
        if let Some(pem) = authorities {
            let found: Vec<_> =
                CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| TrustError)?;
            let (taken, _) = roots.add_parsable_certificates(found);
            if taken == 0 {
                return Err(TrustError);
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has ciphers for both versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let places = Semaphore::new(limits.at_a_time);
        let tls = TlsConnector::from(Arc::new(tls));
        Ok(Self { inner: Arc::new(Inner { network, allowed, limits, tls, places }) })
    }

    /// Whether requests could go to this address as far as it alone tells: for whoever sets it, before it is kept. The
    /// judgement that counts is made at each request.
    ///
    /// # Errors
    /// [`OutgoingError::Address`] and [`OutgoingError::Forbidden`].
    pub fn acceptable(&self, address: &str) -> Result<(), OutgoingError> {
        let target = self.target(address)?;
        match target.literal {
            Some(address) => self.judge(&target, address),
            None => Ok(()),
        }
    }

    /// Makes a request. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn send(&self, request: Request) -> Result<Response, OutgoingError> {
        let target = self.target(&request.uri().to_string())?;
        let host = target.host.clone();
        let answered = timeout(self.inner.limits.time, self.run(request, target)).await;
        let outcome = answered.unwrap_or(Err(OutgoingError::TooSlow));
        if let Err(error) = &outcome {
            tracing::info!(host, "a request to another server failed: {error}");
        }
        outcome
    }

    fn target(&self, address: &str) -> Result<Target, OutgoingError> {
        let url = Url::parse(address).map_err(|_| OutgoingError::Address)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutgoingError::Address);
        }
        let parsed = url.host().ok_or(OutgoingError::Address)?;
        let literal = match parsed {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
        };
        let host = named(parsed);
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(OutgoingError::Address)?;
        let encrypted = match url.scheme() {
            "https" => true,
            "http" if self.inner.allowed.plain(&host, port) => false,
            _ => return Err(OutgoingError::Address),
        };
        if host.is_empty() {
            return Err(OutgoingError::Address);
        }
        Ok(Target { url, host, literal, port, encrypted })
    }

    fn judge(&self, target: &Target, address: IpAddr) -> Result<(), OutgoingError> {
        match kind(address) {
            Kind::Public => Ok(()),
            _ if self.inner.allowed.address(&target.host, target.port, address) => Ok(()),
            other => Err(OutgoingError::Forbidden(other)),
        }
    }

    async fn run(&self, request: Request, target: Target) -> Result<Response, OutgoingError> {
        let _place = self.inner.places.acquire().await.map_err(|_| OutgoingError::TooSlow)?;
        let addresses = match target.literal {
            Some(address) => vec![address],
            None => {
                let asked = self.inner.network.resolve(&target.host).await;
                asked.map_err(|_| OutgoingError::Unresolved)?
            }
        };
        if addresses.is_empty() {
            return Err(OutgoingError::Unresolved);
        }
        // All of them: a name that mixes ours with others' tries something.
        for address in &addresses {
            self.judge(&target, *address)?;
        }
        let stream = self.connect(&addresses, target.port).await?;
        if !target.encrypted {
            return self.exchange(TokioIo::new(stream), request, &target).await;
        }
        let name = match target.literal {
            Some(address) => ServerName::IpAddress(address.into()),
            None => ServerName::try_from(target.host.clone()).map_err(|_| OutgoingError::Address)?,
        };
        let stream = self.inner.tls.connect(name, stream).await.map_err(|_| OutgoingError::Untrusted)?;
        self.exchange(TokioIo::new(stream), request, &target).await
    }

    async fn connect(&self, addresses: &[IpAddr], port: u16) -> Result<TcpStream, OutgoingError> {
        for address in addresses.iter().take(TRIED) {
            let patience = self.inner.limits.time / 3;
            let connecting = self.inner.network.connect(SocketAddr::new(*address, port));
            if let Ok(Ok(stream)) = timeout(patience, connecting).await {
                return Ok(stream);
            }
        }
        Err(OutgoingError::Unreachable)
    }

    async fn exchange<T>(&self, io: T, request: Request, target: &Target) -> Result<Response, OutgoingError>
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::Builder::new()
            .max_headers(HEADERS)
            .max_buf_size(LARGEST_HEAD)
            .handshake(io)
            .await
            .map_err(|_| OutgoingError::Broken)?;
        // It ends with the sender, at the end of this function.
        let driver = tokio::spawn(connection);
        let outcome = async {
            let answer = sender.send_request(written(request, target)?).await;
            let (head, body) = answer.map_err(|_| OutgoingError::Broken)?.into_parts();
            let read = Limited::new(body, self.inner.limits.answer_bytes).collect().await;
            let body = read.map_err(|error| {
                if error.is::<LengthLimitError>() { OutgoingError::TooLarge } else { OutgoingError::Broken }
            })?;
            Ok(Response::from_parts(head, body.to_bytes().to_vec()))
        }
        .await;
        driver.abort();
        outcome
    }
}

/// Where a request goes.
struct Target {
    url: Url,
    host: String,
    literal: Option<IpAddr>,
    port: u16,
    encrypted: bool,
}

/// The request as it goes over the wire.
fn written(request: Request, target: &Target) -> Result<http::Request<Full<Bytes>>, OutgoingError> {
    let (mut head, body) = request.into_parts();
    let url = &target.url;
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    head.uri = path.parse().map_err(|_| OutgoingError::Address)?;
    head.version = Version::HTTP_11;
    for name in OURS {
        head.headers.remove(name);
    }
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let host = HeaderValue::from_str(&host).map_err(|_| OutgoingError::Address)?;
    head.headers.insert(header::HOST, host);
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    head.headers.insert(header::USER_AGENT, HeaderValue::from_static("Plenum"));
    Ok(http::Request::from_parts(head, Full::new(Bytes::from(body))))
}
