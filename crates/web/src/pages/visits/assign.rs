//! Who visits whom: a coordinator gives people to visitors, one by one or a whole village.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use accounts::{AccountsError, Actor};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{DivisionCode, DivisionLevel, PersonId, UserId};
use serde::{Deserialize, Serialize};

use super::visitors::{self, Visitor};
use super::within;
use crate::desk::{Desk, Region};
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{PersonRef, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub villages: Vec<Village>,
    pub chosen: Option<Chosen>,
    pub visitors: Vec<Someone>,
    /// What was just done.
    pub done: Option<String>,
}

/// A village with those due a visit.
#[derive(Clone, Debug, Serialize)]
pub struct Village {
    pub name: String,
    pub href: String,
    pub people: i64,
    pub nobody: i64,
    pub current: bool,
}

/// The village whose people are shown.
#[derive(Clone, Debug, Serialize)]
pub struct Chosen {
    pub name: String,
    pub code: String,
    pub action: String,
    pub rows: Vec<Row>,
}

/// Somebody who is due visits.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub id: String,
    pub what: String,
    /// Names of their visitors, with the field that takes each away.
    pub visitors: Vec<(String, String)>,
}

/// An account that visits.
#[derive(Clone, Debug, Serialize)]
pub struct Someone {
    pub id: String,
    pub name: String,
    pub role: String,
    pub people: i64,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    scope: String,
    #[serde(default)]
    village: String,
    #[serde(default)]
    given: i64,
    #[serde(default)]
    taken: i64,
}

/// `GET /d/visits/assign`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "visits/assign.html", move |ask, opened| {
        let desk = opened.desk;
        let village = params.village.parse::<DivisionCode>().ok().filter(|code| desk.is_ours(*code));
        if let Some(village) = village {
            opened.demand_division("visit.assign", village)?;
        }
        let scope = village.and_then(|code| code.at(DivisionLevel::Township)).map(|code| code.to_string());
        let region = desk.region(scope.as_deref().unwrap_or(&params.scope));
        let view = view(opened, region, village, &params)?;
        let mut shell = ask.shell(Rail::Visits, desk.voice.word("assign-title"));
        shell = shell.via(desk.voice.word("visits-title"), "/d/visits");
        shell.scope = desk.scopes(region, "/d/visits/assign", &[]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, region: Region, village: Option<DivisionCode>, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let due = due_by_village(&desk, region);
    let root = region.division().unwrap_or_else(|| desk.pack.roots[0]);
    let visitors = visitors::all(opened, village.unwrap_or(root))?;
    let standing = standing(opened)?;
    let nobody = |people: &[PersonId]| people.iter().filter(|person| !standing.contains_key(person)).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let mut villages: Vec<Village> = due
        .iter()
        .map(|(code, people)| Village {
            name: desk.where_is(*code),
            href: address("/d/visits/assign", &[("village", &code.to_string())]),
            people: count(people.len()),
            nobody: count(nobody(people)),
            current: Some(*code) == village,
        })
        .collect();
    villages.sort_by_key(|village| (-village.nobody, -village.people));
    let all: Vec<PersonId> = due.values().flatten().copied().collect();
    let args = [("n", count(all.len()).into()), ("nobody", count(nobody(&all)).into())];
    let chosen = village.map(|code| Chosen {
        name: desk.where_is(code),
        code: code.to_string(),
        action: "/d/visits/assign".to_owned(),
        rows: rows(&desk, due.get(&code).map_or(&[][..], Vec::as_slice), &standing, &visitors),
    });
    let done = (params.given + params.taken > 0)
        .then(|| desk.voice.say("assign-done", &[("given", params.given.into()), ("taken", params.taken.into())]));
    Ok(View {
        headline: desk.voice.say("assign-headline", &args),
        villages,
        chosen,
        visitors: visitors
            .into_iter()
            .map(|visitor| Someone {
                id: visitor.user.id.to_string(),
                name: visitor.user.display_name.clone(),
                people: count(visitor.people.len()),
                role: visitor.role,
            })
            .collect(),
        done,
    })
}

/// Everyone for whom the pack asks visits, by village.
fn due_by_village(desk: &Desk<'_>, region: Region) -> BTreeMap<DivisionCode, Vec<PersonId>> {
    let mut due: BTreeMap<DivisionCode, BTreeSet<PersonId>> = BTreeMap::new();
    let ids = desk.people().map_or(&[][..], |table| table.ids());
    for rule in desk.found.rules.iter().filter(|rule| rule.kind == "visit") {
        for row in rule.outcome.yes.ones() {
            let person = PersonId(ids[row]);
            if let Some(home) = desk.home(person).filter(|home| within(region, *home) && desk.within.holds(*home)) {
                due.entry(home).or_default().insert(person);
            }
        }
    }
    due.into_iter().map(|(code, people)| (code, people.into_iter().collect())).collect()
}

fn standing(opened: &Opened<'_>) -> Result<BTreeMap<PersonId, Vec<UserId>>, Problem> {
    let mut standing: BTreeMap<PersonId, Vec<UserId>> = BTreeMap::new();
    if let Some(door) = opened.app.door() {
        for (person, user) in opened.ask(|session| door.accounts.assignments(session))? {
            standing.entry(person).or_default().push(user);
        }
    }
    Ok(standing)
}

fn rows(
    desk: &Desk<'_>,
    people: &[PersonId],
    standing: &BTreeMap<PersonId, Vec<UserId>>,
    visitors: &[Visitor],
) -> Vec<Row> {
    let what = |person: PersonId| {
        let row = desk.row(person);
        let met =
            desk.found.rules.iter().filter(|rule| {
                rule.kind == "visit" && row.is_some_and(|row| rule.outcome(row) == policy::Outcome::Met)
            });
        desk.voice.join(&met.map(|rule| desk.rule_label(&rule.id)).collect::<Vec<_>>())
    };
    let named = |user: &UserId| visitors.iter().find(|v| v.user.id == *user).map(|v| v.user.display_name.clone());
    people
        .iter()
        .map(|person| Row {
            person: desk.person(*person),
            id: person.to_string(),
            what: what(*person),
            visitors: standing
                .get(person)
                .into_iter()
                .flatten()
                .filter_map(|user| Some((named(user)?, format!("take {person} {user}"))))
                .collect(),
        })
        .collect()
}

/// `POST /d/visits/assign`: `user`, and `whole` for the village or a field `P…` for each person; or one `take P… U…`.
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let village: DivisionCode = form.get("village").and_then(|code| code.parse().ok()).ok_or(Problem::Unreadable)?;
    let (given, taken) = app.open_night(&ask, move |opened| change(opened, village, &form)).await?;
    let back = [("village", village.to_string()), ("given", given.to_string()), ("taken", taken.to_string())];
    let query: Vec<(&str, &str)> = back.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Redirect::to(&ask.href(&address("/d/visits/assign", &query))).into_response())
}

fn change(opened: &Opened<'_>, village: DivisionCode, form: &BTreeMap<String, String>) -> Result<(i64, i64), Problem> {
    opened.demand_division("visit.assign", village)?;
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let (desk, actor) = (opened.desk, Actor::User(&signed.principal));
    let (mut given, mut taken) = (0, 0);
    for field in form.keys().filter_map(|key| key.strip_prefix("take ")) {
        let (person, user) = field.split_once(' ').ok_or(Problem::Unreadable)?;
        let person: PersonId = person.parse().map_err(|_| Problem::Unreadable)?;
        let user: UserId = user.parse().map_err(|_| Problem::Unreadable)?;
        let done =
            opened.try_ask(|session| Ok(door.accounts.unassign(session, actor, user, (person, desk.home(person)))))?;
        done.map_err(refused)?;
        taken += 1;
    }
    if taken > 0 {
        return Ok((0, taken));
    }
    let fault = |cause: &str| {
        let cause = desk.voice.word(cause);
        Problem::Invalid(vec![FieldFault { field: "user".into(), cause }])
    };
    let user: UserId = form.get("user").and_then(|id| id.parse().ok()).ok_or_else(|| fault("assign-no-visitor"))?;
    let account = opened.ask(|session| door.accounts.user(session, user)).map_err(|_| fault("assign-no-visitor"))?;
    visitors::visits_in(opened, &account, village).ok_or_else(|| fault("assign-elsewhere"))?;
    let own = Region { root: None, chosen: Some(village) };
    let here = due_by_village(&desk, own).remove(&village).unwrap_or_default();
    let chosen: Vec<PersonId> = if form.contains_key("whole") {
        here
    } else {
        form.keys().filter_map(|key| key.parse().ok()).filter(|person| desk.home(*person) == Some(village)).collect()
    };
    if chosen.is_empty() {
        return Err(fault("assign-nobody"));
    }
    for person in chosen {
        let done =
            opened.try_ask(|session| Ok(door.accounts.assign(session, actor, user, (person, desk.home(person)))))?;
        done.map_err(refused)?;
        given += 1;
    }
    Ok((given, taken))
}

fn refused(fault: AccountsError) -> Problem {
    match fault {
        AccountsError::NotAllowed(decision) => Problem::NotAllowed(Arc::new(decision)),
        AccountsError::NoAccount | AccountsError::State { .. } => Problem::Conflict,
        other => Problem::internal(other),
    }
}
