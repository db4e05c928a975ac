//! Waiting rows held against the registry by the `linkage` engine. Names and numbers are open here, in memory only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use kernel::IdNumber;
use linkage::assign::Scored;
use linkage::engine::{Engine, Explained};
use linkage::files::Loader;
use store::{Keys, Session};

use super::FIELDS;
use super::evidence::{Evidence, FieldEvidence};
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::people::open_identity;
use crate::rows::SEPARATOR;
use crate::sources::ScopeBy;

/// A record in the form in which it is compared, in the order of [`FIELDS`].
pub(super) type Record = [String; FIELDS.len()];

/// A person a record may be about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    pub person: i64,
    pub probability: f64,
    pub evidence: Evidence,
}

/// Everyone in the registry, by id; with `only`, some of them.
pub(super) fn people(
    tx: &mut Session,
    keys: &Keys,
    index: &LinkIndex,
    only: impl Fn(i64) -> bool,
) -> Result<BTreeMap<i64, Record>, RegistryError> {
    let mut people = BTreeMap::new();
    tx.query_each(include_str!("../../sql/person_identities.sql"), &[], |row| {
        let id = row.int(0)?;
        if only(id) {
            let home = index.division(id, ScopeBy::Residence).map(|code| code.to_string()).unwrap_or_default();
            people.insert(id, record(&open_identity(keys, id, row.blob(1)?)?, home));
        }
        Ok::<_, RegistryError>(())
    })?;
    Ok(people)
}

fn record(identity: &str, home: String) -> Record {
    let mut parts = identity.split(SEPARATOR).map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (number, name, phone, address) = (next(), next(), next(), next());
    let id = IdNumber::parse(&number).ok();
    let birth = id.as_ref().map(|id| id.birth_date().to_string()).unwrap_or_default();
    let sex = id.map(|id| id.sex().to_string()).unwrap_or_default();
    [number, name, birth, sex, phone, address, home]
}

/// The persons each record may be about, likeliest first; `excluded(record, person)` can't be its person.
pub(super) fn matches(
    rules: &Rules,
    people: &BTreeMap<i64, Record>,
    records: &[Record],
    excluded: impl Fn(usize, i64) -> bool,
) -> Result<Vec<Vec<Match>>, RegistryError> {
    let mut found = vec![Vec::new(); records.len()];
    if people.is_empty() || records.is_empty() {
        return Ok(found);
    }
    let ids: Vec<i64> = people.keys().copied().collect();
    let mut loader = Loader::new(&rules.spec);
    table(&mut loader, false, rules, records.iter().enumerate().map(|(at, record)| (at as i64, record)))?;
    table(&mut loader, true, rules, people.iter().map(|(id, record)| (*id, record)))?;
    let data = loader.finish();
    let model = rules.model(&data, rules.decisions.known);
    let engine = Engine::prepare(&rules.spec, &data, Some(model), &mut |_: &str| {});
    let mut pairs = engine.link(2, &mut |_: &str| {});
    pairs.retain(|pair| !excluded(pair.right as usize, ids[pair.left as usize]));
    let mut rivals = vec![1.0; records.len()];
    pairs.iter().for_each(|pair| rivals[pair.right as usize] += pair.odds);
    for pair in &mut pairs {
        pair.probability = pair.odds / rivals[pair.right as usize];
    }
    for (pair, explained) in pairs.iter().zip(engine.explain(&pairs)) {
        found[pair.right as usize].push(matched(rules, ids[pair.left as usize], pair, &explained));
    }
    for choices in &mut found {
        choices.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.person.cmp(&b.person)));
    }
    Ok(found)
}

fn matched(rules: &Rules, person: i64, pair: &Scored, explained: &Explained) -> Match {
    Match { person, probability: pair.probability, evidence: evidence(rules, explained) }
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
    rules: &Rules,
    rows: impl Iterator<Item = (i64, &'r Record)>,
) -> Result<(), RegistryError> {
    let id = if is_left { &rules.spec.left_id } else { &rules.spec.right_id };
    let header: Vec<&str> = std::iter::once(id.as_str()).chain(FIELDS).collect();
    let cells = rows.map(|(id, record)| {
        std::iter::once(Cow::Owned(id.to_string()))
            .chain(record.iter().map(|text| Cow::Borrowed(text.as_str())))
            .collect()
    });
    let name = Path::new(if is_left { "registry" } else { "waiting rows" });
    loader
        .table(name, is_left, &header, cells)
        .map_err(|_| RegistryError::Linking("the registry does not fit the spec"))
}
