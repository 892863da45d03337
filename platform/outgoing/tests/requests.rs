//! Requests against a server on this machine, through a network that the test controls.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use plenum_outgoing::{Allowed, Kind, Limits, Network, Outgoing, OutgoingError, Response};
use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// An address of the public internet, where nothing of this test ever goes.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(1, 2, 3, 4);
const HOST: &str = "idp.example.org";

/// Gives the answers in turn, and leads each connection to the test's server while noting to where it should have gone.
struct Stage {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
    dialed: Mutex<Vec<SocketAddr>>,
    server: SocketAddr,
}

#[async_trait]
impl Network for Stage {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().expect("not poisoned").push(name.to_owned());
        let mut answers = self.answers.lock().expect("not poisoned");
        if answers.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(answers.remove(0)) }
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        self.dialed.lock().expect("not poisoned").push(address);
        TcpStream::connect(self.server).await
    }
}

/// A server with a certificate for a name, that says one thing to everybody.
struct Server {
    address: SocketAddr,
    /// The authority that vouches for it, PEM.
    authority: String,
    heard: Arc<Mutex<Vec<String>>>,
}

async fn server(name: &str, answer: &'static str) -> Server {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).expect("an authority").pem();
    let issuer = Issuer::new(params, key);
    let own = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec![name.to_owned()])
        .expect("parameters")
        .signed_by(&own, &issuer)
        .expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(own.serialize_der()).expect("a key"),
        )
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, log) = (acceptor.clone(), log.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = Vec::new();
                let mut buffer = [0; 4096];
                while !head.windows(4).any(|four| four == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
                        _ => return,
                    }
                }
                log.lock().expect("not poisoned").push(String::from_utf8_lossy(&head).into_owned());
                stream.write_all(answer.as_bytes()).await.ok();
                stream.shutdown().await.ok();
            });
        }
    });
    Server { address, authority, heard }
}

fn stage(server: SocketAddr, answers: Vec<Vec<IpAddr>>) -> Arc<Stage> {
    Arc::new(Stage {
        answers: Mutex::new(answers),
        asked: Mutex::default(),
        dialed: Mutex::default(),
        server,
    })
}

fn outgoing(stage: &Arc<Stage>, allowed: &str, limits: Limits, authority: &str) -> Outgoing {
    let allowed: Allowed = allowed.parse().expect("entries");
    Outgoing::over(stage.clone(), allowed, limits, Some(authority.as_bytes())).expect("a client")
}

async fn get(client: &Outgoing, address: &str) -> Result<Response, OutgoingError> {
    let request =
        http::Request::get(address).header("cookie", "plenum=secret").body(Vec::new()).expect("a request");
    client.send(request).await
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nset-cookie: a=b\r\n\r\nhello";

#[tokio::test]
async fn the_address_that_was_judged_is_the_one_that_is_called() {
    let server = server(HOST, HELLO).await;
    // First public, then ours: whoever asks twice is led to this machine.
    let stage = stage(server.address, vec![vec![PUBLIC.into()], vec![Ipv4Addr::LOCALHOST.into()]]);
    let client = outgoing(&stage, "", Limits::default(), &server.authority);
    let answer = get(&client, &format!("https://{HOST}/a?b=c")).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (200, &b"hello"[..]));
    assert_eq!(*stage.asked.lock().expect("not poisoned"), [HOST]);
    assert_eq!(*stage.dialed.lock().expect("not poisoned"), [SocketAddr::from((PUBLIC, 443))]);
    let heard = server.heard.lock().expect("not poisoned").join("");
    assert!(heard.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("host: idp.example.org\r\n") && !heard.contains("secret"), "{heard}");

    // The next request asks anew, is judged anew, and goes nowhere.
    let refused = get(&client, &format!("https://{HOST}/a")).await;
    assert_eq!(refused.expect_err("ours"), OutgoingError::Forbidden(Kind::Loopback));
    assert_eq!(stage.dialed.lock().expect("not poisoned").len(), 1);
    assert_eq!(server.heard.lock().expect("not poisoned").len(), 1);
}

#[tokio::test]
async fn a_name_with_one_address_of_ours_is_refused_whole() {
    let stage = stage(
        SocketAddr::from((PUBLIC, 1)),
        vec![vec![PUBLIC.into(), "::ffff:169.254.169.254".parse().expect("an address")]],
    );
    let client =
        Outgoing::over(stage.clone(), Allowed::default(), Limits::default(), None).expect("a client");
    let refused = get(&client, &format!("https://{HOST}/")).await;
    assert_eq!(refused.expect_err("ours"), OutgoingError::Forbidden(Kind::LinkLocal));
    assert!(stage.dialed.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn addresses_in_every_spelling_are_judged() {
    let stage = stage(SocketAddr::from((PUBLIC, 1)), Vec::new());
    let client =
        Outgoing::over(stage.clone(), Allowed::default(), Limits::default(), None).expect("a client");
    for (address, expected) in [
        ("https://127.0.0.1/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://127.1/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://0x7f000001/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://2130706433/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://0177.0.0.1/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://[::1]/", OutgoingError::Forbidden(Kind::Loopback)),
        ("https://[::ffff:10.0.0.1]/", OutgoingError::Forbidden(Kind::Private)),
        ("https://[64:ff9b::a9fe:a9fe]/", OutgoingError::Forbidden(Kind::LinkLocal)),
        ("https://169.254.169.254/latest/meta-data", OutgoingError::Forbidden(Kind::LinkLocal)),
        ("https://10.0.0.1:8443/", OutgoingError::Forbidden(Kind::Private)),
        ("http://idp.example.org/", OutgoingError::Address),
        ("ftp://idp.example.org/", OutgoingError::Address),
        ("file:///etc/passwd", OutgoingError::Address),
        ("https://user:password@idp.example.org/", OutgoingError::Address),
        ("https://", OutgoingError::Address),
    ] {
        assert_eq!(client.acceptable(address), Err(expected), "{address}");
        // What no request can be made of is refused by its type.
        if let Ok(request) = http::Request::get(address).body(Vec::new()) {
            assert_eq!(client.send(request).await.expect_err(address), expected, "{address}");
        }
    }
    assert!(stage.dialed.lock().expect("not poisoned").is_empty());
    assert_eq!(client.acceptable("https://idp.example.org/realms/a"), Ok(()));
}

#[tokio::test]
async fn a_host_with_another_name_in_its_certificate_is_not_trusted() {
    let server = server("other.example.org", HELLO).await;
    let stage = stage(server.address, vec![vec![PUBLIC.into()], vec![PUBLIC.into()]]);
    let client = outgoing(&stage, "", Limits::default(), &server.authority);
    assert_eq!(
        get(&client, &format!("https://{HOST}/")).await.expect_err("a name"),
        OutgoingError::Untrusted
    );
    let client = Outgoing::over(stage, Allowed::default(), Limits::default(), None).expect("a client");
    let unknown = get(&client, "https://other.example.org/").await;
    assert_eq!(unknown.expect_err("an unknown authority"), OutgoingError::Untrusted);
    assert!(server.heard.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn what_the_operator_names_is_reached_and_nothing_beside_it() {
    let server = server("127.0.0.1", HELLO).await;
    let stage = stage(server.address, vec![vec![Ipv4Addr::LOCALHOST.into()]; 2]);
    let client = outgoing(&stage, "intranet.example.org, 127.0.0.1", Limits::default(), &server.authority);
    let literal = get(&client, &format!("https://127.0.0.1:{}/", server.address.port())).await;
    assert_eq!(literal.expect("an answer").status(), 200);
    // The name is let through to this machine, and then fails by its certificate only.
    let named = get(&client, "https://intranet.example.org/").await;
    assert_eq!(named.expect_err("another name"), OutgoingError::Untrusted);
    let client = outgoing(&stage, "intranet.example.org", Limits::default(), &server.authority);
    let beside = get(&client, "https://other.example.org/").await;
    assert_eq!(beside.expect_err("not named"), OutgoingError::Forbidden(Kind::Loopback));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: https://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
    let server = server(HOST, moved).await;
    let stage = stage(server.address, vec![vec![PUBLIC.into()]]);
    let client = outgoing(&stage, "", Limits::default(), &server.authority);
    assert_eq!(get(&client, &format!("https://{HOST}/")).await.expect("an answer").status(), 302);
    assert_eq!(stage.dialed.lock().expect("not poisoned").len(), 1);
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit() {
    let limits = Limits { answer_bytes: 4, ..Limits::default() };
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for answer in [HELLO, chunked] {
        let server = server(HOST, answer).await;
        let stage = stage(server.address, vec![vec![PUBLIC.into()]]);
        let client = outgoing(&stage, "", limits, &server.authority);
        assert_eq!(
            get(&client, &format!("https://{HOST}/")).await.expect_err("five"),
            OutgoingError::TooLarge
        );
    }
    let server = server(HOST, "I speak no HTTP\r\n\r\n").await;
    let stage = stage(server.address, vec![vec![PUBLIC.into()]]);
    let client = outgoing(&stage, "", limits, &server.authority);
    assert_eq!(get(&client, &format!("https://{HOST}/")).await.expect_err("no HTTP"), OutgoingError::Broken);
}

#[tokio::test]
async fn a_host_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let stage = stage(address, vec![vec![PUBLIC.into()]]);
    // It accepts, by the kernel's queue, and never speaks.
    let limits = Limits { time: Duration::from_millis(50), ..Limits::default() };
    let client = Outgoing::over(stage, Allowed::default(), limits, None).expect("a client");
    assert_eq!(get(&client, &format!("https://{HOST}/")).await.expect_err("silence"), OutgoingError::TooSlow);
    drop(listener);
}
