//! About whom something may have changed since what sources say was kept.

use std::collections::{BTreeMap, HashMap};

use store::Session;

use super::read::Base;
use super::{Head, People, at_most};
use crate::RegistryError;
use crate::ingest::layout::Layout;
use crate::linking::Aliases;

/// From when on to look.
pub(super) struct Since<'s> {
    pub head: &'s Head,
    /// The first list that counts now and did not then.
    pub list: Option<i64>,
    /// As whom entries were read then.
    pub roots: &'s BTreeMap<i64, i64>,
    /// As of which day it is looked, in days since 1970-01-01.
    pub today: i32,
    pub people: usize,
}

/// By source, whom to read again, as they are read now; none when they are so many that reading everyone is shorter.
pub(super) fn again(
    session: &mut Session,
    since: &Since<'_>,
    bases: &HashMap<String, Base>,
    layouts: &[Layout],
    aliases: &Aliases,
) -> Result<Option<People>, RegistryError> {
    let most = at_most(since.people);
    let source_of: HashMap<i64, &str> = layouts.iter().map(|layout| (layout.id, layout.source.as_str())).collect();
    let mut again: People = bases.keys().map(|source| (source.clone(), Vec::new())).collect();
    let mut look = |session: &mut Session, sql: &str, from: i64| -> Result<bool, RegistryError> {
        let (mut found, limit) = (0, most + 1);
        session.query_each(sql, &[from.into(), (limit as i64).into()], |row| {
            found += 1;
            if let Some(people) = source_of.get(&row.int(0)?).and_then(|source| again.get_mut(*source)) {
                people.push(aliases.root(row.int(1)?));
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(found <= most)
    };
    if !look(session, include_str!("../../../sql/statement_since.sql"), since.head.statement)? {
        return Ok(None);
    }
    if let Some(list) = since.list
        && !look(session, include_str!("../../../sql/statement_ended_since.sql"), list)?
    {
        return Ok(None);
    }
    let astray = [since.head.astray.into()];
    session.query_each(include_str!("../../../sql/snapshot_astray_since.sql"), &astray, |row| {
        if let Some(people) = again.get_mut(row.text(0)?) {
            people.push(aliases.root(row.int(1)?));
        }
        Ok::<_, RegistryError>(())
    })?;
    let all = read_otherwise(since, aliases);
    for (source, people) in &mut again {
        let turns = bases.get(source).into_iter().flat_map(|base| &base.turns);
        people.extend(turns.take_while(|(day, _)| *day <= since.today).map(|(_, subject)| aliases.root(*subject)));
        people.extend(&all);
        settle(people);
    }
    let found: usize = again.values().map(Vec::len).sum();
    Ok((found <= most).then_some(again))
}

/// In order, each once; what is left below zero are rows whose link was taken back.
pub(super) fn settle(people: &mut Vec<i64>) {
    people.retain(|person| *person > 0);
    people.sort_unstable();
    people.dedup();
}

/// Whoever gained or lost an entry, as they are read now. Of a row that was linked since all is new, and found so.
fn read_otherwise(since: &Since<'_>, now: &Aliases) -> Vec<i64> {
    let before = |entry: i64| since.roots.get(&entry).copied().unwrap_or(entry);
    let entries = since.roots.keys().copied().chain(now.iter().map(|(gone, _)| gone));
    let moved = entries.filter(|entry| *entry > -since.head.link && before(*entry) != now.root(*entry));
    moved.flat_map(|entry| [now.root(entry), now.root(before(entry))]).collect()
}
