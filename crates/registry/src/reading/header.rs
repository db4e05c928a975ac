//! Finds the header row: the first one with enough known column names, below titles and notes.

use std::collections::BTreeMap;

use super::{Cells, ReadFault, Records};
use crate::sources::{Gives, Source};

/// Which cell of a row belongs to which column of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The row it stands in, 1-based.
    pub row: u64,
    /// Per column of the source: the cell's index.
    pub cell_of: Vec<Option<usize>>,
    /// Names of all cells, as written.
    pub names: Vec<String>,
    /// Names no column of the source has; left out and said.
    pub unknown: Vec<String>,
}

impl Header {
    /// The header of a row whose header cells are known: one kept in quarantine.
    ///
    /// # Errors
    /// `NoHeader`, `MissingColumns`, `ColumnTwice`, when `sources.toml` has changed meanwhile.
    pub fn of(source: &Source, names: &[String]) -> Result<Self, ReadFault> {
        let mut finder = Finder::new(source, 1);
        let found = finder.look(1, Records::of_row(1, names.iter().map(String::as_str)).cells(0))?;
        found.ok_or_else(|| finder.not_found())
    }
}

/// Headers of rows kept in quarantine: that of a list stands with each of its rows.
pub(crate) struct Headers<'s> {
    source: &'s Source,
    last: Option<(Vec<String>, Header)>,
}

impl<'s> Headers<'s> {
    pub const fn of(source: &'s Source) -> Self {
        Self { source, last: None }
    }

    /// # Errors
    /// As [`Header::of`].
    pub fn with(&mut self, names: &[String]) -> Result<&Header, ReadFault> {
        let (_, header) = match self.last.take().filter(|(last, _)| last == names) {
            Some(last) => self.last.insert(last),
            None => self.last.insert((names.to_vec(), Header::of(self.source, names)?)),
        };
        Ok(header)
    }
}

pub(super) struct Finder<'s> {
    source: &'s Source,
    by_name: BTreeMap<String, usize>,
    within: u64,
    seen: u64,
}

impl<'s> Finder<'s> {
    pub fn new(source: &'s Source, within: u64) -> Self {
        let mut by_name = BTreeMap::new();
        for (index, column) in source.columns.iter().enumerate() {
            for name in std::iter::once(&column.name).chain(&column.aliases) {
                by_name.entry(plain(name)).or_insert(index);
            }
        }
        Self { source, by_name, within, seen: 0 }
    }

    /// The header when this row is one.
    ///
    /// # Errors
    /// `MissingColumns` and `ColumnTwice` when it is one but unusable; `NoHeader` when the search is over.
    pub fn look(&mut self, row: u64, record: Cells<'_>) -> Result<Option<Header>, ReadFault> {
        self.seen += 1;
        let known: Vec<Option<usize>> = record.iter().map(|cell| self.by_name.get(&plain(cell)).copied()).collect();
        let count = known.iter().flatten().count();
        // A title or note may hold one column's name; two side by side are a header.
        if count < 2.min(self.source.columns.len()) {
            return if self.seen >= self.within { Err(self.not_found()) } else { Ok(None) };
        }
        let mut cell_of = vec![None; self.source.columns.len()];
        for (cell, column) in known.iter().enumerate().filter_map(|(cell, c)| c.map(|c| (cell, c))) {
            if cell_of[column].is_some() && self.source.columns[column].gives != [Gives::Ignore] {
                return Err(ReadFault::ColumnTwice { row, column: self.source.columns[column].name.clone() });
            }
            cell_of[column] = Some(cell);
        }
        let absent = self.source.columns.iter().zip(&cell_of).filter(|(c, cell)| c.required && cell.is_none());
        let missing: Vec<String> = absent.map(|(c, _)| c.name.clone()).collect();
        if !missing.is_empty() {
            return Err(ReadFault::MissingColumns { row, missing });
        }
        let names: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        let unknown =
            names.iter().zip(&known).filter(|(name, k)| k.is_none() && !name.is_empty()).map(|(n, _)| n.clone());
        Ok(Some(Header { row, cell_of, unknown: unknown.collect(), names }))
    }

    pub fn not_found(&self) -> ReadFault {
        ReadFault::NoHeader { expected: self.source.required().map(|c| c.name.clone()).collect() }
    }
}

/// A header without what offices add to it: blanks, line breaks, stars, notes on width.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊' | '\u{feff}' | ':' | '：'))
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}
