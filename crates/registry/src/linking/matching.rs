//! Rows held against everyone by the `linkage` engine. Names and numbers are open here, in memory only, and of the
//! registry's people only those who may be meant.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use linkage::data::Data;
use linkage::engine::Explained;
use linkage::files::Loader;
use linkage::hash::fold;
use linkage::model::Model;
use linkage::spec::Spec;
use linkage::standing::score::score;
use linkage::standing::{KeyMaker, Query};
use store::{Keys, Session};

use super::FIELDS;
use super::alias::Aliases;
use super::compare::{Match, Record};
use super::everyone::{Everyone, Opened, identities};
use super::evidence::{Evidence, FieldEvidence};
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::sources::ScopeBy;

/// People by whom it is learned how often strangers agree.
const SAMPLE: u64 = 2048;
/// Pairs with lower odds are forgotten at once.
const LEAST_ODDS: f64 = 1e-3;
const THREADS: usize = 2;

/// Everything that rows are judged by tonight.
pub(super) struct Matching<'m> {
    pub keys: &'m Keys,
    pub rules: &'m Rules,
    pub index: &'m LinkIndex,
    pub everyone: &'m Everyone,
    pub aliases: &'m Aliases,
}

/// A row and someone it may be about, judged.
struct Judged {
    row: usize,
    person: i64,
    odds: f64,
    explained: Explained,
}

impl Matching<'_> {
    /// The persons each record may be about, likeliest first; `excluded(tx, record, person)` can't be its person.
    pub fn matches(
        &self,
        tx: &mut Session,
        records: &[Record],
        mut excluded: impl FnMut(&mut Session, usize, i64) -> Result<bool, RegistryError>,
    ) -> Result<Vec<Vec<Match>>, RegistryError> {
        let mut found = vec![Vec::new(); records.len()];
        let people = usize::try_from(self.index.next_person()).unwrap_or(1) - 1;
        if people == 0 || records.is_empty() {
            return Ok(found);
        }
        let model = self.model(tx, people)?;
        let mut rivals = vec![1.0; records.len()];
        let mut of_person: BTreeMap<(usize, i64), (f64, Judged)> = BTreeMap::new();
        for judged in self.judge(tx, &self.rules.spec, &model, records)? {
            if excluded(tx, judged.row, judged.person)? {
                continue;
            }
            rivals[judged.row] += judged.odds;
            // Merged entries are one person: the likeliest speaks, their odds add up.
            let place = (judged.row, self.aliases.root(judged.person));
            let odds = of_person.get(&place).map_or(0.0, |(odds, _)| *odds) + judged.odds;
            match of_person.remove(&place) {
                Some((_, best)) if best.odds >= judged.odds => of_person.insert(place, (odds, best)),
                _ => of_person.insert(place, (odds, judged)),
            };
        }
        for ((row, person), (odds, judged)) in of_person {
            let probability = odds / rivals[row];
            if probability >= self.rules.spec.report {
                found[row].push(Match { person, probability, evidence: evidence(self.rules, &judged.explained) });
            }
        }
        for choices in &mut found {
            choices.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.person.cmp(&b.person)));
        }
        Ok(found)
    }

    fn judge(
        &self,
        tx: &mut Session,
        spec: &Spec,
        model: &Model,
        records: &[Record],
    ) -> Result<Vec<Judged>, RegistryError> {
        let plan = self.everyone.plan();
        let mut maker = KeyMaker::new(plan, spec);
        let mut rights = vec![0; records.len() * plan.width()];
        rights.chunks_exact_mut(plan.width()).zip(records).for_each(|(keys, record)| maker.write(record, keys));
        let query = Query { spec, plan, standing: &self.everyone.standing, rights: &rights, threads: THREADS };
        let met = query.run(model, LEAST_ODDS, |_, _| false);
        let wanted: BTreeSet<i64> = met.pairs.iter().map(|(person, _)| i64::from(*person)).collect();
        let wanted: Vec<i64> = wanted.into_iter().collect();
        let rows: BTreeSet<u32> = met.pairs.iter().map(|(_, row)| *row).collect();
        let rows: Vec<u32> = rows.into_iter().collect();
        let place = |among: &[i64], id: i64| among.binary_search(&id).unwrap_or_default() as u32;
        let row_place = |row: u32| rows.binary_search(&row).unwrap_or_default() as u32;
        let pairs: Vec<(u32, u32)> = met
            .pairs
            .iter()
            .map(|(person, row)| (place(&wanted, i64::from(*person)), row_place(*row)))
            .collect();
        let mut loader = Loader::new(spec);
        let asking = rows.iter().map(|row| (i64::from(*row), &records[*row as usize]));
        table(&mut loader, false, spec, asking.map(|(id, record)| (id, record.each_ref().map(String::as_str))))?;
        let people = self.people(tx, &wanted)?;
        let people = people.iter().map(|(id, record)| (*id, record.each_ref().map(String::as_str)));
        table(&mut loader, true, spec, people)?;
        let data = loader.finish();
        let keys: Vec<&[u32]> =
            rows.iter().map(|row| &rights[*row as usize * plan.width()..][..plan.width()]).collect();
        let judged = score((spec, plan), &data, model, &met.frequencies, &keys, &pairs).into_iter();
        let judged = judged.filter(|(pair, _)| pair.odds >= LEAST_ODDS).map(|(pair, explained)| Judged {
            row: rows[pair.right as usize] as usize,
            person: wanted[pair.left as usize],
            odds: pair.odds,
            explained,
        });
        Ok(judged.collect())
    }

    /// Some people's records, by id.
    fn people(&self, tx: &mut Session, ids: &[i64]) -> Result<BTreeMap<i64, Record>, RegistryError> {
        let mut people = BTreeMap::new();
        let mut opened = Opened::default();
        identities(tx, self.keys, ids, |id, identity| {
            opened.take(&identity, self.index.division(id, ScopeBy::Residence));
            people.insert(id, opened.fields().map(str::to_owned));
        })?;
        Ok(people)
    }

    /// The stated parameters; how often strangers agree is counted on people drawn from the registry.
    fn model(&self, tx: &mut Session, people: usize) -> Result<Model, RegistryError> {
        let spec = &self.rules.spec;
        let ids: BTreeSet<i64> = if people as u64 <= SAMPLE {
            (1..=people as i64).collect()
        } else {
            (0..SAMPLE).map(|n| (fold(n) % people as u64) as i64 + 1).collect()
        };
        let ids: Vec<i64> = ids.into_iter().collect();
        let sample = self.people(tx, &ids)?;
        let data = sampled(spec, &sample)?;
        Ok(self.rules.model(&data, self.rules.decisions.known, people))
    }
}

fn sampled(spec: &Spec, sample: &BTreeMap<i64, Record>) -> Result<Data, RegistryError> {
    let mut loader = Loader::new(spec);
    let people = sample.iter().map(|(id, record)| (*id, record.each_ref().map(String::as_str)));
    table(&mut loader, true, spec, people)?;
    Ok(loader.finish())
}

fn evidence(rules: &Rules, explained: &Explained) -> Evidence {
    let field = |(field, (level, bits)): (&linkage::spec::Field, &(u8, f64))| FieldEvidence {
        field: field.name.clone(),
        level: field.kind.levels()[*level as usize].to_owned(),
        bits: *bits,
    };
    Evidence { fields: rules.spec.fields.iter().zip(&explained.fields).map(field).collect() }
}

fn table<'r>(
    loader: &mut Loader<'_>,
    is_left: bool,
    spec: &Spec,
    rows: impl Iterator<Item = (i64, [&'r str; FIELDS.len()])>,
) -> Result<(), RegistryError> {
    let id = if is_left { &spec.left_id } else { &spec.right_id };
    let header: Vec<&str> = std::iter::once(id.as_str()).chain(FIELDS).collect();
    let cells = rows
        .map(|(id, record)| std::iter::once(Cow::Owned(id.to_string())).chain(record.map(Cow::Borrowed)).collect());
    let name = Path::new(if is_left { "registry" } else { "waiting rows" });
    loader
        .table(name, is_left, &header, cells)
        .map_err(|_| RegistryError::Linking("the registry does not fit the spec"))
}
