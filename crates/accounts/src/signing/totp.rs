//! Time-based one-time codes: RFC 6238 with HMAC-SHA-1, six digits, 30 seconds, as every authenticator app has them.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::secret::same;

const STEP_SECONDS: i64 = 30;
pub(crate) const SECRET: usize = 20;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step a moment lies in.
#[must_use]
pub fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

/// The code of a step.
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn code_at(secret: &[u8], step: i64) -> String {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes([digest[at] & 127, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// The step whose code this is, `around` steps early or late; a step up to `last` was used before and is none.
/// Looks at every step, whichever fits.
#[must_use]
pub fn accept(secret: &[u8], code: &str, now: DateTime<Utc>, around: u32, last: Option<i64>) -> Option<i64> {
    let (here, around) = (step_at(now), i64::from(around));
    let mut found = None;
    for step in here - around..=here + around {
        if same(code_at(secret, step).as_bytes(), code.as_bytes()) && last.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// The secret as a person types it into an app.
#[must_use]
pub fn written(secret: &[u8]) -> String {
    let mut text = String::new();
    for chunk in secret.chunks(5) {
        let mut block = [0; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let letters = (chunk.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|n| char::from(BASE32[(bits >> (35 - 5 * n) & 31) as usize])));
    }
    text
}

/// What a QR code holds.
#[must_use]
pub fn address(secret: &[u8], issuer: &str, username: &str) -> String {
    let plain = |text: &str| -> String {
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect()
    };
    let (issuer, username) = (plain(issuer), plain(username));
    format!("otpauth://totp/{issuer}:{username}?secret={}&issuer={issuer}", written(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, seconds / 30), code);
        }
    }

    #[test]
    fn a_code_holds_around_its_step_and_once() {
        let secret = b"12345678901234567890";
        let now = DateTime::from_timestamp(1_111_111_111, 0).unwrap();
        let here = step_at(now);
        let before = code_at(secret, here - 1);
        assert_eq!(accept(secret, &before, now, 1, None), Some(here - 1));
        assert_eq!(accept(secret, &before, now, 1, Some(here - 1)), None);
        assert_eq!(accept(secret, &code_at(secret, here), now, 1, Some(here - 1)), Some(here));
        assert_eq!(accept(secret, &code_at(secret, here - 2), now, 1, None), None);
        assert_eq!(accept(secret, "", now, 1, None), None);
    }

    /// RFC 4648, section 10, without padding.
    #[test]
    fn secrets_are_written_in_base32() {
        for (bytes, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(written(bytes.as_bytes()), text);
        }
        assert_eq!(
            address(b"foo", "颐联", "a b"),
            "otpauth://totp/%E9%A2%90%E8%81%94:a%20b?secret=MZXW6&issuer=%E9%A2%90%E8%81%94"
        );
    }
}
