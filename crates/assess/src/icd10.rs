//! Diagnosis codes by ICD-10 category: a letter and two digits, whatever the country's extension adds.

use std::str::FromStr;

/// Categories from `first` to `last`, both included, such as F00–F99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icd10Range {
    first: Category,
    last: Category,
}

/// Letter and number, ordered as the classification orders them.
type Category = (u8, u8);

/// Why a text is not a range of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a range of ICD-10 categories reads F00-F99")]
pub struct Icd10RangeFault;

impl FromStr for Icd10Range {
    type Err = Icd10RangeFault;

    fn from_str(text: &str) -> Result<Self, Icd10RangeFault> {
        let (first, last) = text.split_once('-').ok_or(Icd10RangeFault)?;
        let whole = |part: &str| if part.len() == 3 { category(part) } else { None };
        match (whole(first), whole(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err(Icd10RangeFault),
        }
    }
}

impl Icd10Range {
    /// Whether a written diagnosis names a category in the range.
    ///
    /// Reads `F01.9`, `f03`, `F00.900x001`, pairs such as `G30.9†F00.9*` and ranges such as `F00-F03`
    /// (inside when they overlap). A text without a code, such as a disease's name, is outside.
    #[must_use]
    pub fn covers(self, diagnosis: &str) -> bool {
        let mut from: Option<Category> = None;
        for word in diagnosis.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '.')) {
            let mut end = word.chars();
            let separator = end.next_back().filter(|c| !(c.is_ascii_alphanumeric() || *c == '.'));
            let code = if separator.is_some() { end.as_str() } else { word };
            if let Some(here) = category(code) {
                let first = from.take().unwrap_or(here);
                if first <= self.last && self.first <= here {
                    return true;
                }
                from = separator.filter(|c| matches!(c, '-' | '–' | '—' | '~' | '～' | '至')).map(|_| here);
            } else if !code.is_empty() {
                from = None;
            }
        }
        false
    }
}

/// The category a code opens with, none when it opens otherwise.
fn category(code: &str) -> Option<Category> {
    match code.as_bytes() {
        [letter, tens, ones, rest @ ..]
            if letter.is_ascii_alphabetic()
                && tens.is_ascii_digit()
                && ones.is_ascii_digit()
                && rest.first().is_none_or(|b| *b == b'.' || b.is_ascii_digit() || *b == b'x' || *b == b'X') =>
        {
            Some((letter.to_ascii_uppercase(), (tens - b'0') * 10 + (ones - b'0')))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_by_category() {
        let mental: Icd10Range = "F00-F99".parse().unwrap();
        let inside = ["F01.9", "f03", "F99", "F00", " F32.1 ", "F00.900x001", "G30.9†F00.9*", "G30 F00", "F00-F03"];
        for code in inside.iter().chain(&["F019", "G30.9+F00.9*", "E90 - F03", "A00–Z99"]) {
            assert!(mental.covers(code), "{code}");
        }
        for code in ["", "E99", "G00", "G30.9", "F", "F0", "dementia", "痴呆", "F0A", "XF01", "I10-I15", "FF01", "F01A"]
        {
            assert!(!mental.covers(code), "{code}");
        }
    }

    #[test]
    fn ranges_are_refused_when_reversed_or_open() {
        for text in ["F00", "F99-F00", "F0-F9", "F00-F99.9", ""] {
            assert_eq!(text.parse::<Icd10Range>(), Err(Icd10RangeFault), "{text}");
        }
    }
}
