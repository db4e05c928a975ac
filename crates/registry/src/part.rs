//! The part of lists that belongs to a part of the region, for whoever answers for no more than that.
//!
//! Counted by township when a list is taken. Lists that were taken before this was counted have no parts.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, ListId};
use store::{Session, Value};

use crate::RegistryError;
use crate::ingest::ListReport;
use crate::quality::count;
use crate::rows::FaultCode;

/// What a list held of a part of the region when it was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub rows: u64,
    pub faulty: u64,
    pub unlinked: u64,
    pub opened: u64,
    pub changed: u64,
    pub closed: u64,
    /// By position of the column in its source.
    filled: Vec<u64>,
    faults: BTreeMap<String, BTreeMap<FaultCode, u64>>,
}

impl Part {
    /// Rows that say something in a column.
    #[must_use]
    pub fn filled(&self, column: usize) -> u64 {
        self.filled.get(column).copied().unwrap_or(0)
    }

    /// Columns of which any row said something.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.filled.len()
    }

    /// Column (empty: the row as a whole), fault, how often.
    pub fn faults(&self) -> impl Iterator<Item = (&str, FaultCode, u64)> {
        self.faults.iter().flat_map(|(column, codes)| codes.iter().map(move |(code, n)| (column.as_str(), *code, *n)))
    }

    pub(crate) fn fill(&mut self, column: usize, rows: u64) {
        if self.filled.len() <= column {
            self.filled.resize(column + 1, 0);
        }
        self.filled[column] += rows;
    }

    pub(crate) fn fault(&mut self, column: &str, code: FaultCode, times: u64) {
        *self.faults.entry(column.to_owned()).or_default().entry(code).or_default() += times;
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.faulty += other.faulty;
        self.unlinked += other.unlinked;
        self.opened += other.opened;
        self.changed += other.changed;
        self.closed += other.closed;
        self.filled.resize(self.filled.len().max(other.filled.len()), 0);
        self.filled.iter_mut().zip(&other.filled).for_each(|(sum, more)| *sum += more);
        other.faults().for_each(|(column, code, times)| self.fault(column, code, times));
    }

    pub(crate) fn write(
        &self,
        tx: &mut Session,
        list: ListId,
        division: Option<DivisionCode>,
    ) -> Result<(), RegistryError> {
        let json = |value: serde_json::Result<String>| value.expect("plain data becomes JSON");
        let row = [
            list.into(),
            division.map(|code| code.to_string()).unwrap_or_default().into(),
            count(self.rows),
            count(self.faulty),
            count(self.unlinked),
            count(self.opened),
            count(self.changed),
            count(self.closed),
            json(serde_json::to_string(&self.filled)).into(),
            json(serde_json::to_string(&self.faults)).into(),
        ];
        let columns =
            ["list", "division", "row_count", "faulty", "unlinked", "opened", "changed", "closed", "filled", "faults"];
        tx.bulk_insert("list_part", &columns, [row])?;
        Ok(())
    }

    fn read(row: &store::Row<'_>) -> Result<Self, RegistryError> {
        let damaged = |_| RegistryError::Damaged { table: "list_part", cause: "counts of another form" };
        let count = |column| row.int(column).map(|n| u64::try_from(n).unwrap_or(0));
        Ok(Self {
            rows: count(1)?,
            faulty: count(2)?,
            unlinked: count(3)?,
            opened: count(4)?,
            changed: count(5)?,
            closed: count(6)?,
            filled: serde_json::from_str(row.text(7)?).map_err(damaged)?,
            faults: serde_json::from_str(row.text(8)?).map_err(damaged)?,
        })
    }
}

/// The codes of a division and all inside it, from one to another: digits only, so that every collation agrees.
#[must_use]
pub fn span(division: DivisionCode) -> [Value; 2] {
    let own = division.to_string();
    let last = format!("{own:9<12}");
    [own.into(), last.into()]
}

/// What lists dated within a span of days held of some divisions.
///
/// # Errors
/// Those of the database.
pub fn between(
    session: &mut Session,
    within: &[DivisionCode],
    (from, to): (Date, Date),
) -> Result<BTreeMap<ListId, Part>, RegistryError> {
    let mut parts: BTreeMap<ListId, Part> = BTreeMap::new();
    for division in within {
        let [first, last] = span(*division);
        let params = [first, last, from.into(), to.into()];
        session.query_each(include_str!("../sql/list_part_between.sql"), &params, |row| {
            parts.entry(ListId(row.int(0)?)).or_default().add(&Part::read(row)?);
            Ok::<_, RegistryError>(())
        })?;
    }
    Ok(parts)
}

/// Faulty and unlinked rows of lists dated within a span of days, as they were when they were taken; `within`: of some
/// divisions only.
///
/// # Errors
/// Those of the database.
pub fn taken(
    session: &mut Session,
    within: Option<&[DivisionCode]>,
    (from, to): (Date, Date),
) -> Result<BTreeMap<ListId, (u64, u64)>, RegistryError> {
    // Rows that belong nowhere are in the whole only.
    let spans = within.map_or_else(|| vec![["".into(), "9".into()]], |own| own.iter().copied().map(span).collect());
    let mut taken: BTreeMap<ListId, (u64, u64)> = BTreeMap::new();
    for [first, last] in spans {
        let params = [first, last, from.into(), to.into()];
        session.query_each(include_str!("../sql/list_part_taken.sql"), &params, |row| {
            let count = |at| row.int(at).map(|n| u64::try_from(n).unwrap_or(0));
            let slot = taken.entry(ListId(row.int(0)?)).or_default();
            *slot = (slot.0 + count(1)?, slot.1 + count(2)?);
            Ok::<_, RegistryError>(())
        })?;
    }
    Ok(taken)
}

/// Whether a list speaks for any of some divisions.
#[must_use]
pub fn concerns(report: &ListReport, within: &[DivisionCode]) -> bool {
    report.scope.is_none_or(|scope| within.iter().any(|own| own.contains(scope) || scope.contains(*own)))
}

/// Whether all a list speaks for lies within some divisions.
#[must_use]
pub fn holds(report: &ListReport, within: &[DivisionCode]) -> bool {
    report.scope.is_some_and(|scope| within.iter().any(|own| own.contains(scope)))
}

/// The accounts of lists as some divisions may know them: lists that speak for others left out, the numbers those of
/// their own rows. Rows that wait are counted as they wait today.
///
/// # Errors
/// Those of the database.
pub fn cut(
    session: &mut Session,
    mut reports: Vec<ListReport>,
    within: &[DivisionCode],
) -> Result<Vec<ListReport>, RegistryError> {
    reports.retain(|report| concerns(report, within));
    let days = reports.iter().map(|report| report.list_date);
    let Some(span_of_days) = days.clone().min().zip(days.max()) else { return Ok(reports) };
    let parts = between(session, within, span_of_days)?;
    let mut waiting: BTreeMap<ListId, [u64; 2]> = BTreeMap::new();
    for division in within {
        for row in session.query(include_str!("../sql/held_row_counts_within.sql"), &span(*division))? {
            let slot = waiting.entry(ListId(row.int(0)?)).or_default();
            slot[usize::from(row.text(1)? == "unlinked")] += u64::try_from(row.int(2)?).unwrap_or(0);
        }
    }
    for report in &mut reports {
        let none = Part::default();
        let part = report.list.and_then(|list| parts.get(&list)).unwrap_or(&none);
        let [faulty, unlinked] = report.list.and_then(|list| waiting.get(&list)).copied().unwrap_or_default();
        take(report, part, (faulty, unlinked), within);
    }
    Ok(reports)
}

fn take(report: &mut ListReport, part: &Part, (faulty, unlinked): (u64, u64), within: &[DivisionCode]) {
    if holds(report, within) {
        return;
    }
    if let Some(closing) = &mut report.closing {
        let ours = |code: DivisionCode| within.iter().any(|own| own.contains(code));
        closing.divisions.retain(|line| line.division.is_some_and(ours));
        closing.would_close = closing.divisions.iter().map(|line| line.would_close).sum();
        closing.in_scope = closing.divisions.iter().map(|line| line.now).sum();
    }
    report.rows = part.rows;
    (report.faulty, report.unlinked) = (faulty, unlinked);
    report.good = part.rows.saturating_sub(faulty + unlinked);
    (report.opened, report.changed, report.closed) = (part.opened, part.changed, part.closed);
    (report.repeated, report.unchanged, report.kept, report.in_scope) = (0, 0, 0, 0);
    let mut codes = BTreeMap::new();
    part.faults().for_each(|(_, code, times)| *codes.entry(code).or_default() += times);
    report.fault_codes = codes;
    report.faults.clear();
}
