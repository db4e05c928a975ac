//! What the care room asks and tells its neighbours: who may, where people live, what fits, and what is known from now on.

use std::sync::Arc;

use accounts::Accounts;
use accounts::authz::{Principal, Target};
use care::{Assessed, Beside, CareError, Told, VisitMade};
use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId};
use policy::model::Fact;
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

    fn visit_made(&mut self, _: &mut Session, _: &VisitMade<'_>) -> Result<(), CareError> {
        Ok(())
    }

    fn assessed(&mut self, _: &mut Session, _: &Assessed<'_>) -> Result<(), CareError> {
        Ok(())
    }

    fn told(&mut self, _: &mut Session, _: &Told<'_>) -> Result<(), CareError> {
        Ok(())
    }
}
