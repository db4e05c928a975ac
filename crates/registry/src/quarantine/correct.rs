//! Corrections: row by row, or a whole report that came back.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::ListId;
use store::audit::Entry as AuditEntry;

use super::{HeldLine, whole_rows, workbook};
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::ingest::{self, HeldEntry, IngestOptions, Ingester, ListState, reenter};
use crate::rows::RowFault;

/// New values for one row, by column name as the list writes it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Correction {
    pub row: u64,
    pub cells: BTreeMap<String, String>,
}

/// What corrections did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    pub list: ListId,
    /// Rows taken now.
    pub taken: u64,
    /// Rows that still wait.
    pub still_held: u64,
    /// Rows that do not wait (any more): left alone.
    pub not_waiting: u64,
    pub faults: Vec<RowFault>,
}

impl Ingester<'_> {
    /// Imports a corrected fault report. Importing it twice changes nothing more.
    ///
    /// # Errors
    /// `Read` when the file is no fault report; else as [`Ingester::correct`].
    pub fn reimport(&mut self, path: &Path, options: &IngestOptions) -> Result<Corrected, RegistryError> {
        let returned = workbook::read(path, &options.limits)?;
        let corrections = returned.rows.into_iter().map(|(row, cells)| Correction { row, cells }).collect();
        self.correct(returned.list, corrections, options)
    }

    /// Puts new values into waiting rows of a list and reads them again, in one transaction.
    ///
    /// # Errors
    /// `NoList`, `ListState` when the list was not taken, and those of the database and of the keys.
    pub fn correct(
        &mut self,
        list: ListId,
        corrections: Vec<Correction>,
        options: &IngestOptions,
    ) -> Result<Corrected, RegistryError> {
        let mut session = self.database().session()?;
        self.forget();
        session.transaction(|tx| {
            let report = ingest::get(tx, list)?;
            if report.state != ListState::Accepted {
                return Err(RegistryError::ListState { list, state: report.state.name().to_owned() });
            }
            let mut by_row: BTreeMap<u64, Correction> = corrections.into_iter().map(|c| (c.row, c)).collect();
            let mut entries = Vec::new();
            for row in whole_rows(tx, self.keys(), list)? {
                if let Some(correction) = by_row.remove(&row.line.row) {
                    entries.push(changed(row.line, row.names, row.cells, &correction));
                }
            }
            let not_waiting = by_row.len() as u64;
            let mut index = LinkIndex::load(tx, self.catalogue())?;
            let before = index.next_person();
            let done = reenter(self, tx, &mut index, &report, entries, ("corrected", list))?;
            if index.next_person() > before {
                self.link_waiting(tx, &mut index, list)?;
            }
            let detail = serde_json::json!({ "taken": done.taken, "still_held": done.still_held });
            let subject = list.to_string();
            let entry = AuditEntry {
                at: options.at,
                actor: &options.actor,
                action: "list.correct",
                subject: &subject,
                detail: &detail,
            };
            store::audit::append(tx, self.keys(), &entry)?;
            Ok(Corrected { list, taken: done.taken, still_held: done.still_held, not_waiting, faults: done.faults })
        })
    }
}

fn changed(line: HeldLine, names: Vec<String>, mut cells: Vec<String>, correction: &Correction) -> HeldEntry {
    cells.resize(names.len().max(cells.len()), String::new());
    for (name, cell) in names.iter().zip(&mut cells) {
        if let Some(new) = correction.cells.get(name) {
            new.clone_into(cell);
        }
    }
    for (at, cell) in cells.iter_mut().enumerate().skip(names.len()) {
        let mut headed = correction.cells.iter();
        if let Some((_, new)) = headed.find(|(name, _)| workbook::is_extra(name, at + 1 - names.len())) {
            new.clone_into(cell);
        }
    }
    HeldEntry { id: line.id, row: line.row, unlinked: line.unlinked, names, cells, person: None }
}
