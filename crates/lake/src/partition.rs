//! Which rows go into which county's file, and in which order: by village, then by id.

use std::collections::{BTreeMap, BTreeSet};

use kernel::PersonId;
use policy::column::{Column, ColumnData, Population, Table};

/// The folder of rows whose county is not known, as Hive, Spark and DuckDB name it.
pub(crate) const NOWHERE: &str = "__HIVE_DEFAULT_PARTITION__";

/// Facts that say where a row belongs; the first known one counts.
const HOMES: [&str; 4] = ["residence_division", "hukou_division", "division", "code"];

/// A row group holds whole townships where they are at least this large together.
const TOWNSHIP_ROWS: usize = 1 << 13;

/// A county's rows of one table.
pub(crate) struct Partition {
    pub county: String,
    rows: Vec<u32>,
    /// Where each row group ends.
    ends: Vec<usize>,
}

impl Partition {
    pub fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.rows[start..*end])
    }
}

/// The rows of `table` by county, counties ascending.
pub(crate) fn by_county(population: &Population, table: &Table) -> Vec<Partition> {
    let homes = Homes::of(population, table);
    let ids = table.ids();
    let mut counties: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    // homes come in the order of their texts: only the rows of each are left to be sorted
    for (home, mut rows) in homes.names.iter().zip(homes.rows()).filter(|(_, rows)| !rows.is_empty()) {
        let order = |row: &u32| (ids[*row as usize], *row);
        if !rows.is_sorted_by_key(order) {
            rows.sort_unstable_by_key(order);
        }
        counties.entry(county(home).unwrap_or(NOWHERE)).or_default().append(&mut rows);
    }
    counties
        .into_iter()
        .map(|(county, rows)| {
            let ends = group_ends(&rows, &homes);
            Partition { county: county.to_owned(), rows, ends }
        })
        .collect()
}

/// The division each row belongs to; a visit belongs where its person does.
struct Homes<'a> {
    /// Every division that occurs, ascending; the first is empty: none is known.
    names: Vec<&'a str>,
    /// Each row's place among them.
    of_row: Vec<u32>,
}

impl<'a> Homes<'a> {
    fn of(population: &'a Population, table: &'a Table) -> Self {
        let columns: Vec<_> = HOMES.iter().filter_map(|key| table.column(key)).collect();
        let people = population.table("person").filter(|people| people.entity() != table.entity());
        match (columns.is_empty(), people, table.column("person_id")) {
            (true, Some(people), Some(person_id)) => {
                let of_people = Self::of(population, people);
                let rows = person_id.meanings(|text| people.row_of(text.parse::<PersonId>().ok()?.0));
                let home = |row: usize| rows.get(row).copied().flatten().map_or(0, |row| of_people.of_row[row]);
                Self { of_row: (0..table.rows()).map(home).collect(), ..of_people }
            }
            _ => Self::own(&columns, table.rows()),
        }
    }

    fn own(columns: &[&'a Column], rows: usize) -> Self {
        let texts = columns.iter().flat_map(|column| match column.data() {
            ColumnData::Text { dictionary, .. } => dictionary.iter().map(|text| &**text).collect(),
            _ => Vec::new(),
        });
        let names: BTreeSet<&str> = texts.chain([""]).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let place = |text: &str| names.binary_search(&text).ok().and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
        let columns: Vec<_> = columns.iter().map(|column| column.meanings(place)).collect();
        let home = |row: usize| columns.iter().find_map(|column| column.get(row)).copied().unwrap_or(0);
        Self { of_row: (0..rows).map(home).collect(), names }
    }

    fn of_row(&self, row: u32) -> &'a str {
        self.names[self.of_row[row as usize] as usize]
    }

    /// The rows of each home, ascending.
    fn rows(&self) -> Vec<Vec<u32>> {
        let mut counts = vec![0; self.names.len()];
        self.of_row.iter().for_each(|home| counts[*home as usize] += 1);
        let mut rows: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        for (home, row) in self.of_row.iter().zip(0..) {
            rows[*home as usize].push(row);
        }
        rows
    }
}

fn county(division: &str) -> Option<&str> {
    division.get(..6).filter(|county| county.bytes().all(|b| b.is_ascii_digit()))
}

fn township(division: &str) -> &str {
    division.get(..9).unwrap_or(division)
}

fn group_ends(rows: &[u32], homes: &Homes<'_>) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for at in 1..rows.len() {
        let new_township = || township(homes.of_row(rows[at])) != township(homes.of_row(rows[at - 1]));
        let size = at - start;
        if (size >= TOWNSHIP_ROWS && new_township()) || size >= crate::file::GROUP_ROWS {
            ends.push(at);
            start = at;
        }
    }
    if start < rows.len() {
        ends.push(rows.len());
    }
    ends
}
