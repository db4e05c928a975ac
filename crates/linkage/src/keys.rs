//! Blocking keys: a number for every value, equal where rows shall meet.

use crate::compare::han::Agreeing;
use crate::compare::{Kind, Values, han, latin};
use crate::intern::{ABSENT, Interner};

/// What a key takes from a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transform {
    Whole,
    First(u8),
    Last(u8),
    /// The consonants on which spellings of a name agree, in whatever order its parts stand.
    Family,
    /// The given name of a Chinese or transliterated name, spellings made one.
    Given,
    /// Its surname or father's name.
    Clan,
    /// Pinyin without tones.
    Sound,
    Year,
    MonthDay,
    /// The digits.
    Number,
    /// Everything but digits and marks.
    Words,
}

impl Transform {
    /// The words of a spec.
    pub const WORDS: &str =
        "first1 to first12, last1 to last12, family, given, clan, sound, year, month_day, number, words";

    /// Reads a word of a spec.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let count = |digits: &str| digits.parse().ok().filter(|n| (1..=12).contains(n));
        Some(match word {
            "family" => Self::Family,
            "given" => Self::Given,
            "clan" => Self::Clan,
            "sound" => Self::Sound,
            "year" => Self::Year,
            "month_day" => Self::MonthDay,
            "number" => Self::Number,
            "words" => Self::Words,
            _ => match (word.strip_prefix("first"), word.strip_prefix("last")) {
                (Some(n), _) => Self::First(count(n)?),
                (_, Some(n)) => Self::Last(count(n)?),
                _ => return None,
            },
        })
    }

    /// Whether it makes sense for a kind.
    #[must_use]
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Year | Self::MonthDay => kind == Kind::Date,
            Self::Given | Self::Clan => kind == Kind::NameChinese,
            Self::Family | Self::Sound => matches!(kind, Kind::NameLatin | Kind::NameChinese),
            _ => true,
        }
    }

    /// Writes the key's text; nothing when the value has none.
    fn write(self, text: &str, kind: Kind, out: &mut Vec<u8>) {
        match self {
            Self::Whole => out.extend_from_slice(text.as_bytes()),
            Self::First(n) => {
                let end = text.char_indices().nth(n as usize).map_or(text.len(), |(at, _)| at);
                out.extend_from_slice(&text.as_bytes()[..end]);
            }
            Self::Last(n) => {
                let start = text.char_indices().rev().nth(n as usize - 1).map_or(0, |(at, _)| at);
                out.extend_from_slice(&text.as_bytes()[start..]);
            }
            Self::Family if kind == Kind::NameLatin => *out = latin::family(text.as_bytes()),
            Self::Family => han::key(text, Agreeing::Consonants, out),
            Self::Given => han::key(text, Agreeing::Given, out),
            Self::Clan => han::key(text, Agreeing::Clan, out),
            Self::Sound => out.extend(han::sound(&text.replace('·', "")).into_bytes()),
            Self::Year => out.extend(text.bytes().take(4)),
            Self::MonthDay => out.extend(text.bytes().skip(4).filter(u8::is_ascii_digit)),
            Self::Number => out.extend(text.bytes().filter(u8::is_ascii_digit)),
            Self::Words => {
                let kept = text.chars().filter(|c| !c.is_ascii_digit() && c.is_alphanumeric());
                out.extend(kept.collect::<String>().into_bytes());
            }
        }
    }
}

/// Writes the key's text of a value in its normal form; nothing when it has none.
pub(crate) fn write_key(transform: Transform, normal: &[u8], kind: Kind, out: &mut Vec<u8>) {
    transform.write(std::str::from_utf8(normal).unwrap_or_default(), kind, out);
}

/// The key of every distinct value, dense from 1; 0 has none.
pub(crate) fn codes(values: &Values, transform: Transform) -> Vec<u32> {
    let entries = 0..values.texts.len() as u32;
    if transform == Transform::Whole {
        return entries.collect();
    }
    let mut known = Interner::new();
    let mut text = Vec::new();
    let agreeing = match transform {
        Transform::Family => Some(Agreeing::Consonants),
        Transform::Given => Some(Agreeing::Given),
        Transform::Clan => Some(Agreeing::Clan),
        _ => None,
    };
    let agreeing = agreeing.filter(|_| values.kind == Kind::NameChinese);
    entries
        .map(|entry| {
            text.clear();
            match agreeing {
                _ if entry == ABSENT => return ABSENT,
                Some(of) => match values.agreeing(of, entry) {
                    0 => return ABSENT,
                    code => text.extend(code.to_le_bytes()),
                },
                None => transform.write(values.texts.text(entry), values.kind, &mut text),
            }
            known.intern_as_is(&text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kind: Kind, word: &str, expected: &str) {
        let mut out = Vec::new();
        Transform::parse(word).unwrap().write(text, kind, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn each_key_takes_its_part_of_the_value() {
        check("gulnara", Kind::NameLatin, "first3", "gul");
        check("gulnara", Kind::NameLatin, "last3", "ara");
        check("王小明", Kind::NameChinese, "first1", "王");
        check("王小明", Kind::NameChinese, "last2", "小明");
        check("王小明", Kind::NameChinese, "sound", "wangxiaoming");
        check("1951-03-07", Kind::Date, "year", "1951");
        check("1951-03-07", Kind::Date, "month_day", "0307");
        check("24 gragronor", Kind::Address, "number", "24");
        check("24 gragronor", Kind::Address, "words", "gragronor");
        check("gulnaara", Kind::NameLatin, "family", "glnr");
    }

    #[test]
    fn a_key_of_another_kind_does_not_fit() {
        assert!(!Transform::Year.fits(Kind::Phone));
        assert!(Transform::parse("first0").is_none());
        assert!(Transform::parse("first13").is_none());
    }
}
