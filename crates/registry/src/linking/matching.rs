//! Rows held against everyone by the `linkage` engine. Names and numbers are open here, in memory only, and of the
//! registry's people only those who may be meant.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use linkage::files::Loader;
use linkage::model::Model;
use linkage::spec::Spec;
use linkage::standing::score::score;
use linkage::standing::{Found, Frequencies, KeyMaker, Pair, Query};
use store::{Keys, Session};

use super::FIELDS;
use super::alias::Aliases;
use super::compare::{Match, Record};
use super::drawn::Drawn;
use super::everyone::{Everyone, records};
use super::evidence::{Evidence, FieldEvidence};
use super::learned::Learned;
use super::rules::Rules;
use super::waiting::Waiting;
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

/// Rows of a night that are judged alike, and whom each may be about: found once, and after that only among those who have
/// come or changed since.
pub(super) struct Meeting<'l> {
    /// What was learned of their source, if anything.
    learned: Option<&'l Learned>,
    /// The rows, in their order, by the held ones.
    pub held: Vec<i64>,
    records: Vec<Record>,
    /// Keys of the records, one after the other.
    rights: Vec<u32>,
    by: Option<Measure>,
    /// Pairs that keys decide.
    known: Vec<Pair>,
    /// Pairs that nobody was opened for yet; their odds are the most they can reach.
    open: Vec<Pair>,
    /// Pairs by those who were opened.
    opened: Vec<Pair>,
}

/// By what the pairs of a meeting are judged all night: what a few newcomers would change of it is nothing.
struct Measure {
    model: Model,
    frequencies: Arc<Frequencies>,
    /// How many people there were.
    people: usize,
}

/// Where more than one in so many people came since, that is no longer nothing.
const FEW_MORE: usize = 64;

impl<'l> Meeting<'l> {
    fn new(matching: &Matching<'_>, learned: Option<&'l Learned>, rows: Vec<(i64, Record)>) -> Self {
        let (held, records): (Vec<i64>, Vec<Record>) = rows.into_iter().unzip();
        let plan = matching.everyone.plan();
        let mut maker = KeyMaker::new(plan, &matching.rules.spec);
        let mut rights = vec![0; records.len() * plan.width()];
        rights.chunks_exact_mut(plan.width()).zip(&records).for_each(|(keys, record)| maker.write(record, keys));
        Self { learned, held, records, rights, by: None, known: Vec::new(), open: Vec::new(), opened: Vec::new() }
    }

    /// Forgets the pairs of some people, ids ascending.
    fn forget(&mut self, people: &[i64]) {
        for pairs in [&mut self.known, &mut self.open, &mut self.opened] {
            pairs.retain(|pair| people.binary_search(&i64::from(pair.record)).is_err());
        }
    }

    fn forget_all(&mut self) {
        [&mut self.known, &mut self.open, &mut self.opened].into_iter().for_each(Vec::clear);
    }
}

impl Matching<'_> {
    /// The rows of each source of which something was learned, and before them all others.
    pub fn meetings<'l>(&self, learned: &'l [Learned], rows: &[Waiting]) -> Vec<Meeting<'l>> {
        let mut parts = vec![(None, Vec::new())];
        parts.extend(learned.iter().map(|learned| (Some(learned), Vec::new())));
        for row in rows {
            let part = learned.iter().position(|learned| learned.source == row.source).map_or(0, |place| place + 1);
            parts[part].1.push((row.held, row.fields.clone()));
        }
        parts.retain(|(_, rows)| !rows.is_empty());
        parts.into_iter().map(|(learned, rows)| Meeting::new(self, learned, rows)).collect()
    }

    /// The persons each row of a meeting may be about, likeliest first; nobody for those that `waits` no longer. Who has
    /// `changed` since the meeting was asked before, ids ascending, is met anew.
    pub fn matches(
        &self,
        tx: &mut Session,
        meeting: &mut Meeting<'_>,
        waits: &[bool],
        changed: &[i64],
        choosing: &mut impl Choosing,
    ) -> Result<Vec<Vec<Match>>, RegistryError> {
        let people = self.people_count();
        if people == 0 || meeting.records.is_empty() {
            return Ok(vec![Vec::new(); meeting.records.len()]);
        }
        let before = meeting.by.take().filter(|by| people - by.people <= by.people / FEW_MORE);
        let among = before.as_ref().map(|_| changed);
        match among {
            Some(changed) => meeting.forget(changed),
            None => meeting.forget_all(),
        }
        let (model, counted, people) = match before {
            Some(Measure { model, frequencies, people }) => (model, Some(frequencies), people),
            None => (self.model(tx, people, meeting.learned)?, None, people),
        };
        let rights = std::mem::take(&mut meeting.rights);
        let query = Query {
            spec: &self.rules.spec,
            plan: self.everyone.plan(),
            standing: &self.everyone.standing,
            rights: &rights,
            counted: counted.as_ref(),
            among,
            threads: THREADS,
        };
        let mut found = query.run(&model, LEAST_ODDS, |_, row| !waits[row as usize]);
        meeting.known.append(&mut found.known);
        meeting.open.append(&mut found.open);
        let known = standing(tx, &mut meeting.known, waits, choosing)?;
        // Whoever can't come near the best of the others changes nothing by being opened.
        let of_row = |pair: &Pair| known[pair.row as usize].first().map_or(0.0, |best| best.odds);
        let is_near = |pair: &mut Pair| waits[pair.row as usize] && pair.odds >= of_row(pair) * NEGLIGIBLE;
        let open: Vec<Pair> = meeting.open.extract_if(.., is_near).collect();
        let asked = Asked { query, model: &model, found };
        let people_of = self.people_of(tx, &open)?;
        let records = &meeting.records;
        meeting.opened.append(&mut self.judged(&asked, |row| records.get(row as usize), &people_of, &open)?);
        let opened = standing(tx, &mut meeting.opened, waits, choosing)?;
        let mut matches = Vec::with_capacity(waits.len());
        for (at, (known, opened)) in known.into_iter().zip(opened).enumerate() {
            let counts = |person, probability| choosing.counts(at, person, probability);
            matches.push(self.weighed(&asked, known.into_iter().chain(opened), counts));
        }
        let frequencies = asked.found.frequencies;
        (meeting.rights, meeting.by) = (rights, Some(Measure { model, frequencies, people }));
        Ok(matches)
    }

    /// The pairs of one row against one another; of those that count for its fate what speaks for them.
    fn weighed<'p>(
        &self,
        asked: &Asked<'_>,
        pairs: impl Iterator<Item = &'p Pair>,
        counts: impl Fn(i64, f64) -> bool,
    ) -> Vec<Match> {
        let mut all = 1.0;
        let mut of_person: BTreeMap<i64, (f64, &Pair)> = BTreeMap::new();
        for pair in pairs {
            all += pair.odds;
            // Merged entries are one person: the likeliest speaks, their odds add up.
            let person = self.aliases.root(i64::from(pair.record));
            let (odds, best) = of_person.entry(person).or_insert((0.0, pair));
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
        let pairs = of_person.values().map(|(_, pair)| *pair);
        let weights = asked.query.weights(asked.model, &asked.found.frequencies, pairs);
        let choice = |((person, (odds, pair)), weights): ((&i64, &(f64, &Pair)), Vec<f64>)| Match {
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

/// The pairs of each row that waits, best first, without those that are excluded; whoever is too far behind is not asked
/// about.
fn standing<'p>(
    tx: &mut Session,
    pairs: &'p mut [Pair],
    waits: &[bool],
    choosing: &mut impl Choosing,
) -> Result<Vec<Vec<&'p Pair>>, RegistryError> {
    pairs.sort_by(|a, b| a.row.cmp(&b.row).then(b.odds.total_cmp(&a.odds)).then(a.record.cmp(&b.record)));
    let pairs = pairs.iter().filter(|pair| waits[pair.row as usize]);
    let asked_about = pairs.clone().filter(|pair| pair.odds >= ASKED_ABOUT);
    let asked_about: Vec<(usize, i64)> = asked_about.map(|pair| (pair.row as usize, pair.record.into())).collect();
    choosing.look_up(tx, &asked_about)?;
    drop(asked_about);
    let mut of_row: Vec<Vec<&Pair>> = vec![Vec::new(); waits.len()];
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
