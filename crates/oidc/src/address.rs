//! Query strings.

use std::fmt::Write as _;

/// An address with parameters, each percent-encoded.
pub(crate) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let mut whole = address.to_owned();
    for (name, value) in parameters {
        let joint = if whole.contains('?') { '&' } else { '?' };
        let _ = write!(whole, "{joint}{name}={}", encoded(value));
    }
    whole
}

pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_joined() {
        assert_eq!(with_query("https://a/b", &[("x", "a b&c"), ("y", "颐")]), "https://a/b?x=a%20b%26c&y=%E9%A2%90");
        assert_eq!(with_query("https://a/b?z=1", &[("x", "1")]), "https://a/b?z=1&x=1");
    }
}
