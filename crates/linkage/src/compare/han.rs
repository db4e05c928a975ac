//! Names in Chinese characters: Han names, and Kyrgyz and Uyghur names transliterated as given name · father's
//! name. Latin spellings of the latter are compared by the same rules.
//!
//! A name is parts, a part is characters. Two names are held against each other as written, with variant and
//! look-alike characters made one, as they sound (pinyin without tones), and by their consonants, on which
//! transliterations of one name agree.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::compare::latin;
use crate::hash::{fold, hash};
use crate::text;

pub(crate) const LEVELS: &[&str] = &[
    "missing",
    "same",
    "same, marks differ",
    "variant or look-alike characters",
    "sounds the same",
    "same spelling family",
    "parts in another order",
    "given name only",
    "one character differs",
    "two characters differ",
    "given name agrees",
    "surname or father's name agrees",
    "different",
];
const DIFFERENT: u8 = 12;

static VARIANTS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut heads = HashMap::new();
    for group in include_str!("../../data/variants.txt").lines().filter(|l| !l.starts_with('#')) {
        for group in group.split_whitespace() {
            let Some(head) = group.chars().next() else { continue };
            let head = heads.get(&head).copied().unwrap_or(head);
            for c in group.chars() {
                heads.entry(c).or_insert(head);
            }
        }
    }
    heads
});

/// What is worked out once for each distinct name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Characters without marks, variants made one.
    plain: Box<str>,
    /// Hash of the text without marks.
    unmarked: u64,
    sound: u64,
    family: u64,
    /// For each part: its characters' hash and its family's.
    parts: Box<[(u64, u64)]>,
    is_han: bool,
}

const MARKS: [char; 10] = ['·', '•', '‧', '・', '．', '.', '˙', '∙', '-', '—'];

/// Marks between parts become `·`, blanks go (between Latin words they become `·`), letters become small.
pub(crate) fn normalise(text: &str, out: &mut String) {
    let latin = !text.chars().any(is_han);
    for c in text.trim().chars() {
        if MARKS.contains(&c) || latin && c.is_whitespace() {
            if !out.is_empty() && !out.ends_with('·') {
                out.push('·');
            }
        } else if !c.is_whitespace() && c != '\u{feff}' {
            out.extend(c.to_lowercase());
        }
    }
    while out.ends_with('·') {
        out.pop();
    }
}

pub(crate) fn facts(name: &str) -> Facts {
    let plain: String = name.chars().filter(|c| *c != '·').map(one_form).collect();
    let parts: Vec<(u64, u64)> = name
        .split('·')
        .map(|part| {
            let plain: String = part.chars().map(one_form).collect();
            (hash(plain.as_bytes()), consonants(part))
        })
        .collect();
    let unmarked: String = name.chars().filter(|c| *c != '·').collect();
    let is_han = parts.len() == 1 && unmarked.chars().all(is_han) && unmarked.chars().count() <= 4;
    let family = parts.iter().fold(7, |all, (_, family)| fold(all ^ family));
    Facts {
        unmarked: hash(unmarked.as_bytes()),
        sound: hash(sound(&unmarked).as_bytes()),
        family: if parts.len() > 1 { family } else { consonants(&unmarked) },
        parts: parts.into(),
        plain: plain.into(),
        is_han,
    }
}

/// The name in pinyin without tones; letters other than Han stay.
#[must_use]
pub fn sound(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c.to_pinyin() {
            Some(syllable) => out.push_str(syllable.plain()),
            None => out.push(c),
        }
    }
    out
}

/// Code of the consonants a part sounds with.
pub(crate) fn consonants(part: &str) -> u64 {
    // pinyin writes one foreign sound now as x, now as s; voiced and voiceless stops change places
    let one_sound = |letter: u8| match letter {
        b'x' => b's',
        b'b' => b'p',
        b'd' => b't',
        b'g' => b'k',
        other => other,
    };
    let letters: Vec<u8> = sound(part).bytes().filter(u8::is_ascii_alphabetic).map(one_sound).collect();
    hash(&latin::family(&letters))
}

fn one_form(c: char) -> char {
    VARIANTS.get(&c).copied().unwrap_or(c)
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || c > '\u{20000}'
}

/// The level of two different names.
pub(crate) fn level(a: &Facts, b: &Facts) -> u8 {
    if a.unmarked == b.unmarked {
        return 2;
    }
    if a.plain == b.plain {
        return 3;
    }
    if a.sound == b.sound {
        return 4;
    }
    if a.is_han && b.is_han { han_level(&a.plain, &b.plain) } else { parts_level(a, b) }
}

fn han_level(a: &str, b: &str) -> u8 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.len() == b.len() && (turned(a, b) || turned(b, a)) {
        return 6;
    }
    let distance = text::distance(a, b);
    let length = long.chars().count();
    let surname_agrees = a.chars().next() == b.chars().next();
    if distance == 1 && length >= 3 && surname_agrees {
        return 8;
    }
    let given = |name: &str| name.chars().next().map_or(0, char::len_utf8);
    if short.chars().count() >= 2 && a[given(a)..] == b[given(b)..] {
        return 10;
    }
    if surname_agrees { 11 } else { DIFFERENT }
}

/// Whether the first character of `a` stands last in `b`, the rest before it.
fn turned(a: &str, b: &str) -> bool {
    a.chars().next().is_some_and(|surname| b.ends_with(surname) && b.starts_with(&a[surname.len_utf8()..]))
}

fn parts_level(a: &Facts, b: &Facts) -> u8 {
    if a.family == b.family {
        return 5;
    }
    let (first, others) = (&a.parts[0], &b.parts[0]);
    if a.parts.len() >= 2 && b.parts.len() >= 2 {
        let sorted = |facts: &Facts| {
            let mut families: Vec<u64> = facts.parts.iter().map(|(_, family)| *family).collect();
            families.sort_unstable();
            families
        };
        if sorted(a) == sorted(b) {
            return 6;
        }
    } else if a.parts.len() != b.parts.len() && first.1 == others.1 {
        return 7;
    }
    let longest = a.plain.chars().count().max(b.plain.chars().count());
    if longest >= 3 {
        match text::distance(&a.plain, &b.plain) {
            1 => return 8,
            2 if longest >= 5 => return 9,
            _ => {}
        }
    }
    if first.1 == others.1 {
        return 10;
    }
    let last = |facts: &Facts| facts.parts.last().map(|(_, family)| *family);
    if a.parts.len() >= 2 && b.parts.len() >= 2 && last(a) == last(b) { 11 } else { DIFFERENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: &str) {
        let normal = |text: &str| {
            let mut out = String::new();
            normalise(text, &mut out);
            out
        };
        let (a, b) = (normal(a), normal(b));
        let level_of = |a: &str, b: &str| if a == b { 1 } else { level(&facts(a), &facts(b)) };
        assert_eq!(LEVELS[level_of(&a, &b) as usize], expected, "{a} {b}");
        assert_eq!(level_of(&a, &b), level_of(&b, &a), "{a} {b}");
    }

    #[test]
    fn han_names_are_graded_by_what_happened_to_them() {
        check("王 小明", "王小明", "same");
        check("張偉", "张伟", "variant or look-alike characters");
        check("李淑兰", "李叔兰", "variant or look-alike characters");
        check("王晓明", "王小明", "sounds the same");
        check("王小明", "小明王", "parts in another order");
        check("王小明", "王小亮", "one character differs");
        check("王小明", "王明", "one character differs");
        check("王小明", "吴小明", "given name agrees");
        check("王小明", "王建国", "surname or father's name agrees");
        check("王小明", "李建国", "different");
    }

    #[test]
    fn transliterated_names_are_graded_by_their_parts() {
        check("古丽努尔·买买提", "古丽努尔•买买提", "same");
        check("古丽努尔·买买提", "古丽努尔买买提", "same, marks differ");
        check("古丽努尔·买买提", "古力努尔·买买提", "sounds the same");
        check("古丽努尔·买买提", "古丽努尔·麦麦提", "variant or look-alike characters");
        check("艾山·吐尔逊", "艾散·图尔荪", "same spelling family");
        check("艾山·吐尔逊", "吐尔逊·艾山", "parts in another order");
        check("艾山·吐尔逊", "艾山", "given name only");
        check("艾山·吐尔逊", "艾山·卡德尔", "given name agrees");
        check("古丽努尔·买买提", "帕提古丽·买买提", "surname or father's name agrees");
        check("艾山·吐尔逊", "古丽努尔·买买提", "different");
    }

    #[test]
    fn latin_spellings_follow_the_same_rules() {
        check("Aibek Mamytov", "aibek  mamytov", "same");
        check("Gulnara Asanova", "Gulnaara Asanowa", "same spelling family");
        check("Aibek Mamytov", "Mamytov Aibek", "parts in another order");
    }
}
