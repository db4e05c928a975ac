//! Rows that wait for a person, opened in memory as far as they can be compared.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use kernel::ListId;
use store::{Keys, Session};

use super::FIELDS;
use super::keeping::Known;
use crate::RegistryError;
use crate::ingest::held::HeldContent;
use crate::ingest::layout;
use crate::ingest::lists;
use crate::reading::{Header, Headers, Records};
use crate::rows::{DivisionNames, FaultCode, RowReader, SEPARATOR, Values};
use crate::sources::{Catalogue, Source};

/// One waiting row. Never for a log.
pub(super) struct Waiting {
    pub held: i64,
    pub list: ListId,
    pub source: String,
    pub row: u64,
    /// Not faulty otherwise.
    pub unlinked: bool,
    pub names: Vec<String>,
    pub cells: Vec<String>,
    /// In the order of [`FIELDS`]; empty where the row says nothing.
    pub fields: [String; FIELDS.len()],
}

impl Waiting {
    /// What the same row will be recognised by when its list comes again: source, number as written and name; all
    /// it says where there is no number.
    pub fn key(&self) -> String {
        key(&self.source, &self.fields)
    }
}

fn key(source: &str, fields: &[String; FIELDS.len()]) -> String {
    let separator = SEPARATOR.to_string();
    let parts = if fields[0].is_empty() { &fields[..] } else { &fields[..2] };
    format!("{source}{separator}{}", parts.join(&separator))
}

/// Waiting rows that `engine` has not compared; all of them when `engine` is none. In the order of lists and rows.
pub(super) fn load(
    tx: &mut Session,
    keys: &Keys,
    (catalogue, names_of): (&Catalogue, &Arc<DivisionNames>),
    engine: Option<&str>,
) -> Result<Vec<Waiting>, RegistryError> {
    let rows = tx.query(include_str!("../../sql/link_waiting.sql"), &[engine.unwrap_or("").into()])?;
    let mut found = Vec::new();
    for row in &rows {
        let (held, list) = (row.int(0)?, ListId(row.int(1)?));
        let row_no = u64::try_from(row.int(2)?).unwrap_or(0);
        let unlinked = row.text(4)? == "unlinked";
        found.push((held, list, row_no, unlinked, HeldContent::open(keys, held, row.blob(3)?)?));
    }
    drop(rows);
    let (mut reports, mut readers) = (BTreeMap::new(), BTreeMap::new());
    let mut waiting = Vec::new();
    for (held, list, row, unlinked, content) in found {
        if let Entry::Vacant(slot) = reports.entry(list) {
            slot.insert(lists::get(tx, list)?);
        }
        let report = &reports[&list];
        let Some(source) = catalogue.get(&report.source).filter(|source| source.is_about_people()) else { continue };
        if !waits_for_a_person(source, &content) {
            continue;
        }
        let (reader, headers) = readers
            .entry(list)
            .or_insert_with(|| (RowReader::new(source, names_of, report.list_date), Headers::of(source)));
        let fields = fields(source, reader, headers.with(&content.names)?, &content.cells);
        waiting.push(Waiting {
            held,
            list,
            source: source.id.clone(),
            row,
            unlinked,
            names: content.names,
            cells: content.cells,
            fields,
        });
    }
    Ok(waiting)
}

/// Entries of rows that were linked when their list came before and that wait again in the list that is being taken.
pub(crate) fn linked_before(
    tx: &mut Session,
    keys: &Keys,
    (source, reader): (&Source, &RowReader<'_>),
    list: ListId,
) -> Result<Vec<i64>, RegistryError> {
    let (mut waiting, mut headers) = (Vec::new(), Headers::of(source));
    tx.query_each(include_str!("../../sql/link_waiting_of_list.sql"), &[list.into()], |row| {
        let content = HeldContent::open(keys, row.int(0)?, row.blob(1)?)?;
        waiting.push(key(&source.id, &fields(source, reader, headers.with(&content.names)?, &content.cells)));
        Ok::<_, RegistryError>(())
    })?;
    let rows = waiting.len();
    let known = Known::of_keys(tx, keys, waiting.into_iter())?;
    Ok((0..rows).flat_map(|at| known.entries(at)).collect())
}

/// One row, whether it waits or did once.
pub(super) fn one(
    tx: &mut Session,
    keys: &Keys,
    (catalogue, names_of): (&Catalogue, &Arc<DivisionNames>),
    held: i64,
) -> Result<Option<Waiting>, RegistryError> {
    let row = tx.query_opt(include_str!("../../sql/held_row_get.sql"), &[held.into()])?;
    let Some(row) = row else { return Ok(None) };
    let content = HeldContent::open(keys, held, row.blob(6)?)?;
    let (list, row_no) = (ListId(row.int(1)?), u64::try_from(row.int(2)?).unwrap_or(0));
    // A row that was linked had nothing wrong but its number, or its birth date too.
    let unlinked = row.text(5)? != "birth_date_differs";
    let report = lists::get(tx, list)?;
    let Some(source) = catalogue.get(&report.source).filter(|source| source.is_about_people()) else {
        return Ok(None);
    };
    let reader = RowReader::new(source, names_of, report.list_date);
    let header = Header::of(source, &content.names)?;
    let fields = fields(source, &reader, &header, &content.cells);
    let source = source.id.clone();
    let HeldContent { names, cells, .. } = content;
    Ok(Some(Waiting { held, list, source, row: row_no, unlinked, names, cells, fields }))
}

/// Its own number is all that is wrong, or contradicts the birth date.
fn waits_for_a_person(source: &Source, content: &HeldContent) -> bool {
    let own = |column: &str| column.is_empty() || is_id_column(source, column);
    content
        .faults
        .iter()
        .all(|fault| (fault.code.is_link() && own(&fault.column)) || fault.code == FaultCode::BirthDateDiffers)
}

/// Whether a column holds the number of the person the row is about.
pub(crate) fn is_id_column(source: &Source, column: &str) -> bool {
    source.columns.iter().any(|c| c.name == column && c.gives.iter().any(|gives| gives.name() == "id_number"))
}

/// What a row says, as it is compared.
pub(super) fn fields(
    source: &Source,
    reader: &RowReader<'_>,
    header: &Header,
    cells: &[String],
) -> [String; FIELDS.len()] {
    let record = Records::of_row(0, cells.iter().map(String::as_str));
    let checked = reader.read(header, 0, record.cells(0), &mut Values::default());
    let id_column = source.columns.iter().position(|c| c.gives.iter().any(|gives| gives.name() == "id_number"));
    let id = id_column.and_then(|at| header.cell_of[at]).and_then(|cell| cells.get(cell));
    let fact = |key: &str| {
        let mut plain = reader.plain_keys().zip(layout::values(&checked.plain));
        plain.find(|(name, _)| *name == key).map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    [
        id.map(|cell| cell.trim().to_owned()).unwrap_or_default(),
        checked.name.clone(),
        fact("birth_date"),
        fact("sex"),
        checked.phone.clone(),
        checked.address.clone(),
        fact("residence_division"),
    ]
}
