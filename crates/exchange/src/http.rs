//! Sending: with a time limit, without redirects, to addresses that the guard lets through at that very moment.

use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::deliver::{SendFault, Sender};
use crate::guard::{Guard, is_public};

const PATIENCE: Duration = Duration::from_secs(10);

/// Sends deliveries over HTTP.
pub struct Http {
    agent: ureq::Agent,
    guard: Guard,
}

impl Http {
    #[must_use]
    pub fn new(guard: Guard) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("yilian")
            .build();
        let resolver = Guarded { inner: DefaultResolver::default(), guard: Arc::new(guard.clone()) };
        Self { agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver), guard }
    }
}

impl Sender for Http {
    fn post(&self, address: &str, headers: &[(&str, String)], body: &str) -> Result<u16, SendFault> {
        self.guard.check(address).map_err(|_| SendFault::Address)?;
        let mut request = self.agent.post(address).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match request.send(body) {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(ureq::Error::HostNotFound) => Err(SendFault::Address),
            Err(ureq::Error::Timeout(_)) => Err(SendFault::Slow),
            Err(_) => Err(SendFault::Unreachable),
        }
    }
}

/// A name is resolved once, and what it resolves to is what is connected to: a name that changes in between leads
/// nowhere else.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    guard: Arc<Guard>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if self.guard.allows(host) {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(public) }
    }
}
