//! Rows held against everyone by the `linkage` engine. Names and numbers are open here, in memory only, and of the
//! registry's people only those who may be meant.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use linkage::files::Loader;
use linkage::model::Model;
use linkage::spec::Spec;
use linkage::standing::score::score;
use linkage::standing::{Found, KeyMaker, Pair, Query};
use store::{Keys, Session};

use super::FIELDS;
use super::alias::Aliases;
use super::compare::{Match, Record};
use super::drawn::Drawn;
use super::everyone::{Everyone, records};
use super::evidence::{Evidence, FieldEvidence};
use super::learned::Learned;
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;

/// Pairs with lower odds are forgotten at once.
const LEAST_ODDS: f64 = 1e-3;
/// Whose odds are so small a part of a rival's changes neither's probability.
const NEGLIGIBLE: f64 = 1e-4;
/// Pairs below are no choice for anyone, so it is not asked whether they are excluded.
const ASKED_ABOUT: f64 = 0.05;
pub(super) const THREADS: usize = 2;

/// Everything that rows are judged by tonight.
pub(super) struct Matching<'m> {
    pub keys: &'m Keys,
    pub rules: &'m Rules,
    pub index: &'m LinkIndex,
    pub everyone: &'m Everyone,
    pub aliases: &'m Aliases,
    /// Strangers, once they were drawn.
    pub drawn: &'m OnceLock<Drawn>,
}

/// What rows are compared with in one question, and by what.
pub(super) struct Asked<'a> {
    pub query: Query<'a>,
    pub model: &'a Model,
    pub found: Found,
}

/// Each once, ascending.
pub(super) fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What is known of records beside what they say.
pub(super) trait Choosing {
    /// Pairs of a record and a person that will be asked about.
    fn look_up(&mut self, tx: &mut Session, pairs: &[(usize, i64)]) -> Result<(), RegistryError>;

    /// Whether a person can't be the record's.
    fn is_excluded(&mut self, tx: &mut Session, record: usize, person: i64) -> Result<bool, RegistryError>;

    /// Whether it matters for the record's fate that a person is so likely.
    fn counts(&self, record: usize, person: i64, probability: f64) -> bool;
}

impl Matching<'_> {
    /// The persons each record may be about, likeliest first, by what was learned of their source if anything.
    pub fn matches(
        &self,
        tx: &mut Session,
        records: &[Record],
        learned: Option<&Learned>,
        choosing: &mut impl Choosing,
    ) -> Result<Vec<Vec<Match>>, RegistryError> {
        let people = self.people_count();
        if people == 0 || records.is_empty() {
            return Ok(vec![Vec::new(); records.len()]);
        }
        let spec = &self.rules.spec;
        let plan = self.everyone.plan();
        let mut maker = KeyMaker::new(plan, spec);
        let mut rights = vec![0; records.len() * plan.width()];
        rights.chunks_exact_mut(plan.width()).zip(records).for_each(|(keys, record)| maker.write(record, keys));
        let query =
            Query { spec, plan, standing: &self.everyone.standing, rights: &rights, counted: None, threads: THREADS };
        let model = self.model(tx, people, learned)?;
        let mut found = query.run(&model, LEAST_ODDS, |_, _| false);
        let known = std::mem::take(&mut found.known);
        let known = standing(tx, known, records.len(), choosing)?;
        // Whoever can't come near the best of the others changes nothing by being opened.
        let of_row = |pair: &Pair| known[pair.row as usize].first().map_or(0.0, |best| best.odds);
        let open = std::mem::take(&mut found.open);
        let open: Vec<Pair> = open.into_iter().filter(|pair| pair.odds >= of_row(pair) * NEGLIGIBLE).collect();
        let asked = Asked { query, model: &model, found };
        let people = self.people_of(tx, &open)?;
        let opened = self.judged(&asked, |row| records.get(row as usize), &people, &open)?;
        let opened = standing(tx, opened, records.len(), choosing)?;
        let mut matches = Vec::with_capacity(records.len());
        for (at, (known, opened)) in known.into_iter().zip(opened).enumerate() {
            let counts = |person, probability| choosing.counts(at, person, probability);
            matches.push(self.weighed(&asked, known.into_iter().chain(opened), counts));
        }
        Ok(matches)
    }

    /// The pairs of one row against one another; of those that count for its fate what speaks for them.
    fn weighed(
        &self,
        asked: &Asked<'_>,
        pairs: impl Iterator<Item = Pair>,
        counts: impl Fn(i64, f64) -> bool,
    ) -> Vec<Match> {
        let mut all = 1.0;
        let mut of_person: BTreeMap<i64, (f64, Pair)> = BTreeMap::new();
        for pair in pairs {
            all += pair.odds;
            // Merged entries are one person: the likeliest speaks, their odds add up.
            let person = self.aliases.root(i64::from(pair.record));
            let (odds, best) = of_person.entry(person).or_insert_with(|| (0.0, pair.clone()));
            *odds += pair.odds;
            if pair.odds > best.odds {
                *best = pair;
            }
        }
        let report = self.rules.spec.report;
        of_person.retain(|person, (odds, _)| *odds / all >= report && counts(*person, *odds / all));
        if of_person.is_empty() {
            return Vec::new();
        }
        let pairs = of_person.values().map(|(_, pair)| pair);
        let weights = asked.query.weights(asked.model, &asked.found.frequencies, pairs);
        let choice = |((person, (odds, pair)), weights): ((&i64, &(f64, Pair)), Vec<f64>)| Match {
            person: *person,
            probability: odds / all,
            evidence: self.evidence(pair, weights),
        };
        let mut choices: Vec<Match> = of_person.iter().zip(weights).map(choice).collect();
        choices.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.person.cmp(&b.person)));
        choices
    }

    /// Judges pairs by the people themselves, who were opened.
    pub fn judged<'r>(
        &self,
        asked: &Asked<'_>,
        record_of: impl Fn(u32) -> Option<&'r Record>,
        people: &BTreeMap<i64, Record>,
        open: &[Pair],
    ) -> Result<Vec<Pair>, RegistryError> {
        let spec = asked.query.spec;
        let ids: Vec<i64> = people.keys().copied().collect();
        let rows = distinct(open.iter().map(|pair| pair.row));
        let place = |pair: &Pair| {
            let person = ids.binary_search(&i64::from(pair.record)).unwrap_or_default();
            (person as u32, rows.binary_search(&pair.row).unwrap_or_default() as u32)
        };
        let mut loader = Loader::new(spec);
        let asking = rows.iter().filter_map(|row| Some((i64::from(*row), record_of(*row)?)));
        let asking = asking.map(|(row, record)| (row, record.each_ref().map(String::as_str)));
        table(&mut loader, false, spec, asking)?;
        let of_people = people.iter().map(|(id, record)| (*id, record.each_ref().map(String::as_str)));
        table(&mut loader, true, spec, of_people)?;
        let data = loader.finish();
        let places: Vec<(u32, u32)> = open.iter().map(place).collect();
        let of = |at: usize| (open[at].record, open[at].row);
        let mut judged = score(&asked.query, &data, asked.model, &asked.found.frequencies, &places, of);
        judged.retain(|pair| pair.odds >= LEAST_ODDS);
        Ok(judged)
    }

    /// The people of pairs.
    pub fn people_of(&self, tx: &mut Session, pairs: &[Pair]) -> Result<BTreeMap<i64, Record>, RegistryError> {
        self.people(tx, &distinct(pairs.iter().map(|pair| i64::from(pair.record))))
    }

    /// Some people's records, by id.
    pub fn people(&self, tx: &mut Session, ids: &[i64]) -> Result<BTreeMap<i64, Record>, RegistryError> {
        records(tx, self.keys, self.index, ids)
    }

    /// How many people there are.
    pub fn people_count(&self) -> usize {
        usize::try_from(self.index.next_person()).unwrap_or(1) - 1
    }

    /// The stated parameters, or those learned of a source.
    fn model(&self, tx: &mut Session, people: usize, learned: Option<&Learned>) -> Result<Model, RegistryError> {
        let drawn = self.drawn(tx)?;
        let mut model = self.rules.model(drawn, people);
        if let Some(learned) = learned {
            learned.put(&self.rules.spec, &drawn.people, &mut model);
        }
        Ok(model)
    }

    /// The same for two entries of the registry.
    pub fn registered_model(&self, tx: &mut Session, people: usize) -> Result<Model, RegistryError> {
        Ok(self.rules.registered_model(self.drawn(tx)?, people))
    }

    pub fn evidence(&self, pair: &Pair, weights: Vec<f64>) -> Evidence {
        let field = |((field, level), bits): ((&linkage::spec::Field, &u8), f64)| FieldEvidence {
            field: field.name.clone(),
            level: field.kind.levels()[*level as usize].to_owned(),
            bits,
        };
        let fields = self.rules.spec.fields.iter().zip(&pair.levels);
        Evidence { fields: fields.zip(weights).map(field).collect() }
    }
}

/// The pairs of each row, best first, without those that are excluded; whoever is too far behind is not asked about.
fn standing(
    tx: &mut Session,
    mut pairs: Vec<Pair>,
    rows: usize,
    choosing: &mut impl Choosing,
) -> Result<Vec<Vec<Pair>>, RegistryError> {
    let asked_about = pairs.iter().filter(|pair| pair.odds >= ASKED_ABOUT);
    let asked_about: Vec<(usize, i64)> = asked_about.map(|pair| (pair.row as usize, pair.record.into())).collect();
    choosing.look_up(tx, &asked_about)?;
    drop(asked_about);
    pairs.sort_by(|a, b| a.row.cmp(&b.row).then(b.odds.total_cmp(&a.odds)).then(a.record.cmp(&b.record)));
    let mut of_row: Vec<Vec<Pair>> = vec![Vec::new(); rows];
    let mut best = 0.0_f64;
    for pair in pairs {
        let kept = &mut of_row[pair.row as usize];
        best = if kept.is_empty() { 0.0 } else { best };
        if pair.odds < best * NEGLIGIBLE
            || pair.odds >= ASKED_ABOUT && choosing.is_excluded(tx, pair.row as usize, pair.record.into())?
        {
            continue;
        }
        best = best.max(pair.odds);
        kept.push(pair);
    }
    Ok(of_row)
}

/// Records as one side of a comparison.
pub(super) fn table<'r>(
    loader: &mut Loader<'_>,
    is_left: bool,
    spec: &Spec,
    rows: impl Iterator<Item = (i64, [&'r str; FIELDS.len()])>,
) -> Result<(), RegistryError> {
    let id = if is_left { &spec.left_id } else { &spec.right_id };
    let header: Vec<&str> = std::iter::once(id.as_str()).chain(FIELDS).collect();
    let cells =
        rows.map(|(id, record)| std::iter::once(Cow::Owned(id.to_string())).chain(record.map(Cow::Borrowed)).collect());
    let name = Path::new(if is_left { "registry" } else { "waiting rows" });
    loader
        .table(name, is_left, &header, cells)
        .map_err(|_| RegistryError::Linking("the registry does not fit the spec"))
}
