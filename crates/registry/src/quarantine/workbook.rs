//! The fault report as a workbook that an office corrects and sends back, and the reading of what comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::{Lang, ListId};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use store::{Keys, Session};

use super::{WholeRow, whole_rows};
use crate::RegistryError;
use crate::ingest::{self, ListReport};
use crate::reading::{Cells, Header, Limits, Probe, ReadFault, each_record};
use crate::rows::RowFault;
use crate::sources::{Catalogue, Source};

/// The words of a sheet in one language. A report in either comes back.
struct Words {
    sheet: &'static str,
    how: &'static str,
    row: &'static str,
    cause: &'static str,
    remedy: &'static str,
    /// Heads the cells that a row has beyond the header; a number follows.
    extra: &'static str,
    between: &'static str,
    colon: &'static str,
}

const ZH: Words = Words {
    sheet: "坏行",
    how: "黄格是要改的。改完整份传回，已收下的行不会重复。",
    row: "行号",
    cause: "错在哪里",
    remedy: "怎么改",
    extra: "多出的格",
    between: "；",
    colon: "：",
};
const EN: Words = Words {
    sheet: "faulty rows",
    how: "Mend the yellow cells and send the whole file back; rows that were taken are not taken twice.",
    row: "row",
    cause: "what is wrong",
    remedy: "what to do",
    extra: "extra cell",
    between: "; ",
    colon: ": ",
};

/// The heading of the `number`th cell beyond the header, in either language.
pub(super) fn is_extra(name: &str, number: usize) -> bool {
    [&ZH, &EN].iter().any(|words| name == format!("{} {number}", words.extra))
}

/// A corrected report as it came back: the list it is about, and cells by row and column name.
pub(super) struct Returned {
    pub list: ListId,
    pub rows: BTreeMap<u64, BTreeMap<String, String>>,
}

/// The waiting rows of a list as XLSX in one language: the rows as they came with the faulty cells marked, to be corrected
/// and imported again, and on a second sheet every fault with its code in Chinese and English. It holds identities: for
/// the office that sent the list.
///
/// # Errors
/// `NoList`, `Write`, and those of the database and of the keys.
pub fn fault_report(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    list: ListId,
    lang: Lang,
) -> Result<Vec<u8>, RegistryError> {
    let report = ingest::get(session, list)?;
    let rows = whole_rows(session, keys, list)?;
    write(&report, catalogue.get(&report.source), &rows, lang)
        .map_err(|e| RegistryError::Write { file: "the fault report".into(), cause: e.to_string() })
}

fn write(report: &ListReport, source: Option<&Source>, rows: &[WholeRow], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let words = if lang == Lang::Zh { &ZH } else { &EN };
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let marked = Format::new().set_background_color(Color::RGB(0x00FF_F2CC)).set_num_format("@");
    let plain = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name(words.sheet)?;
    let list = report.list.unwrap_or(ListId(0));
    let label = source.map_or(report.source.as_str(), |source| source.label.get(lang));
    sheet.write_string_with_format(0, 0, format!("{list} {label} {}", report.list_date), &bold)?;
    sheet.write_string(1, 0, words.how)?;
    write_rows(sheet, source, rows, (words, lang), (&bold, &plain, &marked))?;
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

fn write_rows(
    sheet: &mut Worksheet,
    source: Option<&Source>,
    rows: &[WholeRow],
    (words, lang): (&Words, Lang),
    (bold, plain, marked): (&Format, &Format, &Format),
) -> Result<(), XlsxError> {
    let names: &[String] = rows.first().map_or(&[], |row| &row.names);
    // The fault names the column as `sources.toml` does, the file may have written an alias.
    let header = source.and_then(|source| Header::of(source, names).ok());
    let cell_of = |column: &str| {
        let at = source.and_then(|source| source.columns.iter().position(|c| c.name == column));
        let cell = at.zip(header.as_ref()).and_then(|(at, header)| header.cell_of[at]);
        cell.or_else(|| names.iter().position(|name| name == column))
    };
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let extra = (1..=widest.saturating_sub(names.len())).map(|number| format!("{} {number}", words.extra));
    let headings = [words.row, words.cause, words.remedy].map(str::to_owned).into_iter();
    for (column, name) in headings.chain(names.iter().cloned()).chain(extra).enumerate() {
        sheet.write_string_with_format(2, place(column), name, bold)?;
    }
    for (at, row) in rows.iter().enumerate() {
        let line = u32::try_from(at + 3).unwrap_or(u32::MAX);
        let faults = &row.line.faults;
        let join = |text: &dyn Fn(&RowFault) -> String| faults.iter().map(text).collect::<Vec<_>>().join(words.between);
        let cause = |f: &RowFault| match f.column.as_str() {
            "" => f.cause.get(lang).to_owned(),
            column => format!("{column}{}{}", words.colon, f.cause.get(lang)),
        };
        sheet.write_number(line, 0, row.line.row as f64)?;
        sheet.write_string(line, 1, join(&cause))?;
        sheet.write_string(line, 2, join(&|f| f.remedy.get(lang).to_owned()))?;
        let faulty: BTreeSet<usize> = faults.iter().filter_map(|fault| cell_of(&fault.column)).collect();
        for (column, cell) in row.cells.iter().enumerate() {
            let is_marked = faulty.contains(&column) || column >= names.len() && !cell.is_empty();
            // Written as a text whatever it begins with: no cell of a list becomes a formula.
            sheet.write_string_with_format(line, place(column + 3), cell, if is_marked { marked } else { plain })?;
        }
    }
    sheet.set_freeze_panes(3, 1)?;
    Ok(())
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
    each_record(path, &probe, None, limits, |_, record: Cells<'_>| -> Result<(), ReadFault> {
        let first = record.get(0).unwrap_or("").trim();
        match &names {
            None if list.is_none() => {
                list = first.split(' ').next().filter(|t| t.starts_with(ListId::PREFIX)).and_then(|t| t.parse().ok());
            }
            None if first == ZH.row || first == EN.row => {
                names = Some(record.iter().map(|cell| cell.trim().to_owned()).collect())
            }
            None => {}
            Some(names) => {
                if let Ok(row) = first.parse() {
                    // Cells emptied at the end of a row are not written at all.
                    let written = record.iter().chain(std::iter::repeat("")).map(str::to_owned);
                    let cells = names.iter().cloned().zip(written).skip(3);
                    rows.insert(row, cells.filter(|(name, _)| !name.is_empty()).collect());
                }
            }
        }
        Ok(())
    })?;
    match (list, names) {
        (Some(list), Some(_)) => Ok(Returned { list, rows }),
        _ => Err(ReadFault::NoHeader { expected: [ZH.row, ZH.cause, ZH.remedy].map(String::from).to_vec() }),
    }
}
