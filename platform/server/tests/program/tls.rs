//! TLS by the program itself.

use std::{fs, path::Path};

use http::{StatusCode, header};
use nix::sys::signal::Signal;
use plenum_outgoing::{Outgoing, OutgoingError, Response};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::support::{Server, data_dir, free_port, plenum};

/// An authority, and the files of a certificate that it vouches for.
struct Certified {
    folder: TempDir,
    authority: String,
}

impl Certified {
    fn new() -> Self {
        let mut certified = Self { folder: tempfile::tempdir().expect("a folder"), authority: String::new() };
        certified.renew();
        certified
    }

    /// Another certificate by another authority, in the same files.
    fn renew(&mut self) {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self.authority = params.self_signed(&key).expect("an authority").pem();
        let issuer = Issuer::new(params, key);
        let own = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
            .expect("parameters")
            .signed_by(&own, &issuer)
            .expect("a certificate");
        fs::write(self.certificate(), certificate.pem()).expect("written");
        fs::write(self.key(), own.serialize_pem()).expect("written");
    }

    fn certificate(&self) -> String {
        self.path("certificate.pem")
    }

    fn key(&self) -> String {
        self.path("key.pem")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    /// The answer to somebody who trusts the authority of now and no other.
    async fn get(&self, url: &str) -> Result<Response, OutgoingError> {
        let here = "127.0.0.1".parse().expect("an address");
        let client = Outgoing::new(here, Some(self.authority.as_bytes())).expect("a client");
        client.send(http::Request::get(url).body(Vec::new()).expect("a request")).await
    }
}

#[tokio::test]
async fn with_a_certificate_the_program_speaks_tls_renews_it_and_sends_others_there() {
    let dir = data_dir();
    let mut certified = Certified::new();
    let plain = format!("127.0.0.1:{}", free_port());
    let (certificate, key) = (certified.certificate(), certified.key());
    let settings = [
        ("PLENUM_TLS_CERT", certificate.as_str()),
        ("PLENUM_TLS_KEY", key.as_str()),
        ("PLENUM_HTTP_REDIRECT", plain.as_str()),
    ];
    let mut server = Server::start_plain(dir.path(), &settings).await;
    let url = server.url.replace("http://", "https://");
    let answer = certified.get(&format!("{url}/healthz")).await.expect("an answer");
    assert_eq!((answer.status(), answer.body().as_slice()), (StatusCode::OK, &b"ok"[..]));
    let hsts = answer.headers()[header::STRICT_TRANSPORT_SECURITY].to_str().expect("words");
    assert_eq!(hsts, "max-age=31536000");

    // Who comes without encryption is sent to the public address, whatever host they name.
    let client =
        Outgoing::new(format!("http://{plain}").parse().expect("an address"), None).expect("a client");
    for (asked, expected) in [("/t/alpha?a=b", "/t/alpha?a=b"), ("//evil.example/", "//evil.example/")] {
        let request =
            http::Request::get(format!("http://{plain}{asked}")).body(Vec::new()).expect("a request");
        let sent = client.send(request).await.expect("an answer");
        assert_eq!(sent.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(
            sent.headers()[header::LOCATION].to_str().expect("an address"),
            format!("{url}{expected}")
        );
    }

    // Another certificate is shown from the signal on, without a stop.
    certified.renew();
    assert_eq!(certified.get(&url).await.expect_err("the old one"), OutgoingError::Untrusted);
    server.signal(Signal::SIGHUP);
    server.says("the certificate was read anew").await;
    assert_eq!(certified.get(&format!("{url}/healthz")).await.expect("an answer").status(), StatusCode::OK);
    // One that cannot be used leaves the one before.
    fs::write(certified.key(), "no key").expect("written");
    server.signal(Signal::SIGHUP);
    server.says("the certificate before stays").await;
    assert_eq!(certified.get(&format!("{url}/healthz")).await.expect("an answer").status(), StatusCode::OK);
    server.stop().await;
}

async fn refused(data: &Path, settings: &[(&str, &str)]) -> String {
    let output =
        plenum(data).arg("serve").envs(settings.iter().copied()).output().await.expect("plenum runs");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_named_before_anything_is_started() {
    let dir = data_dir();
    let (one, other) = (Certified::new(), Certified::new());
    let said = refused(dir.path(), &[("PLENUM_TLS_CERT", &one.certificate())]).await;
    assert!(said.contains("PLENUM_TLS_KEY is missing"), "{said}");
    let said =
        refused(dir.path(), &[("PLENUM_TLS_CERT", &one.certificate()), ("PLENUM_TLS_KEY", &other.key())])
            .await;
    assert!(said.contains("PLENUM_TLS_KEY is not the key"), "{said}");
    let said = refused(
        dir.path(),
        &[
            ("PLENUM_TLS_CERT", &one.certificate()),
            ("PLENUM_TLS_KEY", &one.key()),
            ("PLENUM_PUBLIC_URL", "http://plenum.example.org"),
        ],
    )
    .await;
    assert!(said.contains("PLENUM_PUBLIC_URL"), "{said}");
    assert!(!dir.path().join("postgres").exists());
}
