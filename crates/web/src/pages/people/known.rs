//! What lists say of one person, for stamping each fact with its source.

use kernel::{Date, PersonId};
use registry::snapshot::{FactLine, VisitLine};

use super::facts::Line;
use crate::desk::Desk;
use crate::edge::Problem;
use crate::opened::Opened;
use crate::parts::Stamp;

/// What lists say of one person, for looking up the source of a fact.
pub struct Known<'k> {
    pub desk: Desk<'k>,
    pub lines: Vec<FactLine>,
    pub visits: Vec<VisitLine>,
    /// Sources whose newest list is out of date.
    pub stale: Vec<String>,
    /// The day of which the page speaks.
    pub as_of: Date,
    pub opened: &'k Opened<'k>,
}

impl<'k> Known<'k> {
    /// Reads what lists say of someone.
    ///
    /// # Errors
    /// Those of the database and of the keys.
    pub fn read(opened: &'k Opened<'k>, person: PersonId) -> Result<Self, Problem> {
        let today = opened.app.clock().today();
        let now = opened.ask(|session| opened.published.world.now(session, opened.keys(), person, today))?;
        let now = now.ok_or(Problem::NotFound)?;
        let stale = crate::pages::lists::index::out_of_date(opened)?;
        Ok(Self { desk: opened.desk, lines: now.lines, visits: now.visits, stale, as_of: now.as_of, opened })
    }

    /// The stamp of the line in force.
    #[must_use]
    pub fn stamp(&self, key: &str) -> Option<Stamp> {
        let line = self.lines.iter().find(|line| line.key == key && line.current);
        match line {
            Some(line) => self.stamp_of(line),
            None => self.desk.supplier_stamp("person", key),
        }
    }

    /// The stamp of one line: its department, the date of its list, dashed when the source's newest list is out of date.
    #[must_use]
    pub fn stamp_of(&self, line: &FactLine) -> Option<Stamp> {
        let source = self.opened.published.world.catalogue.get(&line.source)?;
        let stale = self.stale.contains(&source.id);
        let mut stamp = self.desk.stamp(&source.department, None, Some(line.list_date), stale)?;
        if line.row > 0 {
            let args = [("list", self.desk.voice.of(&source.label).into()), ("row", line.row.into())];
            stamp.spoken += &self.desk.voice.say("fact-row", &args);
        }
        Some(stamp)
    }

    /// What a list is called.
    #[must_use]
    pub fn source_label(&self, source: &str) -> String {
        let found = self.opened.published.world.catalogue.get(source);
        found.map_or_else(|| source.to_owned(), |s| self.desk.voice.of(&s.label).to_owned())
    }

    /// A fact with its stamp and whether sources disagree on it.
    #[must_use]
    pub fn line(&self, key: &str, value: &policy::value::Value) -> Line {
        Line {
            label: self.desk.label("person", key),
            value: self.desk.value("person", key, value),
            stamp: if value.is_null() { None } else { self.stamp(key) },
            conflict: self.lines.iter().any(|line| line.key == key && line.disputed),
        }
    }
}
