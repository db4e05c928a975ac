//! Reading a key ring from text: one or more keys, oldest first, in hexadecimal or base64.

use super::{KeyError, Keys, RingKey};

impl Keys {
    /// A ring of one fresh key from the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Self {
        let text = generate_key();
        Self::parse(&text).expect("a fresh key is well formed")
    }

    /// Reads the value of `YILIAN_KEY` or the content of a key file: keys apart by blanks, commas or lines,
    /// oldest first; `#` opens a comment.
    ///
    /// # Errors
    /// `Empty`, `Malformed` with the number of the key, `Twice`. The text itself is never repeated.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut ring: Vec<RingKey> = Vec::new();
        for (at, word) in words(text).enumerate() {
            let key = RingKey::new(&decode(word).ok_or(KeyError::Malformed { number: at + 1 })?);
            if ring.iter().any(|other| other.id == key.id) {
                return Err(KeyError::Twice { id: key.id });
            }
            ring.push(key);
        }
        let newest = ring.len().checked_sub(1).ok_or(KeyError::Empty)?;
        Ok(Self { ring, index: newest })
    }
}

/// The keys' texts, comments left out.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or(""))
        .flat_map(|line| line.split(|c: char| c.is_whitespace() || c == ','))
        .filter(|word| !word.is_empty())
}

/// 32 bytes from the operating system, in hexadecimal.
pub(super) fn generate_key() -> String {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the operating system gives randomness");
    hex::encode(key)
}

fn decode(word: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if word.len() == 64 {
        hex::decode_to_slice(word, &mut key).ok()?;
        return Some(key);
    }
    decode_base64(word)?.try_into().ok()
}

/// Standard alphabet, with or without padding.
fn decode_base64(word: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for byte in word.trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xfff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(out)
}
