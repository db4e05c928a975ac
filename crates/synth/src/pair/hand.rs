//! What becomes of a name on its way from one office to another.

use std::collections::{BTreeMap, BTreeSet};

use pinyin::ToPinyin;

use crate::dice::Dice;
use crate::names::Names;

/// Tables of what is taken for what.
pub(crate) struct Hand {
    /// Characters by sound: those of names, then all common ones.
    sounds: BTreeMap<String, [Vec<char>; 2]>,
    alike: Vec<Vec<char>>,
    spellings: Vec<Vec<&'static str>>,
    /// Characters of names, for a hand that slips altogether.
    any: Vec<char>,
}

/// Sounds that speakers of the south-west and north-west do not tell apart.
const NEAR: [(&str, &str); 8] =
    [("ing", "in"), ("eng", "en"), ("ang", "an"), ("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("hu", "fu")];

impl Hand {
    pub(crate) fn new(names: &Names) -> Self {
        let of_names: BTreeSet<char> = names.all().flat_map(str::chars).filter(|c| *c != '·').collect();
        let mut sounds: BTreeMap<String, [Vec<char>; 2]> = BTreeMap::new();
        for c in common() {
            if let Some(sound) = sound(c) {
                sounds.entry(sound).or_default()[usize::from(!of_names.contains(&c))].push(c);
            }
        }
        let lines = |text: &'static str| text.lines().filter(|line| !line.starts_with('#'));
        Self {
            sounds,
            alike: lines(include_str!("../../data/names/alike.txt"))
                .flat_map(str::split_whitespace)
                .map(|group| group.chars().collect())
                .collect(),
            spellings: lines(include_str!("../../data/names/spellings.txt"))
                .map(|line| line.split_whitespace().collect())
                .collect(),
            any: of_names.into_iter().collect(),
        }
    }

    /// A character replaced by one that sounds the same: an input method's next suggestion.
    pub(crate) fn homophone(&self, dice: &mut Dice, name: &str) -> Option<String> {
        self.resounded(dice, name, |sound| sound)
    }

    /// A character replaced by one that sounds nearly the same.
    pub(crate) fn near_sound(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let (long, short) = *dice.pick(&NEAR);
        let forth = dice.chance(0.5);
        self.resounded(dice, name, |sound| {
            let (from, to) = if forth { (long, short) } else { (short, long) };
            if from.len() > 2 || !from.contains(['z', 'c', 's', 'l', 'n', 'h', 'f']) || from.ends_with("ng") {
                sound.strip_suffix(from).map_or(sound.clone(), |stem| format!("{stem}{to}"))
            } else {
                sound.strip_prefix(from).map_or(sound.clone(), |rest| format!("{to}{rest}"))
            }
        })
    }

    fn resounded(&self, dice: &mut Dice, name: &str, change: impl Fn(String) -> String) -> Option<String> {
        let at = place(dice, name)?;
        let [of_names, common] = self.sounds.get(&change(sound(at.1)?))?;
        let from = if dice.chance(0.75) && of_names.len() > 1 { of_names } else { common };
        let from: Vec<char> = from.iter().copied().filter(|c| *c != at.1).collect();
        (!from.is_empty()).then(|| replaced(name, at, *dice.pick(&from)))
    }

    /// A character replaced by one that looks like it, or by an older form of itself.
    pub(crate) fn look_alike(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let fits = |group: &&Vec<char>| group.iter().any(|c| name.contains(*c));
        let groups: Vec<&Vec<char>> = self.alike.iter().filter(fits).collect();
        let group = groups.get(dice.below(groups.len()))?;
        let from = *group.iter().find(|c| name.contains(**c))?;
        let others: Vec<char> = group.iter().copied().filter(|c| *c != from).collect();
        (!others.is_empty()).then(|| name.replacen(from, &dice.pick(&others).to_string(), 1))
    }

    /// A transliteration as another office spells it.
    pub(crate) fn spelling(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let fitting: Vec<(&str, &Vec<&str>)> = self
            .spellings
            .iter()
            .flat_map(|group| group.iter().filter(|word| name.contains(**word)).map(move |word| (*word, group)))
            .collect();
        // a whole word that stands in the table is spelt anew more often than one of its syllables
        let weights: Vec<f64> = fitting.iter().map(|(word, _)| word.chars().count() as f64).collect();
        let (from, group) = *fitting.get(dice.weighted(&weights))?;
        let others: Vec<&str> = group.iter().copied().filter(|word| *word != from).collect();
        let to = *dice.pick::<&str>(&others);
        Some(name.replacen(from, to, 1))
    }

    /// Any character of a name in place of one.
    pub(crate) fn slip(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let at = place(dice, name)?;
        Some(replaced(name, at, *dice.pick(&self.any)))
    }

    /// One character left out.
    pub(crate) fn dropped(dice: &mut Dice, name: &str) -> Option<String> {
        let (at, c) = place(dice, name)?;
        let rest = format!("{}{}", &name[..at], &name[at + c.len_utf8()..]);
        (rest.chars().count() > 1).then_some(rest)
    }
}

/// The characters of GB 2312, level 1: the 3,755 in common use.
fn common() -> impl Iterator<Item = char> {
    (0xB0_u8..=0xD7).flat_map(|high| {
        (0xA1_u8..=0xFE).filter_map(move |low| {
            let first = encoding_rs::GBK.decode(&[high, low]).0.chars().next();
            first.filter(|c| *c != '\u{fffd}' && c.to_pinyin().is_some())
        })
    })
}

fn sound(c: char) -> Option<String> {
    c.to_pinyin().map(|syllable| syllable.plain().to_owned())
}

/// Any place of a name that holds a character, not a mark.
fn place(dice: &mut Dice, name: &str) -> Option<(usize, char)> {
    let places: Vec<(usize, char)> = name.char_indices().filter(|(_, c)| c.to_pinyin().is_some()).collect();
    places.get(dice.below(places.len())).copied()
}

fn replaced(name: &str, (at, c): (usize, char), by: char) -> String {
    format!("{}{by}{}", &name[..at], &name[at + c.len_utf8()..])
}
