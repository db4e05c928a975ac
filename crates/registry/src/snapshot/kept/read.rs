//! What is kept, brought into the rows of another night.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use policy::column::{Bits, ColumnBuilder};
use store::{Keys, Session};

use super::again::{Since, again, settle};
use super::bytes::Taking;
use super::{ABOUT, Head, People, context};
use crate::RegistryError;
use crate::ingest::layout::Layout;
use crate::linking::Aliases;
use crate::snapshot::Moment;
use crate::snapshot::known::Known;
use crate::snapshot::source_table::{Reading, Rows, SourceTable};

/// What is kept and holds, but for whoever is read again.
pub(in crate::snapshot) struct Kept {
    head: Head,
    /// Of whom there are columns, ascending.
    ids: Vec<i64>,
    bases: HashMap<String, Base>,
    again: People,
    /// The rows of `ids` tonight; `u32::MAX`: none.
    row_of: Vec<u32>,
    is_damaged: AtomicBool,
}

/// The first part of a source.
pub(super) struct Base {
    /// Places in `ids` of whoever the source speaks of, ascending, and since when it says so.
    places: Vec<u32>,
    newest: Vec<i32>,
    other_name: Vec<u32>,
    /// Later days on which something begins or ends, ascending, with the entry it is about.
    pub turns: Vec<(i32, i64)>,
}

impl Kept {
    /// What is kept, where it was read in the same way and everything that counted then counts still.
    pub fn load(
        session: &mut Session,
        keys: &Keys,
        (moment, reading): (&Moment, &str),
        (known, layouts, aliases): (&Known, &[Layout], &Aliases),
    ) -> Result<Option<Self>, RegistryError> {
        if moment.known_at.is_some() {
            return Ok(None);
        }
        let Some(head) = Head::load(session, reading, moment.as_of)? else { return Ok(None) };
        let mut parts: HashMap<String, Vec<u8>> = HashMap::new();
        session.query_each(include_str!("../../../sql/snapshot_kept_first.sql"), &[head.made.into()], |row| {
            let source = row.text(0)?;
            // What does not open is as good as lost.
            if let Ok(bytes) = keys.open(&context(head.made, source, 0), row.blob(1)?) {
                parts.insert(source.to_owned(), bytes);
            }
            Ok::<_, RegistryError>(())
        })?;
        let Some((lists, roots, ids)) = parts.remove(ABOUT).and_then(|bytes| about(&bytes)) else { return Ok(None) };
        if !lists.iter().all(|list| known.lists.contains_key(list)) {
            return Ok(None);
        }
        let base = |(source, bytes): (String, Vec<u8>)| Some((source, Base::of(&bytes, ids.len())?));
        let bases: HashMap<String, Base> = parts.into_iter().filter_map(base).collect();
        let list = known.lists.keys().copied().filter(|list| lists.binary_search(list).is_err()).min();
        let today = policy::value::days_of(moment.as_of);
        let since = Since { head: &head, list, roots: &roots, today, people: ids.len() };
        let Some(again) = again(session, &since, &bases, layouts, aliases)? else { return Ok(None) };
        Ok(Some(Self { head, ids, bases, again, row_of: Vec::new(), is_damaged: AtomicBool::new(false) }))
    }

    /// Whom to read again of a source that is kept.
    pub fn again(&self, source: &str) -> Option<&[i64]> {
        self.bases.contains_key(source).then(|| self.again.get(source).map_or(&[][..], Vec::as_slice))
    }

    /// Of whom a source that is kept spoke and speaks still.
    pub fn present(&self, source: &str, aliases: &Aliases) -> impl Iterator<Item = i64> {
        let places = self.bases.get(source).into_iter().flat_map(|base| &base.places);
        // Whoever was merged since is read again as whom they are now.
        let mut others: Vec<i64> = aliases.iter().map(|(gone, _)| gone).collect();
        others.extend(self.again(source).unwrap_or_default());
        others.sort_unstable();
        let mut others = others.into_iter().peekable();
        places.map(|place| self.ids[*place as usize]).filter(move |id| {
            while others.next_if(|other| other < id).is_some() {}
            others.peek() != Some(id)
        })
    }

    /// Takes tonight's rows.
    pub fn settle(&mut self, rows: &Rows) {
        let mut own = self.ids.iter().peekable();
        let mut returned = Vec::new();
        self.row_of = Vec::with_capacity(self.ids.len());
        for (id, row) in rows.ids.iter().zip(0..) {
            while own.next_if(|other| *other < id).is_some() {
                self.row_of.push(u32::MAX);
            }
            if own.next_if_eq(&id).is_some() {
                self.row_of.push(row);
            } else if *id < self.head.person {
                // Known then, and no row: what was said of them is not kept.
                returned.push(*id);
            }
        }
        self.row_of.resize(self.ids.len(), u32::MAX);
        for people in self.again.values_mut() {
            people.extend(&returned);
            people.retain(|person| rows.row(*person).is_some());
            settle(people);
        }
    }

    /// Fills the columns of a source's table; false, and nothing is in it, where that is not kept.
    pub fn fill(
        &self,
        session: &mut Session,
        reading: Reading<'_>,
        aliases: &Aliases,
        table: &mut SourceTable,
    ) -> Result<bool, RegistryError> {
        let Some(base) = self.bases.get(&table.source) else { return Ok(false) };
        let again = self.again(&table.source).unwrap_or_default();
        let rows = reading.rows;
        let mut anew = Bits::filled(rows.ids.len(), false);
        again.iter().filter_map(|person| rows.row(*person)).for_each(|row| anew.set(row, true));
        let row_of = |place: &u32| self.row_of[*place as usize];
        let stays = |row: &u32| *row != u32::MAX && !anew.get(*row as usize);
        let to: Vec<u32> = base.places.iter().map(row_of).map(|row| if stays(&row) { row } else { u32::MAX }).collect();
        if !base.places.is_empty() {
            table.make_room(rows.ids.len());
            for (part, column) in table.parts.iter().zip(&mut table.columns) {
                let key = [self.head.made.into(), table.source.as_str().into(), (*part).into()];
                let found = session.query_opt(include_str!("../../../sql/snapshot_kept_part.sql"), &key)?;
                let context = context(self.head.made, &table.source, *part);
                let bytes = found.and_then(|row| reading.keys.open(&context, row.blob(0).ok()?).ok());
                if bytes.is_none_or(|bytes| fill_column(column, &bytes, &to).is_none()) {
                    self.is_damaged.store(true, Ordering::Relaxed);
                    return Ok(false);
                }
            }
            for (row, newest) in to.iter().zip(&base.newest).filter(|(row, _)| **row != u32::MAX) {
                table.newest[*row as usize] = *newest;
                table.spoken.set(*row as usize, true);
            }
        }
        table.other_name.extend(base.other_name.iter().map(row_of).filter(stays));
        table.read(session, reading, Some(&aliases.entries(again)))?;
        Ok(true)
    }

    pub fn made(&self) -> i64 {
        self.head.made
    }

    /// Whether a part was not there, or not what it should be.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }
}

type About = (Vec<i64>, BTreeMap<i64, i64>, Vec<i64>);

/// Lists, as whom entries are read, people.
fn about(bytes: &[u8]) -> Option<About> {
    let mut taking = Taking(bytes);
    let (lists, gone, roots, ids) =
        (taking.ascending()?, taking.ascending()?, taking.ascending()?, taking.ascending()?);
    (gone.len() == roots.len()).then(|| (lists, gone.into_iter().zip(roots).collect(), ids))
}

impl Base {
    fn of(bytes: &[u8], people: usize) -> Option<Self> {
        let mut taking = Taking(bytes);
        let places = |taking: &mut Taking<'_>| -> Option<Vec<u32>> {
            let places = taking.ascending()?;
            let place = |place: i64| u32::try_from(place).ok().filter(|place| (*place as usize) < people);
            places.into_iter().map(place).collect()
        };
        let spoken = places(&mut taking)?;
        let mut newest = Vec::with_capacity(spoken.len());
        taking.level(spoken.len(), |day| newest.push(day as i32))?;
        let other_name = places(&mut taking)?;
        let (days, subjects) = (taking.ascending()?, taking.ascending()?);
        let turns = days.into_iter().map(|day| day as i32).zip(subjects).collect();
        Some(Self { places: spoken, newest, other_name, turns })
    }
}

/// Fills a column in which nothing is set; `to`: the rows of what was kept, `u32::MAX` where it is left out.
fn fill_column(column: &mut ColumnBuilder, bytes: &[u8], to: &[u32]) -> Option<()> {
    let mut taking = Taking(bytes);
    let count = taking.count()?;
    let mut texts: Vec<Arc<str>> = Vec::with_capacity(count);
    for _ in 0..count {
        let length = taking.count()?;
        texts.push(std::str::from_utf8(taking.some(length)?).ok()?.into());
    }
    column.give_texts(texts);
    let known = taking.some(to.len().div_ceil(8))?;
    let mut known = to.iter().enumerate().filter(|(at, _)| known[at / 8] >> (at % 8) & 1 == 1).map(|(_, row)| *row);
    let mut fits = true;
    let count = known.clone().count();
    taking.level(count, |number| match known.next() {
        Some(row) if row != u32::MAX => fits &= column.set_number(row as usize, number),
        _ => {}
    })?;
    fits.then_some(())
}
