//! From tonight's outcomes to what has to be done. Pure: no database, no clock.

mod ask;
mod benefits;
mod visits;

pub use visits::visits_from;

use kernel::{Date, DivisionCode, PersonId};
use policy::column::{Population, Table};
use policy::value::Value;
use policy::{Determinations, Outcome, Pack, Program};

use crate::model::{Kind, Wanted};

/// What a night knows.
pub struct Findings<'a> {
    pub pack: &'a Pack,
    pub program: &'a Program,
    pub population: &'a Population,
    pub found: &'a Determinations,
    pub as_of: Date,
    /// People who met a rule yesterday and have no row tonight, with the rule and the village they lived in.
    pub left: Vec<(PersonId, String, DivisionCode)>,
}

/// Everything the night wants done, in no particular order, each thing once.
#[must_use]
pub fn find(night: &Findings<'_>) -> Vec<Wanted> {
    let Some(people) = night.population.table("person") else { return Vec::new() };
    let here = Here::new(night, people);
    let mut wanted = benefits::find(night, &here);
    wanted.extend(visits::find(night, &here));
    wanted.extend(reminders(night, &here));
    wanted.extend(ask::find(night, &here));
    wanted
}

/// Where each person's work is done.
struct Here<'a> {
    people: &'a Table,
    root: DivisionCode,
}

impl<'a> Here<'a> {
    fn new(night: &Findings<'_>, people: &'a Table) -> Self {
        let root = night.pack.roots.first().copied();
        Self { people, root: root.unwrap_or_else(|| "00".parse().expect("two digits are a code")) }
    }

    fn person(&self, row: usize) -> PersonId {
        PersonId(self.people.ids()[row])
    }

    /// Residence, else registration, else the plan's own division.
    fn village(&self, row: usize) -> DivisionCode {
        let of = |key| self.people.column(key).and_then(|c| c.text(row)).and_then(|t| t.parse().ok());
        of("residence_division").or_else(|| of("hukou_division")).unwrap_or(self.root)
    }

    fn item(&self, kind: Kind, rule: &str, row: usize, cause: &str) -> Wanted {
        Wanted {
            kind,
            rule: rule.to_owned(),
            person: self.person(row),
            fact: None,
            village: self.village(row),
            due_on: None,
            from_on: None,
            rank: 0,
            cause: cause.to_owned(),
        }
    }
}

/// Whoever meets a reminder: due on its date, lapsed when that has passed.
fn reminders(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for rule in night.found.rules.iter().filter(|r| r.kind == "reminder") {
        for row in rule.outcome.yes.ones() {
            let due_on = rule.due.as_ref().and_then(|due| date(&due.get(row)));
            let cause = if due_on.is_some_and(|due| due < night.as_of) { "lapsed" } else { "lapses" };
            wanted.push(Wanted { due_on, ..here.item(Kind::Reassess, &rule.id, row, cause) });
        }
    }
    wanted
}

fn date(value: &Value) -> Option<Date> {
    if let Value::Date(date) = value { Some(*date) } else { None }
}

/// Whether one of the pack's population parts is definitely false for a row: `alive`, `resident`.
fn out_of_scope(night: &Findings<'_>, row: usize) -> Option<String> {
    let part = night.found.population.iter().find(|(_, truth)| truth.outcome(row) == Outcome::NotMet);
    part.map(|(id, _)| id.to_string())
}
