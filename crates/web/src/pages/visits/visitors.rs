//! Who can be given people: accounts whose role reaches people in their care, in this part of the region.

use std::collections::BTreeMap;

use accounts::Actor;
use accounts::authz::Reach;
use accounts::users::{State, User};
use kernel::{DivisionCode, PersonId, UserId};

use crate::edge::Problem;
use crate::opened::Opened;

/// A visitor or assessor with those in their care.
pub struct Visitor {
    pub user: User,
    pub role: String,
    pub people: Vec<PersonId>,
}

/// Whether an account may be given people of a division: one of its roles visits, and is held there.
#[must_use]
pub fn visits_in(opened: &Opened<'_>, user: &User, division: DivisionCode) -> Option<String> {
    let authz = opened.app.door()?.accounts.authz();
    if matches!(user.state, State::Closed) {
        return None;
    }
    let visiting = |role: &&accounts::authz::Role| {
        ["visit.record", "assessment.record"]
            .iter()
            .any(|permission| role.may.get(*permission).is_some_and(|reaches| reaches.contains(&Reach::Assigned)))
    };
    user.grants.iter().find_map(|grant| {
        let role = authz.role(&grant.role).filter(visiting)?;
        let here = grant.division.is_some_and(|own| own.contains(division) || division.contains(own));
        here.then(|| opened.desk.voice.of(&role.label).to_owned())
    })
}

/// Everyone who visits in a division, by name, each with their people.
///
/// # Errors
/// Those of the database.
pub fn all(opened: &Opened<'_>, division: DivisionCode) -> Result<Vec<Visitor>, Problem> {
    let Some(door) = opened.app.door() else { return Ok(Vec::new()) };
    let users = opened.ask(|session| door.accounts.users(session, Actor::Command))?;
    let mut care = by_visitor(opened)?;
    let found = users.into_iter().filter_map(|user| {
        let role = visits_in(opened, &user, division)?;
        let people = care.remove(&user.id).unwrap_or_default();
        Some(Visitor { user, role, people })
    });
    let mut found: Vec<Visitor> = found.collect();
    found.sort_by(|a, b| a.user.display_name.cmp(&b.user.display_name).then(a.user.id.cmp(&b.user.id)));
    Ok(found)
}

fn by_visitor(opened: &Opened<'_>) -> Result<BTreeMap<UserId, Vec<PersonId>>, Problem> {
    let Some(door) = opened.app.door() else { return Ok(BTreeMap::new()) };
    let mut care: BTreeMap<UserId, Vec<PersonId>> = BTreeMap::new();
    for (person, user) in opened.ask(|session| door.accounts.assignments(session))? {
        care.entry(user).or_default().push(person);
    }
    Ok(care)
}
