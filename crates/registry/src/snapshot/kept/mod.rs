//! What each source said of everyone, kept sealed from one night to the next: only people about whom something has changed
//! since are read again.
//!
//! A column is a part. Kept with them: whom they are about, as whom entries were read, which lists counted, and on which
//! later days something begins or ends. [`again`] says who is read again. Whatever is not kept, or can't be opened, or was
//! read in another way ([`reading`]), is read as ever, so it does not matter how it was lost. Registers of the platform
//! itself and facts of which several statements count are not kept.

mod again;
mod bytes;
mod read;
mod write;

use std::collections::{BTreeSet, HashMap};

use kernel::Date;
use policy::model::Fact;
use store::{Keys, Session, counter};

pub(super) use read::Kept;
pub(super) use write::{Keeper, write};

use super::Moment;
use crate::RegistryError;
use crate::sources::{Catalogue, Entity, Source};

/// Raised when statements are read into columns in another way than before, or columns are put away in another way.
const READING: u32 = 1;
/// The parts that are not about one source.
const ABOUT: &str = "";
/// Everything is read when more than one in so many people, and more than these few, would be read again: to read about one
/// costs as much as about five in their order, and what is kept anew makes the nights after it short.
const SOME: usize = 16;
const FEW: usize = 1 << 10;

/// What was kept when, and from where on the world has gone on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub made: i64,
    pub reading: String,
    pub as_of: Date,
    /// The first statement, person, linked row and entry of `snapshot_astray` that are not in it.
    pub statement: i64,
    pub person: i64,
    pub link: i64,
    pub astray: i64,
}

/// The sealing context of a part.
fn context(made: i64, source: &str, part: i64) -> String {
    format!("snapshot_kept {made} {source} {part}")
}

/// The same, for key rotation.
pub(crate) fn context_of(key: &[store::Value]) -> String {
    match key {
        [store::Value::Int(made), store::Value::Text(source), store::Value::Int(part)] => context(*made, source, *part),
        _ => String::new(),
    }
}

/// The facts of which several statements of a source count.
pub(super) fn several<'f>(facts: &[&'f Fact], source: &Source) -> Vec<&'f str> {
    let several = |fact: &&&Fact| fact.from_statements.as_ref().is_some_and(|from| source.speaks_with(&from.source));
    facts.iter().filter(several).map(|fact| fact.key.as_str()).collect()
}

/// Whether what a source says is kept.
pub(super) fn can_be_kept(facts: &[&Fact], source: &Source) -> bool {
    source.entity == Entity::Person && source.own.is_none() && several(facts, source).is_empty()
}

/// In what way statements are read into columns. Another one, and the same statements may say something else.
pub(super) fn reading(keys: &Keys, catalogue: &Catalogue, facts: &[&Fact]) -> String {
    let mut text = format!("{READING} {}", env!("CARGO_PKG_VERSION"));
    for source in catalogue.of(&Entity::Person).filter(|source| can_be_kept(facts, source)) {
        text += &format!("\n{} {} {:?}", source.id, source.creates, source.facts().collect::<Vec<_>>());
    }
    hex::encode(keys.blind("reading", &text))
}

impl Head {
    /// Of the newest day that is kept up to this one.
    pub fn load(session: &mut Session, reading: &str, as_of: Date) -> Result<Option<Self>, RegistryError> {
        let given = [reading.into(), as_of.into()];
        let Some(row) = session.query_opt(include_str!("../../../sql/snapshot_kept_head.sql"), &given)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            made: row.int(0)?,
            reading: row.text(1)?.to_owned(),
            as_of: row.date(2)?,
            statement: row.int(3)?,
            person: row.int(4)?,
            link: row.int(5)?,
            astray: row.int(6)?,
        }))
    }

    /// Of what is about to be read; none where a list has come in the meantime that does not count.
    pub fn next(
        session: &mut Session,
        catalogue: &Catalogue,
        reading: String,
        moment: &Moment,
    ) -> Result<Option<Self>, RegistryError> {
        let (Some(last), None) = (moment.last_list, moment.known_at) else { return Ok(None) };
        let row = session.query_one(include_str!("../../../sql/snapshot_kept_mark.sql"), &[])?;
        let head = Self {
            made: row.int(4)?,
            reading,
            as_of: moment.as_of,
            statement: row.int(0)?,
            person: row.int(1)?,
            link: row.int(2)?,
            astray: row.int(3)?,
        };
        let later = session.query(include_str!("../../../sql/snapshot_kept_later.sql"), &[last.into()])?;
        for list in &later {
            if catalogue.get(list.text(0)?).is_none_or(|source| source.own.is_none()) {
                return Ok(None);
            }
        }
        Ok(Some(head))
    }

    fn write(&self, tx: &mut Session) -> Result<(), RegistryError> {
        let values = [
            self.made.into(),
            self.reading.as_str().into(),
            self.as_of.into(),
            self.statement.into(),
            self.person.into(),
            self.link.into(),
            self.astray.into(),
        ];
        let columns = ["made", "reading", "as_of", "statement", "person", "link", "astray"];
        tx.bulk_insert("snapshot_kept_head", &columns, [values])?;
        Ok(())
    }
}

/// One day's is not used any more.
pub(super) fn forget(session: &mut Session, made: i64) -> Result<(), RegistryError> {
    session.exec(include_str!("../../../sql/snapshot_kept_forget_head.sql"), &[made.into()])?;
    Ok(())
}

/// Nothing is kept any more but what snapshots of these days would take.
pub(super) fn forget_but(session: &mut Session, reading: &str, days: &[Date]) -> Result<(), RegistryError> {
    let mut used = BTreeSet::new();
    for day in days {
        used.extend(Head::load(session, reading, *day)?.map(|head| head.made));
    }
    let mut all = session.query(include_str!("../../../sql/snapshot_kept_made.sql"), &[])?;
    all.retain(|row| row.int(0).is_ok_and(|made| !used.contains(&made)));
    if all.is_empty() {
        return Ok(());
    }
    session.transaction(|tx| {
        for row in &all {
            forget(tx, row.int(0)?)?;
        }
        tx.exec(include_str!("../../../sql/snapshot_kept_forget.sql"), &[])?;
        tx.exec(include_str!("../../../sql/snapshot_astray_forget.sql"), &[])?;
        Ok(())
    })
}

/// How many people may be read again.
fn at_most(people: usize) -> usize {
    people / SOME + FEW
}

/// Statements of a source about some of these were ended for a list that had been taken before.
pub(crate) fn note_astray(
    tx: &mut Session,
    source: &str,
    subjects: impl Iterator<Item = i64>,
) -> Result<(), RegistryError> {
    let subjects: BTreeSet<i64> = subjects.collect();
    let count = u32::try_from(subjects.len()).unwrap_or(u32::MAX);
    let first = counter::next_ids(tx, "snapshot_astray", count)?.start;
    let rows = (first..).zip(subjects).map(|(id, subject)| [id.into(), source.into(), subject.into()]);
    tx.bulk_insert("snapshot_astray", &["id", "source", "subject"], rows)?;
    Ok(())
}

/// By source, ascending.
type People = HashMap<String, Vec<i64>>;
