//! What is known of a column's levels among strangers, relatives and records of one person.
//!
//! Fellegi–Sunter with latent classes: strangers; relatives and housemates, who share surname, village, address and
//! telephone without being one person (two classes); records of one person, well, fairly and badly kept (three),
//! because errors come together. Within a class the columns are taken as independent.

use serde::{Deserialize, Serialize};

use crate::compare::{MISSING, SAME, closest};
use crate::data::Data;
use crate::spec::Spec;

/// Strangers.
pub const STRANGERS: usize = 0;
/// Relatives and housemates.
pub const RELATIVES: std::ops::Range<usize> = 1..3;
/// Records of one person.
pub const ONE_PERSON: std::ops::Range<usize> = 3..6;
/// All classes.
pub const CLASSES: usize = 6;

/// A number for each class.
pub type PerClass = [f64; CLASSES];

/// What was learned, or the stated defaults; kept per source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// How they came about.
    pub origin: Origin,
    /// Rounds of learning.
    pub rounds: u32,
    /// Expected share of right rows that have their person on the left (one-to-one), or of all pairs.
    pub matching: f64,
    /// Share of the relatives' classes among pairs that are not one person.
    pub relatives: Vec<f64>,
    /// Share of well, fairly and badly kept records among matches.
    pub keeping: Vec<f64>,
    pub field: Vec<FieldParameters>,
}

/// Where parameters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Learned, and the rounds settled.
    Learned,
    /// Too few rows of this source to learn from, or its rounds did not settle: learned from all sources together.
    AllSources,
    /// Learning did not settle or found no matches: stated defaults.
    Defaults,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldParameters {
    pub name: String,
    pub level: Vec<LevelParameters>,
}

/// Probability of a level in each class, given that both values are present.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelParameters {
    pub name: String,
    pub strangers: f64,
    pub relatives: Vec<f64>,
    pub one_person: Vec<f64>,
}

/// A parameters file that does not fit the spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameters do not fit the spec at {place}; learn them again with --train")]
pub struct ParametersFault {
    pub place: String,
}

/// Parameters as numbers to compute with.
#[derive(Clone, Debug)]
pub struct Model {
    /// Probability of each level in each class; level by level.
    pub levels: Vec<Vec<PerClass>>,
    /// Share of each class: strangers and relatives sum to 1, and so do matches.
    pub shares: PerClass,
    pub matching: f64,
    pub one_to_one: bool,
    /// Left rows, the number among which a right row's person is looked for.
    pub left_rows: f64,
    pub origin: Origin,
    pub rounds: u32,
}

impl Model {
    /// The stated defaults; `strangers` holds each field's levels among random pairs.
    ///
    /// One person: same in 95, 80 and 60 % of well, fairly and badly kept records, different in 1, 8 and 20 %, the
    /// rest spread over the levels between. Relatives: columns marked `shared` same in 80 %, others as strangers.
    #[must_use]
    pub fn defaults(spec: &Spec, data: &Data, strangers: &[Vec<f64>]) -> Self {
        let levels = spec.fields.iter().zip(strangers).map(|(field, strangers)| {
            let kinds = field.kind.levels().len();
            let last = kinds - 1;
            let between = last.saturating_sub(2).max(1) as f64;
            let spread = |level: usize, same: f64, different: f64| match level {
                _ if level == SAME as usize => same,
                _ if level == last => {
                    if last == 2 {
                        1.0 - same
                    } else {
                        different
                    }
                }
                _ => (1.0 - same - different) / between,
            };
            let per_class = |(level, stranger): (usize, &f64)| {
                let level = level % kinds;
                if level == MISSING as usize {
                    return [1.0; CLASSES];
                }
                let relative = |same: f64| {
                    let mixed = spread(level, same, 1.0 - same - 0.05);
                    if field.shared { 0.9 * mixed + 0.1 * stranger } else { *stranger }
                };
                let (close, far) = (relative(0.9), relative(0.5));
                [*stranger, close, far, spread(level, 0.95, 0.01), spread(level, 0.8, 0.08), spread(level, 0.6, 0.2)]
            };
            strangers.iter().enumerate().map(per_class).collect()
        });
        let relatives = if spec.fields.iter().any(|field| field.shared) { [1e-6, 1e-6] } else { [0.0, 0.0] };
        let pairs = data.right().len() as f64;
        Self {
            levels: levels.collect(),
            shares: [1.0 - relatives[0] - relatives[1], relatives[0], relatives[1], 0.4, 0.4, 0.2],
            matching: if spec.one_to_one { 0.5 } else { (0.1 / pairs.max(1.0)).min(0.1) },
            one_to_one: spec.one_to_one && !data.is_single(),
            left_rows: data.left.len() as f64,
            origin: Origin::Defaults,
            rounds: 0,
        }
    }

    /// Odds before anything is compared, by which a pair's likelihood ratio is multiplied.
    #[must_use]
    pub fn prior_odds(&self) -> f64 {
        if self.one_to_one {
            let matching = self.matching.clamp(0.001, 0.999);
            matching / (1.0 - matching) / self.left_rows.max(1.0)
        } else {
            self.matching / (1.0 - self.matching)
        }
    }

    /// In the form that is kept.
    #[must_use]
    pub fn parameters(&self, spec: &Spec) -> Parameters {
        let field = |(field, levels): (&crate::spec::Field, &Vec<PerClass>)| FieldParameters {
            name: field.name.clone(),
            level: level_names(spec, field)
                .into_iter()
                .zip(levels)
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, p)| LevelParameters {
                    name,
                    strangers: p[STRANGERS],
                    relatives: p[RELATIVES].to_vec(),
                    one_person: p[ONE_PERSON].to_vec(),
                })
                .collect(),
        };
        Parameters {
            origin: self.origin,
            rounds: self.rounds,
            matching: self.matching,
            relatives: self.shares[RELATIVES].to_vec(),
            keeping: self.shares[ONE_PERSON].to_vec(),
            field: spec.fields.iter().zip(&self.levels).map(field).collect(),
        }
    }

    /// From the form that is kept.
    ///
    /// # Errors
    /// When names or numbers of fields and levels differ from the spec's.
    pub fn from_parameters(kept: &Parameters, spec: &Spec, data: &Data) -> Result<Self, ParametersFault> {
        let fault = |place: &str| ParametersFault { place: place.to_owned() };
        let classes = |stranger: f64, relatives: &[f64], one: &[f64]| -> Option<PerClass> {
            let all: Vec<f64> = [&[stranger], relatives, one].concat();
            let all: PerClass = all.try_into().ok()?;
            all.iter().all(|p| (0.0..=1.0).contains(p)).then_some(all)
        };
        if kept.field.len() != spec.fields.len() {
            return Err(fault("field"));
        }
        let mut levels = Vec::new();
        for (field, kept) in spec.fields.iter().zip(&kept.field) {
            let names = level_names(spec, field);
            let mut of_level = kept.level.iter();
            let mut of_field = Vec::with_capacity(names.len());
            for name in names {
                if name.is_empty() {
                    of_field.push([1.0; CLASSES]);
                    continue;
                }
                let level = of_level.next().filter(|level| kept.name == field.name && level.name == name);
                let p = level.and_then(|level| classes(level.strangers, &level.relatives, &level.one_person));
                of_field.push(p.ok_or_else(|| fault(&field.name))?);
            }
            if of_level.next().is_some() {
                return Err(fault(&field.name));
            }
            levels.push(of_field);
        }
        let strangers = 1.0 - kept.relatives.iter().sum::<f64>();
        Ok(Self {
            levels,
            shares: classes(strangers, &kept.relatives, &kept.keeping).ok_or_else(|| fault("relatives, keeping"))?,
            matching: kept.matching,
            one_to_one: spec.one_to_one && !data.is_single(),
            left_rows: data.left.len() as f64,
            origin: kept.origin,
            rounds: kept.rounds,
        })
    }
}

/// The levels of a field in words, "missing" as the empty word; those of a field within another once more, for
/// where that one agrees.
fn level_names(spec: &Spec, field: &crate::spec::Field) -> Vec<String> {
    let plain = |at: usize| if at == MISSING as usize { String::new() } else { field.kind.levels()[at].to_owned() };
    let kinds = 0..field.kind.levels().len();
    let around = field.within.map(|outer| &spec.fields[outer]).into_iter();
    let around = around.flat_map(|outer| {
        outer.kind.levels()[1..].iter().take(closest(outer.kind).into()).map(move |level| (outer, level))
    });
    let within = around.flat_map(|(outer, level)| {
        kinds.clone().map(plain).map(
            move |name| {
                if name.is_empty() { name } else { format!("{name}; {} {level}", outer.name) }
            },
        )
    });
    kinds.clone().map(plain).chain(within).collect()
}
