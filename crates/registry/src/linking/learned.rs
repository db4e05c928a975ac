//! What linking has learned of a source from one of its own lists, without labels: how well names, dates and addresses
//! are kept there. Learned when someone asks for it, kept until it is learned anew, used by the night where learning
//! settled. ID numbers stay as the pack states them: those of waiting rows are faulty, those of a whole list are not.

use std::path::Path;

use kernel::Date;
use linkage::data::Data;
use linkage::engine::Engine;
use linkage::files::Loader;
use linkage::model::{Model, Origin, Parameters, STRANGERS};
use linkage::sources::FEWEST_ROWS;
use linkage::spec::Spec;
use sha2::{Digest, Sha256};
use store::audit::{self, Entry};
use store::{Session, Value};

use super::compare::{self, Record};
use super::matching::table;
use super::rules::Rules;
use super::waiting::fields;
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::ingest::{IngestOptions, Ingester};
use crate::reading::{ListName, Probe, each_row, file_name};
use crate::rows::RowReader;
use crate::sources::Source;

/// Rows of a list that are held against the registry at most; of a longer one every second, every third and so on.
const MOST_ROWS: usize = 20_000;
/// What stays as it is stated.
const STATED: &str = "id_number";

/// What was learned of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    pub source: String,
    pub on: Date,
    /// The list it was learned from.
    pub list: String,
    /// Rows of it that were looked at.
    pub rows: u64,
    /// Rounds of expectation and maximisation.
    pub rounds: u32,
    /// There were rows enough and the rounds came to rest; where not, the stated parameters are used.
    pub settled: bool,
    parameters: Parameters,
}

/// Everything that was learned, by source.
///
/// # Errors
/// Those of the database.
pub fn learned(session: &mut Session) -> Result<Vec<Learned>, RegistryError> {
    let rows = session.query(include_str!("../../sql/link_learned_all.sql"), &[])?;
    let damaged = |_| RegistryError::Damaged { table: "link_learned", cause: "parameters of another form" };
    let read = |row: &store::Row<'_>| {
        Ok(Learned {
            source: row.text(0)?.to_owned(),
            on: row.date(1)?,
            list: row.text(2)?.to_owned(),
            rows: u64::try_from(row.int(3)?).unwrap_or(0),
            rounds: u32::try_from(row.int(4)?).unwrap_or(0),
            settled: row.int(5)? != 0,
            parameters: toml::from_str(row.text(6)?).map_err(damaged)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Those of them that the night uses.
pub(super) fn in_use(tx: &mut Session) -> Result<Vec<Learned>, RegistryError> {
    let mut all = learned(tx)?;
    all.retain(|learned| learned.settled);
    Ok(all)
}

/// The engine, its rules and what it has learned, as decisions name them.
pub(super) fn engine(rules: &Rules, learned: &[Learned]) -> String {
    if learned.is_empty() {
        return rules.engine();
    }
    let mut hash = Sha256::new();
    for one in learned {
        hash.update(one.source.as_bytes());
        hash.update(one.parameters_text().as_bytes());
    }
    format!("{}+{}", rules.engine(), hex::encode(&hash.finalize()[..4]))
}

impl Learned {
    fn parameters_text(&self) -> String {
        toml::to_string(&self.parameters).expect("numbers and names become TOML")
    }

    /// Puts what was learned in the place of what is stated; not when the rules compare other fields by now.
    pub(super) fn put(&self, spec: &Spec, data: &Data, stated: &mut Model) {
        let Ok(own) = Model::from_parameters(&self.parameters, spec, data) else { return };
        for ((field, stated), own) in spec.fields.iter().zip(&mut stated.levels).zip(&own.levels) {
            if field.name != STATED {
                for (stated, own) in stated.iter_mut().zip(own) {
                    // Strangers are counted in the registry of today.
                    stated[STRANGERS + 1..].copy_from_slice(&own[STRANGERS + 1..]);
                }
            }
        }
        stated.shares = own.shares;
    }
}

/// Goes back to the stated parameters; false when nothing was learned of the source.
///
/// # Errors
/// Those of the database.
pub fn forget_learned(ingester: &Ingester<'_>, source: &str, options: &IngestOptions) -> Result<bool, RegistryError> {
    ingester.database().session()?.transaction(|tx| {
        let gone = tx.exec(include_str!("../../sql/link_learned_forget.sql"), &[source.into()])? > 0;
        if gone {
            note(ingester, tx, options, ("link.forget", source), &serde_json::json!({}))?;
        }
        Ok(gone)
    })
}

impl Ingester<'_> {
    /// Learns how a source keeps names, dates and addresses from one of its lists against the registry, and keeps it;
    /// what did not settle never replaces what did. The same list and registry give the same.
    ///
    /// # Errors
    /// `Read`; `NoSource` for a list that is not about people; those of the database and of the keys.
    pub fn learn(&self, rules: &Rules, path: &Path, options: &IngestOptions) -> Result<Learned, RegistryError> {
        let name = ListName::of(path)?;
        let source = self.catalogue().get(&name.source).filter(|source| source.is_about_people());
        let source = source.ok_or_else(|| RegistryError::NoSource(name.source.clone()))?;
        let rows = self.records(source, &name, path, options)?;
        self.database().session()?.transaction(|tx| {
            let model = self.model_of(tx, rules, &rows)?;
            let learned = Learned {
                source: source.id.clone(),
                on: options.received_on,
                list: file_name(path),
                rows: rows.len() as u64,
                rounds: model.rounds,
                settled: model.origin == Origin::Learned && rows.len() >= FEWEST_ROWS,
                parameters: model.parameters(&rules.spec),
            };
            let before = in_use(tx)?.iter().any(|before| before.source == learned.source);
            if learned.settled || !before {
                self.keep_learned(tx, &learned, options)?;
            }
            Ok(learned)
        })
    }

    fn records(
        &self,
        source: &Source,
        name: &ListName,
        path: &Path,
        options: &IngestOptions,
    ) -> Result<Vec<Record>, RegistryError> {
        let reader = RowReader::new(source, self.names(), name.date);
        let mut rows = Vec::new();
        each_row(path, &Probe::of(path)?, source, &options.limits, |header, _, record| {
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            rows.push(fields(source, &reader, header, &cells));
            Ok::<_, RegistryError>(())
        })?;
        let step = rows.len().div_ceil(MOST_ROWS).max(1);
        Ok(rows.into_iter().step_by(step).collect())
    }

    fn model_of(&self, tx: &mut Session, rules: &Rules, rows: &[Record]) -> Result<Model, RegistryError> {
        let index = LinkIndex::load(tx, self.catalogue())?;
        let people = compare::people(tx, self.keys(), &index, |_| true)?;
        // A row is about one person at most; which other row is about the same is not asked.
        let spec = Spec { one_to_one: true, ..rules.spec.clone() };
        let mut loader = Loader::new(&spec);
        let rows = (1..).zip(rows).map(|(at, row)| (at, row.each_ref().map(String::as_str)));
        table(&mut loader, false, &spec, rows)?;
        table(&mut loader, true, &spec, people.iter().map(|(id, row)| (*id, row.each_ref().map(String::as_str))))?;
        let data = loader.finish();
        let engine = Engine::prepare(&spec, &data, None, &mut |_: &str| {});
        let engine = engine.map_err(|_| RegistryError::Linking("the registry does not fit the spec"))?;
        Ok(engine.models.all)
    }

    fn keep_learned(&self, tx: &mut Session, learned: &Learned, options: &IngestOptions) -> Result<(), RegistryError> {
        let source = learned.source.as_str();
        tx.exec(include_str!("../../sql/link_learned_forget.sql"), &[source.into()])?;
        let params = [
            source.into(),
            learned.on.into(),
            learned.list.as_str().into(),
            Value::Int(i64::try_from(learned.rows).unwrap_or(i64::MAX)),
            Value::Int(i64::from(learned.rounds)),
            Value::Int(i64::from(learned.settled)),
            learned.parameters_text().into(),
        ];
        tx.exec(include_str!("../../sql/link_learned_insert.sql"), &params)?;
        let detail = serde_json::json!({
            "list": learned.list, "rows": learned.rows, "rounds": learned.rounds, "settled": learned.settled,
        });
        note(self, tx, options, ("link.learn", source), &detail)
    }
}

fn note(
    ingester: &Ingester<'_>,
    tx: &mut Session,
    options: &IngestOptions,
    (action, subject): (&str, &str),
    detail: &serde_json::Value,
) -> Result<(), RegistryError> {
    let entry = Entry { at: options.at, actor: &options.actor, action, subject, detail };
    audit::append(tx, ingester.keys(), &entry)?;
    Ok(())
}
