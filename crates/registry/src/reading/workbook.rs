//! XLSX cell by cell: the sheet that holds the list's table, else the first one with anything in it.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, open_workbook};

use super::header::Finder;
use super::{Cells, Limits, ReadFault, Records, zip_guard};
use crate::sources::Source;

type Book = Xlsx<BufReader<File>>;

/// Whole numbers beyond this have lost digits on their way through a spreadsheet.
const EXACT: f64 = 1e15;

/// Hands on every row that holds anything, with the number the office sees.
pub(super) fn each_record<E: From<ReadFault>>(
    path: &Path,
    source: Option<&Source>,
    limits: &Limits,
    each: &mut impl FnMut(u64, Cells<'_>) -> Result<(), E>,
) -> Result<(), E> {
    zip_guard::check(path, limits)?;
    let mut book: Book = open_workbook(path).map_err(|e| broken(&e))?;
    let table = source.map(|source| table_sheet(&mut book, source, limits)).transpose()?.flatten();
    for sheet in book.sheet_names().into_iter().filter(|name| table.as_ref().is_none_or(|table| table == name)) {
        let mut cells = match book.worksheet_cells_reader(&sheet) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(broken(&e).into()),
        };
        let mut row = Row::default();
        let mut any = false;
        while let Some(cell) = cells.next_cell().map_err(|e| broken(&e))? {
            let (at, column) = cell.get_position();
            if u64::from(at) + 1 >= limits.sheet_rows {
                return Err(ReadFault::SheetFull.into());
            }
            if at != row.at {
                any |= row.hand_on(each)?;
                row.at = at;
            }
            row.set(column as usize, cell.get_value());
        }
        any |= row.hand_on(each)?;
        if any {
            return Ok(());
        }
    }
    Ok(())
}

/// The one sheet whose first rows hold a header of the source; a cover sheet may stand before it.
fn table_sheet(book: &mut Book, source: &Source, limits: &Limits) -> Result<Option<String>, ReadFault> {
    let mut found = Vec::new();
    for sheet in book.sheet_names() {
        let mut cells = match book.worksheet_cells_reader(&sheet) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(broken(&e)),
        };
        let mut finder = Finder::new(source, limits.header_within_rows);
        let mut is_header = |_: u64, record: Cells<'_>| match finder.look(0, record) {
            Ok(None) => ControlFlow::Continue(()),
            Err(ReadFault::NoHeader { .. }) => ControlFlow::Break(false),
            // A header that lacks columns is one too: what it lacks is said when it is read.
            Ok(Some(_)) | Err(_) => ControlFlow::Break(true),
        };
        let mut row = Row::default();
        let mut seen = ControlFlow::Continue(());
        while let Some(cell) = cells.next_cell().map_err(|e| broken(&e))? {
            let (at, column) = cell.get_position();
            if at != row.at {
                seen = row.hand_over(&mut is_header);
                row.at = at;
            }
            if seen.is_break() {
                break;
            }
            row.set(column as usize, cell.get_value());
        }
        if seen.is_continue() {
            seen = row.hand_over(&mut is_header);
        }
        if seen == ControlFlow::Break(true) {
            found.push(sheet);
        }
    }
    if found.len() > 1 { Err(ReadFault::SeveralSheets { sheets: found.len() }) } else { Ok(found.pop()) }
}

fn broken(fault: &XlsxError) -> ReadFault {
    match fault {
        XlsxError::Password => ReadFault::OldOrLocked,
        // The library's texts may repeat a cell; its kind is enough.
        XlsxError::Zip(_) => ReadFault::BrokenWorkbook { cause: "zip".into() },
        XlsxError::Xml(_) | XlsxError::XmlEof(_) => ReadFault::BrokenWorkbook { cause: "xml".into() },
        XlsxError::FileNotFound(_) => ReadFault::BrokenWorkbook { cause: "a part is missing".into() },
        _ => ReadFault::BrokenWorkbook { cause: "unexpected content".into() },
    }
}

#[derive(Default)]
struct Row {
    at: u32,
    cells: Vec<String>,
}

impl Row {
    fn set(&mut self, column: usize, value: &DataRef<'_>) {
        // No list has ten thousand columns; a stray cell far out is left alone.
        if column >= 10_000 {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text_of(value);
    }

    fn hand_over(&mut self, each: &mut impl FnMut(u64, Cells<'_>) -> ControlFlow<bool>) -> ControlFlow<bool> {
        match self.hand_on(&mut |row, record| match each(row, record) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(is_header) => Err(is_header),
        }) {
            Ok(_) => ControlFlow::Continue(()),
            Err(is_header) => ControlFlow::Break(is_header),
        }
    }

    fn hand_on<E>(&mut self, each: &mut impl FnMut(u64, Cells<'_>) -> Result<(), E>) -> Result<bool, E> {
        if self.cells.iter().all(String::is_empty) {
            self.cells.clear();
            return Ok(false);
        }
        let row = Records::of_row(u64::from(self.at) + 1, self.cells.iter().map(String::as_str));
        self.cells.clear();
        each(row.number(0), row.cells(0))?;
        Ok(true)
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        // `#N/A` and its like are no empty cell: the row's check names them.
        DataRef::Error(fault) => fault.to_string(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) if x.fract() == 0.0 && x.abs() < EXACT => format!("{x:.0}"),
        DataRef::Float(x) if x.abs() >= EXACT => format!("{x:E}"),
        DataRef::Float(x) => x.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(b) => i64::from(*b).to_string(),
        DataRef::DateTime(moment) => date_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
    }
}

fn date_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
