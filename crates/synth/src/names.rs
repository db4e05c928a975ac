//! Invented names: common given names combined at random, in the manner of each people.
//!
//! Kyrgyz, Uyghur and Tajik names are transliterated as given name · father's given name; Han and Hui names are
//! surname and given name, the given name by generation. The words are in `data/names`; no person stands there.

use crate::dice::Dice;

/// GB/T 3304 codes that decide how a name is built.
pub(crate) mod people {
    pub(crate) const HAN: &str = "01";
    pub(crate) const HUI: &str = "03";
    pub(crate) const UYGHUR: &str = "05";
    pub(crate) const KYRGYZ: &str = "29";
    pub(crate) const TAJIK: &str = "41";
}

/// The words names are made of.
pub(crate) struct Names {
    han_surnames: Weighted,
    hui_surnames: Weighted,
    han: [Generations; 2],
    uyghur: [Vec<&'static str>; 2],
    kyrgyz: [Vec<&'static str>; 2],
    tajik: [Vec<&'static str>; 2],
    variants: Vec<(&'static str, &'static str)>,
}

struct Weighted {
    words: Vec<&'static str>,
    weights: Vec<f64>,
}

/// Given names of the old, the middle-aged and the young.
struct Generations {
    old: Vec<&'static str>,
    mid: Vec<&'static str>,
    young: Vec<&'static str>,
}

/// What a child's name takes from the parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lineage {
    /// The surname.
    Surname(String),
    /// The father's given name.
    Father(String),
}

impl Lineage {
    /// What the children of a man of this name inherit.
    pub(crate) fn of_children(name: &str) -> Self {
        match name.split_once('·') {
            Some((given, _)) => Self::Father(given.to_owned()),
            None => Self::Surname(name.chars().take(if name.starts_with("欧阳") { 2 } else { 1 }).collect()),
        }
    }
}

impl Names {
    pub(crate) fn load() -> Self {
        Self {
            han_surnames: weighted(include_str!("../data/names/han_surnames.txt")),
            hui_surnames: weighted(include_str!("../data/names/hui_surnames.txt")),
            han: [
                generations(include_str!("../data/names/han_male.txt")),
                generations(include_str!("../data/names/han_female.txt")),
            ],
            uyghur: [
                words(include_str!("../data/names/uyghur_male.txt")),
                words(include_str!("../data/names/uyghur_female.txt")),
            ],
            kyrgyz: [
                words(include_str!("../data/names/kyrgyz_male.txt")),
                words(include_str!("../data/names/kyrgyz_female.txt")),
            ],
            tajik: [
                words(include_str!("../data/names/tajik_male.txt")),
                words(include_str!("../data/names/tajik_female.txt")),
            ],
            variants: lines(include_str!("../data/names/variants.txt"))
                .filter_map(|line| line.split_once(' '))
                .collect(),
        }
    }

    /// A surname or a father's name to hand down, as the people's custom is.
    pub(crate) fn lineage(&self, dice: &mut Dice, ethnicity: &str) -> Lineage {
        match self.patronymic(ethnicity) {
            Some(given) => Lineage::Father((*dice.pick(&given[0])).to_owned()),
            None => {
                let surnames = if ethnicity == people::HUI { &self.hui_surnames } else { &self.han_surnames };
                Lineage::Surname(surnames.words[dice.weighted(&surnames.weights)].to_owned())
            }
        }
    }

    /// A full name; `male` and birth year choose among the given names.
    pub(crate) fn name(&self, dice: &mut Dice, ethnicity: &str, male: bool, born: i32, lineage: &Lineage) -> String {
        let side = usize::from(!male);
        match (lineage, self.patronymic(ethnicity)) {
            (Lineage::Father(father), Some(given)) => format!("{}·{father}", dice.pick(&given[side])),
            (Lineage::Surname(surname), _) | (Lineage::Father(surname), None) => {
                let generation = &self.han[side];
                let by_age = match born {
                    ..=1964 => [0.9, 0.1, 0.0],
                    1965..=1987 => [0.2, 0.7, 0.1],
                    _ => [0.0, 0.15, 0.85],
                };
                let given = [&generation.old, &generation.mid, &generation.young][dice.weighted(&by_age)];
                format!("{surname}{}", dice.pick(given))
            }
        }
    }

    /// Every word that names are made of.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static str> {
        let han = self.han.iter().flat_map(|of| [&of.old, &of.mid, &of.young]);
        let parts = self.uyghur.iter().chain(&self.kyrgyz).chain(&self.tajik);
        let surnames = [&self.han_surnames.words, &self.hui_surnames.words];
        han.chain(parts).chain(surnames).flatten().copied()
    }

    /// The name as another clerk might write it; none when no known variant fits.
    pub(crate) fn variant(&self, dice: &mut Dice, name: &str) -> Option<String> {
        if name.contains('·') && dice.chance(0.45) {
            let mark: &str = ["", ".", "•", " ", "・"][dice.below(5)];
            return Some(name.replace('·', mark));
        }
        let fitting: Vec<_> = self
            .variants
            .iter()
            .flat_map(|(a, b)| [(*a, *b), (*b, *a)])
            .filter(|(from, _)| name.contains(from))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let (from, to) = *dice.pick(&fitting);
        Some(name.replacen(from, to, 1)).filter(|changed| changed != name)
    }

    fn patronymic(&self, ethnicity: &str) -> Option<&[Vec<&'static str>; 2]> {
        match ethnicity {
            people::UYGHUR => Some(&self.uyghur),
            people::KYRGYZ => Some(&self.kyrgyz),
            people::TAJIK => Some(&self.tajik),
            _ => None,
        }
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn words(text: &'static str) -> Vec<&'static str> {
    lines(text).flat_map(str::split_whitespace).collect()
}

fn weighted(text: &'static str) -> Weighted {
    let rows = lines(text).filter_map(|line| line.split_once(' '));
    let (words, weights) = rows.map(|(word, weight)| (word, weight.trim().parse().unwrap_or(1.0))).unzip();
    Weighted { words, weights }
}

fn generations(text: &'static str) -> Generations {
    let block = |name: &str| {
        let rest = lines(text).skip_while(|line| *line != name).skip(1);
        rest.take_while(|line| !line.starts_with('[')).flat_map(str::split_whitespace).collect()
    };
    Generations { old: block("[old]"), mid: block("[mid]"), young: block("[young]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_peoples_custom() {
        let (names, mut dice) = (Names::load(), Dice::new(1, "names"));
        let father = names.lineage(&mut dice, people::KYRGYZ);
        let name = names.name(&mut dice, people::KYRGYZ, true, 1950, &father);
        assert_eq!(name.split('·').count(), 2);
        let children = Lineage::of_children(&name);
        assert_eq!(children, Lineage::Father(name.split('·').next().unwrap().to_owned()));
        let han = names.lineage(&mut dice, people::HAN);
        assert!((2..=4).contains(&names.name(&mut dice, people::HAN, false, 1990, &han).chars().count()));
    }

    #[test]
    fn a_variant_differs_and_stays_close() {
        let (names, mut dice) = (Names::load(), Dice::new(2, "variants"));
        for _ in 0..50 {
            let variant = names.variant(&mut dice, "古丽努尔·买买提").unwrap();
            assert_ne!(variant, "古丽努尔·买买提");
            assert!(variant.chars().count().abs_diff(8) <= 2);
        }
    }
}
