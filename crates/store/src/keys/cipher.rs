//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): a key and the first 16 bytes of a nonce give a key of their own, with
//! which the rest is ChaCha20-Poly1305 (RFC 8439).

use chacha20::{R20, hchacha};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{NONCE, TAG};

#[derive(Clone)]
pub(super) struct Cipher {
    key: [u8; 32],
}

impl Cipher {
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Encrypts in place; gives the tag.
    pub fn seal(&self, nonce: &[u8; NONCE], context: &[u8], body: &mut [u8]) -> [u8; TAG] {
        let (key, rest) = self.of(nonce);
        let tag = key.seal_in_place_separate_tag(rest, Aad::from(context), body);
        let tag = tag.expect("a field is shorter than 256 GiB");
        std::array::from_fn(|at| tag.as_ref()[at])
    }

    /// The plaintext of a ciphertext with its tag behind it; none when either was changed.
    pub fn open(&self, nonce: &[u8; NONCE], context: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (key, rest) = self.of(nonce);
        let length = key.open_in_place(rest, Aad::from(context), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }

    fn of(&self, nonce: &[u8; NONCE]) -> (LessSafeKey, Nonce) {
        let (first, last) = nonce.split_at(16);
        let first: [u8; 16] = std::array::from_fn(|at| first[at]);
        let key = hchacha::<R20>(&self.key.into(), &first.into());
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).expect("32 bytes");
        let mut rest = [0; NONCE_LEN];
        rest[NONCE_LEN - last.len()..].copy_from_slice(last);
        (LessSafeKey::new(key), Nonce::assume_unique_for_key(rest))
    }
}
