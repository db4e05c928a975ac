//! Entries of linked rows: what a linked row says lies with an entry of its own, read as its person.

use std::collections::BTreeMap;

use kernel::Date;
use store::{Session, next_ids};

use super::many::at_once;
use crate::RegistryError;

/// The entry a candidate's rows lie with, below zero; none while it is not linked.
pub(super) fn standing(tx: &mut Session, candidate: i64) -> Result<Option<i64>, RegistryError> {
    let row = tx.query_opt(include_str!("../../sql/row_link_standing.sql"), &[candidate.into()])?;
    Ok(row.map(|row| row.int(0)).transpose()?.map(|link| -link))
}

/// The standing entries, below zero, of some candidates.
pub(super) fn of_candidates(tx: &mut Session, candidates: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, RegistryError> {
    let mut entries: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for params in at_once(candidates) {
        tx.query_each(include_str!("../../sql/row_link_of_candidates.sql"), &params, |row| {
            entries.entry(row.int(0)?).or_default().push(-row.int(1)?);
            Ok::<_, RegistryError>(())
        })?;
    }
    Ok(entries)
}

/// Gives a row the entry of its candidate, made when there is none, to be read as `person` from a day on.
pub(super) fn bind(
    tx: &mut Session,
    (candidate, person): (i64, i64),
    held: i64,
    on: Date,
) -> Result<i64, RegistryError> {
    let entry = match standing(tx, candidate)? {
        Some(entry) => entry,
        None => {
            let id = next_ids(tx, "row_link", 1)?.start;
            let params = [id.into(), candidate.into(), person.into(), on.into()];
            tx.exec(include_str!("../../sql/row_link_insert.sql"), &params)?;
            -id
        }
    };
    tx.exec(include_str!("../../sql/row_link_row_forget.sql"), &[held.into()])?;
    tx.exec(include_str!("../../sql/row_link_row_insert.sql"), &[held.into(), (-entry).into()])?;
    Ok(entry)
}

/// A row of an entry that is no more.
pub(super) struct Returned {
    pub held: i64,
    pub list: i64,
    /// It waits again; else a newer list speaks in its place.
    pub waits: bool,
    /// Nothing but its number was wrong.
    pub unlinked: bool,
}

/// Ends an entry on a day and puts its rows back where they were before they were linked.
pub(super) fn release(tx: &mut Session, entry: i64, on: Date) -> Result<Vec<Returned>, RegistryError> {
    tx.exec(include_str!("../../sql/row_link_undo.sql"), &[(-entry).into(), on.into()])?;
    let mut returned = Vec::new();
    for row in tx.query(include_str!("../../sql/held_row_of_entry.sql"), &[(-entry).into()])? {
        returned.push(Returned {
            held: row.int(0)?,
            list: row.int(1)?,
            waits: row.int(3)? == 0,
            unlinked: row.text(2)? != "birth_date_differs",
        });
    }
    for row in &returned {
        let state = match (row.waits, row.unlinked) {
            (false, _) => "superseded",
            (true, true) => "unlinked",
            (true, false) => "faulty",
        };
        tx.exec(include_str!("../../sql/held_row_return.sql"), &[row.held.into(), state.into()])?;
        tx.exec(include_str!("../../sql/row_link_row_forget.sql"), &[row.held.into()])?;
    }
    Ok(returned)
}
