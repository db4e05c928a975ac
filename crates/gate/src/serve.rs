//! Accepting connections until told to stop, then letting requests under way end.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower_service::Service as _;

use crate::Options;
use crate::crowd::Crowd;
use crate::patience::Patient;
use crate::redirect::to_https;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not listen on {address}: {cause}")]
    Bind { address: SocketAddr, cause: std::io::Error },
}

/// Bound, not yet serving.
pub struct Listening {
    options: Options,
    main: TcpListener,
    plain: Option<TcpListener>,
    pub address: SocketAddr,
    pub redirect: Option<SocketAddr>,
}

/// Takes the addresses.
///
/// # Errors
/// `Bind`.
pub async fn bind(options: Options) -> Result<Listening, Fault> {
    let (main, address) = listener(options.address).await?;
    let plain = match options.redirect {
        Some(address) => Some(listener(address).await?),
        None => None,
    };
    let (plain, redirect) = plain.unzip();
    Ok(Listening { options, main, plain, address, redirect })
}

async fn listener(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Fault> {
    let fault = |cause| Fault::Bind { address, cause };
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok((listener, address))
}

/// What every connection shares.
struct House {
    options: Options,
    router: Router,
    crowd: Crowd,
    /// Where HTTPS is, for whoever comes without.
    port: Option<u16>,
}

impl Listening {
    /// Serves until `stop` is done, then waits for requests under way; says whether all of them ended in time.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()>) -> bool {
        let drain = self.options.limits.drain;
        let port = self.options.certificate.as_ref().map(|_| self.address.port());
        let house = Arc::new(House { options: self.options, router, crowd: Crowd::default(), port });
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let plain = async {
                match &self.plain {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            let (accepted, redirects) = tokio::select! {
                accepted = self.main.accept() => (accepted, false),
                accepted = plain => (accepted, true),
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => meet(&house, stream, peer, redirects, graceful.watcher()),
                Err(cause) => {
                    // Out of file descriptors, as a rule: give those that stand time to end.
                    tracing::warn!(%cause, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop((self.main, self.plain));
        tokio::time::timeout(drain, graceful.shutdown()).await.is_ok()
    }
}

/// Serves one connection beside the others.
fn meet(house: &Arc<House>, stream: TcpStream, peer: SocketAddr, redirects: bool, watcher: Watcher) {
    let limits = house.options.limits;
    let many = house.options.proxies.0.iter().any(|range| range.contains(peer.ip())) || peer.ip().is_loopback();
    let most = (limits.connections, limits.connections_of_one);
    let Some(place) = house.crowd.enter(peer.ip(), most, many) else { return };
    let _ = stream.set_nodelay(true);
    // Whoever asks and does not read what comes keeps no place.
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(limits.pause));
    let house = Arc::clone(house);
    tokio::spawn(async move {
        let _place = place;
        let tls = house.options.certificate.as_ref().filter(|_| !redirects);
        match tls {
            None => converse(house, stream, peer, redirects, watcher).await,
            Some(certificate) => {
                let hello = TlsAcceptor::from(certificate.config()).accept(stream);
                if let Ok(Ok(stream)) = tokio::time::timeout(limits.head, hello).await {
                    converse(house, stream, peer, false, watcher).await;
                }
            }
        }
    });
}

async fn converse<S>(house: Arc<House>, stream: S, peer: SocketAddr, redirects: bool, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = house.options.limits;
    let service = service_fn(move |request: Request<Incoming>| answer(Arc::clone(&house), request, peer, redirects));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(64 * 1024);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    // Broken requests and connections are the other side's fault and are answered by hyper itself.
    if let Err(fault) = watcher.watch(connection).await {
        tracing::debug!(%fault, "a connection ended early");
    }
}

async fn answer(
    house: Arc<House>,
    request: Request<Incoming>,
    peer: SocketAddr,
    redirects: bool,
) -> Result<Response<Body>, Infallible> {
    let (mut parts, body) = request.into_parts();
    let origin = house.options.proxies.origin(peer.ip(), &mut parts.headers);
    let in_the_clear = redirects || (house.options.https && origin.https == Some(false));
    if in_the_clear {
        return Ok(to_https(&parts, &house.options.hosts, house.port));
    }
    parts.extensions.insert(ConnectInfo(SocketAddr::new(origin.address, 0)));
    let body = Body::new(Patient::new(body, house.options.limits));
    house.router.clone().call(Request::from_parts(parts, body)).await
}
