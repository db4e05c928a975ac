//! Two sets of rows in memory: every value a number, row after row.

use crate::compare::Values;
use crate::intern::{ABSENT, Texts};
use crate::spec::Spec;

/// Rows of one file.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The ids as written, row after row.
    pub ids: Texts,
    /// `fields` numbers for each row.
    pub values: Vec<u32>,
    pub fields: usize,
    /// Labels of the sources the rows come from, and each row's; none when the spec names no such column.
    pub labels: Vec<String>,
    pub label_of: Vec<u32>,
}

impl Rows {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.fields.max(1)
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of a row, one for each field.
    #[must_use]
    pub fn row(&self, row: u32) -> &[u32] {
        &self.values[row as usize * self.fields..][..self.fields]
    }

    /// Counts each field's values.
    pub(crate) fn count_into(&self, counts: &mut [Vec<u32>]) {
        for row in self.values.chunks_exact(self.fields) {
            counts.iter_mut().zip(row).for_each(|(counts, value)| counts[*value as usize] += 1);
        }
    }

    /// The id of a row.
    #[must_use]
    pub fn id(&self, row: u32) -> &str {
        self.ids.text(row + 1)
    }

    /// The row with an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        (1..self.ids.len() as u32).find(|entry| self.ids.text(*entry) == id).map(|entry| entry - 1)
    }
}

/// What is linked: one file with another, or a file with itself.
#[derive(Clone, Debug)]
pub struct Data {
    pub left: Rows,
    /// None when duplicates within `left` are looked for.
    pub right: Option<Rows>,
    /// Distinct values; columns that may be swapped share them.
    pub values: Vec<Values>,
    /// Where each field's values are.
    pub values_of: Vec<usize>,
    /// For each field: how often each value stands in the left column, and in how many rows one stands at all.
    pub(crate) counts: Vec<Vec<u32>>,
    known: Vec<f64>,
}

impl Data {
    /// Counts the left rows' values, all fields in one pass over them.
    pub(crate) fn new(left: Rows, right: Option<Rows>, values: Vec<Values>, values_of: Vec<usize>) -> Self {
        let mut counts: Vec<Vec<u32>> = values_of.iter().map(|place| vec![0; values[*place].texts.len()]).collect();
        left.count_into(&mut counts);
        let known = |counts: &Vec<u32>| (left.len() as f64 - f64::from(counts[ABSENT as usize])).max(1.0);
        let known = counts.iter().map(known).collect();
        Self { left, right, values, values_of, counts, known }
    }

    /// The right rows, the left ones when a file is linked with itself.
    #[must_use]
    pub fn right(&self) -> &Rows {
        self.right.as_ref().unwrap_or(&self.left)
    }

    /// Whether a file is linked with itself.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.right.is_none()
    }

    /// The distinct values of a field.
    #[must_use]
    pub fn values(&self, field: usize) -> &Values {
        &self.values[self.values_of[field]]
    }

    /// One over the share of a value in the left column of a field, among rows that have one; a value that stands
    /// nowhere counts as if it stood once.
    #[must_use]
    #[inline]
    pub fn rarity(&self, field: usize, value: u32) -> f64 {
        self.known[field] / f64::from(self.counts[field][value as usize].max(1))
    }
}

/// Which fields share distinct values: the place of each field's, and their kinds.
pub(crate) fn layout(spec: &Spec) -> (Vec<usize>, Vec<crate::compare::Kind>) {
    let mut places: Vec<usize> = Vec::new();
    let mut kinds = Vec::new();
    for (at, field) in spec.fields.iter().enumerate() {
        match field.swaps_with {
            Some(other) if other < at => places.push(places[other]),
            _ => {
                places.push(kinds.len());
                kinds.push(field.kind);
            }
        }
    }
    (places, kinds)
}
