//! People whom one department calls dead and another goes on listing.
//!
//! A list older than the report of the death is no contradiction: it could not know. A newer full list that still names
//! the person is; the death counts until somebody looks into it.

use kernel::{Date, DivisionCode, ListId, PersonId};
use policy::column::Table;
use policy::model::Sensitivity;
use policy::value::Value;
use store::Session;

use super::facts_of::FactLine;
use super::heard::Heard;
use super::known::{Known, Times};
use super::source_table::SourceTable;
use super::{Conflict, Loading};
use crate::RegistryError;
use crate::sources::{Catalogue, Source};

/// The fact that a death gives.
pub(super) const DEATH: &str = "death_date";

impl Loading<'_> {
    /// A conflict for everyone of them; the list that still names them says no value.
    pub(super) fn dead_and_listed(
        &self,
        session: &mut Session,
        tables: &[SourceTable],
        heard: &Heard,
        person: &Table,
    ) -> Result<Vec<Conflict>, RegistryError> {
        let Some(died) = person.column(DEATH) else { return Ok(Vec::new()) };
        let home = |row: usize| {
            let of = |key: &str| person.column(key).and_then(|column| column.text(row)?.parse::<DivisionCode>().ok());
            of("residence_division").or_else(|| of("hukou_division"))
        };
        let mut conflicts = Vec::new();
        for table in tables {
            let Some(source) = self.given.catalogue.get(&table.source).filter(|source| source.creates) else {
                continue;
            };
            for row in (0..person.rows()).filter(|row| died.is_known(*row) && table.spoken.get(*row)) {
                let id = self.rows.ids[row];
                let Some(list) = heard.latest(self.known, source, self.moment.as_of, home(row), id) else { continue };
                let Some((reporter, reported)) = self.reported(session, id)? else { continue };
                let value = died.get(row);
                if list.date > reported && value.as_date().is_some_and(|date| list.date > date) {
                    let values = vec![(reporter, value), (source.id.clone(), Value::Null)];
                    conflicts.push(Conflict { person: PersonId(id), key: DEATH.to_owned(), values });
                }
            }
        }
        Ok(conflicts)
    }

    /// The source that reports a person's death, and the date of its list.
    fn reported(&self, session: &mut Session, person: i64) -> Result<Option<(String, Date)>, RegistryError> {
        let mut newest: Option<(String, Date)> = None;
        let dying = |source: &&Source| source.facts().any(|fact| fact.key == DEATH);
        for layout in self.layouts {
            let Some(source) = self.given.catalogue.get(&layout.source).filter(dying) else { continue };
            let params = [layout.id.into(), person.into()];
            for row in session.query(include_str!("../../sql/statement_of_subject.sql"), &params)? {
                let times = Times::read(&row, 3)?;
                if self.known.is_in_force(&times)
                    && let Some(list) = self.known.lists.get(&times.list)
                    && newest.as_ref().is_none_or(|(_, date)| *date < list.date)
                {
                    newest = Some((source.id.clone(), list.date));
                }
            }
        }
        Ok(newest)
    }
}

/// The same for one person's page: marks the death as disputed and adds the list that still names them.
pub(super) fn add_line(
    known: &Known,
    heard: &Heard,
    catalogue: &Catalogue,
    (as_of, division, person): (Date, Option<DivisionCode>, PersonId),
    lines: &mut Vec<FactLine>,
) {
    let Some(death) = lines.iter().position(|line| line.key == DEATH && line.current) else { return };
    let Some(died) = lines[death].value.as_date() else { return };
    let listed = |source: &&Source| source.creates && lines.iter().any(|l| l.source == source.id && l.in_force);
    let Some(source) = catalogue.sources().iter().find(listed) else { return };
    let Some(list) = heard.latest(known, source, as_of, division, person.0) else { return };
    if list.date <= lines[death].list_date || list.date <= died {
        return;
    }
    lines[death].disputed = true;
    let line = FactLine {
        key: DEATH.to_owned(),
        value: Value::Null,
        source: source.id.clone(),
        list: ListId(list.list),
        list_date: list.date,
        row: 0,
        valid_from: list.date,
        valid_until: None,
        in_force: true,
        current: false,
        disputed: true,
        absent: false,
        sensitivity: Sensitivity::Class,
        actor: None,
    };
    lines.insert(death + 1, line);
}
