//! What is worked out once for each distinct name: its sound, its consonants, its parts, as codes that are quickly
//! compared.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::hash::hash;
use crate::keys::Transform;
use crate::text;

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
    for group in include_str!("../../../data/variants.txt").lines().filter(|l| !l.starts_with('#')) {
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
    pub(super) unmarked: u32,
    /// The same with variants made one.
    pub(super) plain: u32,
    pub(super) sound: u32,
    /// The sound as heard by those who do not tell some sounds apart.
    pub(super) near_sound: u32,
    /// Consonants in their order, and in whatever order.
    pub(super) family: u32,
    pub(super) consonants: u32,
    /// The given name, and the surname or father's name.
    pub(super) given: Part,
    pub(super) clan: Part,
    pub(super) parts: u8,
    /// Up to four characters without a mark: a Han name or a given name alone.
    pub(super) is_short: bool,
    /// As far as the first character tells.
    pub(super) is_han: bool,
}

/// One part of a name: a code that its spellings share (0 when there is no such part), its sound's letters and length.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    pub(super) code: u32,
    pub(super) letters: u32,
    pub(super) length: u8,
}

/// The texts behind the facts, which few pairs need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deep {
    /// Characters without marks, variants made one.
    pub(super) plain: Box<str>,
    /// Pinyin of the parts, one after the other.
    pub(super) sound: Box<str>,
}

impl Deep {
    pub(super) fn given(&self, facts: &Facts) -> &[u8] {
        &self.sound.as_bytes()[..facts.given.length as usize]
    }

    pub(super) fn clan(&self, facts: &Facts) -> &[u8] {
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

pub(super) fn surname_length(name: &str) -> usize {
    name.chars().next().map_or(0, char::len_utf8)
}

/// The name in pinyin without tones; letters other than Han stay.
#[must_use]
pub(crate) fn sound(name: &str) -> String {
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
