//! From tonight's outcomes to what has to be done. Pure: no database, no clock.

mod ask;
mod benefits;
mod visits;

pub use visits::visits_from;

use std::sync::Arc;

use kernel::{Date, DivisionCode, PersonId};
use policy::column::{Meanings, Population, Table};
use policy::value::Value;
use policy::{Determinations, Outcome, Pack, Program, RuleOutcome};

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

impl Findings<'_> {
    /// The rules of a kind, by id.
    fn rules(&self, kind: &str) -> Vec<&RuleOutcome> {
        let mut rules: Vec<_> = self.found.rules.iter().filter(|rule| rule.kind == kind).collect();
        rules.sort_by_key(|rule| &rule.id);
        rules
    }
}

/// Everything the night wants done, sorted, each thing once.
#[must_use]
pub fn find(night: &Findings<'_>) -> Vec<Wanted> {
    let Some(people) = night.population.table("person") else { return Vec::new() };
    let here = Here::new(night, people);
    let lists = [
        benefits::unserved(night, &here),
        benefits::stops(night, &here),
        ask::find(night, &here),
        visits::find(night, &here),
        reminders(night, &here),
    ];
    // Kind by kind, and in each rule by rule and row by row: almost sorted.
    let mut wanted = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    lists.into_iter().for_each(|list| wanted.extend(list));
    if !wanted.is_sorted() {
        wanted.sort();
    }
    wanted
}

/// Where each person's work is done.
struct Here<'a> {
    people: &'a Table,
    /// Residences, then registrations.
    homes: Vec<Meanings<'a, Option<DivisionCode>>>,
    root: DivisionCode,
}

impl<'a> Here<'a> {
    fn new(night: &Findings<'_>, people: &'a Table) -> Self {
        let root = night.pack.roots.first().copied();
        let homes = ["residence_division", "hukou_division"].into_iter().filter_map(|key| people.column(key));
        let homes = homes.map(|column| column.meanings(|text| text.parse().ok())).collect();
        Self { people, homes, root: root.unwrap_or_else(|| "00".parse().expect("two digits are a code")) }
    }

    fn person(&self, row: usize) -> PersonId {
        PersonId(self.people.ids()[row])
    }

    /// Residence, else registration, else the plan's own division.
    fn village(&self, row: usize) -> DivisionCode {
        self.homes.iter().find_map(|home| home.get(row).copied().flatten()).unwrap_or(self.root)
    }

    fn item(&self, kind: Kind, rule: &Arc<str>, row: usize, cause: &Arc<str>) -> Wanted {
        Wanted {
            kind,
            rule: Arc::clone(rule),
            person: self.person(row),
            fact: None,
            village: self.village(row),
            due_on: None,
            from_on: None,
            rank: 0,
            cause: Arc::clone(cause),
        }
    }
}

/// Whoever meets a reminder: due on its date, lapsed when that has passed.
fn reminders(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let [lapsed, lapses]: [Arc<str>; 2] = ["lapsed", "lapses"].map(Into::into);
    for rule in night.rules("reminder") {
        for row in rule.outcome.yes.ones() {
            let due_on = rule.due.as_ref().and_then(|due| date(&due.get(row)));
            let cause = if due_on.is_some_and(|due| due < night.as_of) { &lapsed } else { &lapses };
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
