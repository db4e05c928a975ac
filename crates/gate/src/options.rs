//! How to listen.

use std::net::SocketAddr;
use std::time::Duration;

use crate::{Certificate, Proxies};

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct Options {
    pub address: SocketAddr,
    /// With one, the listener speaks TLS.
    pub certificate: Option<Certificate>,
    /// Sends whoever comes without TLS to the same address with it; needs `certificate`.
    pub redirect: Option<SocketAddr>,
    /// Whom to believe about where a request comes from.
    pub proxies: Proxies,
    /// Names the service goes by, without port: only those are redirected to.
    pub hosts: Vec<String>,
    /// Readers come by HTTPS only: what a proxy says came without is redirected.
    pub https: bool,
    pub limits: Limits,
}

/// What one source, and everyone together, may take up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections: usize,
    pub connections_of_one: usize,
    /// For the head of a request, the next one on an open connection included, and for a TLS handshake.
    pub head: Duration,
    /// Between two pieces of a body, and for a piece of an answer to be taken.
    pub pause: Duration,
    /// For a whole body.
    pub body: Duration,
    /// Bytes of a body, whatever the page behind it allows.
    pub bytes: u64,
    /// After being told to stop, requests under way have so long.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_of_one: 512,
            head: Duration::from_secs(15),
            pause: Duration::from_secs(30),
            body: Duration::from_secs(600),
            bytes: 64 * 1024 * 1024,
            drain: Duration::from_secs(25),
        }
    }
}
