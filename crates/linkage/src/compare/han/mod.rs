//! Names in Chinese characters: Han names, and Kyrgyz and Uyghur names transliterated as given name · father's
//! name. Latin spellings of the latter are compared by the same rules.
//!
//! A name is parts, a part is characters. Two names are held against each other as written, with variant and
//! look-alike characters made one, as they sound (pinyin without tones), and by their consonants, on which
//! transliterations of one name agree.

mod facts;

pub(crate) use facts::{Agreeing, Deep, Facts, facts, key, normalise, sound};

use crate::text;
use facts::{Part, surname_length};

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
    "one part nearly the same",
    "sounds nearly the same",
    "given name agrees",
    "surname or father's name agrees",
    "given name only, nearly",
    "different",
];
const DIFFERENT: u8 = 14;

/// Levels at which names agree on a part of themselves, so that it matters how common that part is.
pub(crate) const AGREEING: [(Agreeing, &[u8]); 3] =
    [(Agreeing::Consonants, &[2, 3, 4, 5, 6]), (Agreeing::Given, &[7, 11, 13]), (Agreeing::Clan, &[12])];

/// The level of two different names; most pairs are told by their facts alone.
pub(crate) fn level<'d>((a, b): (&Facts, &Facts), deep: impl FnOnce() -> (&'d Deep, &'d Deep)) -> u8 {
    if a.unmarked == b.unmarked {
        return 2;
    }
    if a.plain == b.plain {
        return 3;
    }
    if a.sound == b.sound {
        return 4;
    }
    if a.near_sound == b.near_sound {
        return 10;
    }
    if a.is_short && b.is_short && (a.is_han || b.is_han) {
        let (a, b) = deep();
        return han_level(&a.plain, &b.plain);
    }
    parts_level((a, b), deep)
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
    if short.chars().count() >= 2 && a[surname_length(a)..] == b[surname_length(b)..] {
        return 11;
    }
    if surname_agrees { 12 } else { DIFFERENT }
}

/// Whether the first character of `a` stands last in `b`, the rest before it.
fn turned(a: &str, b: &str) -> bool {
    a.chars().next().is_some_and(|surname| b.ends_with(surname) && b.starts_with(&a[surname.len_utf8()..]))
}

fn parts_level<'d>((a, b): (&Facts, &Facts), deep: impl FnOnce() -> (&'d Deep, &'d Deep)) -> u8 {
    if a.family == b.family {
        return 5;
    }
    if a.consonants == b.consonants {
        return if a.parts == b.parts { 6 } else { 5 };
    }
    if a.parts < 2 || b.parts < 2 {
        return one_part_level((a, b), deep);
    }
    let pairs = [(a.given, b.given), (a.clan, b.clan), (a.given, b.clan), (a.clan, b.given)];
    let hopes = pairs.map(|(x, y)| hope(x, y));
    if hopes == [0; 4] {
        return DIFFERENT;
    }
    let mut alike = hopes;
    if hopes.contains(&NEAR) {
        let (x, y) = deep();
        let (given, clan) = ((x.given(a), y.given(b)), (x.clan(a), y.clan(b)));
        let texts = [given, clan, (given.0, clan.1), (clan.0, given.1)];
        for (alike, (x, y)) in alike.iter_mut().zip(texts).filter(|(alike, _)| **alike == NEAR) {
            *alike = u8::from(text::near(x, y, allowed(x.len().min(y.len()))));
        }
    }
    match alike {
        [_, _, SAME_FAMILY, SAME_FAMILY] => 6,
        [SAME_FAMILY, NEAR, ..] | [NEAR, SAME_FAMILY, ..] => 9,
        [NEAR, NEAR, ..] | [_, _, SAME_FAMILY | NEAR, SAME_FAMILY | NEAR] => 10,
        [SAME_FAMILY, ..] => 11,
        [_, SAME_FAMILY, ..] => 12,
        [NEAR, ..] => 13,
        _ => DIFFERENT,
    }
}

/// Of two names at least one of which has one part only: a given name, or a name whose marks were left out.
fn one_part_level<'d>((a, b): (&Facts, &Facts), deep: impl FnOnce() -> (&'d Deep, &'d Deep)) -> u8 {
    let given = hope(a.given, b.given);
    if given == SAME_FAMILY && a.parts != b.parts {
        return 7;
    }
    let (x, y) = deep();
    let near = |x: &[u8], y: &[u8]| {
        let allowed = allowed(x.len().min(y.len()));
        let differing = (text::letters(x) ^ text::letters(y)).count_ones();
        x.len().abs_diff(y.len()) <= allowed && differing as usize <= 2 * allowed && text::near(x, y, allowed)
    };
    if near(x.sound.as_bytes(), y.sound.as_bytes()) {
        return 10;
    }
    if given == NEAR && a.parts != b.parts && near(x.given(a), y.given(b)) { 13 } else { DIFFERENT }
}

const SAME_FAMILY: u8 = 2;
const NEAR: u8 = 1;

/// How alike two parts may be, as far as codes and letters tell.
fn hope(a: Part, b: Part) -> u8 {
    if a.code == b.code {
        return SAME_FAMILY;
    }
    let allowed = allowed(a.length.min(b.length) as usize);
    let differing = (a.letters ^ b.letters).count_ones() as usize;
    if a.length.abs_diff(b.length) as usize > allowed || differing > 2 * allowed { 0 } else { NEAR }
}

/// Slips in a sound of some length that leave it nearly the same.
const fn allowed(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        7..=12 => 2,
        _ => 3,
    }
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
        let level_of = |a: &str, b: &str| {
            let ((a_facts, a_deep), (b_facts, b_deep)) = (facts(a), facts(b));
            if a == b { 1 } else { level((&a_facts, &b_facts), || (&a_deep, &b_deep)) }
        };
        assert_eq!(LEVELS[level_of(&a, &b) as usize], expected, "{a} {b}");
        assert_eq!(level_of(&a, &b), level_of(&b, &a), "{a} {b}");
    }

    #[test]
    fn han_names_are_graded_by_what_happened_to_them() {
        check("王 小明", "王小明", "same");
        check("張偉", "张伟", "variant or look-alike characters");
        check("李淑兰", "李叔兰", "variant or look-alike characters");
        check("王晓明", "王小明", "sounds the same");
        check("张浩然", "脏好难", "different");
        check("张静", "脏进", "sounds nearly the same");
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
        check("艾山·吐尔逊", "艾散图尔荪", "same spelling family");
        check("肉孜·牙生", "牙生肉孜", "same spelling family");
        check("居马·加克甫", "朱马·加克普", "same spelling family");
        check("如先古丽·多力坤", "如仙姑丽·多力土", "one part nearly the same");
        check("艾山·排孜拉", "阿散·排渣拉", "same spelling family");
        check("努尔买提·多力坤", "努尔买克·多力土", "sounds nearly the same");
        check("萨吾提", "沙吾特·艾力", "given name only");
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
