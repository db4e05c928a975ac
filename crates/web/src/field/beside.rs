//! What the care room asks and tells its neighbours: who may, where people live, what fits, and what is known from now on.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::Accounts;
use accounts::authz::{Principal, Target};
use care::{Assessed, Beside, CareError, Told, VisitMade};
use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId, UserId};
use policy::model::Fact;
use policy::value::Value;
use registry::acts::{Act, Registers, Says};
use serde_json::Value as Json;
use store::{Keys, Session};

use super::answers;
use crate::published::Published;

/// The neighbours as one account reaches them.
pub struct Rooms<'r> {
    pub accounts: Option<&'r Accounts>,
    /// None: somebody at this machine, who may.
    pub who: Option<&'r Principal>,
    pub published: &'r Arc<Published>,
    pub keys: &'r Keys,
    pub now: DateTime<Utc>,
}

impl Rooms<'_> {
    fn home_of(&self, person: PersonId) -> Option<DivisionCode> {
        let world = &self.published.world;
        let (table, row) = (world.population.table("person")?, world.row_of(person)?);
        let code = |key: &str| table.get(row, key).as_text().and_then(|code| code.parse().ok());
        code("residence_division").or_else(|| code("hukou_division"))
    }

    fn enter(
        &self,
        tx: &mut Session,
        (source, key): (&str, &str),
        by: UserId,
        person: PersonId,
        says: Says<'_>,
    ) -> Result<(), CareError> {
        let world = &self.published.world;
        let registers = Registers { keys: self.keys, catalogue: &world.catalogue, dictionary: &world.pack.dictionary };
        let actor = by.to_string();
        let on = care::local_day(self.now);
        let act = Act { source, person, key, actor: &actor, on, at: self.now, says, corrects: None };
        registers.record(tx, &act).map(drop).map_err(|fault| CareError::Beside(fault.to_string()))
    }

    /// A fact that may be told in the field, with its column of the register of answers.
    fn told_fact(&self, key: &str) -> Option<(&Fact, &registry::sources::Column)> {
        let world = &self.published.world;
        let column = answers::column(&world.catalogue, key)?;
        Some((world.pack.dictionary.get("person", key)?, column))
    }
}

impl Beside for Rooms<'_> {
    /// What was done while the person was in the sender's care counts, though it comes in later.
    fn may(&self, tx: &mut Session, permission: &str, person: PersonId, at: DateTime<Utc>) -> Result<bool, CareError> {
        let (Some(accounts), Some(who)) = (self.accounts, self.who) else { return Ok(true) };
        let target = Target::person(person, self.home_of(person));
        if accounts.authz().decide(who, permission, &target).allowed {
            return Ok(true);
        }
        let then = accounts.looked_after(tx, who.user, person, at);
        if !then.map_err(|fault| CareError::Beside(fault.to_string()))? {
            return Ok(false);
        }
        let mut as_then = who.clone();
        as_then.assigned.insert(person);
        Ok(accounts.authz().decide(&as_then, permission, &target).allowed)
    }

    fn home(&self, person: PersonId) -> Option<DivisionCode> {
        self.home_of(person)
    }

    fn fits(&self, fact: &str, value: &Json) -> Option<bool> {
        let (fact, column) = self.told_fact(fact)?;
        let read = answers::read(fact, value);
        let inside = |n: f64| column.min.is_none_or(|min| n >= min) && column.max.is_none_or(|max| n <= max);
        let today = care::local_day(self.now);
        Some(read.is_some_and(|value| {
            value.as_float().is_none_or(inside)
                && value.as_date().is_none_or(|date| !column.not_after_list || date <= today)
        }))
    }

    fn validity_months(&self, scale: &assess::Scale, on: Date) -> Option<u32> {
        let parameter = self.published.world.pack.parameter(&scale.validity.parameter)?;
        let value = parameter.on(on).or_else(|| parameter.values.first())?;
        u32::try_from(value.value.as_units()?).ok()
    }

    fn visit_made(&mut self, tx: &mut Session, visit: &VisitMade<'_>) -> Result<(), CareError> {
        let key = format!("care/visit/{}", visit.visit);
        let says = Says::Visit { kind: visit.kind, on: visit.on, by: "" };
        self.enter(tx, ("own_visits", &key), visit.by, visit.person, says)
    }

    fn assessed(&mut self, tx: &mut Session, assessed: &Assessed<'_>) -> Result<(), CareError> {
        let facts = &self.published.forms.assessment.facts;
        let points: BTreeMap<&str, i64> = assessed.result.subtotals.iter().map(|(g, n)| (g.as_str(), *n)).collect();
        let mut said = vec![
            (facts.assessed_on.as_str(), Value::Date(assessed.on)),
            (facts.level.as_str(), Value::Int(assessed.result.final_level)),
            (facts.total.as_str(), Value::Int(assessed.result.total)),
        ];
        said.extend(assessed.valid_until.map(|until| (facts.valid_until.as_str(), Value::Date(until))));
        let groups = facts
            .groups
            .iter()
            .filter_map(|(group, key)| Some((key.as_str(), Value::Int(*points.get(group.as_str())?))));
        said.extend(groups);
        let diagnosed = facts.diagnosed.iter().filter(|(code, _)| assessed.diagnoses.contains(code));
        said.extend(diagnosed.map(|(_, key)| (key.as_str(), Value::Bool(true))));
        let key = format!("care/assessment/{}", assessed.assessment);
        let says = Says::Facts { facts: &said, from: assessed.on, until: None };
        self.enter(tx, ("own_assessments", &key), assessed.by[1], assessed.person, says)
    }

    fn told(&mut self, tx: &mut Session, told: &Told<'_>) -> Result<(), CareError> {
        // What visitors keep for each other is no fact of the region.
        let Some((fact, _)) = self.told_fact(told.field) else { return Ok(()) };
        let Some(value) = answers::read(fact, told.value) else { return Ok(()) };
        let key = format!("care/edit/{}", told.edit);
        let said = [(told.field, value)];
        let says = Says::Facts { facts: &said, from: told.on, until: None };
        self.enter(tx, (answers::REGISTER, &key), told.by, told.person, says)
    }
}
