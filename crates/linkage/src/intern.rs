//! Texts of a column stored once: a row holds a number, equal texts hold equal numbers.
//!
//! A text is normalised when it is first seen; every later sight of the same spelling costs one look-up and no
//! allocation. Number 0 is the absent value.

use std::collections::BTreeMap;

use crate::hash::{fold, hash};

/// The number of the absent value.
pub const ABSENT: u32 = 0;

/// Texts by number, one behind the other; the empty one is number 0.
#[derive(Clone, Debug)]
pub struct Texts {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { ends: vec![0], bytes: Vec::new() }
    }
}

impl Texts {
    /// How many there are, [`ABSENT`] included; every number is below it.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "number 0 is always there")]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Makes room for so many more texts of so many bytes together.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.ends.reserve_exact(texts);
        self.bytes.reserve_exact(bytes);
    }

    /// The bytes of all texts.
    #[must_use]
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The text of a number.
    #[must_use]
    #[inline]
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

    /// Adds a text, the empty one too, and gives its number.
    pub fn append(&mut self, text: &[u8]) -> u32 {
        let entry = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("distinct texts of a column stay below 4 GiB"));
        entry
    }
}

/// Finds the number of a text.
#[derive(Clone, Debug)]
pub struct Interner {
    texts: Texts,
    /// Open addressing; an empty slot has entry 0.
    slots: Vec<Slot>,
    used: usize,
    /// Long spellings whose normal form is another entry.
    stands_for: BTreeMap<u32, u32>,
    /// When closed: a bit for every text known, so that most new texts are told without a look at the slots.
    known: Option<Vec<u64>>,
}

/// What a text is found by without looking elsewhere: its bytes when there are at most twelve, else 88 bits of hash
/// and a byte that no text has. That two of a million long texts share 88 bits happens once in 10^15 files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    head: u64,
    tail: u32,
    /// The entry; a short spelling's is that of its normal form, or [`VOID`] when that is empty.
    entry: u32,
}

/// In a slot: stands for the absent value.
const VOID: u32 = u32::MAX;

/// Where to look for a text.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    head: u64,
    tail: u32,
    hash: usize,
}

/// Upper byte of a long text's tail; no UTF-8 text has it.
const LONG: u32 = 0xFF00_0000;

impl Default for Interner {
    fn default() -> Self {
        Self::new()
    }
}

impl Interner {
    /// Knows the empty text only, as [`ABSENT`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            texts: Texts::default(),
            slots: vec![Slot::default(); 1 << 8],
            used: 0,
            stands_for: BTreeMap::new(),
            known: None,
        }
    }

    /// The texts that have a number.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The texts alone, when no more numbers will be asked for.
    #[must_use]
    pub fn into_texts(self) -> Texts {
        self.texts
    }

    /// From now on a text not known yet gets a number of its own each time it is seen.
    ///
    /// For a column of the second file whose texts hardly repeat: what matters is which of them the first file has.
    pub fn close(&mut self) {
        let mut known = vec![0_u64; (self.used * 8).next_power_of_two().max(64) / 64];
        for slot in self.slots.iter().filter(|slot| slot.entry != 0) {
            let bit = bit(hashed(slot.head, slot.tail), known.len());
            known[bit / 64] |= 1 << (bit % 64);
        }
        self.known = Some(known);
    }

    /// Makes room for so many more texts of so many bytes together, where most are new.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.texts.reserve(texts, bytes);
    }

    /// The number of a spelling; `normalise` writes the normal form of a spelling that was not seen before, or
    /// returns false when it is normal as it stands.
    #[inline]
    pub fn intern(&mut self, spelling: &[u8], normalise: &mut impl FnMut(&[u8], &mut Vec<u8>) -> bool) -> u32 {
        if spelling.is_empty() {
            return ABSENT;
        }
        let (head, tail) = inline(spelling);
        self.intern_at(Place { head, tail, hash: hashed(head, tail) }, spelling, normalise)
    }

    /// Interns many texts. Slots are touched some texts ahead, so that waiting for memory overlaps.
    pub fn intern_all<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t [u8]>,
        out: impl Iterator<Item = &'t mut u32>,
        normalise: &mut impl FnMut(&[u8], &mut Vec<u8>) -> bool,
    ) {
        const AHEAD: usize = 32;
        let mut ahead = [(Place::default(), &[][..]); AHEAD];
        let (mut texts, mut out) = (texts.fuse(), out);
        loop {
            let mut count = 0;
            for text in texts.by_ref().take(AHEAD) {
                let (head, tail) = inline(text);
                ahead[count] = (Place { head, tail, hash: hashed(head, tail) }, text);
                count += 1;
            }
            if self.known.is_none() {
                let mask = self.slots.len() - 1;
                let touched =
                    ahead[..count].iter().fold(0, |all, (place, _)| all ^ self.slots[place.hash & mask].entry);
                std::hint::black_box(touched);
            }
            for ((place, text), out) in ahead[..count].iter().zip(&mut out) {
                *out = if text.is_empty() { ABSENT } else { self.intern_at(*place, text, normalise) };
            }
            if count < AHEAD {
                return;
            }
        }
    }

    #[inline]
    fn intern_at(
        &mut self,
        place: Place,
        spelling: &[u8],
        normalise: &mut impl FnMut(&[u8], &mut Vec<u8>) -> bool,
    ) -> u32 {
        if let Some(known) = &self.known {
            let bit = bit(place.hash, known.len());
            if known[bit / 64] >> (bit % 64) & 1 == 0 {
                return self.intern_new(spelling, normalise, true);
            }
        }
        let (at, found) = self.find(place);
        if found {
            let entry = self.slots[at].entry;
            return match (place.tail, entry) {
                (LONG.., _) => self.stands_for.get(&entry).copied().unwrap_or(entry),
                (_, VOID) => ABSENT,
                _ => entry,
            };
        }
        self.intern_new(spelling, normalise, false)
    }

    /// `is_unknown`: the slots are closed and do not hold the spelling as it stands.
    fn intern_new(
        &mut self,
        spelling: &[u8],
        normalise: &mut impl FnMut(&[u8], &mut Vec<u8>) -> bool,
        is_unknown: bool,
    ) -> u32 {
        let mut normal = Vec::new();
        if !normalise(spelling, &mut normal) || normal == spelling {
            return if is_unknown { self.texts.append(spelling) } else { self.enter(spelling) };
        }
        let target = if normal.is_empty() { ABSENT } else { self.enter(&normal) };
        if self.known.is_none() {
            let (head, tail) = inline(spelling);
            if tail >= LONG {
                let own = self.enter(spelling);
                self.stands_for.insert(own, target);
            } else {
                let (at, _) = self.find(Place { head, tail, hash: hashed(head, tail) });
                self.fill(at, Slot { head, tail, entry: if target == ABSENT { VOID } else { target } });
            }
        }
        target
    }

    /// The number of a text that needs no normalising.
    pub fn intern_as_is(&mut self, text: &[u8]) -> u32 {
        self.intern(text, &mut |_, _| false)
    }

    /// The entry of a normal text, its own when it is new.
    fn enter(&mut self, text: &[u8]) -> u32 {
        let (head, tail) = inline(text);
        let (at, found) = self.find(Place { head, tail, hash: hashed(head, tail) });
        if found && self.slots[at].entry != VOID {
            return self.slots[at].entry;
        }
        let entry = self.texts.append(text);
        if self.known.is_none() {
            self.fill(at, Slot { head, tail, entry });
        }
        entry
    }

    /// The slot of a text, or the empty one where it belongs.
    #[inline]
    fn find(&self, place: Place) -> (usize, bool) {
        let Place { head, tail, hash } = place;
        let mask = self.slots.len() - 1;
        let mut at = hash & mask;
        loop {
            let slot = self.slots[at];
            if slot.entry == 0 {
                return (at, false);
            }
            if slot.head == head && slot.tail == tail {
                return (at, true);
            }
            at = (at + 1) & mask;
        }
    }

    fn fill(&mut self, at: usize, slot: Slot) {
        self.used += usize::from(self.slots[at].entry == 0);
        self.slots[at] = slot;
        if self.used * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let mask = size - 1;
        let mut slots = vec![Slot::default(); size];
        for slot in self.slots.iter().filter(|slot| slot.entry != 0) {
            let mut at = hashed(slot.head, slot.tail) & mask;
            while slots[at].entry != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }
}

#[inline]
fn hashed(head: u64, tail: u32) -> usize {
    fold(head ^ u64::from(tail).wrapping_mul(0xD6E8_FEB8_6659_FD93)) as usize
}

#[inline]
fn bit(hash: usize, words: usize) -> usize {
    (hash >> 24) & (words * 64 - 1)
}

/// The first eight and the next four bytes, zeros after the end; longer texts give their hash and [`LONG`].
#[inline]
fn inline(text: &[u8]) -> (u64, u32) {
    let length = text.len();
    match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(head), _) if length == 8 => (u64::from_le_bytes(*head), 0),
        (Some(head), Some(last)) if length <= 12 => {
            (u64::from_le_bytes(*head), (u64::from_le_bytes(*last) >> (8 * (16 - length))) as u32)
        }
        (Some(_), _) => {
            let first = hash(text);
            (first, LONG | fold(first ^ hash(&text[1..])) as u32 >> 8)
        }
        _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(head), Some(last)) => {
                let last = u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
                (u64::from(u32::from_le_bytes(*head)) | last, 0)
            }
            _ => (text.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        },
    }
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
        assert_eq!(interner.texts().text(first), "osh");
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
        assert_eq!(interner.texts().text(a), "osh");
    }

    #[test]
    fn long_spellings_and_words_for_absence_are_known_again() {
        let mut interner = Interner::new();
        let mut lower = |text: &[u8], out: &mut Vec<u8>| {
            out.extend(if text == b"-" { Vec::new() } else { text.to_ascii_lowercase() });
            true
        };
        for _ in 0..2 {
            assert_eq!(interner.intern(b"-", &mut lower), ABSENT);
            let long = interner.intern(b"A LONG STREET 5", &mut lower);
            assert_eq!(interner.texts().text(long), "a long street 5");
            assert_eq!(interner.intern(b"a long street 5", &mut lower), long);
        }
    }

    #[test]
    fn a_closed_interner_still_finds_what_it_knew() {
        let mut interner = Interner::new();
        let known = interner.intern_as_is(b"osh");
        interner.close();
        assert_eq!(interner.intern_as_is(b"osh"), known);
        let new = interner.intern_as_is(b"naryn");
        assert_ne!(interner.intern_as_is(b"naryn"), new);
        assert_eq!(interner.texts().text(new), "naryn");
        let mut lower = |text: &[u8], out: &mut Vec<u8>| {
            out.extend(text.to_ascii_lowercase());
            true
        };
        assert_eq!(interner.intern(b"OSH", &mut lower), known, "an unknown spelling of a known text");
    }

    #[test]
    fn texts_that_differ_in_one_byte_are_told_apart_at_any_length() {
        for length in 1..40_usize {
            for at in 0..length {
                let (a, mut b) = (vec![b'a'; length], vec![b'a'; length]);
                b[at] = b'b';
                assert_ne!(hash(&a), hash(&b), "{length} {at}");
                let mut interner = Interner::new();
                let number = interner.intern_as_is(&a);
                assert_ne!(interner.intern_as_is(&b), number, "{length} {at}");
                assert_ne!(interner.intern_as_is(&a[1..]), number, "{length} {at}");
                assert_eq!(interner.intern_as_is(&a), number, "{length} {at}");
            }
        }
    }

    #[test]
    fn many_texts_survive_growing() {
        let mut interner = Interner::new();
        let numbers: Vec<u32> = (0..50_000).map(|n: u32| interner.intern_as_is(n.to_string().as_bytes())).collect();
        for (n, number) in numbers.iter().enumerate() {
            assert_eq!(interner.texts().text(*number), n.to_string());
        }
    }
}
