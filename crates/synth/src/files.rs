//! List files on disk: CSV in two encodings, streamed; XLSX for the small lists.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::Datelike;
use kernel::{Date, Divisions};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::SynthFault;
use crate::catalogue::Source;
use crate::cell::{Cell, Row};
use crate::style::{Encoding, Style};

/// A list being written.
pub(crate) struct ListFile<'a> {
    pub name: String,
    path: PathBuf,
    source: &'a Source,
    divisions: &'a Divisions,
    style: Style,
    /// Lines or sheet rows written, title and header included.
    pub rows: u32,
    /// Rows about someone or something.
    pub subjects: u32,
    sink: Sink,
}

enum Sink {
    Csv(BufWriter<File>),
    Xlsx(Box<Workbook>),
}

impl<'a> ListFile<'a> {
    pub(crate) fn create(
        dir: &Path,
        name: &str,
        title: &str,
        xlsx: bool,
        style: Style,
        source: &'a Source,
        divisions: &'a Divisions,
    ) -> Result<Self, SynthFault> {
        let name = format!("{name}.{}", if xlsx { "xlsx" } else { "csv" });
        let path = dir.join(&name);
        let sink = if xlsx {
            let mut book = Workbook::new();
            // a fixed day: the wall clock's would change the bytes
            let made = ExcelDateTime::from_ymd(2026, 1, 1).map_err(|e| sheet(&path, &e))?;
            book.set_properties(&DocProperties::new().set_creation_datetime(&made));
            book.add_worksheet().set_name("Sheet1").map_err(|e| sheet(&path, &e))?;
            Sink::Xlsx(Box::new(book))
        } else {
            let file = File::create(&path).map_err(|cause| SynthFault::Write { path: path.clone(), cause })?;
            Sink::Csv(BufWriter::with_capacity(1 << 18, file))
        };
        let mut file = Self { name, path, source, divisions, style, rows: 0, subjects: 0, sink };
        file.open(title)?;
        Ok(file)
    }

    fn open(&mut self, title: &str) -> Result<(), SynthFault> {
        if self.style.encoding == Encoding::Utf8WithMark
            && let Sink::Csv(out) = &mut self.sink
        {
            out.write_all("\u{feff}".as_bytes()).map_err(|cause| fault(&self.path, cause))?;
        }
        if self.style.title {
            self.line(&[title.to_owned()])?;
        }
        let mut headers = self.style.headers.clone();
        if self.style.numbered {
            headers.insert(0, "序号".to_owned());
        }
        self.line(&headers)
    }

    /// Writes a row; returns its number in the file, counting from 1 with everything above.
    pub(crate) fn append(&mut self, row: &Row) -> Result<u32, SynthFault> {
        self.subjects += 1;
        let cells: Vec<&Cell> =
            self.source.columns.iter().map(|column| value(row, &column.gives, &column.name)).collect();
        let style = &self.style;
        let columns = self.source.columns.iter().enumerate();
        let mut written: Vec<String> =
            columns.zip(&cells).map(|((at, column), cell)| style.write(at, column, cell, self.divisions)).collect();
        let first = usize::from(self.style.numbered);
        if self.style.numbered {
            written.insert(0, self.subjects.to_string());
        }
        match &mut self.sink {
            Sink::Csv(_) => self.line(&written)?,
            Sink::Xlsx(book) => {
                let fail = |e: rust_xlsxwriter::XlsxError| sheet(&self.path, &e);
                let page = book.worksheet_from_index(0).map_err(fail)?;
                let day = Format::new().set_num_format("yyyy-mm-dd");
                for (index, text) in written.iter().enumerate() {
                    let at = u16::try_from(index).unwrap_or(u16::MAX);
                    match index.checked_sub(first).and_then(|i| cells.get(i)) {
                        Some(Cell::Date(date)) => {
                            page.write_datetime_with_format(self.rows, at, excel_day(*date).map_err(fail)?, &day)
                        }
                        #[expect(clippy::cast_precision_loss, reason = "counts and codes")]
                        Some(Cell::Int(n)) if *text == n.to_string() => page.write_number(self.rows, at, *n as f64),
                        _ if text.is_empty() => continue,
                        _ => page.write_string(self.rows, at, text),
                    }
                    .map_err(fail)?;
                }
                self.rows += 1;
            }
        }
        Ok(self.rows)
    }

    /// An empty row, as they are left behind by deleting.
    pub(crate) fn blank(&mut self) -> Result<u32, SynthFault> {
        let width = self.style.headers.len() + usize::from(self.style.numbered);
        self.line(&vec![String::new(); width])?;
        Ok(self.rows)
    }

    fn line(&mut self, cells: &[String]) -> Result<(), SynthFault> {
        match &mut self.sink {
            Sink::Csv(out) => {
                let mut text = String::with_capacity(160);
                for (index, cell) in cells.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    quote(&mut text, cell);
                }
                text.push_str(if self.style.crlf { "\r\n" } else { "\n" });
                let written = if self.style.encoding == Encoding::Gb18030 {
                    out.write_all(&encoding_rs::GB18030.encode(&text).0)
                } else {
                    out.write_all(text.as_bytes())
                };
                written.map_err(|cause| fault(&self.path, cause))?;
            }
            Sink::Xlsx(book) => {
                let fail = |e: rust_xlsxwriter::XlsxError| sheet(&self.path, &e);
                let page = book.worksheet_from_index(0).map_err(fail)?;
                for (index, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                    page.write_string(self.rows, u16::try_from(index).unwrap_or(u16::MAX), text).map_err(fail)?;
                }
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Completes the file.
    pub(crate) fn close(self) -> Result<Finished, SynthFault> {
        let (encoding, path) = (self.style.encoding, self.path);
        let xlsx = match self.sink {
            Sink::Csv(mut out) => out.flush().map(|()| false).map_err(|cause| fault(&path, cause))?,
            Sink::Xlsx(mut book) => book.save(&path).map(|()| true).map_err(|e| sheet(&path, &e))?,
        };
        let encoding = if xlsx { None } else { Some(encoding) };
        Ok(Finished { name: self.name, rows: self.rows, subjects: self.subjects, encoding })
    }
}

/// A list that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub name: String,
    /// Lines or sheet rows, title and header included.
    pub rows: u32,
    /// Rows about someone or something.
    pub subjects: u32,
    /// None for XLSX.
    pub encoding: Option<Encoding>,
}

fn value<'r>(row: &'r Row, gives: &[String], name: &str) -> &'r Cell {
    const EMPTY: &Cell = &Cell::Empty;
    gives.iter().find_map(|key| row.get(key.as_str())).or_else(|| row.get(name)).unwrap_or(EMPTY)
}

fn excel_day(date: Date) -> Result<ExcelDateTime, rust_xlsxwriter::XlsxError> {
    let number = |n: u32| u8::try_from(n).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), number(date.month()), number(date.day()))
}

fn quote(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

fn fault(path: &Path, cause: std::io::Error) -> SynthFault {
    SynthFault::Write { path: path.to_owned(), cause }
}

fn sheet(path: &Path, cause: &rust_xlsxwriter::XlsxError) -> SynthFault {
    SynthFault::Sheet { path: path.to_owned(), cause: cause.to_string() }
}
