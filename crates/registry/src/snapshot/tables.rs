//! What each source says: taken from what is kept where that holds, read from statements else.

use std::panic::resume_unwind;
use std::sync::atomic::AtomicUsize;
use std::thread;

use policy::model::Fact;
use store::Session;

use super::filling::taken;
use super::kept::{self, Keeper, Kept};
use super::source_table::{Reading, SourceTable};
use super::{HOMES, Loading};
use crate::RegistryError;
use crate::sources::Source;

/// What a snapshot owes to one of an earlier day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reuse {
    /// Of how many sources what they said was kept.
    pub sources: usize,
    /// Of how many people it was read again all the same, counted by source.
    pub people: usize,
    /// What was kept and could not all be read.
    pub(super) damaged: Option<i64>,
}

impl Loading<'_> {
    /// What each source says, in the sources' order; read on two connections where there is another one.
    pub(super) fn tables(
        &self,
        session: &mut Session,
        beside: Option<&mut Session>,
        (facts, sources): (&[&Fact], &[&Source]),
        (kept, keeper): (Option<&Kept>, Option<&Keeper<'_>>),
    ) -> Result<(Vec<SourceTable>, Reuse), RegistryError> {
        let next = AtomicUsize::new(0);
        let read = |session: &mut Session| {
            let mut read = Vec::new();
            while let Some((at, source)) = taken(&next, sources) {
                read.push((at, self.table(session, (facts, source), kept, keeper)?));
            }
            Ok::<_, RegistryError>(read)
        };
        let mut tables = thread::scope(|scope| {
            let other = beside.map(|beside| scope.spawn(|| read(beside)));
            let mut tables = read(session)?;
            if let Some(other) = other {
                tables.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok::<_, RegistryError>(tables)
        })?;
        if let Some(keeper) = keeper {
            keeper.finish();
        }
        tables.sort_by_key(|(at, _)| *at);
        let is_lost =
            |kept: &Kept, source: &&Source| kept::can_be_kept(facts, source) && kept.again(&source.id).is_none();
        let is_damaged = |kept: &&Kept| kept.is_damaged() || sources.iter().any(|source| is_lost(kept, source));
        let mut reuse = Reuse { damaged: kept.filter(is_damaged).map(Kept::made), ..Reuse::default() };
        let again = sources.iter().filter_map(|source| kept?.again(&source.id));
        again.for_each(|people| (reuse.sources, reuse.people) = (reuse.sources + 1, reuse.people + people.len()));
        tracing::debug!(reuse.sources, reuse.people, "what sources say");
        Ok((tables.into_iter().map(|(_, table)| table).collect(), reuse))
    }

    fn table(
        &self,
        session: &mut Session,
        (facts, source): (&[&Fact], &Source),
        kept: Option<&Kept>,
        keeper: Option<&Keeper<'_>>,
    ) -> Result<SourceTable, RegistryError> {
        let several = kept::several(facts, source);
        let (keys, known, rows, layouts) = (self.given.keys, self.known, self.rows, self.layouts);
        let reading = Reading { keys, known, rows, layouts };
        let keeper = keeper.filter(|_| kept::can_be_kept(facts, source));
        // What is kept is all that the source says.
        let wants = |key: &str| keeper.is_some() || HOMES.contains(&key) || self.given.wants(key);
        let empty = || SourceTable::new(source, rows, &several, wants);
        let mut table = empty();
        if table.facts.is_empty() && self.given.only.is_some() && !several.iter().any(|key| self.given.wants(key)) {
            return Ok(table);
        }
        if let Some(kept) = kept {
            if kept.fill(session, reading, self.aliases, &mut table)? {
                return Ok(table);
            }
            table = empty();
        }
        table.turns = keeper.map(|_| Vec::new());
        table.read(session, reading, None)?;
        if let Some(keeper) = keeper {
            keeper.keep(&mut table);
        }
        Ok(table)
    }
}
