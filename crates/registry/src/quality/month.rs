//! Sources by month: completeness, validity, false ID numbers, timeliness, disagreement.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months};
use kernel::{Date, DivisionCode, ListId, parse_date};
use store::{Session, StoreError, Value};

use super::Disagreement;
use crate::RegistryError;
use crate::ingest::{self, ListReport, ListState};
use crate::part;
use crate::rows::FaultCode;
use crate::sources::{Catalogue, Gives, Source};

/// So many out of so many; out of none it is no share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub part: u64,
    pub whole: u64,
}

/// What a source's lists of one month were like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMonth {
    pub source: String,
    /// First day of the month.
    pub month: Date,
    /// Accepted lists dated in the month, in the order they were taken.
    pub lists: Vec<ListId>,
    pub rows: u64,
    /// Cells that say something, of all cells of the described columns.
    pub complete: Share,
    /// Rows without a fault, those merely unlinked included.
    pub valid: Share,
    /// ID numbers that can't be right (missing ones are not counted), of rows with one.
    pub false_ids: Share,
    /// Rows that wait for a person.
    pub unlinked: Share,
    /// Days of the month, up to tonight, on which the newest list was older than the source allows; none when the
    /// source has no such limit or had sent nothing before.
    pub late_days: Option<Share>,
    /// Facts of which another source says something else, to the people it speaks of, on the month's last night.
    pub disputed: Option<Share>,
    pub columns: Vec<ColumnMonth>,
    /// On the month's last night, by fact.
    pub disagreements: Vec<Disagreement>,
}

/// One column over a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMonth {
    /// As `sources.toml` names it; empty: faults of the row as a whole.
    pub name: String,
    /// None: only faults of the row.
    pub filled: Option<Share>,
    /// Most frequent first.
    pub faults: Vec<(FaultCode, u64)>,
}

impl Share {
    /// Per hundred.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        (self.whole > 0).then(|| self.part as f64 * 100.0 / self.whole as f64)
    }

    fn add(&mut self, part: u64, whole: u64) {
        self.part += part;
        self.whole += whole;
    }
}

/// Every source that sent anything, by source in the catalogue's order and month ascending: the months up to that of
/// `as_of`, `back` of them before it. A month without a list is there where lateness or disagreement can be told.
/// With `within`, of the rows that belong to these divisions only.
///
/// # Errors
/// Those of the database.
pub fn months(
    session: &mut Session,
    catalogue: &Catalogue,
    as_of: Date,
    back: u32,
    within: Option<&[DivisionCode]>,
) -> Result<Vec<SourceMonth>, RegistryError> {
    let last = first_of(as_of);
    let first = last.checked_sub_months(Months::new(back)).unwrap_or(last);
    let mut lists = ingest::all(session)?;
    lists.retain(|list| list.state == ListState::Accepted && list.list_date <= as_of);
    let taken = part::taken(session, within, (first, as_of))?;
    let counted = match within {
        None => Counted::read(session, (first, as_of))?,
        Some(within) => {
            lists = part::cut(session, lists, within)?;
            Counted::read_within(session, (first, as_of), &lists, within)?
        }
    };
    // Corrected rows stay counted; lists older than these counts are told as they stand.
    for list in &mut lists {
        if let Some(taken) = list.list.and_then(|list| taken.get(&list)) {
            (list.faulty, list.unlinked) = *taken;
        }
    }
    let mut out = Vec::new();
    for source in catalogue.departmental() {
        let of_source: Vec<&ListReport> = lists.iter().filter(|list| list.source == source.id).collect();
        let mut month = first;
        while month <= last {
            let end = next(month).pred_opt().unwrap_or(month).min(as_of);
            let line = counted.line(source, &of_source, month, end);
            if !line.lists.is_empty() || line.late_days.is_some() || line.disputed.is_some() {
                out.push(line);
            }
            month = next(month);
        }
    }
    Ok(out)
}

fn first_of(date: Date) -> Date {
    date.with_day(1).unwrap_or(date)
}

fn next(month: Date) -> Date {
    month.checked_add_months(Months::new(1)).unwrap_or(Date::MAX)
}

/// The tables of the span, by list and by source.
struct Counted {
    filled: BTreeMap<ListId, Vec<Filled>>,
    faults: BTreeMap<ListId, Vec<(String, FaultCode, u64)>>,
    /// By source, then night.
    disagreements: BTreeMap<String, BTreeMap<Date, Vec<Disagreement>>>,
}

/// A column of a list and how many of its rows say something.
struct Filled {
    name: String,
    filled: u64,
    position: usize,
}

fn count(row: &store::Row<'_>, at: usize) -> Result<u64, StoreError> {
    row.int(at).map(|n| u64::try_from(n).unwrap_or(0))
}

impl Counted {
    fn read(session: &mut Session, span: (Date, Date)) -> Result<Self, RegistryError> {
        let mut counted = Self::read_lists(session, span)?;
        let days = [span.0.into(), span.1.into()];
        counted.take_nights(session, include_str!("../../sql/disagreement_between.sql"), &days)?;
        Ok(counted)
    }

    /// The same of some divisions: `lists` are cut to them.
    fn read_within(
        session: &mut Session,
        span: (Date, Date),
        lists: &[ListReport],
        within: &[DivisionCode],
    ) -> Result<Self, RegistryError> {
        let mut counted = Self::read_lists(session, span)?;
        let mut parts = part::between(session, within, span)?;
        let cut: BTreeSet<ListId> =
            lists.iter().filter(|list| !part::holds(list, within)).filter_map(|list| list.list).collect();
        for (list, columns) in counted.filled.iter_mut().filter(|(list, _)| cut.contains(list)) {
            let part = parts.entry(*list).or_default();
            columns.iter_mut().for_each(|column| column.filled = part.filled(column.position));
        }
        counted.faults.retain(|list, _| !cut.contains(list));
        for (list, part) in parts.iter().filter(|(list, _)| cut.contains(list)) {
            let faults = part.faults().map(|(column, code, times)| (column.to_owned(), code, times));
            counted.faults.insert(*list, faults.collect());
        }
        for division in within {
            let [first, last] = part::span(*division);
            let given = [first, last, span.0.into(), span.1.into()];
            counted.take_nights(session, include_str!("../../sql/disagreement_part_between.sql"), &given)?;
        }
        Ok(counted)
    }

    fn read_lists(session: &mut Session, span: (Date, Date)) -> Result<Self, RegistryError> {
        let span = [span.0.into(), span.1.into()];
        let mut counted = Self { filled: BTreeMap::new(), faults: BTreeMap::new(), disagreements: BTreeMap::new() };
        session.query_each(include_str!("../../sql/list_column_all.sql"), &span, |row| {
            let position = usize::try_from(row.int(3)?).unwrap_or(usize::MAX);
            let line = Filled { name: row.text(1)?.to_owned(), filled: count(row, 2)?, position };
            counted.filled.entry(ListId(row.int(0)?)).or_default().push(line);
            Ok::<_, RegistryError>(())
        })?;
        session.query_each(include_str!("../../sql/list_fault_all.sql"), &span, |row| {
            // A code of another version is left out rather than guessed.
            let written = row.text(2)?;
            if let Some(code) = FaultCode::ALL.iter().find(|code| code.name() == written) {
                let line = (row.text(1)?.to_owned(), *code, count(row, 3)?);
                counted.faults.entry(ListId(row.int(0)?)).or_default().push(line);
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(counted)
    }

    /// Adds what nights said of sources; a fact that is there already is counted together.
    fn take_nights(&mut self, session: &mut Session, sql: &str, given: &[Value]) -> Result<(), RegistryError> {
        session.query_each(sql, given, |row| {
            let night = parse_date(row.text(0)?)
                .map_err(|_| RegistryError::Damaged { table: "disagreement", cause: "as_of is no date" })?;
            let (fact, people, overruled) = (row.text(2)?.to_owned(), count(row, 3)?, count(row, 4)?);
            let nights = self.disagreements.entry(row.text(1)?.to_owned()).or_default();
            let said = nights.entry(night).or_default();
            match said.iter_mut().find(|line| line.fact == fact) {
                Some(line) => {
                    line.people += people;
                    line.overruled += overruled;
                }
                None => said.push(Disagreement { fact, people, overruled }),
            }
            Ok::<_, RegistryError>(())
        })
    }

    fn line(&self, source: &Source, lists: &[&ListReport], month: Date, end: Date) -> SourceMonth {
        let mut line = SourceMonth { source: source.id.clone(), month, ..SourceMonth::default() };
        let mut columns: BTreeMap<usize, ColumnMonth> = BTreeMap::new();
        for list in lists.iter().filter(|list| (month..=end).contains(&list.list_date)) {
            line.take(list);
            self.take_columns(source, list, &mut line, &mut columns);
        }
        line.columns = columns.into_values().collect();
        for column in &mut line.columns {
            column.faults.sort_by_key(|(code, faults)| (std::cmp::Reverse(*faults), *code));
        }
        line.late_days = late_days(source, lists, month, end);
        if let Some((_, said)) =
            self.disagreements.get(&source.id).and_then(|nights| nights.range(month..=end).next_back())
        {
            line.take_disagreements(said);
        }
        line
    }

    fn take_columns(
        &self,
        source: &Source,
        list: &ListReport,
        line: &mut SourceMonth,
        columns: &mut BTreeMap<usize, ColumnMonth>,
    ) {
        let Some(id) = list.list else { return };
        let place = |name: &str| source.columns.iter().position(|c| c.name == name).unwrap_or(usize::MAX);
        for Filled { name, filled, .. } in self.filled.get(&id).into_iter().flatten() {
            let column = columns.entry(place(name)).or_default();
            column.name.clone_from(name);
            column.filled.get_or_insert_default().add(*filled, list.rows);
            line.complete.add(*filled, list.rows);
            if is_own_id(source, name) {
                line.false_ids.whole += filled;
            }
        }
        for (name, code, faults) in self.faults.get(&id).into_iter().flatten() {
            let column = columns.entry(place(name)).or_default();
            column.name.clone_from(name);
            match column.faults.iter_mut().find(|(known, _)| known == code) {
                Some((_, total)) => *total += faults,
                None => column.faults.push((*code, *faults)),
            }
            if is_own_id(source, name) && is_false(*code) {
                line.false_ids.part += faults;
            }
        }
    }
}

impl SourceMonth {
    fn take(&mut self, list: &ListReport) {
        self.lists.extend(list.list);
        self.rows += list.rows;
        self.valid.add(list.rows.saturating_sub(list.faulty), list.rows);
        self.unlinked.add(list.unlinked, list.rows);
    }

    fn take_disagreements(&mut self, said: &[Disagreement]) {
        let spoken = said.iter().find(|line| line.fact.is_empty()).map_or(0, |line| line.people);
        self.disagreements = said.iter().filter(|line| !line.fact.is_empty()).cloned().collect();
        self.disagreements.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.fact.cmp(&b.fact)));
        if spoken > 0 {
            let statements = self.disagreements.iter().map(|line| line.people).sum();
            self.disputed = Some(Share { part: statements, whole: spoken });
        }
    }
}

fn is_own_id(source: &Source, name: &str) -> bool {
    source.columns.iter().any(|c| c.name == name && c.gives.contains(&Gives::IdNumber))
}

/// Whether a fault says that the number itself can't be right.
fn is_false(code: FaultCode) -> bool {
    code.is_link() && !matches!(code, FaultCode::IdNumberMissing | FaultCode::IdNumberUnknown)
}

fn late_days(source: &Source, lists: &[&ListReport], month: Date, end: Date) -> Option<Share> {
    let limit = u64::try_from(source.stale_after_days).ok().filter(|limit| *limit > 0)?;
    let begin = lists.iter().map(|list| list.list_date).min()?.max(month);
    let mut days = Share::default();
    let mut day = begin;
    while day <= end {
        let newest = lists.iter().map(|list| list.list_date).filter(|date| *date <= day).max();
        let late = newest.and_then(|date| date.checked_add_days(Days::new(limit))).is_some_and(|last| day > last);
        days.add(u64::from(late), 1);
        day = day.succ_opt()?;
    }
    (days.whole > 0).then_some(days)
}
