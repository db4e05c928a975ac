//! People as lists name them: masked name, age, place, classes.

use accounts::authz::Target;
use kernel::{DivisionCode, PersonId};
use policy::Outcome;

use super::{Desk, at_risk_groups};
use crate::frame::mask;
use crate::parts::{Class, PersonRef};

impl Desk<'_> {
    /// Whether the permission behind the page reaches this person.
    #[must_use]
    pub fn reaches(&self, person: PersonId) -> bool {
        self.within.admits(&Target::person(person, self.home(person)))
    }

    /// The page of a person.
    #[must_use]
    pub fn person_href(person: PersonId) -> String {
        format!("/d/people/{person}")
    }

    /// Masked name; the number where the registry has no name.
    #[must_use]
    pub fn masked_name(&self, person: PersonId) -> String {
        self.names.name(person).map(mask::name).filter(|n| !n.is_empty()).unwrap_or_else(|| person.to_string())
    }

    /// The first character of the name, for the square beside it.
    #[must_use]
    pub fn face(&self, person: PersonId) -> String {
        self.names.name(person).and_then(|n| n.chars().next()).map_or_else(|| "?".to_owned(), String::from)
    }

    /// Someone in a list.
    #[must_use]
    pub fn person(&self, person: PersonId) -> PersonRef {
        PersonRef { href: Some(Self::person_href(person)), name: self.masked_name(person), age: self.age(person) }
    }

    /// Everyone the pack's rules speak of.
    pub fn in_scope(&self) -> impl Iterator<Item = PersonId> {
        let mut parts = self.found.population.iter().map(|(_, truth)| &*truth.yes);
        let all = parts.next().map(|first| parts.fold(first.clone(), |all, part| all.and(part)));
        let ids = self.people().map_or(&[][..], |table| table.ids());
        all.map(|all| all.ones().collect::<Vec<_>>()).unwrap_or_default().into_iter().map(|row| PersonId(ids[row]))
    }

    /// Full years on the night.
    #[must_use]
    pub fn age(&self, person: PersonId) -> Option<i64> {
        let (table, row) = (self.people()?, self.row(person)?);
        let born = table.get(row, "birth_date").as_date()?;
        Some(i64::from(kernel::full_years_between(born, self.as_of)))
    }

    /// Village of residence, else of registration.
    #[must_use]
    pub fn home(&self, person: PersonId) -> Option<DivisionCode> {
        let (table, row) = (self.people()?, self.row(person)?);
        ["residence_division", "hukou_division"]
            .into_iter()
            .find_map(|key| table.get(row, key).as_text().and_then(|code| code.parse().ok()))
    }

    /// Where someone lives, in words; empty when that is not known.
    #[must_use]
    pub fn home_said(&self, person: PersonId) -> String {
        self.home(person).map(|code| self.where_is(code)).unwrap_or_default()
    }

    /// The classes a person is in, those at risk first.
    #[must_use]
    pub fn classes(&self, row: usize) -> Vec<Class> {
        let risk = at_risk_groups(self.pack);
        let groups = self.pack.rules_of("group").filter(|rule| rule.entity == "person");
        let mut classes: Vec<Class> = groups
            .filter(|rule| self.found.rule(&rule.id).is_some_and(|found| found.outcome(row) == Outcome::Met))
            .map(|rule| Class {
                id: rule.id.clone(),
                label: self.voice.of(&rule.label).to_owned(),
                risk: risk.contains(&rule.id),
            })
            .collect();
        classes.sort_by_key(|class| !class.risk);
        classes
    }
}
