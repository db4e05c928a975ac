//! On how many people a source and another say different things, night by night.

use std::collections::BTreeMap;

use kernel::Date;
use serde::Serialize;
use store::Session;

use super::tally::count;
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
    Ok(())
}

/// A night's disagreements by source and fact, with the number of people each source speaks of under an empty fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    lines: Vec<Line>,
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
        for (source, people) in &snapshot.spoken {
            found.insert((source, ""), (*people, 0));
        }
        for conflict in &snapshot.conflicts {
            for (source, overruled) in voices(conflict) {
                let entry = found.entry((source, &conflict.key)).or_default();
                entry.0 += 1;
                entry.1 += u64::from(overruled);
            }
        }
        let line = |((source, fact), (people, overruled)): ((&str, &str), (u64, u64))| Line {
            source: source.to_owned(),
            said: Disagreement { fact: fact.to_owned(), people, overruled },
        };
        Self { lines: found.into_iter().map(line).collect() }
    }
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
