//! What a list's source said before, read for as many people as its rows need.

use std::hash::RandomState;

use kernel::parse_date;
use store::{Session, Value};

use super::layout::{self, Layout};
use super::link::{HomeAt, read_blind};
use super::prepare::Prepared;
use super::work::{ListWork, Slot, content};
use crate::RegistryError;
use crate::linking::many_at_once;
use crate::sources::Entity;

/// Asking about no more people costs less than counting all statements first, however badly it is planned.
const FEW: usize = 4096;

/// Of whom statements are read.
enum Of {
    All,
    One(i64),
    /// Linked rows.
    Linked,
    /// As many as one question is about.
    Some(Vec<Value>),
}

impl ListWork<'_> {
    /// Reads all that the source has said and no list has closed; with `homes` also where people live by it.
    pub fn load_all(&mut self, tx: &mut Session, homes: bool) -> Result<(), RegistryError> {
        for layout in self.layouts(tx)? {
            self.load_current(tx, &layout, Of::All, homes)?;
        }
        Ok(())
    }

    /// The same for what was recognised: of linked rows and of some people. With `homes` also where everyone lives by what
    /// the source said before.
    pub fn load_some(&mut self, tx: &mut Session, homes: bool) -> Result<(), RegistryError> {
        let asked =
            self.recognised.as_mut().map(|recognised| std::mem::take(&mut recognised.asked)).unwrap_or_default();
        if asked.len() > FEW {
            tx.count_anew("statement")?;
        }
        for layout in self.layouts(tx)? {
            self.load_current(tx, &layout, Of::Linked, homes)?;
            if let Some(recognised) = self.recognised.as_ref().filter(|_| homes && layout.id == self.layout.id) {
                recognised.imprints.settle(self.index);
            }
            for some in many_at_once(&asked) {
                self.load_current(tx, &layout, Of::Some(some), homes)?;
            }
        }
        Ok(())
    }

    /// The same about the person of one row, and their name, for a few rows out of quarantine.
    pub fn load_for(&mut self, tx: &mut Session, row: &Prepared, names: &RandomState) -> Result<(), RegistryError> {
        let Some(subject) = self.known(row) else { return Ok(()) };
        let names_differ = self.source.entity == Entity::Person && !self.source.creates;
        let person = self.index.person_of(subject).filter(|_| names_differ);
        self.index.complete_names_of(tx, (self.keys, names), person.as_slice())?;
        self.load_about(tx, subject)
    }

    /// The same about many subjects at once.
    pub fn load_for_all(
        &mut self,
        tx: &mut Session,
        subjects: &[i64],
        names: &RandomState,
    ) -> Result<(), RegistryError> {
        if self.source.entity == Entity::Person && !self.source.creates {
            let people: Vec<i64> = subjects.iter().filter_map(|subject| self.index.person_of(*subject)).collect();
            self.index.complete_names_of(tx, (self.keys, names), &people)?;
        }
        if !self.source.is_about_people() {
            return Ok(());
        }
        let new: Vec<i64> = subjects.iter().copied().filter(|subject| self.loaded.insert(*subject)).collect();
        if !new.is_empty() {
            if new.len() > FEW {
                tx.count_anew("statement")?;
            }
            for layout in self.layouts(tx)? {
                for some in many_at_once(&new) {
                    self.load_current(tx, &layout, Of::Some(some), false)?;
                }
            }
        }
        Ok(())
    }

    /// The same about whom a statement speaks of.
    pub fn load_said(&mut self, tx: &mut Session, statement: i64) -> Result<(), RegistryError> {
        match tx.query_opt(include_str!("../../sql/statement_subject.sql"), &[statement.into()])? {
            Some(row) => self.load_about(tx, row.int(0)?),
            None => Ok(()),
        }
    }

    fn load_about(&mut self, tx: &mut Session, subject: i64) -> Result<(), RegistryError> {
        if !self.source.is_about_people() || !self.loaded.insert(subject) {
            return Ok(());
        }
        let layouts = match self.said_by.take() {
            Some(layouts) => layouts,
            None => self.layouts(tx)?,
        };
        for layout in &layouts {
            self.load_current(tx, layout, Of::One(subject), false)?;
        }
        self.said_by = Some(layouts);
        Ok(())
    }

    /// The layouts in which the source has said things that last.
    fn layouts(&self, tx: &mut Session) -> Result<Vec<Layout>, RegistryError> {
        if self.source.entity == Entity::Visit {
            return Ok(Vec::new());
        }
        let mut layouts = layout::all(tx)?;
        layouts.retain(|layout| layout.source == self.source.id);
        Ok(layouts)
    }

    /// The statements of a layout that are in force, of all subjects or some.
    fn load_current(&mut self, tx: &mut Session, layout: &Layout, of: Of, homes: bool) -> Result<(), RegistryError> {
        let home_at = homes.then(|| HomeAt::of(layout));
        let division_at = layout.plain.iter().position(|key| key == "division");
        let about_people = self.source.is_about_people();
        let (sql, params) = match of {
            Of::All => (include_str!("../../sql/statement_current.sql"), vec![layout.id.into()]),
            Of::One(subject) => {
                (include_str!("../../sql/statement_current_of.sql"), vec![layout.id.into(), subject.into()])
            }
            Of::Linked => (include_str!("../../sql/statement_current_linked.sql"), vec![layout.id.into()]),
            Of::Some(mut subjects) => {
                subjects.insert(0, layout.id.into());
                (include_str!("../../sql/statement_current_some.sql"), subjects)
            }
        };
        tx.query_each(sql, &params, |row| {
            let (subject, payload) = (row.int(1)?, row.text(3)?);
            let sealed = row.opt_blob(4)?.map(read_blind).transpose()?;
            let from = parse_date(row.text(5)?)
                .map_err(|_| RegistryError::Damaged { table: "statement", cause: "valid_from is no date" })?;
            if let Some(home_at) = home_at {
                self.index.move_person(subject, home_at, payload);
            }
            let content = content(&self.hasher, (layout.id, payload, sealed.as_ref(), row.opt_date(6)?));
            let slot = Slot { statement: row.int(0)?, content, from, seen: false };
            self.current.insert((subject, row.text(2)?.to_owned()), slot);
            if let Some(at) = division_at.filter(|_| !about_people) {
                let division = layout::values(payload).nth(at).and_then(|value| value.parse().ok());
                self.places.extend(division.map(|division| (subject, division)));
            }
            Ok(())
        })
    }
}
