//! One person as known now: what was entered and taken in since the night, and what the rules say of it at once.
//!
//! The night's numbers stay the night's. Only the household is computed again, so that a page can be asked often.

use std::collections::BTreeMap;

use chrono::{Days, Months};
use kernel::{Date, ListId, PersonId};
use policy::RuleAnswer;
use policy::column::{Column, Population, Table};
use policy::model::{Fact, FromStatements, Sensitivity};
use policy::value::Value;
use registry::snapshot::{self, FactLine, Moment, Subject, VisitLine};
use store::{Keys, Session};

use crate::{CycleFault, World};

/// A person on a day, as far as known by now.
pub struct Now {
    /// The day asked for, or the night's when that is later.
    pub as_of: Date,
    pub answers: Vec<RuleAnswer>,
    /// Every fact with where it comes from, as [`snapshot::facts_of`].
    pub lines: Vec<FactLine>,
    pub visits: Vec<VisitLine>,
    /// Facts whose value is another than the night's.
    pub changed: Vec<String>,
    person: Table,
    row: usize,
}

impl Now {
    /// A fact's value now.
    #[must_use]
    pub fn value(&self, key: &str) -> Value {
        self.person.get(self.row, key)
    }

    /// The answer of one rule.
    #[must_use]
    pub fn answer(&self, rule: &str) -> Option<&RuleAnswer> {
        self.answers.iter().find(|answer| &*answer.rule == rule)
    }
}

impl World {
    /// What is known of someone now; none when the night has no row for them.
    ///
    /// # Errors
    /// Those of the database and the keys.
    pub fn now(
        &self,
        session: &mut Session,
        keys: &Keys,
        person: PersonId,
        today: Date,
    ) -> Result<Option<Now>, CycleFault> {
        let (Some(table), Some(at)) = (self.population.table("person"), self.row_of(person)) else { return Ok(None) };
        let as_of = today.max(self.as_of());
        let about = (&*self.catalogue, &*self.pack);
        let subject = Subject::Person(person);
        let lines = snapshot::facts_of(session, keys, about, subject, &Moment::on(as_of))?;
        let visits = snapshot::visits_of(session, person)?;
        let last = ListId(self.night.last_list);
        let came = lines.iter().any(|line| line.list > last) || visits.iter().any(|visit| visit.list > last);
        let entered = lines.iter().any(|line| line.actor.is_some());
        let is_unchanged = !came && (!entered || !self.was_taken_back(session, keys, person, &lines)?);
        let mut rows: Vec<usize> = table.households().with(at).iter().map(|row| *row as usize).collect();
        if rows.is_empty() {
            rows.push(at);
        }
        let row = rows.iter().position(|other| *other == at).unwrap_or(0);
        let ids = rows.iter().map(|row| table.ids()[*row]).collect();
        let mut columns: BTreeMap<String, Column> = BTreeMap::new();
        for (key, column) in table.columns() {
            columns.insert(key.clone(), column.take(&rows));
        }
        let mut changed = Vec::new();
        if !is_unchanged {
            for fact in self.pack.dictionary.of("person").filter(|fact| fact.derive.is_none()) {
                let Some(value) = value_now(&self.pack, fact, (&lines, &visits, last), as_of) else { continue };
                let Some(column) = columns.get_mut(&fact.key).filter(|column| column.get(row) != value) else {
                    continue;
                };
                let mut values: Vec<Value> = (0..rows.len()).map(|row| column.get(row)).collect();
                values[row] = value;
                // A value of another type than the fact's stays the night's.
                if let Ok(new) = Column::from_values(fact.value_type, &values) {
                    *column = new;
                    changed.push(fact.key.clone());
                }
            }
        }
        let whole = |_| CycleFault::Damaged { what: "a household" };
        let person = Table::new("person", ids, columns).map_err(whole)?;
        let population = Population::new([person.clone()]);
        let answers = self.program.explain(&population, None, "person", row, as_of);
        Ok(Some(Now { as_of, answers, lines, visits, changed, person, row }))
    }

    /// Whether something the night counted holds no more: it was corrected or ended.
    fn was_taken_back(
        &self,
        session: &mut Session,
        keys: &Keys,
        person: PersonId,
        lines: &[FactLine],
    ) -> Result<bool, CycleFault> {
        let about = (&*self.catalogue, &*self.pack);
        let then = snapshot::facts_of(session, keys, about, Subject::Person(person), &self.moment())?;
        let stands =
            |line: &&FactLine| lines.iter().any(|now| now.key == line.key && now.current && now.value == line.value);
        Ok(then.iter().filter(|line| line.current && !line.absent).any(|line| !stands(&line)))
    }
}

/// A base fact's value by the lines; none: the night's stays.
fn value_now(
    pack: &policy::Pack,
    fact: &Fact,
    (lines, visits, last): (&[FactLine], &[VisitLine], ListId),
    as_of: Date,
) -> Option<Value> {
    if fact.sensitivity == Sensitivity::Identity || fact.from_division.is_some() || fact.key == "person_id" {
        return None;
    }
    if let Some(events) = &fact.from_events {
        let days = visits.iter().filter(|visit| visit.on <= as_of && events.kinds.contains(&visit.kind));
        let day = if events.take == "first" { days.map(|v| v.on).min() } else { days.map(|v| v.on).max() };
        return Some(day.map_or(Value::Null, Value::Date));
    }
    if let Some(from) = &fact.from_statements {
        return if from.valid_at == "as_of" { newest_statement(pack, from, lines, last, as_of) } else { None };
    }
    let of_key = || lines.iter().filter(|line| line.key == fact.key);
    of_key().next()?;
    Some(of_key().find(|line| line.current).map_or(Value::Null, |line| line.value.clone()))
}

/// The newest statement that came after the night, when it is valid on the day; none: the night's stays.
fn newest_statement(
    pack: &policy::Pack,
    from: &FromStatements,
    lines: &[FactLine],
    last: ListId,
    as_of: Date,
) -> Option<Value> {
    let on_key = from.on.as_deref()?;
    let dated = lines.iter().filter(|line| line.key == on_key && line.list > last && line.in_force);
    let newest =
        dated.filter(|line| line.value.as_date().is_some_and(|on| on <= as_of)).max_by_key(|l| l.valid_from)?;
    let on = newest.value.as_date()?;
    let beside = |key: &str| lines.iter().find(|l| l.key == key && (l.list, l.row) == (newest.list, newest.row));
    let months = || {
        let parameter = pack.parameter(from.validity_months.as_deref()?)?;
        let months = parameter.on(on).or_else(|| parameter.values.first())?.value.as_units()?;
        on.checked_add_months(Months::new(u32::try_from(months).ok()?))?.checked_sub_days(Days::new(1))
    };
    let until = from.until.as_deref().and_then(beside).and_then(|line| line.value.as_date()).or_else(months);
    if until.is_some_and(|until| until < as_of) {
        return None;
    }
    if from.until.as_deref() == Some(from.value.as_str()) {
        return Some(until.map_or(Value::Null, Value::Date));
    }
    Some(beside(&from.value).map_or(Value::Null, |line| line.value.clone()))
}
