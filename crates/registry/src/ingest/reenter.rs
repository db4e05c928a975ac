//! Rows out of quarantine: corrected by hand, or about someone who has become known.

use std::collections::BTreeMap;

use kernel::ListId;
use store::{Keys, Session, Value};

use super::held::{HeldContent, HeldRow};
use super::layout::Layout;
use super::link::{LinkIndex, read_blind};
use super::prepare::Preparer;
use super::take::later_list;
use super::work::{ListWork, Taken};
use super::{Ingester, ListReport, imprint, kept, lists};
use crate::RegistryError;
use crate::linking;
use crate::reading::{Headers, ListName, Records};
use crate::rows::{FaultCode, RowFault, RowReader, Values};
use crate::snapshot;
use crate::sources::Source;

/// A held row with the cells it shall have now.
pub(crate) struct Entry {
    pub id: i64,
    pub row: u64,
    pub unlinked: bool,
    pub names: Vec<String>,
    pub cells: Vec<String>,
    /// Whom the row is about, where that was decided rather than read from its number.
    pub person: Option<i64>,
}

/// What became of rows that were tried again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reentered {
    pub taken: u64,
    pub still_held: u64,
    pub faults: Vec<RowFault>,
}

impl Ingester<'_> {
    /// Links waiting rows of people whom list `by` made known.
    pub(crate) fn link_waiting(
        &self,
        tx: &mut Session,
        index: &mut LinkIndex,
        by: ListId,
    ) -> Result<(), RegistryError> {
        let mut known = Vec::new();
        tx.query_each(include_str!("../../sql/held_row_to_link.sql"), &[], |row| {
            if index.person(&read_blind(row.blob(3)?)?).is_some() {
                known.push((row.int(0)?, ListId(row.int(1)?), row.int(2)?));
            }
            Ok::<_, RegistryError>(())
        })?;
        known.sort_unstable_by_key(|(id, list, row)| (*list, *row, *id));
        let mut by_list: BTreeMap<ListId, Vec<Entry>> = BTreeMap::new();
        for (id, list, row) in known {
            let held = tx.query_one(include_str!("../../sql/held_row_get.sql"), &[id.into()])?;
            let HeldContent { names, cells, .. } = HeldContent::open(self.keys, id, held.blob(6)?)?;
            let row = u64::try_from(row).unwrap_or(0);
            by_list.entry(list).or_default().push(Entry { id, row, unlinked: true, names, cells, person: None });
        }
        for (list, entries) in by_list {
            let report = lists::get(tx, list)?;
            if self.catalogue.get(&report.source).is_some() {
                reenter(self, tx, index, &report, entries, ("linked", by))?;
            }
        }
        Ok(())
    }
}

/// Reads rows of a list again and takes the sound ones; the others stay in quarantine with their new faults.
pub(crate) fn reenter(
    ingester: &Ingester<'_>,
    tx: &mut Session,
    index: &mut LinkIndex,
    report: &ListReport,
    entries: Vec<Entry>,
    (settled, by): (&str, ListId),
) -> Result<Reentered, RegistryError> {
    let catalogue = ingester.catalogue;
    let source = catalogue.get(&report.source).ok_or_else(|| RegistryError::NoSource(report.source.clone()))?;
    let list = report.list.ok_or(RegistryError::Damaged { table: "list", cause: "a list without an id" })?;
    let reader = RowReader::new(source, &ingester.names, report.list_date);
    let layout = Layout::of(source, &reader).settle(tx)?;
    let mut work = ListWork::begin(tx, source, ingester.keys, index, layout, (list, report.list_date))?;
    work.scope.extend(report.scope);
    let is_about_people = source.is_about_people();
    if !is_about_people {
        work.load_all(tx, false)?;
    }
    let name = ListName { source: source.id.clone(), date: report.list_date, scope: report.scope };
    work.later = later_list(tx, source, &name)?;
    let preparer = Preparer::new(source, &reader, ingester.keys, &ingester.hasher);
    let mut done = Reentered::default();
    let mut scratch = Values::default();
    let kept = kept::of_list(tx, list.0)?;
    let mut settled_rows = Vec::new();
    let (mut from_faulty, mut from_unlinked, mut now_faulty, mut now_unlinked) = (0, 0, 0, 0);
    // Whom linking decided rows to be about is known before they are read.
    let decided: Vec<i64> = entries.iter().filter_map(|entry| entry.person).collect();
    work.load_for_all(tx, &decided, &ingester.hasher)?;
    let (mut good, mut headers) = (Vec::new(), Headers::of(source));
    for entry in entries {
        let header = headers.with(&entry.names)?;
        work.names.clone_from(&entry.names);
        let raw = Records::of_row(entry.row, entry.cells.iter().map(String::as_str));
        let mut row = preparer.prepare(header, (&raw, 0), None, &mut scratch);
        if entry.person.is_some() {
            row.decided = entry.person;
            row.checked.faults.retain(|fault| !is_about_number(source, fault));
        }
        if entry.unlinked {
            from_unlinked += 1
        } else {
            from_faulty += 1
        }
        if is_about_people {
            work.load_for(tx, &row, &ingester.hasher)?;
        }
        match work.take(row, &raw)? {
            Taken::Good => {
                done.taken += 1;
                if entry.person.is_none() {
                    settled_rows.push(entry.id);
                }
                good.push(entry.id);
            }
            Taken::Held(held) => {
                done.still_held += 1;
                if held.unlinked {
                    now_unlinked += 1
                } else {
                    now_faulty += 1
                }
                rewrite(tx, ingester.keys, entry.id, &held)?;
                done.faults.extend(held.content.faults);
            }
        }
    }
    settle_rows(tx, &good, (settled, by))?;
    work.finish_visits(tx)?;
    for statement in settled_rows.iter().filter_map(|row| kept.get(row)) {
        work.load_said(tx, *statement)?;
    }
    work.end_kept(settled_rows.iter().filter_map(|row| kept.get(row)));
    let target = work.target();
    if !work.pending.closed.is_empty() {
        // Which list ended them does not tell that it was only now.
        snapshot::note_astray(tx, &source.id, work.subjects())?;
    }
    work.hand_over().write(tx, &target)?;
    imprint::note_astray(tx, source, work.subjects())?;
    let counts = work.counts;
    let int = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let params = [
        list.into(),
        int(done.taken),
        Value::Int(from_faulty - now_faulty),
        Value::Int(from_unlinked - now_unlinked),
        int(counts.opened),
        int(counts.changed),
        int(counts.unchanged),
    ];
    tx.exec(include_str!("../../sql/list_set_counts.sql"), &params)?;
    Ok(done)
}

/// Fewer rows are settled one by one.
const FEW: usize = 16;

fn settle_rows(tx: &mut Session, rows: &[i64], (state, by): (&str, ListId)) -> Result<(), RegistryError> {
    let params = |row: &i64| -> [Value; 3] { [(*row).into(), state.into(), by.into()] };
    if rows.len() >= FEW {
        tx.bulk_update("held_row", &["id"], &["state", "settled_by"], rows.iter().map(params))?;
        return Ok(());
    }
    for row in rows {
        tx.exec(include_str!("../../sql/held_row_settle.sql"), &params(row))?;
    }
    Ok(())
}

/// A decision on whom the row is about settles what is wrong with its own number.
fn is_about_number(source: &Source, fault: &RowFault) -> bool {
    let own = fault.column.is_empty() || linking::is_id_column(source, &fault.column);
    fault.code.is_link() && own || fault.code == FaultCode::BirthDateDiffers
}

fn rewrite(tx: &mut Session, keys: &Keys, id: i64, held: &HeldRow) -> Result<(), RegistryError> {
    let params = [
        id.into(),
        held.state().into(),
        held.subject.into(),
        held.codes().into(),
        held.seal(keys, id).into(),
        held.link.map_or(Value::Null, Value::from),
        held.place().into(),
    ];
    tx.exec(include_str!("../../sql/held_row_rewrite.sql"), &params)?;
    tx.exec(include_str!("../../sql/row_link_row_forget.sql"), &[id.into()])?;
    // It may read differently now: compare it again.
    tx.exec(include_str!("../../sql/link_try_forget.sql"), &[id.into()])?;
    Ok(())
}
