//! How the invented population spreads over the real villages: `data/region.toml` over the division table.

use std::collections::BTreeMap;

use kernel::{Division, DivisionCode, DivisionLevel, Divisions, Settlement};

use crate::dice::Dice;

/// One village or community and how many older people to invent there.
#[derive(Clone, Debug)]
pub(crate) struct Village {
    pub code: DivisionCode,
    pub urban: bool,
    pub quota: usize,
    /// People of any age to live here and to be registered here; 0 where only older people and their families are invented.
    pub residents: usize,
    pub registered: usize,
    /// Share of due visits that are made here.
    pub diligence: f64,
    /// Share of those of 65 and over who had their yearly health service.
    pub health_cover: f64,
}

/// The peoples of a place: GB/T 3304 code and weight.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mix {
    prefix: String,
    ethnicity: BTreeMap<String, f64>,
    /// Mean number of children of an older couple.
    pub children: f64,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Weight {
    prefix: String,
    per_unit: f64,
}

/// Where the places of a county lie.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Centre {
    prefix: String,
    pub lon: f64,
    pub lat: f64,
    pub spread: f64,
}

/// Shares for a region that is invented for all its people.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    prefix: String,
    older: f64,
    registered: f64,
    registered_older: f64,
    older_from_elsewhere: f64,
    younger_from_elsewhere: f64,
}

/// The two counts of a region's people: who lives there and who is registered there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bases {
    pub residents: usize,
    pub registered: usize,
    /// People of 60 and over in either count.
    pub older: usize,
    /// Of those: registered elsewhere, and living elsewhere.
    pub older_in: f64,
    pub older_out: f64,
    /// Of younger residents, those registered elsewhere.
    pub younger_in: f64,
}

/// The contents of `data/region.toml`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Land {
    people: Vec<Mix>,
    base: Vec<Base>,
    weight: Vec<Weight>,
    centre: Vec<Centre>,
}

/// GB/T 3304 codes, to hold them without a copy.
const ETHNICITIES: [&str; 7] = ["01", "02", "03", "05", "11", "29", "41"];

impl Land {
    pub(crate) fn load() -> Self {
        toml::from_str(include_str!("../data/region.toml")).expect("the file is part of this crate and tested")
    }

    pub(crate) fn mix(&self, code: DivisionCode) -> &Mix {
        longest(&self.people, |m| &m.prefix, code)
    }

    pub(crate) fn centre(&self, code: DivisionCode) -> &Centre {
        longest(&self.centre, |c| &c.prefix, code)
    }

    /// How many people of which kind a region of so many residents has.
    pub(crate) fn bases(&self, region: DivisionCode, residents: usize) -> Bases {
        let base = longest(&self.base, |b| &b.prefix, region);
        let people = residents as f64;
        let (living, registered) = (people * base.older, people * base.registered * base.registered_older);
        let both = living * (1.0 - base.older_from_elsewhere);
        let older = living + (registered - both).max(0.0);
        Bases {
            residents,
            registered: whole(people * base.registered),
            older: whole(older),
            older_in: (living - both) / older,
            older_out: (registered - both).max(0.0) / older,
            younger_in: base.younger_from_elsewhere,
        }
    }

    /// Shares `older` people out over the villages of `region`, exactly, and with `bases` everyone; villages left
    /// without are dropped. `townships` keeps only that many, evenly picked.
    pub(crate) fn villages(
        &self,
        divisions: &Divisions,
        region: DivisionCode,
        townships: Option<usize>,
        older: usize,
        bases: Option<&Bases>,
        seed: u64,
    ) -> Vec<Village> {
        let mut dice = Dice::new(seed, "villages");
        let kept = kept_townships(divisions, region, townships);
        let of_township = |d: &&Division| d.code.parent().is_some_and(|t| kept.contains(&t));
        let mut weighed: Vec<(Village, f64)> = Vec::new();
        for division in divisions.of_level(DivisionLevel::Community).filter(of_township) {
            let spread = (dice.normal() * 0.35).exp();
            let weight = longest(&self.weight, |w| &w.prefix, division.code).per_unit * spread;
            let diligence = [0.985, 0.88, 0.5][dice.weighted(&[0.68, 0.22, 0.1])];
            let health_cover = 0.45 + 0.4 * dice.unit();
            let urban = divisions.settlement(division.code) == Some(Settlement::Urban);
            weighed.push((Village::empty(division.code, urban, diligence, health_cover), weight));
        }
        let weights: Vec<f64> = weighed.iter().map(|(_, weight)| *weight).collect();
        let mut share_out = |total: usize, of: fn(&mut Village) -> &mut usize| {
            for ((village, _), share) in weighed.iter_mut().zip(apportion(&weights, total)) {
                *of(village) = share;
            }
        };
        share_out(older, |village| &mut village.quota);
        if let Some(bases) = bases {
            share_out(bases.residents, |village| &mut village.residents);
            share_out(bases.registered, |village| &mut village.registered);
        }
        weighed.into_iter().map(|(village, _)| village).filter(|v| v.quota > 0).collect()
    }
}

impl Mix {
    pub(crate) fn draw(&self, dice: &mut Dice) -> &'static str {
        let weights: Vec<f64> = self.ethnicity.values().copied().collect();
        let code = self.ethnicity.keys().nth(dice.weighted(&weights)).map_or("01", String::as_str);
        ETHNICITIES.iter().find(|known| **known == code).copied().unwrap_or("01")
    }
}

fn longest<T>(rows: &[T], prefix: impl Fn(&T) -> &String, code: DivisionCode) -> &T {
    let code = code.to_string();
    let fitting = rows.iter().filter(|row| code.starts_with(prefix(row).as_str()));
    fitting.max_by_key(|row| prefix(row).len()).expect("the file has a row for every code")
}

fn kept_townships(divisions: &Divisions, region: DivisionCode, limit: Option<usize>) -> Vec<DivisionCode> {
    let has_villages = |code: DivisionCode| divisions.children(code).next().is_some();
    let all: Vec<DivisionCode> = divisions
        .of_level(DivisionLevel::Township)
        .map(|d| d.code)
        .filter(|code| region.contains(*code) && has_villages(*code))
        .collect();
    match limit {
        Some(n) if n < all.len() => (0..n).map(|i| all[i * all.len() / n]).collect(),
        _ => all,
    }
}

impl Village {
    const fn empty(code: DivisionCode, urban: bool, diligence: f64, health_cover: f64) -> Self {
        Self { code, urban, quota: 0, residents: 0, registered: 0, diligence, health_cover }
    }
}

/// Largest remainders, so that the shares add up.
fn apportion(weights: &[f64], total: usize) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let share = |weight: f64| total as f64 * weight / sum;
    let mut shares: Vec<usize> = weights.iter().map(|weight| floor(share(*weight))).collect();
    let given: usize = shares.iter().sum();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by(|a, b| share(weights[*b]).fract().total_cmp(&share(weights[*a]).fract()).then(a.cmp(b)));
    for index in by_remainder.into_iter().take(total.saturating_sub(given)) {
        shares[index] += 1;
    }
    shares
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
fn floor(share: f64) -> usize {
    share.floor() as usize
}

fn whole(count: f64) -> usize {
    floor(count.round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divisions() -> Divisions {
        Divisions::from_csv(include_str!("../../../packs/national/divisions.csv")).unwrap()
    }

    #[test]
    fn kizilsu_has_its_counties_townships_and_villages() {
        let (divisions, region) = (divisions(), "6530".parse::<DivisionCode>().unwrap());
        let count = |level| divisions.of_level(level).filter(|d| region.contains(d.code)).count();
        assert_eq!(count(DivisionLevel::County), 4);
        assert_eq!(count(DivisionLevel::Township), 46);
        assert_eq!(count(DivisionLevel::Community), 352);
        for (county, villages) in [("653001", 127), ("653022", 148), ("653023", 28), ("653024", 49)] {
            let county: DivisionCode = county.parse().unwrap();
            let inside = divisions.of_level(DivisionLevel::Community).filter(|d| county.contains(d.code));
            assert_eq!(inside.count(), villages, "{county}");
        }
        assert!(divisions.of_level(DivisionLevel::Community).all(|d| d.settlement.is_some()));
    }

    #[test]
    fn older_people_are_shared_out_to_the_last() {
        let (divisions, region) = (divisions(), "6530".parse().unwrap());
        let villages = Land::load().villages(&divisions, region, None, 55_000, None, 1);
        assert_eq!(villages.iter().map(|v| v.quota).sum::<usize>(), 55_000);
        assert_eq!(villages.len(), 352);
        let few = Land::load().villages(&divisions, region, Some(2), 600, None, 1);
        assert_eq!(few.iter().map(|v| v.quota).sum::<usize>(), 600);
        assert!(few.len() < 60);
    }

    #[test]
    fn chaoyang_has_its_two_counts() {
        let (divisions, region) = (divisions(), "110105".parse().unwrap());
        let land = Land::load();
        let bases = land.bases(region, 3_473_000);
        assert!((695_000..705_000).contains(&bases.older), "{bases:?}");
        assert!((2_140_000..2_155_000).contains(&bases.registered), "{bases:?}");
        let villages = land.villages(&divisions, region, None, bases.older, Some(&bases), 1);
        assert_eq!(villages.len(), 768);
        assert_eq!(villages.iter().map(|v| v.residents).sum::<usize>(), 3_473_000);
        assert_eq!(villages.iter().map(|v| v.registered).sum::<usize>(), bases.registered);
    }
}
