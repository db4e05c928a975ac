//! Rows of cells in one piece of memory: as they came, for whoever reads them and for quarantine.

/// Rows with their numbers.
#[derive(Debug, Default)]
pub(crate) struct Records {
    text: String,
    /// Where each cell ends, of all rows one after the other.
    ends: Vec<usize>,
    /// Each row's number, and its first cell.
    rows: Vec<(u64, usize)>,
}

/// One row's cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'r> {
    text: &'r str,
    start: usize,
    ends: &'r [usize],
}

impl Records {
    /// One row alone.
    pub fn of_row<'c>(number: u64, cells: impl IntoIterator<Item = &'c str>) -> Self {
        let mut records = Self::default();
        records.push(number, cells);
        records
    }

    /// Adds a row; says at which place it stands.
    pub fn push<'c>(&mut self, number: u64, cells: impl IntoIterator<Item = &'c str>) -> usize {
        self.rows.push((number, self.ends.len()));
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        self.rows.len() - 1
    }

    /// Adds a row that was just read; says at which place it stands.
    pub fn push_cells(&mut self, number: u64, cells: Cells<'_>) -> usize {
        self.rows.push((number, self.ends.len()));
        let (from, to) = (cells.start, cells.ends.last().copied().unwrap_or(cells.start));
        let moved = self.text.len();
        self.text.push_str(&cells.text[from..to]);
        self.ends.extend(cells.ends.iter().map(|end| end - from + moved));
        self.rows.len() - 1
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    pub fn number(&self, at: usize) -> u64 {
        self.rows[at].0
    }

    pub fn cells(&self, at: usize) -> Cells<'_> {
        let first = self.rows[at].1;
        let last = self.rows.get(at + 1).map_or(self.ends.len(), |(_, next)| *next);
        let start = if first == 0 { 0 } else { self.ends[first - 1] };
        Cells { text: &self.text, start, ends: &self.ends[first..last] }
    }
}

impl<'r> Cells<'r> {
    /// Those of one row, by where each ends in a text that holds nothing else.
    pub const fn of(text: &'r str, ends: &'r [usize]) -> Self {
        Self { text, start: 0, ends }
    }

    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, at: usize) -> Option<&'r str> {
        let end = *self.ends.get(at)?;
        let start = if at == 0 { self.start } else { self.ends[at - 1] };
        Some(&self.text[start..end])
    }

    pub fn iter(self) -> impl Iterator<Item = &'r str> {
        (0..self.len()).filter_map(move |at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_cells_apart() {
        let mut records = Records::of_row(3, ["a", "", "bc"]);
        records.push(4, []);
        records.push(7, ["", "古丽"]);
        let rows: Vec<(u64, Vec<&str>)> =
            (0..records.rows()).map(|at| (records.number(at), records.cells(at).iter().collect())).collect();
        assert_eq!(rows, [(3, vec!["a", "", "bc"]), (4, vec![]), (7, vec!["", "古丽"])]);
        assert_eq!((records.cells(0).get(2), records.cells(2).get(2)), (Some("bc"), None));
        assert_eq!(records.bytes(), 9);
        let mut others = Records::of_row(1, ["x"]);
        for at in 0..records.rows() {
            let place = others.push_cells(records.number(at), records.cells(at));
            assert!(
                others.cells(place).iter().eq(records.cells(at).iter()) && others.number(place) == records.number(at)
            );
        }
    }
}
