//! Texts of a column stored once: a row holds a number, equal texts hold equal numbers.
//!
//! A text is normalised when it is first seen; every later sight of the same spelling costs one look-up and no
//! allocation. Number 0 is the absent value.

/// The number of the absent value.
pub const ABSENT: u32 = 0;

/// Distinct texts and their numbers.
#[derive(Clone, Debug)]
pub struct Interner {
    /// Open addressing: upper half of the hash, then the entry; an empty slot is 0.
    slots: Vec<u64>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
    /// The entry each spelling stands for, itself when it is normal already.
    stands_for: Vec<u32>,
}

impl Default for Interner {
    fn default() -> Self {
        Self::new()
    }
}

impl Interner {
    /// Knows the empty text only, as [`ABSENT`].
    #[must_use]
    pub fn new() -> Self {
        Self { slots: vec![0; 1 << 10], ends: vec![0], bytes: Vec::new(), stands_for: vec![ABSENT] }
    }

    /// How many entries there are, [`ABSENT`] included; every number is below it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no text but the empty one was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 1
    }

    /// The text of a number.
    #[must_use]
    pub fn bytes(&self, entry: u32) -> &[u8] {
        let at = entry as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// The text of a number; what is not UTF-8 reads as empty (files are checked before they come here).
    #[must_use]
    pub fn text(&self, entry: u32) -> &str {
        std::str::from_utf8(self.bytes(entry)).unwrap_or_default()
    }

    /// The number of a spelling; `normalise` writes the normal form of a spelling that was not seen before, or
    /// returns false when it is normal as it stands.
    pub fn intern(&mut self, spelling: &[u8], normalise: &mut impl FnMut(&[u8], &mut Vec<u8>) -> bool) -> u32 {
        if spelling.is_empty() {
            return ABSENT;
        }
        let (entry, new) = self.enter(spelling);
        if new {
            let mut normal = Vec::new();
            if normalise(spelling, &mut normal) && normal != spelling {
                let target = if normal.is_empty() { ABSENT } else { self.enter(&normal).0 };
                self.stands_for[entry as usize] = target;
            }
        }
        self.stands_for[entry as usize]
    }

    /// The number of a text that needs no normalising.
    pub fn intern_as_is(&mut self, text: &[u8]) -> u32 {
        self.intern(text, &mut |_, _| false)
    }

    fn enter(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                break;
            }
            if slot >> 32 == hash >> 32 && self.bytes(slot as u32) == text {
                return (slot as u32, false);
            }
            at = (at + 1) & mask;
        }
        let entry = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("distinct texts of a column stay below 4 GiB"));
        self.stands_for.push(entry);
        self.slots[at] = hash >> 32 << 32 | u64::from(entry);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        (entry, true)
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        let mask = size - 1;
        let mut slots = vec![0_u64; size];
        for entry in 1..self.ends.len() as u32 {
            let hash = hash(self.bytes(entry));
            let mut at = hash as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = hash >> 32 << 32 | u64::from(entry);
        }
        self.slots = slots;
    }
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of a text that depends on nothing but the text.
#[must_use]
pub fn hash(text: &[u8]) -> u64 {
    let mut h = (text.len() as u64).wrapping_mul(FACTOR);
    let mut rest = text;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        h = fold(h ^ u64::from_le_bytes(*head));
        rest = tail;
    }
    if !rest.is_empty() {
        let last = if let Some(last) = text.last_chunk::<8>() {
            u64::from_le_bytes(*last)
        } else {
            rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte))
        };
        h = fold(h ^ last);
    }
    fold(h)
}

/// Mixes the bits of a number.
#[must_use]
pub const fn fold(x: u64) -> u64 {
    let wide = (x ^ 0x2545_F491_4F6C_DD1D) as u128 * FACTOR as u128;
    (wide >> 64) as u64 ^ wide as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number_and_the_empty_text_is_absent() {
        let mut interner = Interner::new();
        let first = interner.intern_as_is(b"osh");
        assert_eq!(interner.intern_as_is(b"osh"), first);
        assert_ne!(interner.intern_as_is(b"naryn"), first);
        assert_eq!(interner.intern_as_is(b""), ABSENT);
        assert_eq!(interner.text(first), "osh");
    }

    #[test]
    fn spellings_with_one_normal_form_share_a_number() {
        let mut interner = Interner::new();
        let mut lower = |text: &[u8], out: &mut Vec<u8>| {
            out.extend(text.to_ascii_lowercase());
            true
        };
        let a = interner.intern(b"OSH", &mut lower);
        assert_eq!(interner.intern(b"osh", &mut lower), a);
        assert_eq!(interner.intern(b"OSH", &mut lower), a);
        assert_eq!(interner.text(a), "osh");
    }

    #[test]
    fn many_texts_survive_growing() {
        let mut interner = Interner::new();
        let numbers: Vec<u32> = (0..50_000).map(|n: u32| interner.intern_as_is(n.to_string().as_bytes())).collect();
        for (n, number) in numbers.iter().enumerate() {
            assert_eq!(interner.text(*number), n.to_string());
        }
    }
}
