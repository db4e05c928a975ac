//! Tokens: shown once, kept only as a hash, never printed by accident.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::entropy::{Entropy, bytes};

/// 256 random bits, in a cookie or a link. Has no `Debug` that shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(crate) fn fresh(entropy: &dyn Entropy) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes::<32>(entropy)))
    }

    /// What came in a cookie or an address; `None` when it can't be one of ours.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let whole = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        whole.then(|| Self(text.to_owned()))
    }

    /// The text to hand to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept. A token is too long to guess, so a plain digest hides it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"yilian token 1").chain_update(&self.0).finalize().into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Whether two texts are equal, in a time that hangs on the length of the first only.
#[must_use]
pub(crate) fn same(known: &[u8], given: &[u8]) -> bool {
    let mut differs = u8::from(known.len() != given.len());
    for (at, byte) in known.iter().enumerate() {
        differs |= byte ^ given.get(at).copied().unwrap_or(!byte);
    }
    std::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    #[test]
    fn a_token_reads_back_and_hides_itself() {
        let token = Token::fresh(&SystemEntropy);
        assert_eq!(Token::read(token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(Token::read("short"), None);
        assert_eq!(Token::read(&"ä".repeat(43)), None);
    }

    #[test]
    fn sameness_looks_at_every_byte_and_the_length() {
        assert!(same(b"abc", b"abc"));
        for other in [&b"abd"[..], b"ab", b"abcd", b""] {
            assert!(!same(b"abc", other));
        }
    }
}
