//! How two values of a column are held against each other: the kinds of columns, their graded levels.
//!
//! Every kind has a list of levels; level 0 is "missing", level 1 "same", the last "different".

pub(crate) mod address;
pub(crate) mod date;
pub mod han;
pub mod latin;
pub(crate) mod number;

use serde::{Deserialize, Serialize};

use crate::intern::{ABSENT, Texts};
use crate::text::Pattern;

/// A value is absent on one side.
pub const MISSING: u8 = 0;
/// Both values are the same.
pub const SAME: u8 = 1;
/// No kind has more levels.
pub const MOST_LEVELS: usize = 16;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Equal or not.
    Exact,
    /// Names in Latin letters.
    NameLatin,
    /// Han names, and Kyrgyz and Uyghur names in Chinese characters or Latin letters.
    #[serde(alias = "name_turkic")]
    NameChinese,
    /// Citizen ID numbers.
    IdNumber,
    /// Any other number.
    Number,
    Date,
    Phone,
    Address,
    /// Division codes.
    Division,
}

impl Kind {
    /// Every kind by its name in a spec.
    pub const NAMES: [&str; 10] = [
        "exact",
        "name_latin",
        "name_chinese",
        "name_turkic",
        "id_number",
        "number",
        "date",
        "phone",
        "address",
        "division",
    ];

    /// The kind's levels in words.
    #[must_use]
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Exact => &["missing", "same", "different"],
            Self::NameLatin => latin::LEVELS,
            Self::NameChinese => han::LEVELS,
            Self::IdNumber => number::ID_LEVELS,
            Self::Number => number::NUMBER_LEVELS,
            Self::Date => date::LEVELS,
            Self::Phone => number::PHONE_LEVELS,
            Self::Address => address::LEVELS,
            Self::Division => address::DIVISION_LEVELS,
        }
    }

    /// Writes the form in which values are compared; true when it was written.
    pub(crate) fn normalise(self, raw: &[u8], out: &mut Vec<u8>) -> bool {
        let blank = if self == Self::Address { b' ' } else { b'0' };
        let is_plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == blank;
        if self != Self::Date && raw.iter().all(is_plain) && !raw.windows(2).any(|two| two == b"  ") {
            return self == Self::IdNumber && raw.len() == 15 && self.write(raw, out);
        }
        if self == Self::Date && is_iso_date(raw) {
            return false;
        }
        if matches!(self, Self::NameChinese | Self::Address) && is_plain_han(raw, self) {
            return false;
        }
        self.write(raw, out)
    }

    fn write(self, raw: &[u8], out: &mut Vec<u8>) -> bool {
        let Ok(text) = std::str::from_utf8(raw) else { return false };
        let mut normal = String::with_capacity(text.len());
        match self {
            Self::NameLatin => latin::normalise(text, &mut normal),
            Self::NameChinese => han::normalise(text, &mut normal),
            Self::IdNumber => number::normalise_id(text, &mut normal),
            Self::Number | Self::Division => number::normalise(text, &mut normal),
            Self::Phone => number::normalise_phone(text, &mut normal),
            Self::Date => date::normalise(text, &mut normal),
            Self::Exact => normal.push_str(text.trim()),
            Self::Address => {
                for word in text.split_whitespace() {
                    if !normal.is_empty() {
                        normal.push(' ');
                    }
                    normal.extend(word.chars().map(narrow).flat_map(char::to_lowercase));
                }
            }
        }
        out.extend_from_slice(normal.as_bytes());
        true
    }
}

/// Full-width letters and digits as others are.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from((c as u32 - 0xfee0) as u8),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn is_iso_date(raw: &[u8]) -> bool {
    raw.len() == 10
        && raw.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() })
}

/// Whether a text is made of common Han characters and, in an address, digits and small letters; in a name, single
/// marks between its parts.
fn is_plain_han(raw: &[u8], kind: Kind) -> bool {
    let mut at = 0;
    let mut was_mark = true;
    while let Some(byte) = raw.get(at) {
        match byte {
            0xE4..=0xE9 => (at, was_mark) = (at + 3, false),
            0xC2 if kind == Kind::NameChinese && !was_mark && raw.get(at + 1) == Some(&0xB7) => {
                (at, was_mark) = (at + 2, true);
            }
            b'a'..=b'z' | b'0'..=b'9' | b'-' if kind == Kind::Address => (at, was_mark) = (at + 1, false),
            _ => return false,
        }
    }
    !was_mark && at == raw.len()
}

impl Prepared {
    /// Takes another right value.
    pub fn take(&mut self, value: u32) {
        self.value = value;
    }

    fn pattern(&mut self, text: &[u8]) -> &Pattern {
        if self.patterned != self.value {
            self.patterned = self.value;
            self.pattern.set(text);
        }
        &self.pattern
    }
}

/// The distinct values of a column with what was worked out for each.
#[derive(Clone, Debug)]
pub struct Values {
    pub kind: Kind,
    pub texts: Texts,
    facts: Facts,
}

#[derive(Clone, Debug)]
enum Facts {
    None,
    Latin(Vec<latin::Facts>),
    Han(Vec<han::Facts>, Vec<han::Deep>),
    Dates(Vec<u32>),
    Packed(Vec<u64>),
    Addresses(Vec<address::Facts>, address::Long),
}

/// A right value that meets many left ones.
#[derive(Clone, Default)]
pub struct Prepared {
    value: u32,
    /// The value the pattern was made from; made when a left value first needs it.
    patterned: u32,
    pattern: Pattern,
}

impl Values {
    /// Works out what comparing needs, once for each distinct value.
    #[must_use]
    pub fn new(kind: Kind, texts: Texts) -> Self {
        let entries = 0..texts.len() as u32;
        let facts = match kind {
            Kind::NameLatin => Facts::Latin(entries.map(|e| latin::facts(texts.bytes(e))).collect()),
            Kind::NameChinese => {
                let (facts, deep) = entries.map(|e| han::facts(texts.text(e))).unzip();
                Facts::Han(facts, deep)
            }
            Kind::Date => Facts::Dates(entries.map(|e| date::facts(texts.bytes(e))).collect()),
            Kind::Address => {
                let mut long = address::Long::new();
                let facts = entries.map(|e| address::facts(texts.text(e), &mut long)).collect();
                Facts::Addresses(facts, long)
            }
            Kind::Number | Kind::Phone => Facts::Packed(entries.map(|e| number::pack(texts.bytes(e))).collect()),
            Kind::Exact | Kind::IdNumber | Kind::Division => Facts::None,
        };
        Self { kind, texts, facts }
    }

    /// Whether comparing reads something that was worked out before.
    pub(crate) fn has_facts(&self) -> bool {
        !matches!(self.facts, Facts::None)
    }

    /// Reads what comparing a value will read first, so that waiting for memory overlaps when many are touched.
    #[inline]
    pub(crate) fn touch(&self, entry: u32) -> u32 {
        let at = entry as usize;
        match &self.facts {
            Facts::Han(facts, _) => facts[at].touch(),
            Facts::Dates(facts) => facts[at],
            Facts::Packed(facts) => facts[at] as u32,
            Facts::Addresses(facts, _) => facts[at].touch(),
            Facts::Latin(facts) => facts[at].touch(),
            Facts::None => 0,
        }
    }

    /// A code of what a Chinese name may agree on with another; 0 when it has no such thing.
    pub(crate) fn agreeing(&self, of: han::Agreeing, entry: u32) -> u32 {
        match &self.facts {
            Facts::Han(facts, _) => facts[entry as usize].code(of),
            _ => 0,
        }
    }

    /// The level of a left value against the prepared one.
    #[must_use]
    pub fn level(&self, left: u32, right: &mut Prepared) -> u8 {
        let value = right.value;
        let (l, r) = (left as usize, value as usize);
        if left == ABSENT || value == ABSENT {
            return MISSING;
        }
        if l == r {
            return SAME;
        }
        let texts = &self.texts;
        let own = || self.texts.bytes(left);
        let other = || self.texts.bytes(value);
        match (&self.facts, self.kind) {
            (Facts::Latin(f), _) => latin::level(own, f[l], move || right.pattern(texts.bytes(value)), f[r]),
            (Facts::Han(f, deep), _) => han::level((&f[l], &f[r]), || (&deep[l], &deep[r])),
            (Facts::Dates(f), _) => date::level(f[l], f[r]),
            (Facts::Addresses(f, long), _) => {
                address::level(own, (&f[l], &f[r]), move || right.pattern(texts.bytes(value)), long)
            }
            (Facts::None, Kind::IdNumber) => number::id_level(own(), other()),
            (Facts::Packed(f), Kind::Phone) => number::phone_level((f[l], own), (f[r], other)),
            (Facts::Packed(f), _) => number::number_level((f[l], own), (f[r], other)),
            (Facts::None, Kind::Division) => address::division_level(own(), other()),
            (Facts::None, _) => 2,
        }
    }
}

/// Levels of a field, from "same" on, that change what agreement of a field within it means.
#[must_use]
pub const fn closest(kind: Kind) -> u8 {
    match kind {
        Kind::Division => 3,
        _ => 1,
    }
}

/// The level that says two columns were swapped, and the one for the column counted with it.
#[must_use]
pub const fn swapped_levels(kind: Kind) -> Option<(u8, u8)> {
    match kind {
        Kind::NameLatin => Some((latin::SWAPPED, latin::COUNTED)),
        _ => None,
    }
}
