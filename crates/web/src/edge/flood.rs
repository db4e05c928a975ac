//! How often one source may ask: generously for pages, strictly for what anybody may send without signing in.
//!
//! Each source has a bucket that fills at a steady rate; a request takes one drop and an empty bucket says to wait.
//! Requests of this machine itself, a proxy in front that was not named included, are not counted: they would all
//! share one bucket and one reader could shut out everybody.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Problem;
use crate::state::AppState;

/// How a bucket fills.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub a_second: f64,
    /// So many at once.
    pub burst: f64,
}

/// Per source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Every request.
    pub pages: Rate,
    /// What is sent without signing in: the sign-in itself, links, checks, comments.
    pub open: Rate,
}

impl Default for Rates {
    /// An office of a hundred behind one address reads freely; nobody types twenty passwords in a row.
    fn default() -> Self {
        Self { pages: Rate { a_second: 40.0, burst: 400.0 }, open: Rate { a_second: 0.5, burst: 20.0 } }
    }
}

/// Sources remembered at most; full buckets are forgotten first.
const SOURCES: usize = 50_000;

#[derive(Default)]
pub struct Flood {
    pages: Buckets,
    open: Buckets,
}

#[derive(Default)]
struct Buckets(Mutex<HashMap<IpAddr, Bucket>>);

struct Bucket {
    drops: f64,
    at: Instant,
}

impl Buckets {
    /// Takes a drop; else how long until there is one.
    fn take(&self, source: IpAddr, rate: Rate, now: Instant) -> Result<(), Duration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= SOURCES && !all.contains_key(&source) {
            let filled = |bucket: &Bucket| bucket.filled(rate, now) >= rate.burst;
            all.retain(|_, bucket| !filled(bucket));
            if all.len() >= SOURCES {
                return Err(Duration::from_secs(1));
            }
        }
        let bucket = all.entry(source).or_insert(Bucket { drops: rate.burst, at: now });
        bucket.drops = bucket.filled(rate, now);
        bucket.at = now;
        if bucket.drops < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.drops) / rate.a_second));
        }
        bucket.drops -= 1.0;
        Ok(())
    }
}

impl Bucket {
    fn filled(&self, rate: Rate, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.drops + passed * rate.a_second).min(rate.burst)
    }
}

/// Every request.
pub async fn pages(State(app): State<AppState>, request: Request, next: Next) -> Response {
    match held_back(&app, &request, |flood| &flood.pages, app.rates().pages) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// What is sent to a page that anybody may send to.
pub async fn open(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads {
        return next.run(request).await;
    }
    match held_back(&app, &request, |flood| &flood.open, app.rates().open) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

fn held_back(app: &AppState, request: &Request, which: fn(&Flood) -> &Buckets, rate: Rate) -> Option<Response> {
    let ConnectInfo(from) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let source = source(from.ip())?;
    let wait = which(app.flood()).take(source, rate, Instant::now()).err()?;
    let seconds = wait.as_secs() + 1;
    let mut refusal = Problem::TooMany.into_response();
    refusal.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Some(refusal)
}

/// A household has a whole /64 of IPv6 addresses: they are one source. None: this machine.
fn source(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V6(address) => Some(IpAddr::V6((u128::from(address) & (u128::MAX << 64)).into())),
        address @ IpAddr::V4(_) => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { a_second: 2.0, burst: 3.0 };

    #[test]
    fn a_burst_is_free_then_the_rate_holds() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..3 {
            assert_eq!(buckets.take(one, RATE, now), Ok(()));
        }
        let wait = buckets.take(one, RATE, now).unwrap_err();
        assert!(wait > Duration::from_millis(450) && wait <= Duration::from_millis(500), "{wait:?}");
        assert_eq!(buckets.take("192.0.2.2".parse().unwrap(), RATE, now), Ok(()), "others are not touched");
        assert_eq!(buckets.take(one, RATE, now + Duration::from_millis(510)), Ok(()));
        assert!(buckets.take(one, RATE, now + Duration::from_millis(520)).is_err());
        let later = now + Duration::from_secs(60);
        for _ in 0..3 {
            assert_eq!(buckets.take(one, RATE, later), Ok(()));
        }
        assert!(buckets.take(one, RATE, later).is_err(), "no more than the burst is saved up");
    }

    #[test]
    fn addresses_of_one_household_are_one_source() {
        let of = |text: &str| source(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("127.0.0.1"), None);
    }
}
