//! Names in Chinese characters: Han names, and Kyrgyz and Uyghur names transliterated as given name · father's
//! name. Latin spellings of the latter are compared by the same rules.
//!
//! A name is parts, a part is characters. Two names are held against each other as written, with variant and
//! look-alike characters made one, as they sound (pinyin without tones), and by their consonants, on which
//! transliterations of one name agree.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::hash::hash;
use crate::keys::Transform;
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

/// What two names agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreeing {
    Consonants,
    Given,
    Clan,
}

impl Agreeing {
    /// The key by which names that agree on it meet.
    pub(crate) const fn transform(self) -> Transform {
        match self {
            Self::Consonants => Transform::Family,
            Self::Given => Transform::Given,
            Self::Clan => Transform::Clan,
        }
    }
}

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

/// What is worked out once for each distinct name; small, because comparing waits for memory.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Hash of the text without marks.
    unmarked: u32,
    /// The same with variants made one.
    plain: u32,
    sound: u32,
    /// The sound as heard by those who do not tell some sounds apart.
    near_sound: u32,
    /// Consonants in their order, and in whatever order.
    family: u32,
    consonants: u32,
    /// The given name, and the surname or father's name.
    given: Part,
    clan: Part,
    parts: u8,
    /// Up to four characters without a mark: a Han name or a given name alone.
    is_short: bool,
    /// As far as the first character tells.
    is_han: bool,
}

/// One part of a name: a code that its spellings share (0 when there is no such part), its sound's letters and length.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    code: u32,
    letters: u32,
    length: u8,
}

/// The texts behind the facts, which few pairs need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deep {
    /// Characters without marks, variants made one.
    plain: Box<str>,
    /// Pinyin of the parts, one after the other.
    sound: Box<str>,
}

impl Deep {
    fn given(&self, facts: &Facts) -> &[u8] {
        &self.sound.as_bytes()[..facts.given.length as usize]
    }

    fn clan(&self, facts: &Facts) -> &[u8] {
        &self.sound.as_bytes()[self.sound.len() - facts.clan.length as usize..]
    }
}

/// Characters that open Han and Hui names; those that open transliterated names as well are left out.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡丁魏薛叶阎\
    余潘杜戴钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙段钱汤尹易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜\
    倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴\
    席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来褚虎丑妥马";

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

pub(crate) fn facts(name: &str) -> (Facts, Deep) {
    let unmarked: String = name.chars().filter(|c| *c != '·').collect();
    let plain: String = unmarked.chars().map(one_form).collect();
    let parts: u8 = name.split('·').count().min(255) as u8;
    let is_short = parts == 1 && unmarked.chars().all(is_han) && unmarked.chars().count() <= 4;
    let is_han = is_short && plain.chars().next().is_some_and(|first| SURNAMES.contains(first));
    let mut whole = String::with_capacity(name.len());
    let mut of_part = |text: &str| {
        let from = whole.len();
        sound_into(text, &mut whole);
        let heard = &whole[from..];
        Part { code: family(text, heard), letters: text::letters(heard.as_bytes()), length: heard.len().min(255) as u8 }
    };
    let (mut given, mut clan) = (Part::default(), Part::default());
    for (at, text) in name.split('·').enumerate() {
        let part = of_part(text);
        if at == 0 {
            given = part;
        } else {
            clan = part;
        }
    }
    if is_han {
        let (surname, own) = plain.split_at(surname_length(&plain));
        (given.code, clan.code) = (short(own.as_bytes()), short(surname.as_bytes()));
    }
    let mut letters = consonants(&unmarked);
    let family = short(&letters);
    letters.sort_unstable();
    let facts = Facts {
        unmarked: short(unmarked.as_bytes()),
        plain: short(plain.as_bytes()),
        sound: short(whole.as_bytes()),
        near_sound: short(&near_sound(&unmarked)),
        family,
        consonants: short(&letters),
        given,
        clan,
        parts,
        is_short,
        is_han,
    };
    (facts, Deep { plain: plain.into(), sound: whole.into() })
}

/// A hash in 32 bits, never 0.
fn short(text: &[u8]) -> u32 {
    (hash(text) >> 32) as u32 | 1
}

impl Facts {
    #[inline]
    pub(crate) fn touch(&self) -> u32 {
        self.unmarked ^ u32::from(self.parts)
    }

    /// A code of what a name may agree on with another; 0 when it has no such thing.
    pub(crate) fn code(&self, of: Agreeing) -> u32 {
        match of {
            Agreeing::Consonants => self.consonants,
            Agreeing::Given => self.given.code,
            Agreeing::Clan => self.clan.code,
        }
    }
}

fn surname_length(name: &str) -> usize {
    name.chars().next().map_or(0, char::len_utf8)
}

/// The name in pinyin without tones; letters other than Han stay.
#[must_use]
pub fn sound(name: &str) -> String {
    let mut out = String::new();
    sound_into(name, &mut out);
    out
}

fn sound_into(name: &str, out: &mut String) {
    for c in name.chars() {
        match c.to_pinyin() {
            Some(syllable) => out.push_str(syllable.plain()),
            None => out.push(c),
        }
    }
}

/// One letter for sounds that transliterations take for one another: pinyin writes one foreign sound now as x, now
/// as s, and voiced and voiceless stops change places. None for what falls silent.
const fn one_sound(letter: u8) -> Option<u8> {
    Some(match letter {
        b'x' | b'z' | b'j' => b's',
        b'b' | b'f' => b'p',
        b'd' => b't',
        b'g' | b'q' => b'k',
        b'w' => b'v',
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' => return None,
        other => other,
    })
}

/// What a name's syllables open and end with, marks or not: spellings of one name agree on it.
fn consonants(name: &str) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(2 * name.len() / 3 + 1);
    for c in name.chars() {
        match c.to_pinyin().map(|syllable| syllable.plain().as_bytes()) {
            Some(b"er") => out.push(b'r'),
            Some([initial, rest @ ..]) => {
                out.extend(one_sound(*initial));
                out.extend(matches!(rest, [.., b'n' | b'g']).then_some(b'n'));
            }
            _ => {
                let letter = u8::try_from(c).ok().filter(u8::is_ascii_alphabetic).and_then(one_sound);
                out.extend(letter.filter(|letter| out.last() != Some(letter)));
            }
        }
    }
    out
}

/// The code of a part's spellings; of a part with hardly a consonant also its first letter speaks.
fn family(part: &str, sound: &str) -> u32 {
    let mut letters = consonants(part);
    if letters.len() < 2 {
        letters.extend(sound.bytes().next());
    }
    short(&letters)
}

/// The sound without what speakers of the west do not tell apart: zh and z, l and n, ing and in.
fn near_sound(name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 * name.len());
    for c in name.chars() {
        let Some(syllable) = c.to_pinyin().map(|syllable| syllable.plain()) else {
            let mut letter = [0; 4];
            out.extend_from_slice(c.encode_utf8(&mut letter).as_bytes());
            continue;
        };
        let letters = syllable.as_bytes();
        let (initial, rest) = match letters {
            [b'z' | b'c' | b's', b'h', rest @ ..] => (letters[0], rest),
            [b'l', rest @ ..] => (b'n', rest),
            [b'h', b'u', rest @ ..] => (b'f', if rest.is_empty() { &letters[1..] } else { rest }),
            [initial, rest @ ..] => (*initial, rest),
            [] => continue,
        };
        out.push(initial);
        out.extend_from_slice(if rest.ends_with(b"ng") { &rest[..rest.len() - 1] } else { rest });
        out.push(b'\'');
    }
    out
}

/// The text of a blocking key; equal texts where [`Facts::code`] is equal.
pub(crate) fn key(name: &str, of: Agreeing, out: &mut Vec<u8>) {
    let code = match of {
        Agreeing::Consonants => {
            out.extend(consonants(name));
            return out.sort_unstable();
        }
        _ => facts(name).0.code(of),
    };
    if code != 0 {
        out.extend(code.to_le_bytes());
    }
}

fn one_form(c: char) -> char {
    VARIANTS.get(&c).copied().unwrap_or(c)
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || c > '\u{20000}'
}

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
