//! Tables as XLSX for offices that live in spreadsheets. Text is written as text, whatever it begins with.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use crate::edge::Problem;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    Empty,
}

/// One table with a title and a line that says what it is.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub title: String,
    pub note: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
        Self::Number(number as f64)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "an age or a count")]
        number.map_or(Self::Empty, |n| Self::Number(n as f64))
    }
}

impl Sheet {
    /// The file's bytes.
    ///
    /// # Errors
    /// More rows or longer texts than a sheet can hold.
    pub fn bytes(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold().set_align(FormatAlign::Top);
        let text = Format::new().set_num_format("@");
        let sheet = book.add_worksheet();
        sheet.write_string_with_format(0, 0, &self.title, &bold)?;
        sheet.write_string(1, 0, &self.note)?;
        for (column, head) in (0_u16..).zip(&self.heads) {
            sheet.write_string_with_format(2, column, head, &bold)?;
        }
        for (line, row) in (3_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Text(said) => sheet.write_string_with_format(line, column, said, &text)?,
                    Cell::Number(number) => sheet.write_number(line, column, *number)?,
                    Cell::Empty => continue,
                };
            }
        }
        sheet.set_freeze_panes(3, 1)?;
        for (column, head) in (0_u16..).zip(&self.heads) {
            let widest = self.rows.iter().take(200).filter_map(|row| row.get(usize::from(column))).map(width);
            let widest = widest.fold(width(&Cell::Text(head.clone())), f64::max);
            sheet.set_column_width(column, widest.clamp(6.0, 60.0))?;
        }
        book.save_to_buffer()
    }

    /// The file as a download.
    ///
    /// # Errors
    /// As [`Sheet::bytes`].
    pub fn response(&self, name: &str) -> Result<Response, Problem> {
        let bytes = self.bytes().map_err(Problem::internal)?;
        let disposition = format!("attachment; filename=\"{name}\"");
        Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
    }
}

/// Columns of the screen a cell takes; a Chinese character takes two.
fn width(cell: &Cell) -> f64 {
    match cell {
        Cell::Text(text) => text.chars().map(|c| if c.is_ascii() { 1.1 } else { 2.1 }).sum::<f64>() + 1.0,
        Cell::Number(_) => 9.0,
        Cell::Empty => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_holds_formulas_as_text() {
        let sheet = Sheet {
            title: "x".into(),
            note: String::new(),
            heads: vec!["a".into(), "b".into()],
            rows: vec![vec![Cell::from("=1+1"), Cell::from(Some(2.5))], vec![Cell::from(""), Cell::from(None::<f64>)]],
        };
        let bytes = sheet.bytes().unwrap();
        assert_eq!(&bytes[..2], b"PK");
    }
}
