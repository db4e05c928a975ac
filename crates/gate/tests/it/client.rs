//! A gate with a small router behind it, and raw bytes to throw at it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::routing::{get, post};
use gate::{Limits, Options, Proxies};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub struct Gate {
    pub address: SocketAddr,
    pub redirect: Option<SocketAddr>,
    pub stop: oneshot::Sender<()>,
    pub ended: JoinHandle<bool>,
}

pub fn options() -> Options {
    Options {
        address: ([127, 0, 0, 1], 0).into(),
        certificate: None,
        redirect: None,
        proxies: Proxies::default(),
        hosts: vec!["yilian.example".into()],
        https: false,
        limits: Limits {
            head: Duration::from_millis(400),
            pause: Duration::from_millis(400),
            body: Duration::from_millis(1500),
            bytes: 100_000,
            drain: Duration::from_secs(3),
            ..Limits::default()
        },
    }
}

pub async fn open(options: Options) -> Gate {
    let router = Router::new()
        .route("/from", get(|ConnectInfo(from): ConnectInfo<SocketAddr>| async move { from.ip().to_string() }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(700)).await;
                "done"
            }),
        )
        .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
        .route(
            "/body",
            post(|request: Request<Body>| async {
                match to_bytes(request.into_body(), usize::MAX).await {
                    Ok(bytes) => (StatusCode::OK, bytes.len().to_string()),
                    Err(fault) => (
                        StatusCode::BAD_REQUEST,
                        std::error::Error::source(&fault).map_or(String::new(), ToString::to_string),
                    ),
                }
            }),
        );
    let listening = gate::bind(options).await.unwrap();
    let (address, redirect) = (listening.address, listening.redirect);
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(listening.serve(router, async {
        let _ = stopped.await;
    }));
    Gate { address, redirect, stop, ended }
}

/// Sends bytes and reads to the end.
pub async fn send(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    rest(stream).await
}

/// What is still to come; an end that is cut off is an end.
pub async fn rest(mut stream: impl AsyncReadExt + Unpin) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await;
    String::from_utf8_lossy(&all).into_owned()
}

pub fn get_of(path: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: yilian.example\r\n{more}connection: close\r\n\r\n").into_bytes()
}
