//! On how many people a source and another say different things, night by night.

use std::collections::BTreeMap;

use chrono::Datelike;
use kernel::{Date, DivisionCode, DivisionLevel};
use policy::column::Table;
use serde::Serialize;
use store::Session;

use super::count;
use crate::RegistryError;
use crate::snapshot::{Conflict, Snapshot};

/// One source and one fact on one night.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// A fact's key, or `name`.
    pub fact: String,
    /// People of whom the source and another one say different things.
    pub people: u64,
    /// Of them, those where the other one's value counts.
    pub overruled: u64,
}

/// Keeps the account of a night; the same night again replaces it.
///
/// # Errors
/// Those of the database.
pub fn record(tx: &mut Session, as_of: Date, found: &Account) -> Result<(), RegistryError> {
    tx.exec(include_str!("../../sql/disagreement_forget.sql"), &[as_of.into()])?;
    let rows = found.lines.iter().map(|line| {
        let (source, fact) = (line.source.as_str(), line.said.fact.as_str());
        [as_of.into(), source.into(), fact.into(), count(line.said.people), count(line.said.overruled)]
    });
    tx.bulk_insert("disagreement", &["as_of", "source", "fact", "people", "overruled"], rows)?;
    let first = as_of.with_day(1).unwrap_or(as_of);
    tx.exec(include_str!("../../sql/disagreement_part_forget.sql"), &[first.into(), as_of.into()])?;
    let rows = found.parts.iter().map(|(township, line)| {
        let (source, fact) = (line.source.as_str(), line.said.fact.as_str());
        let division = township.to_string();
        [as_of.into(), division.into(), source.into(), fact.into(), count(line.said.people), count(line.said.overruled)]
    });
    let columns = ["as_of", "division", "source", "fact", "people", "overruled"];
    tx.bulk_insert("disagreement_part", &columns, rows)?;
    Ok(())
}

/// A night's disagreements by source and fact, with the number of people each source speaks of under an empty fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    lines: Vec<Line>,
    /// The same by township, for people of whom it is known where they live.
    parts: Vec<(DivisionCode, Line)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Line {
    source: String,
    #[serde(flatten)]
    said: Disagreement,
}

impl Account {
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut found: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
        let mut parts: BTreeMap<(DivisionCode, &str, &str), (u64, u64)> = BTreeMap::new();
        for (source, townships) in &snapshot.spoken {
            found.insert((source, ""), (townships.values().sum(), 0));
            for (township, people) in townships.iter().filter_map(|(code, people)| Some(((*code)?, *people))) {
                parts.insert((township, source, ""), (people, 0));
            }
        }
        let people = snapshot.population.table("person");
        for conflict in &snapshot.conflicts {
            let township = people.and_then(|people| township(people, people.row_of(conflict.person.0)?));
            for (source, overruled) in voices(conflict) {
                let whole = Some(found.entry((source, &conflict.key)).or_default());
                let part = township.map(|code| parts.entry((code, source, &conflict.key)).or_default());
                for entry in whole.into_iter().chain(part) {
                    entry.0 += 1;
                    entry.1 += u64::from(overruled);
                }
            }
        }
        let line = |source: &str, fact: &str, (people, overruled)| Line {
            source: source.to_owned(),
            said: Disagreement { fact: fact.to_owned(), people, overruled },
        };
        Self {
            lines: found.into_iter().map(|((source, fact), counts)| line(source, fact, counts)).collect(),
            parts: parts.into_iter().map(|((code, source, fact), n)| (code, line(source, fact, n))).collect(),
        }
    }
}

/// Where someone of the snapshot lives, else is registered.
fn township(people: &Table, row: usize) -> Option<DivisionCode> {
    let of = |key| people.column(key).and_then(|column| column.text(row)?.parse::<DivisionCode>().ok());
    let home = of("residence_division").or_else(|| of("hukou_division"))?;
    Some(home.at(DivisionLevel::Township).unwrap_or(home))
}

/// The sources of a conflict, and whether each one's value gave way. Sources that write another name than the
/// registry stand alone: the registry's own is no list's.
fn voices(conflict: &Conflict) -> impl Iterator<Item = (&str, bool)> {
    let current = conflict.values.first().map(|(_, value)| value);
    conflict
        .values
        .iter()
        .map(move |(source, value)| (source.as_str(), conflict.key == "name" || Some(value) != current))
}
