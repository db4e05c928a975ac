//! `linkage.toml`: what is compared, which parameters are stated, from which probability on what happens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use linkage::model::{CLASSES, Model, ONE_PERSON, RELATIVES, STRANGERS};
use linkage::spec::Spec;
use linkage::standing::Plan;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::FIELDS;
use super::drawn::Drawn;
use crate::sources::{Catalogue, Entity, Source};

/// The engine's name in decisions.
const ENGINE: &str = concat!("linkage/", env!("CARGO_PKG_VERSION"));

/// The rules of linking, checked.
#[derive(Clone, Debug)]
pub struct Rules {
    pub spec: Spec,
    pub decisions: Decisions,
    pub registered: Registered,
    sources: BTreeMap<String, SourceRules>,
    same_person: Levels,
    strangers: Levels,
    digest: String,
}

/// Probabilities of levels by field, as stated.
type Levels = BTreeMap<String, BTreeMap<String, f64>>;

/// What happens at which probability.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Share of waiting rows whose person is in the registry.
    pub known: f64,
    pub link: f64,
    pub ask: f64,
    pub choices: usize,
    pub ask_again_bits: f64,
    pub ask_same_person: f64,
    /// Sources whose subjects are merged by two people only.
    pub two_people_for: BTreeSet<String>,
}

/// How two entries of the registry are held against each other.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The same comparisons, and when two entries meet.
    pub spec: Spec,
    /// From this probability on someone is asked.
    pub ask: f64,
    /// Fields in which entries of one person don't differ.
    pub apart: Vec<usize>,
    /// Share of entries beside which another stands for the same person.
    twins: f64,
    /// The same for entries without a number: theirs comes, or was there all along.
    unnumbered: f64,
    same_person: Levels,
    strangers: Levels,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnRegistered {
    twins: f64,
    unnumbered: f64,
    apart: Vec<String>,
    #[serde(default)]
    same_person: Levels,
    #[serde(default)]
    strangers: Levels,
}

/// How often one source names a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsOf {
    #[default]
    One,
    Many,
}

/// What becomes of a row that is about nobody in the registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Below {
    /// It waits for its number, or for someone who is still to come.
    #[default]
    Wait,
    /// It makes a person without a number.
    New,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRules {
    id: String,
    #[serde(default)]
    rows: RowsOf,
    #[serde(default = "yes")]
    automatic: bool,
    #[serde(default)]
    below: Below,
    link: Option<f64>,
    ask: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    decisions: Decisions,
    registered: OwnRegistered,
    #[serde(default)]
    same_person: Levels,
    #[serde(default)]
    strangers: Levels,
    #[serde(default)]
    source: Vec<SourceRules>,
}

const fn yes() -> bool {
    true
}

/// Why the rules can't be used; every fault at once.
#[derive(Debug, thiserror::Error)]
#[error("{file} has faults:\n{}", faults.join("\n"))]
pub struct RulesFault {
    pub file: String,
    pub faults: Vec<String>,
}

impl Rules {
    /// Reads and checks `linkage.toml`.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn load(path: &Path, catalogue: &Catalogue) -> Result<Self, RulesFault> {
        let fault = |faults| RulesFault { file: path.display().to_string(), faults };
        let text = std::fs::read_to_string(path).map_err(|cause| fault(vec![format!("could not be read: {cause}")]))?;
        Self::parse(&text, catalogue).map_err(fault)
    }

    fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, Vec<String>> {
        let mut whole: toml::Table = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        let mut own = toml::Table::new();
        for key in ["decisions", "registered", "same_person", "strangers", "source"] {
            own.extend(whole.remove(key).map(|value| (key.to_owned(), value)));
        }
        let registered = own.get_mut("registered").and_then(toml::Value::as_table_mut);
        let blocks = registered.and_then(|registered| registered.remove("block"));
        let own: Own = own.try_into().map_err(|error: toml::de::Error| vec![error.to_string()])?;
        let spec = toml::to_string(&whole).map_err(|error| vec![error.to_string()])?;
        let mut spec =
            Spec::parse(&spec).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        // Kept low, because rivals are weighed afterwards.
        spec.report = 1e-4;
        spec.one_to_one = false;
        whole.insert("block".to_owned(), blocks.unwrap_or_else(|| toml::Value::Array(Vec::new())));
        let meeting = toml::to_string(&whole).map_err(|error| vec![error.to_string()])?;
        let meeting = Spec::parse(&meeting)
            .map_err(|faults| faults.iter().map(|fault| format!("registered: {fault}")).collect::<Vec<_>>())?;
        let place = |name: &String| spec.fields.iter().position(|field| field.name == *name);
        let apart = own.registered.apart.iter().map(|name| place(name).ok_or(name));
        let apart = apart.collect::<Result<Vec<_>, _>>();
        let apart = apart.map_err(|name| vec![format!("registered.apart: {name} is not compared")])?;
        let registered = Registered {
            spec: meeting,
            ask: own.decisions.ask_same_person,
            apart,
            twins: own.registered.twins,
            unnumbered: own.registered.unnumbered,
            same_person: own.registered.same_person,
            strangers: own.registered.strangers,
        };
        let rules = Self {
            digest: hex::encode(&Sha256::digest(text.as_bytes())[..4]),
            decisions: own.decisions,
            registered,
            sources: own.source.into_iter().map(|source| (source.id.clone(), source)).collect(),
            same_person: own.same_person,
            strangers: own.strangers,
            spec,
        };
        let faults = rules.faults(catalogue);
        if faults.is_empty() { Ok(rules) } else { Err(faults) }
    }

    fn faults(&self, catalogue: &Catalogue) -> Vec<String> {
        let mut faults = Vec::new();
        for field in self.spec.fields.iter().filter(|field| !FIELDS.contains(&field.left.as_str())) {
            faults.push(format!("compare {}: no such column; columns are {}", field.name, FIELDS.join(" ")));
        }
        for field in self.spec.fields.iter().filter(|field| field.within.is_some() || field.swaps_with.is_some()) {
            faults.push(format!("compare {}: within and swaps_with are for two files, not for the night", field.name));
        }
        let stated = [
            ("same_person", &self.same_person),
            ("strangers", &self.strangers),
            ("registered.same_person", &self.registered.same_person),
            ("registered.strangers", &self.registered.strangers),
        ];
        for (part, levels) in stated {
            for (name, of_field) in levels {
                let Some(field) = self.spec.fields.iter().find(|field| field.name == *name) else {
                    faults.push(format!("{part}.{name}: this is not compared"));
                    continue;
                };
                let known = field.kind.levels();
                let unknown = of_field.keys().filter(|level| !known[1..].contains(&level.as_str()));
                faults
                    .extend(unknown.map(|level| format!("{part}.{name}: no level \"{level}\"; levels are {known:?}")));
                let sum: f64 = of_field.values().sum();
                if of_field.values().any(|p| !(*p > 0.0 && *p < 1.0)) || sum > 1.0 + 1e-9 {
                    faults.push(format!("{part}.{name}: probabilities lie between 0 and 1 and sum to 1 at most"));
                }
            }
        }
        let named = self.sources.keys().chain(&self.decisions.two_people_for);
        faults.extend(named.filter(|id| catalogue.get(id).is_none()).map(|id| format!("there is no source {id}")));
        let d = &self.decisions;
        for (name, p) in [("known", d.known), ("link", d.link), ("ask", d.ask), ("ask_same_person", d.ask_same_person)]
        {
            if !(p > 0.0 && p < 1.0) {
                faults.push(format!("decisions.{name}: give a number between 0 and 1"));
            }
        }
        for (name, p) in [("twins", self.registered.twins), ("unnumbered", self.registered.unnumbered)] {
            if !(p > 0.0 && p < 1.0) {
                faults.push(format!("registered.{name}: give a number between 0 and 1"));
            }
        }
        let makes_nobody = |id: &&str| catalogue.get(id).is_some_and(|s| !s.creates || s.entity != Entity::Person);
        faults.extend(self.making_people().filter(makes_nobody).map(|id| {
            format!("source {id}: below = \"new\" is for a list that makes people, as sources.toml says with `creates`")
        }));
        faults
    }

    /// Engine and rules, as decisions name them.
    #[must_use]
    pub fn engine(&self) -> String {
        format!("{ENGINE}+{}", self.digest)
    }

    /// The probabilities from which a source's row is linked (none: never by itself) and asked about.
    #[must_use]
    pub fn thresholds(&self, source: &str) -> (Option<f64>, f64) {
        let own = self.sources.get(source);
        let link = own.and_then(|own| own.link).unwrap_or(self.decisions.link);
        let ask = own.and_then(|own| own.ask).unwrap_or(self.decisions.ask);
        (own.is_none_or(|own| own.automatic).then_some(link), ask)
    }

    /// What becomes of its rows that are about nobody.
    #[must_use]
    pub fn below(&self, source: &str) -> Below {
        self.sources.get(source).map(|own| own.below).unwrap_or_default()
    }

    /// The sources whose rows about nobody make someone.
    pub(super) fn making_people(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().filter(|(_, own)| own.below == Below::New).map(|(id, _)| id.as_str())
    }

    /// By how much the odds are higher that an entry without a number is someone who has one.
    pub(super) fn unnumbered_factor(&self) -> f64 {
        let odds = |share: f64| share / (1.0 - share);
        odds(self.registered.unnumbered) / odds(self.registered.twins)
    }

    /// Whether a list of the source has one row a person.
    #[must_use]
    pub fn rows_of(&self, source: &Source) -> RowsOf {
        if source.sub_key.is_empty() {
            self.sources.get(&source.id).map_or(RowsOf::One, |own| own.rows)
        } else {
            RowsOf::Many
        }
    }

    /// The keys that are kept of everyone.
    pub(super) fn plan(&self) -> Plan {
        Plan::of(&[&self.spec, &self.registered.spec])
    }

    /// The stated parameters; only how often strangers agree is counted, on a sample of the people in the registry.
    pub(super) fn model(&self, drawn: &Drawn, people: usize) -> Model {
        let known = self.decisions.known;
        self.stated(drawn, (&self.same_person, &self.strangers), known / (1.0 - known) / people.max(1) as f64)
    }

    /// The same for two entries of the registry.
    pub(super) fn registered_model(&self, drawn: &Drawn, people: usize) -> Model {
        let Registered { twins, same_person, strangers, .. } = &self.registered;
        self.stated(drawn, (same_person, strangers), twins / (1.0 - twins) / people.max(1) as f64)
    }

    fn stated(&self, drawn: &Drawn, (same_person, strange): (&Levels, &Levels), odds: f64) -> Model {
        let mut model = Model::defaults(&self.spec, &drawn.people, &drawn.strangers);
        for (field, levels) in self.spec.fields.iter().zip(&mut model.levels) {
            let names = field.kind.levels();
            let place = |name: &str| names.iter().position(|level| *level == name);
            for (level, p) in strange.get(&field.name).into_iter().flatten() {
                if let Some(at) = place(level) {
                    levels[at][STRANGERS] = *p;
                    RELATIVES.for_each(|class| levels[at][class] = levels[at][class].max(*p));
                }
            }
            if let Some(stated) = same_person.get(&field.name) {
                let rest = (1.0 - stated.values().sum::<f64>()).max(1e-6);
                let others = (names.len() - 1 - stated.len()).max(1) as f64;
                for (at, name) in names.iter().enumerate().skip(1) {
                    let p = stated.get(*name).copied().unwrap_or(rest / others);
                    ONE_PERSON.for_each(|class| levels[at][class] = p);
                }
            }
        }
        debug_assert!(model.levels.iter().flatten().all(|p| p.len() == CLASSES));
        (model.one_to_one, model.matching) = (false, odds / (1.0 + odds));
        model
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let pack = policy::load(&packs, "kizilsu-2024").unwrap();
        Catalogue::load(&packs.join("national/sources.toml"), &pack.dictionary).unwrap()
    }

    const GOOD: &str = include_str!("../../../../packs/national/linkage.toml");

    /// Registered numbers all hold: counted on them, a faulty number would speak for every namesake.
    #[test]
    fn how_a_faulty_number_differs_among_strangers_is_stated() {
        let rules = Rules::parse(GOOD, &catalogue()).unwrap();
        let stated = &rules.strangers["id_number"];
        let of_one = &rules.same_person["id_number"];
        for level in ["different, a check character fails", "different"] {
            assert!(stated[level] > 10.0 * of_one[level], "{level}");
        }
    }

    #[test]
    fn the_national_rules_are_sound() {
        let rules = Rules::parse(GOOD, &catalogue()).unwrap();
        assert_eq!(rules.thresholds("deaths").0, None);
        assert_eq!(rules.thresholds("low_income"), (Some(0.99), 0.2));
        assert!(rules.engine().starts_with("linkage/"));
    }

    #[test]
    fn only_a_list_that_makes_people_may_make_new_ones() {
        let bad = GOOD.replace("id = \"kin\"", "id = \"kin\"\nbelow = \"new\"");
        let faults = Rules::parse(&bad, &catalogue()).unwrap_err().join("\n");
        assert!(faults.contains("source kin: below"), "{faults}");
        assert_eq!(Rules::parse(GOOD, &catalogue()).unwrap().below("population"), Below::New);
    }

    #[test]
    fn every_fault_of_the_rules_is_told() {
        let bad = GOOD
            .replace("id = \"deaths\"", "id = \"births\"")
            .replace("link = 0.99", "link = 1.5")
            .replace("\"different\" = 0.01", "\"alike\" = 0.01");
        let faults = Rules::parse(&bad, &catalogue()).unwrap_err().join("\n");
        for part in ["no source births", "decisions.link", "no level \"alike\""] {
            assert!(faults.contains(part), "{part}: {faults}");
        }
    }
}
