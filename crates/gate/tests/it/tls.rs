//! TLS by itself: a certificate is taken up without a restart, and whoever comes by HTTP is sent on.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gate::{Certificate, TlsFault};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::{get_of, open, options, rest, send};

fn data(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data")).join(name)
}

/// Asks by TLS, trusting one certificate alone; none when it is not the one shown.
async fn ask(to: SocketAddr, trusted: &str) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data(trusted)).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(to).await.unwrap();
    let name = "localhost".try_into().unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
    stream.write_all(&get_of("/from", "")).await.unwrap();
    Some(rest(stream).await)
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let put = |name: &str| {
        std::fs::copy(data(&format!("{name}.pem")), &chain).unwrap();
        std::fs::copy(data(&format!("{name}-key.pem")), &key).unwrap();
    };
    put("one");
    let certificate = Certificate::open(&chain, &key).unwrap();
    let options = gate::Options {
        certificate: Some(certificate.clone()),
        redirect: Some(([127, 0, 0, 1], 0).into()),
        ..options()
    };
    let gate = open(options).await;
    assert!(ask(gate.address, "one.pem").await.unwrap().starts_with("HTTP/1.1 200"));
    assert!(ask(gate.address, "two.pem").await.is_none());

    put("two");
    certificate.renew().unwrap();
    assert!(ask(gate.address, "two.pem").await.is_some());
    assert!(ask(gate.address, "one.pem").await.is_none());

    // Half a change: the key of one with the certificate of the other.
    std::fs::copy(data("one.pem"), &chain).unwrap();
    assert!(matches!(certificate.renew(), Err(TlsFault::Pair(_))));
    std::fs::write(&chain, "nothing").unwrap();
    assert!(matches!(certificate.renew(), Err(TlsFault::File { .. })));
    assert!(ask(gate.address, "two.pem").await.is_some(), "what was in use stays in use");

    let sent = send(gate.redirect.unwrap(), &get_of("/d/today?a=1", "")).await;
    let port = gate.address.port();
    assert!(sent.contains(&format!("location: https://yilian.example:{port}/d/today?a=1")), "{sent}");
    // HTTP to the TLS port is no request.
    assert!(!send(gate.address, &get_of("/from", "")).await.contains("200"));
}
