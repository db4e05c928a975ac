//! How a receiver knows that a delivery is ours and fresh.
//!
//! `Yilian-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 with the subscription's secret over `<seconds>.<body>`. A
//! receiver compares in constant time, refuses what is older than [`WINDOW`], and remembers `Yilian-Delivery` for as
//! long: the same delivery may come twice.

use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far the time in a signature may lie from the receiver's clock.
pub const WINDOW: Duration = Duration::minutes(5);

/// The header's value for a body sent at a moment.
#[must_use]
pub fn signature(secret: &str, body: &str, at: DateTime<Utc>) -> String {
    let seconds = at.timestamp();
    format!("t={seconds},v1={}", hex::encode(mac(secret, body, seconds).finalize().into_bytes()))
}

/// Whether a signature is of this secret and body, and no older than the window: what a receiver does.
#[must_use]
pub fn fits(secret: &str, body: &str, header: &str, now: DateTime<Utc>) -> bool {
    let part = |name: &str| header.split(',').find_map(|part| part.trim().strip_prefix(name));
    let (Some(seconds), Some(given)) = (part("t=").and_then(|t| t.parse::<i64>().ok()), part("v1=")) else {
        return false;
    };
    let fresh = (now.timestamp() - seconds).abs() <= WINDOW.num_seconds();
    let Ok(given) = hex::decode(given) else { return false };
    fresh && mac(secret, body, seconds).verify_slice(&given).is_ok()
}

fn mac(secret: &str, body: &str, seconds: i64) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_its_secret_body_and_moment() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let header = signature("s3cret", "{}", at);
        assert!(header.starts_with("t=1800000000,v1="));
        assert!(fits("s3cret", "{}", &header, at + Duration::minutes(4)));
        assert!(!fits("s3cret", "{}", &header, at + Duration::minutes(6)), "replayed later");
        assert!(!fits("s3cret", "{ }", &header, at));
        assert!(!fits("other", "{}", &header, at));
        assert!(
            !fits("s3cret", "{}", &header.replace("t=1800000000", "t=1800000100"), at),
            "the moment is signed, too"
        );
        for nonsense in ["", "t=x,v1=y", "v1=00", "t=1800000000"] {
            assert!(!fits("s3cret", "{}", nonsense, at));
        }
    }
}
