//! Whose statement stays open although no row of a full list names them: a row's number is wrong, and what else the
//! row says points to them alone.
//!
//! Asked for every row that waits without a person, against the people whose statement the list would end: the names
//! are the same, and the birth dates are, or the numbers are one slip apart (one character wrong, missing or too many,
//! or two neighbours exchanged). A row without a name needs the number. Exactly one person must answer. It errs on the
//! side of leaving things as they were: by it nothing opens or changes, and the row still waits. When it is corrected, it
//! confirms the statement, replaces it, or ends it after all. When it is linked by likeness the statement stays beside
//! that of the linked row, which is newer and counts, so that a link taken back leaves things as they were.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, IdNumber, parse_date};
use store::Session;

use super::layout;
use super::prepare::plain_name;
use super::work::ListWork;
use crate::RegistryError;
use crate::people;
use crate::reading::Header;
use crate::rows::SEPARATOR;
use crate::sources::{Entity, Mode, Source};

/// Rows looked at: a list with more of them is no list with a slip here and there.
const MOST: usize = 50_000;

/// The rows of a list that may speak of someone they do not name.
#[derive(Default)]
pub(super) struct Suspects {
    rows: Vec<Suspect>,
    /// The cell of the ID number, once looked for.
    id_cell: Option<Option<usize>>,
}

/// What such a row says.
struct Suspect {
    row: u64,
    /// Letters and digits as written.
    number: String,
    name: String,
    /// Within this process; 0: none.
    name_hash: u64,
    born: Option<Date>,
}

/// Who would be ended.
struct Absent {
    person: i64,
    statement: i64,
    number: String,
    name: String,
    born: Option<Date>,
}

/// A statement that stays open because of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub row: u64,
    pub statement: i64,
}

impl Suspects {
    /// Notes a row that waits without a person.
    pub fn note(&mut self, source: &Source, names: &[String], plain: (&[String], &str), row: Row<'_>) {
        if self.rows.len() >= MOST {
            return;
        }
        let id_cell = *self.id_cell.get_or_insert_with(|| {
            let column = source.columns.iter().position(|c| c.gives.iter().any(|gives| gives.name() == "id_number"))?;
            Header::of(source, names).ok()?.cell_of[column]
        });
        let written = id_cell.and_then(|at| row.cells.get(at)).map_or("", String::as_str);
        let number: String =
            written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let (keys, values) = plain;
        let said = keys.iter().position(|key| key == "birth_date").and_then(|at| layout::values(values).nth(at));
        let born = said.and_then(|text| parse_date(text).ok()).or_else(|| born(&number));
        self.rows.push(Suspect { row: row.number, number, name: plain_name(row.name), name_hash: row.name_hash, born });
    }
}

/// A waiting row as it is noted.
pub(super) struct Row<'r> {
    pub number: u64,
    pub cells: &'r [String],
    pub name: &'r str,
    pub name_hash: u64,
}

impl ListWork<'_> {
    /// Spares those of whom a waiting row speaks and nobody else can be meant; before the absent are ended.
    pub fn keep_faulty(&mut self, tx: &mut Session) -> Result<Vec<Kept>, RegistryError> {
        let suspects = std::mem::take(&mut self.suspects.rows);
        let full = self.source.mode == Mode::Full && self.source.entity == Entity::Person;
        if suspects.is_empty() || !full || self.later.is_some() {
            return Ok(Vec::new());
        }
        let absent = self.absent(tx, &suspects)?;
        let mut by_name: BTreeMap<&str, Vec<&Absent>> = BTreeMap::new();
        for person in absent.values() {
            by_name.entry(&person.name).or_default().push(person);
        }
        let mut kept: Vec<Kept> = Vec::new();
        let mut taken = BTreeSet::new();
        for suspect in &suspects {
            let meant: Vec<&Absent> = if suspect.name.is_empty() {
                absent.values().filter(|person| one_slip(&suspect.number, &person.number)).collect()
            } else {
                let same_name = by_name.get(suspect.name.as_str()).into_iter().flatten().copied();
                same_name.filter(|person| suspect.is_about(person)).collect()
            };
            if let [person] = meant[..]
                && taken.insert(person.person)
            {
                self.spared.insert(person.person);
                kept.push(Kept { row: suspect.row, statement: person.statement });
            }
        }
        self.counts.kept = kept.len() as u64;
        Ok(kept)
    }

    /// By person, the newest statement that the list would end, for people who may be called as one of the rows.
    fn absent(&self, tx: &mut Session, suspects: &[Suspect]) -> Result<BTreeMap<i64, Absent>, RegistryError> {
        let names: BTreeSet<u64> = suspects.iter().map(|suspect| suspect.name_hash).collect();
        let mut newest: BTreeMap<i64, i64> = BTreeMap::new();
        // What a linked row said lasts as long as its list; the link is made anew with the next one.
        for (person, statement) in self.would_end().filter(|(subject, _)| *subject > 0) {
            let name = self.index.name(person);
            if name != 0 && !names.contains(&0) && !names.contains(&name) {
                continue;
            }
            let slot = newest.entry(person).or_insert(statement);
            *slot = (*slot).max(statement);
        }
        let mut absent = BTreeMap::new();
        for (person, statement) in newest {
            let row = tx.query_one(include_str!("../../sql/person_identity.sql"), &[person.into()])?;
            let identity = people::open_identity(self.keys, person, row.blob(0)?)?;
            let mut parts = identity.split(SEPARATOR);
            let number = parts.next().unwrap_or("").to_owned();
            let name = plain_name(parts.next().unwrap_or(""));
            let born = IdNumber::parse(&number).ok().map(|id| id.birth_date());
            absent.insert(person, Absent { person, statement, number, name, born });
        }
        Ok(absent)
    }
}

impl Suspect {
    fn is_about(&self, person: &Absent) -> bool {
        self.born.is_some() && self.born == person.born || one_slip(&self.number, &person.number)
    }
}

/// Writes down which row keeps which statement open.
pub(super) fn write(tx: &mut Session, list: i64, kept: &[Kept]) -> Result<(), RegistryError> {
    for kept in kept {
        let row = i64::try_from(kept.row).unwrap_or(i64::MAX);
        tx.exec(include_str!("../../sql/held_row_keep.sql"), &[list.into(), row.into(), kept.statement.into()])?;
    }
    Ok(())
}

/// The statements that waiting rows of a list keep open, by held row.
pub(super) fn of_list(tx: &mut Session, list: i64) -> Result<BTreeMap<i64, i64>, RegistryError> {
    let mut kept = BTreeMap::new();
    tx.query_each(include_str!("../../sql/held_row_kept.sql"), &[list.into()], |row| {
        kept.insert(row.int(0)?, row.int(1)?);
        Ok::<_, RegistryError>(())
    })?;
    Ok(kept)
}

/// Digits 7 to 14 of a number as written, whatever is wrong with the rest.
fn born(number: &str) -> Option<Date> {
    let day = number.get(6..14).filter(|_| number.len() == 18)?;
    parse_date(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])).ok()
}

/// Whether two numbers are the same but for one character wrong, missing or too many, or two neighbours exchanged.
fn one_slip(written: &str, number: &str) -> bool {
    let (one, other) = (written.as_bytes(), number.as_bytes());
    let same_start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same_start..], &other[same_start..]);
    let same_end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - same_end], &other[..other.len() - same_end]) {
        ([], []) | ([_], [_]) | ([_], []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_character_or_two_neighbours() {
        let number = "653001194403120012";
        for written in [
            "653001194403120012",
            "653001194403120013",
            "65300119440312001",
            "6530011944031200112",
            "653001194403120021",
        ] {
            assert!(one_slip(written, number), "{written}");
        }
        for written in ["", "653001194403120", "653001194403129912", "653001194403210021"] {
            assert!(!one_slip(written, number), "{written}");
        }
        assert_eq!(born("653001194403120019").map(|d| d.to_string()).as_deref(), Some("1944-03-12"));
        assert_eq!((born("653001194413120019"), born("65300119440312")), (None, None));
    }
}
