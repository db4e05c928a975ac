//! Find a person by name, pinyin initials, ID number, its last four characters, or the platform's number.

use accounts::authz::Target;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{DivisionCode, IdNumber, PersonId};
use registry::people::Places;
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::work::Weight;
use crate::parts::{Class, PersonRef, address};
use crate::state::AppState;

/// What the page shows; without a query the classes and where people live.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub q: String,
    pub total: i64,
    pub rows: Vec<Row>,
    pub population: i64,
    pub classes: Vec<ClassCount>,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// One person found.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub dead: bool,
    pub id_tail: String,
    pub place: String,
    pub classes: Vec<Class>,
}

/// How many people a class has, and for how many it is not decided.
#[derive(Clone, Debug, Serialize)]
pub struct ClassCount {
    pub label: String,
    pub href: String,
    pub met: i64,
    pub unknown: i64,
}

/// People listed; a longer search has to be narrowed.
const ROWS: usize = 40;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    scope: String,
}

/// `GET /d/people`
///
/// A whole ID number or a person's number leads straight to the person.
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let q: String = params.q.trim().chars().take(40).collect();
    let typed = q.clone();
    if let Some(person) = app.open_night(&ask, move |opened| exact(opened, &typed)).await? {
        return Ok(Redirect::to(&ask.href(&Desk::person_href(person))).into_response());
    }
    app.night_page(ask, "people/search.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, region, &q);
        let mut shell = ask.shell(Rail::People, desk.voice.word("rail-people"));
        shell.search.clone_from(&q);
        shell.scope = desk.scopes(region, "/d/people", &[("q", &q)]);
        Ok((shell, view))
    })
    .await
}

/// The one person within reach that a number names.
///
/// # Errors
/// Those of the database.
pub fn exact(opened: &Opened<'_>, typed: &str) -> Result<Option<PersonId>, Problem> {
    let known = |person: &PersonId| opened.desk.row(*person).is_some() && opened.desk.reaches(*person);
    if let Some(person) = typed.strip_prefix('P').and_then(|_| typed.parse::<PersonId>().ok()) {
        return Ok(Some(person).filter(known));
    }
    match IdNumber::parse(typed) {
        Ok(number) => {
            let found = opened.ask(|session| registry::people::by_id_number(session, opened.keys(), &number))?;
            Ok(found.filter(known))
        }
        Err(_) => Ok(None),
    }
}

/// Everyone within reach whose name, initials or last four characters begin like this, in the divisions given.
#[must_use]
pub fn found(opened: &Opened<'_>, q: &str, divisions: &[DivisionCode]) -> Places {
    let names = &opened.published.world.names;
    let found = names.search(q, divisions);
    if opened.desk.within.divisions().is_none() {
        return found;
    }
    let within = |at: &u32| {
        let hit = names.found(*at);
        opened.desk.within.admits(&Target::person(hit.person, hit.division))
    };
    Places::new(found.iter().copied().filter(within).collect())
}

fn view(opened: &Opened<'_>, region: Region, q: &str) -> View {
    let desk = opened.desk;
    let found = found(opened, q, region.chosen.as_slice());
    let rows = found.iter().take(ROWS).map(|at| {
        let hit = opened.published.world.names.found(*at);
        let row = desk.row(hit.person);
        Row {
            person: desk.person(hit.person),
            dead: row.is_some_and(|row| is_dead(&desk, row)),
            id_tail: if hit.last_four.is_empty() { "—".into() } else { format!("****{}", hit.last_four) },
            place: hit.division.map(|code| desk.where_is(code)).unwrap_or_default(),
            classes: row.map(|row| desk.classes(row)).unwrap_or_default(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    let blank = q.is_empty();
    // Counts of the whole region are for those who may see it.
    let all = desk.within.divisions().is_none();
    let places = if blank && all { places(opened, region) } else { Vec::new() };
    View {
        headline: match blank {
            true => desk.voice.word("search-title"),
            false => desk.voice.say("search-title-q", &[("q", q.into())]),
        },
        q: q.to_owned(),
        total: i64::try_from(found.len()).unwrap_or(0),
        rows,
        population: opened.published.people(&desk),
        classes: if blank && all { classes(&desk) } else { Vec::new() },
        places_max: places.iter().map(|p| p.n).max().unwrap_or(1),
        places,
    }
}

/// Whether a death is recorded by the night.
#[must_use]
pub fn is_dead(desk: &Desk<'_>, row: usize) -> bool {
    desk.people().and_then(|t| t.get(row, "death_date").as_date()).is_some_and(|day| day <= desk.as_of)
}

fn classes(desk: &Desk<'_>) -> Vec<ClassCount> {
    let groups = desk.pack.rules_of("group").filter(|rule| rule.entity == "person");
    groups
        .filter_map(|rule| {
            let found = desk.found.rule(&rule.id)?;
            let count = |n: usize| i64::try_from(n).unwrap_or(0);
            Some(ClassCount {
                label: desk.voice.of(&rule.label).to_owned(),
                href: crate::pages::policy::rules::href(&rule.id),
                met: count(found.outcome.yes.count_ones()),
                unknown: count(found.outcome.unknown().count_ones()),
            })
        })
        .collect()
}

/// People in scope by the divisions below the region.
fn places(opened: &Opened<'_>, region: Region) -> Vec<Weight> {
    let desk = opened.desk;
    let residents = opened.published.residents(&desk);
    let below = desk.below(region);
    let counts: Vec<i64> = below
        .iter()
        .map(|code| residents.iter().filter(|(village, _)| code.contains(**village)).map(|(_, n)| n).sum())
        .collect();
    let mut places: Vec<Weight> = below
        .into_iter()
        .zip(counts)
        .map(|(code, n)| Weight {
            label: desk.place(code),
            supplier: String::new(),
            href: address("/d/people", &[("scope", &code.to_string())]),
            n,
            current: false,
        })
        .collect();
    places.sort_by_key(|place| -place.n);
    places
}
