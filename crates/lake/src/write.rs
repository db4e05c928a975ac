//! The day's snapshot: every table and what the rules found, split by county.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::{Date, PersonId};
use policy::column::{Bits, Column, ColumnData, Population, Table};
use policy::model::{Dictionary, Sensitivity};
use policy::value::ValueType;

use crate::encode::Encoder;
use crate::fault::LakeFault;
use crate::file::FileSpec;
use crate::outcomes::Outcomes;
use crate::partition::{Partition, by_county};
use crate::publish;
use crate::schema::{PERSON_ID, id_column};

/// What is published for one day.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    pub as_of: Date,
    pub pack_id: &'a str,
    pub pack_version: &'a str,
    /// Says which facts may leave; one it does not know stays.
    pub dictionary: &'a Dictionary,
    pub population: &'a Population,
    pub outcomes: &'a [Outcomes<'a>],
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub folder: PathBuf,
    pub files: usize,
    pub rows: usize,
}

/// Publishes the day below `lake` as `as_of=<date>/county=<code>/<table>.parquet`, replacing the day's earlier
/// snapshot as a whole.
///
/// Facts of sensitivity `identity` and `answers`, and facts the dictionary does not know, are left out. The same
/// snapshot gives the same bytes.
///
/// # Errors
/// When a folder or file can't be written, or outcomes have other rows than their table; what was published
/// before is then still there.
pub fn write(snapshot: &Snapshot<'_>, lake: &Path) -> Result<Written, LakeFault> {
    stage(snapshot, lake)?.publish()
}

/// Writes the day's files beside what is published, for [`Staged::publish`]; what is not published goes away again.
///
/// # Errors
/// As [`write`].
pub fn stage(snapshot: &Snapshot<'_>, lake: &Path) -> Result<Staged, LakeFault> {
    let mut partitions = Partitions::of(snapshot.population);
    let mut sheets = facts_sheets(snapshot, &mut partitions);
    sheets.extend(outcome_sheets(snapshot, &mut partitions, lake)?);
    stage_sheets(snapshot, &sheets, lake)
}

/// The same without the facts: only what the rules found. For whoever asks rules of their own over others' facts; of the
/// population, the columns that say where a row belongs are read and nothing else.
///
/// # Errors
/// As [`write`].
pub fn write_outcomes_of_day(snapshot: &Snapshot<'_>, lake: &Path) -> Result<Written, LakeFault> {
    let sheets = outcome_sheets(snapshot, &mut Partitions::of(snapshot.population), lake)?;
    stage_sheets(snapshot, &sheets, lake)?.publish()
}

/// A day's files, complete and on disk, without their name.
#[derive(Debug)]
#[must_use = "it goes away unless it is published"]
pub struct Staged {
    lake: PathBuf,
    day: String,
    files: usize,
    rows: usize,
}

impl Staged {
    /// Gives them the day's name, in place of an earlier snapshot as a whole.
    ///
    /// # Errors
    /// When a folder can't be renamed or removed.
    pub fn publish(self) -> Result<Written, LakeFault> {
        publish::publish(&self.lake, &self.day)?;
        Ok(Written { folder: self.lake.join(&self.day), files: self.files, rows: self.rows })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        publish::drop_staged(&self.lake, &self.day);
    }
}

fn stage_sheets(snapshot: &Snapshot<'_>, sheets: &[Sheet<'_>], lake: &Path) -> Result<Staged, LakeFault> {
    let day = format!("as_of={}", snapshot.as_of);
    let staging = publish::stage(lake, &day)?;
    let rows = sheets.iter().map(|sheet| sheet.ids.len()).sum();
    let files: Vec<(&Sheet, &Partition)> =
        sheets.iter().flat_map(|sheet| sheet.partitions.iter().map(move |partition| (sheet, partition))).collect();
    let staged = Staged { lake: lake.to_owned(), day, files: files.len(), rows };
    for (_, partition) in &files {
        let folder = staging.join(format!("county={}", partition.county));
        fs::create_dir_all(&folder).map_err(LakeFault::io("create", &folder))?;
    }
    write_files(snapshot, &staging, &files)?;
    publish::flush(&staging)?;
    Ok(staged)
}

/// Where the rows of each table go; facts and outcomes of one table share it.
struct Partitions<'a> {
    population: &'a Population,
    of_entity: BTreeMap<String, Arc<Vec<Partition>>>,
}

impl<'a> Partitions<'a> {
    const fn of(population: &'a Population) -> Self {
        Self { population, of_entity: BTreeMap::new() }
    }

    fn table(&mut self, table: &Table) -> Arc<Vec<Partition>> {
        let of_entity = self.of_entity.entry(table.entity().to_owned());
        Arc::clone(of_entity.or_insert_with(|| Arc::new(by_county(self.population, table))))
    }
}

/// One kind of file: a table's facts, or its outcomes.
struct Sheet<'a> {
    name: String,
    entity: &'a str,
    ids: &'a [i64],
    content: Content<'a>,
    partitions: Arc<Vec<Partition>>,
}

enum Content<'a> {
    Facts(Vec<(String, Cow<'a, Column>)>),
    Outcomes { outcomes: &'a Outcomes<'a>, amount_names: Vec<String> },
}

impl Content<'_> {
    fn columns(&self) -> Vec<(&str, Encoder<'_>)> {
        match self {
            Self::Facts(facts) => facts.iter().map(|(key, column)| (key.as_str(), Encoder::new(column))).collect(),
            Self::Outcomes { outcomes, amount_names } => outcomes.columns(amount_names),
        }
    }
}

fn facts_sheets<'a>(snapshot: &Snapshot<'a>, partitions: &mut Partitions<'_>) -> Vec<Sheet<'a>> {
    let sheet = |table: &'a Table| {
        let content = Content::Facts(facts(snapshot.dictionary, table));
        let partitions = partitions.table(table);
        Sheet { name: table.entity().to_owned(), entity: table.entity(), ids: table.ids(), content, partitions }
    };
    snapshot.population.tables().map(sheet).collect()
}

fn outcome_sheets<'a>(
    snapshot: &Snapshot<'a>,
    partitions: &mut Partitions<'_>,
    lake: &Path,
) -> Result<Vec<Sheet<'a>>, LakeFault> {
    let mut sheets = Vec::new();
    for outcomes in snapshot.outcomes {
        let table = snapshot.population.table(outcomes.entity);
        let table = table.ok_or_else(|| LakeFault::shape(lake, format!("no table {}", outcomes.entity)))?;
        let name = if outcomes.entity == "person" {
            "determination".to_owned()
        } else {
            format!("determination_{}", outcomes.entity)
        };
        if let Some((rule, rows)) = outcomes.misfit(table.rows()) {
            let what = format!("rule {rule} has {rows} rows, its table {}", table.rows());
            return Err(LakeFault::shape(lake, what));
        }
        let content = Content::Outcomes { outcomes, amount_names: outcomes.amount_names() };
        let partitions = partitions.table(table);
        sheets.push(Sheet { name, entity: table.entity(), ids: table.ids(), content, partitions });
    }
    Ok(sheets)
}

/// The facts that may leave, in the dictionary's order; one that the table lacks is unknown throughout, unless it
/// is computed from others.
fn facts<'t>(dictionary: &Dictionary, table: &'t Table) -> Vec<(String, Cow<'t, Column>)> {
    let open = dictionary.of(table.entity()).filter(|fact| {
        matches!(fact.sensitivity, Sensitivity::Class | Sensitivity::Open) && fact.key != id_column(table.entity())
    });
    open.filter_map(|fact| {
        let column = match table.column(&fact.key) {
            Some(column) if fact.key == PERSON_ID => Cow::Owned(person_numbers(column)),
            // not copied: all tables are written at once
            Some(column) => Cow::Borrowed(column),
            None if fact.derive.is_some() => return None,
            None if fact.key == PERSON_ID => Cow::Owned(Column::unknown(ValueType::Int, table.rows())),
            None => Cow::Owned(Column::unknown(fact.value_type, table.rows())),
        };
        Some((fact.key.clone(), column))
    })
    .collect()
}

/// Printed person ids as the numbers that other files hold.
fn person_numbers(column: &Column) -> Column {
    let number = |row: usize| column.text(row).and_then(|text| text.parse::<PersonId>().ok());
    let numbers: Vec<Option<PersonId>> = (0..column.len()).map(number).collect();
    let known = Bits::from_bools(numbers.iter().map(Option::is_some));
    let data = ColumnData::I64(numbers.iter().map(|id| id.map_or(0, |id| id.0)).collect());
    Column::new(ValueType::Int, data, Some(known)).expect("whole numbers are an int column")
}

/// Writes the files on as many threads as there are cores; each file's bytes depend on its rows only.
fn write_files(snapshot: &Snapshot<'_>, staging: &Path, files: &[(&Sheet, &Partition)]) -> Result<(), LakeFault> {
    let metadata = [
        ("yilian.as_of", snapshot.as_of.to_string()),
        ("yilian.pack", snapshot.pack_id.to_owned()),
        ("yilian.pack_version", snapshot.pack_version.to_owned()),
    ];
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), LakeFault> {
        while let Some((sheet, partition)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // made when its turn comes: it holds the texts of its columns
            let spec = FileSpec::new(sheet.entity, sheet.ids, sheet.content.columns(), &metadata);
            let folder = staging.join(format!("county={}", partition.county));
            spec.write(&folder.join(format!("{}.parquet", sheet.name)), partition.groups())?;
        }
        Ok(())
    };
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(files.len());
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let done =
            handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.collect()
    })
}
