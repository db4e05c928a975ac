//! The fault report as a workbook that an office corrects and sends back, and the reading of what comes back.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::ListId;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use store::{Keys, Session};

use super::{WholeRow, whole_rows};
use crate::RegistryError;
use crate::ingest::{self, ListReport};
use crate::reading::{Limits, Probe, ReadFault, StringRecord, each_record};
use crate::sources::Catalogue;

/// Headings of the columns before the office's own.
const ROW: &str = "行号";
const CAUSE: &str = "错在哪里";
const REMEDY: &str = "怎么改";

/// A corrected report as it came back: the list it is about, and cells by row and column name.
pub(super) struct Returned {
    pub list: ListId,
    pub rows: BTreeMap<u64, BTreeMap<String, String>>,
}

/// The waiting rows of a list as XLSX: the rows as they came with the faulty cells marked, to be corrected and
/// imported again, and every fault with its code in Chinese and English. It holds identities: for the office that
/// sent the list.
///
/// # Errors
/// `NoList`, `Write`, and those of the database and of the keys.
pub fn fault_report(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    list: ListId,
) -> Result<Vec<u8>, RegistryError> {
    let report = ingest::get(session, list)?;
    let rows = whole_rows(session, keys, list)?;
    let label = catalogue.get(&report.source).map_or(report.source.clone(), |s| s.label.zh.clone());
    write(&report, &label, &rows)
        .map_err(|e| RegistryError::Write { file: "the fault report".into(), cause: e.to_string() })
}

fn write(report: &ListReport, label: &str, rows: &[WholeRow]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let marked = Format::new().set_background_color(Color::RGB(0x00FF_F2CC)).set_num_format("@");
    let plain = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name("坏行")?;
    let list = report.list.unwrap_or(ListId(0));
    sheet.write_string_with_format(0, 0, format!("{list} {label} {}", report.list_date), &bold)?;
    sheet.write_string(1, 0, "黄格是要改的。改完整份传回，已收下的行不会重复。")?;
    write_rows(sheet, rows, (&bold, &plain, &marked))?;
    let sheet = book.add_worksheet();
    sheet.set_name("faults")?;
    for (column, name) in
        ["row", "column", "value", "code", "原因", "怎么改", "cause", "remedy"].into_iter().enumerate()
    {
        sheet.write_string_with_format(0, place(column), name, &bold)?;
    }
    let faults = rows.iter().flat_map(|row| &row.line.faults);
    for (at, fault) in faults.enumerate() {
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        sheet.write_number(line, 0, fault.row as f64)?;
        let texts = [
            &fault.column,
            &fault.value,
            fault.code.name(),
            &fault.cause.zh,
            &fault.remedy.zh,
            &fault.cause.en,
            &fault.remedy.en,
        ];
        for (column, text) in texts.into_iter().enumerate() {
            sheet.write_string(line, place(column + 1), text)?;
        }
    }
    book.save_to_buffer()
}

fn write_rows(sheet: &mut Worksheet, rows: &[WholeRow], formats: (&Format, &Format, &Format)) -> Result<(), XlsxError> {
    let (bold, plain, marked) = formats;
    let names: &[String] = rows.first().map_or(&[], |row| &row.names);
    let headings = [ROW, CAUSE, REMEDY].into_iter().chain(names.iter().map(String::as_str));
    for (column, name) in headings.enumerate() {
        sheet.write_string_with_format(2, place(column), name, bold)?;
    }
    for (at, row) in rows.iter().enumerate() {
        let line = u32::try_from(at + 3).unwrap_or(u32::MAX);
        let join = |text: fn(&crate::rows::RowFault) -> String| {
            row.line.faults.iter().map(text).collect::<Vec<_>>().join("；")
        };
        sheet.write_number(line, 0, row.line.row as f64)?;
        sheet.write_string(line, 1, join(|f| format!("{}：{}", f.column, f.cause.zh)))?;
        sheet.write_string(line, 2, join(|f| f.remedy.zh.clone()))?;
        for (column, (name, cell)) in names.iter().zip(&row.cells).enumerate() {
            let faulty = row.line.faults.iter().any(|f| same_column(&f.column, name));
            // Written as a text whatever it begins with: no cell of a list becomes a formula.
            sheet.write_string_with_format(line, place(column + 3), cell, if faulty { marked } else { plain })?;
        }
    }
    sheet.set_freeze_panes(3, 1)?;
    Ok(())
}

/// The fault names the column as `sources.toml` does, the file may use an alias; then the whole row is unmarked.
fn same_column(described: &str, written: &str) -> bool {
    described == written
}

fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Reads a report that came back.
///
/// # Errors
/// `ReadFault` when it is no report of ours.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Returned, ReadFault> {
    let probe = Probe::of(path)?;
    let mut list = None;
    let mut names: Option<Vec<String>> = None;
    let mut rows = BTreeMap::new();
    each_record(path, &probe, None, limits, |_, record: &StringRecord| -> Result<(), ReadFault> {
        let first = record.get(0).unwrap_or("").trim();
        match &names {
            None if list.is_none() => {
                list = first.split(' ').next().filter(|t| t.starts_with(ListId::PREFIX)).and_then(|t| t.parse().ok());
            }
            None if first == ROW => names = Some(record.iter().map(|cell| cell.trim().to_owned()).collect()),
            None => {}
            Some(names) => {
                if let Ok(row) = first.parse() {
                    let cells = names.iter().skip(3).cloned().zip(record.iter().skip(3).map(str::to_owned));
                    rows.insert(row, cells.filter(|(name, _)| !name.is_empty()).collect());
                }
            }
        }
        Ok(())
    })?;
    match (list, names) {
        (Some(list), Some(_)) => Ok(Returned { list, rows }),
        _ => Err(ReadFault::NoHeader { expected: [ROW, CAUSE, REMEDY].map(String::from).to_vec() }),
    }
}
