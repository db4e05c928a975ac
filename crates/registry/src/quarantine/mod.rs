//! Rows that wait: to be seen, corrected and read again.
//!
//! Rows are sealed as they came. Seeing one whole is for whoever corrects it; lists and pages show masked values.

mod correct;
mod workbook;

use std::collections::BTreeMap;

use kernel::{DivisionCode, ListId};
use store::{Keys, Row, Session};

pub use correct::{Corrected, Correction};
pub use workbook::fault_report;

use crate::RegistryError;
use crate::ingest::held::HeldContent;
use crate::part;
use crate::rows::RowFault;

/// A row in quarantine, values masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// Names the row in quarantine.
    pub id: i64,
    pub list: ListId,
    /// As the office counts.
    pub row: u64,
    /// It waits for a person only; its values are sound.
    pub unlinked: bool,
    pub faults: Vec<RowFault>,
    /// Where it belongs, if anybody knows.
    pub division: Option<DivisionCode>,
}

/// A row as it came. For whoever corrects it; never for a log.
#[derive(Clone, PartialEq, Eq)]
pub struct WholeRow {
    pub line: HeldLine,
    pub names: Vec<String>,
    pub cells: Vec<String>,
}

/// Shows the row's place only.
impl std::fmt::Debug for WholeRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WholeRow").field("line", &self.line).finish_non_exhaustive()
    }
}

/// The waiting rows of a list, in row order.
///
/// # Errors
/// Those of the database and of the keys.
pub fn of_list(session: &mut Session, keys: &Keys, list: ListId) -> Result<Vec<HeldLine>, RegistryError> {
    Ok(whole_rows(session, keys, list)?.into_iter().map(|row| row.line).collect())
}

/// Those of them that belong to some divisions.
///
/// # Errors
/// Those of the database and of the keys.
pub fn of_list_within(
    session: &mut Session,
    keys: &Keys,
    list: ListId,
    within: &[DivisionCode],
) -> Result<Vec<HeldLine>, RegistryError> {
    let mut lines = Vec::new();
    for division in within {
        let [first, last] = part::span(*division);
        let sql = include_str!("../../sql/held_row_of_list_within.sql");
        for row in &session.query(sql, &[list.into(), first, last])? {
            lines.push(open(keys, row)?.line);
        }
    }
    lines.sort_by_key(|line| (line.row, line.id));
    Ok(lines)
}

/// One waiting row as it came.
///
/// # Errors
/// `NoRow`, and those of the database and of the keys.
pub fn whole(session: &mut Session, keys: &Keys, id: i64) -> Result<WholeRow, RegistryError> {
    let row = session.query_opt(include_str!("../../sql/held_row_get.sql"), &[id.into()])?;
    open(keys, &row.ok_or(RegistryError::NoRow(id))?)
}

/// How many rows of each list wait: faulty and unlinked ones.
///
/// # Errors
/// Those of the database.
pub fn counts(session: &mut Session) -> Result<BTreeMap<ListId, (u64, u64)>, RegistryError> {
    let mut counts: BTreeMap<ListId, (u64, u64)> = BTreeMap::new();
    for row in session.query(include_str!("../../sql/held_row_counts.sql"), &[])? {
        let count = u64::try_from(row.int(2)?).unwrap_or(0);
        let slot = counts.entry(ListId(row.int(0)?)).or_default();
        match row.text(1)? {
            "faulty" => slot.0 = count,
            "unlinked" => slot.1 = count,
            _ => {}
        }
    }
    Ok(counts)
}

fn whole_rows(session: &mut Session, keys: &Keys, list: ListId) -> Result<Vec<WholeRow>, RegistryError> {
    let rows = session.query(include_str!("../../sql/held_row_of_list.sql"), &[list.into()])?;
    rows.iter().map(|row| open(keys, row)).collect()
}

fn open(keys: &Keys, row: &Row<'_>) -> Result<WholeRow, RegistryError> {
    let id = row.int(0)?;
    let content = HeldContent::open(keys, id, row.blob(6)?)?;
    Ok(WholeRow {
        line: HeldLine {
            id,
            list: ListId(row.int(1)?),
            row: u64::try_from(row.int(2)?).unwrap_or(0),
            unlinked: row.text(3)? == "unlinked",
            faults: content.faults,
            division: row.text(7)?.parse().ok(),
        },
        names: content.names,
        cells: content.cells,
    })
}
