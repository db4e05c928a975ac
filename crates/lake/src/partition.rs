//! Which rows go into which county's file, and in which order: by village, then by id.

use std::collections::BTreeMap;

use kernel::PersonId;
use policy::column::{Population, Table};

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
    let homes = homes(population, table);
    let mut counties: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (row, home) in homes.iter().enumerate() {
        let row = u32::try_from(row).expect("a table has fewer than 2^32 rows");
        counties.entry(county(home).unwrap_or(NOWHERE)).or_default().push(row);
    }
    let ids = table.ids();
    counties
        .into_iter()
        .map(|(county, mut rows)| {
            rows.sort_by_key(|row| (homes[*row as usize], ids[*row as usize], *row));
            let ends = group_ends(&rows, &homes);
            Partition { county: county.to_owned(), rows, ends }
        })
        .collect()
}

/// The division each row belongs to, empty when none is known; a visit belongs where its person does.
fn homes<'a>(population: &'a Population, table: &'a Table) -> Vec<&'a str> {
    let columns: Vec<_> = HOMES.iter().filter_map(|key| table.column(key)).collect();
    let own = |row: usize| columns.iter().find_map(|column| column.text(row)).unwrap_or_default();
    let people = population.table("person").filter(|people| people.entity() != table.entity());
    match (columns.is_empty(), people, table.column("person_id")) {
        (true, Some(people), Some(person_id)) => {
            let of_person = homes(population, people);
            let person = |row: usize| people.row_of(person_id.text(row)?.parse::<PersonId>().ok()?.0);
            (0..table.rows()).map(|row| person(row).map_or("", |row| of_person[row])).collect()
        }
        _ => (0..table.rows()).map(own).collect(),
    }
}

fn county(division: &str) -> Option<&str> {
    division.get(..6).filter(|county| county.bytes().all(|b| b.is_ascii_digit()))
}

fn township(division: &str) -> &str {
    division.get(..9).unwrap_or(division)
}

fn group_ends(rows: &[u32], homes: &[&str]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for at in 1..rows.len() {
        let new_township = township(homes[rows[at] as usize]) != township(homes[rows[at - 1] as usize]);
        let size = at - start;
        if (new_township && size >= TOWNSHIP_ROWS) || size >= crate::file::GROUP_ROWS {
            ends.push(at);
            start = at;
        }
    }
    if start < rows.len() {
        ends.push(rows.len());
    }
    ends
}
