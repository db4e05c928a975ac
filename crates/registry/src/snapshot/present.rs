//! Who is a row of the population: those of whom a source that creates people speaks, and those of whose death one knows.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use store::{Session, Value};

use super::kept::Kept;
use super::known::{Known, Times};
use super::source_table::Rows;
use crate::RegistryError;
use crate::ingest::layout::Layout;
use crate::linking::{Aliases, many_at_once};
use crate::sources::{Catalogue, Entity, Source};

/// Whoever a statement may be about.
pub(super) const EVERYONE: Range<i64> = i64::MIN..i64::MAX;

/// Everyone who is a row; asked on two connections where there is another one.
pub(super) fn people(
    session: &mut Session,
    beside: Option<&mut Session>,
    catalogue: &Catalogue,
    (known, layouts, aliases): (&Known, &[Layout], &Aliases),
    kept: Option<&Kept>,
) -> Result<Rows, RegistryError> {
    let tells = |source: &&Source| source.creates || source.facts().any(|fact| fact.key == "death_date");
    let again = |source: &str| kept.and_then(|kept| kept.again(source));
    let (kept_ones, others): (Vec<&Source>, Vec<&Source>) =
        catalogue.of(&Entity::Person).filter(tells).partition(|source| again(&source.id).is_some());
    let layouts_of = |sources: &[&Source]| -> Vec<&Layout> {
        layouts.iter().filter(|layout| sources.iter().any(|source| source.id == layout.source)).collect()
    };
    let others = layouts_of(&others);
    let read = |session: &mut Session, subjects: Range<i64>| {
        let mut present = Vec::new();
        for layout in &others {
            presence(session, known, layout, subjects.clone(), &mut present)?;
        }
        Ok::<_, RegistryError>(present)
    };
    let mut present = match beside.filter(|_| !others.is_empty()) {
        None => read(session, EVERYONE)?,
        Some(beside) => {
            let last = session.query_one(include_str!("../../sql/person_last.sql"), &[])?.int(0)?;
            let (first, second) = (EVERYONE.start..last / 2, last / 2..EVERYONE.end);
            thread::scope(|scope| {
                let other = scope.spawn(|| read(beside, second));
                let mut present = read(session, first)?;
                present.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
                Ok::<_, RegistryError>(present)
            })?
        }
    };
    for layout in layouts_of(&kept_ones) {
        let people = again(&layout.source).unwrap_or_default();
        presence_of(session, known, layout, &aliases.entries(people), &mut present)?;
    }
    present.iter_mut().for_each(|person| *person = aliases.root(*person));
    for source in kept_ones {
        present.extend(kept.iter().flat_map(|kept| kept.present(&source.id, aliases)));
    }
    // What is left below zero are rows whose link was taken back.
    present.retain(|person| *person > 0);
    present.sort_unstable();
    present.dedup();
    Ok(Rows::new(present, aliases))
}

/// Those among `subjects` of whom statements of a layout are in force, added to `present`.
pub(super) fn presence(
    session: &mut Session,
    known: &Known,
    layout: &Layout,
    subjects: Range<i64>,
    present: &mut Vec<i64>,
) -> Result<(), RegistryError> {
    let mut params = known.closed_before(layout.id).to_vec();
    params.extend([subjects.start.into(), subjects.end.into()]);
    read_presence(session, known, (include_str!("../../sql/statement_presence.sql"), &params), present)
}

/// The same among a few, ascending.
pub(super) fn presence_of(
    session: &mut Session,
    known: &Known,
    layout: &Layout,
    subjects: &[i64],
    present: &mut Vec<i64>,
) -> Result<(), RegistryError> {
    for some in many_at_once(subjects) {
        let params: Vec<Value> = known.closed_before(layout.id).into_iter().chain(some).collect();
        read_presence(session, known, (include_str!("../../sql/statement_presence_of.sql"), &params), present)?;
    }
    Ok(())
}

fn read_presence(
    session: &mut Session,
    known: &Known,
    (sql, params): (&str, &[Value]),
    present: &mut Vec<i64>,
) -> Result<(), RegistryError> {
    session.query_each(sql, params, |row| {
        if known.is_in_force(&Times::read(row, 1)?) {
            present.push(row.int(0)?);
        }
        Ok(())
    })
}
