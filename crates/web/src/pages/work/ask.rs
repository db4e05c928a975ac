//! Missing facts by village: one cell a question.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use kernel::{DivisionLevel, PersonId};
use policy::Outcome;
use serde::Serialize;
use store::Session;
use worklist::{Filter, Kind, VillageCount, WorklistError};

use super::list::Params;
use super::{Weight, items};
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Export, Pager, PersonRef, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export: Export,
    pub tabs: Vec<Chip>,
    pub chips: Vec<Chip>,
    /// Column heads; every row has as many cells.
    pub facts: Vec<String>,
    pub villages: Vec<Village>,
    pub pager: Pager,
    pub people: i64,
    pub weights: Vec<Weight>,
    pub weights_max: i64,
    pub where_label: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// The people of one village on this page.
#[derive(Clone, Debug, Serialize)]
pub struct Village {
    pub name: String,
    /// None: outside the plan's divisions.
    pub href: Option<String>,
    /// The sheet of its questions, to print or to fill in.
    pub answers: Option<String>,
    pub n: i64,
    pub rows: Vec<Row>,
}

/// One person and which of the facts are missing.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub cells: Vec<bool>,
    /// The rules that asking would decide.
    pub decides: String,
}

/// Columns of the table: the facts most people lack.
const FACTS: usize = 6;
const VILLAGES: i64 = 6;
/// People of one village on a page of several; a single village shows a page of its own.
const PEOPLE_OF_VILLAGE: usize = 8;
const PEOPLE: i64 = 40;

/// `GET /d/work/ask`
pub async fn show(app: AppState, ask: Ask, params: Params) -> Result<Response, Problem> {
    app.night_page(ask, "work/ask.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, region, &params)?;
        let mut shell = ask.shell(Rail::Work, desk.voice.word("work-ask"));
        shell.scope = desk.scopes(region, "/d/work/ask", &[("fact", &params.fact)]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, region: Region, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let counts = opened.ask(|session| opened.published.counts(session, region.scope()))?;
    let by_fact = opened.ask(|session| opened.published.missing(session, region.scope()))?;
    let facts = by_weight(&by_fact);
    let chosen = facts.iter().map(|(key, _)| key.as_str()).find(|key| *key == params.fact);
    let columns: Vec<String> = match chosen {
        Some(key) => vec![key.to_owned()],
        None => facts.iter().take(FACTS).map(|(key, _)| key.clone()).collect(),
    };
    let filter = Filter {
        kind: Kind::Ask,
        scope: region.scope(),
        rule: None,
        fact: chosen.map(str::to_owned),
        limit: i64::MAX,
        offset: 0,
    };
    let villages = opened.ask(|session| opened.published.villages(session, &filter))?;
    let link = |scope: &str, fact: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address("/d/work/ask", &[("scope", scope), ("fact", fact), ("page", &page)])
    };
    let single = region.chosen.is_some_and(|code| code.level() == DivisionLevel::Community);
    let people: i64 = villages.iter().map(|v| v.people).sum();
    let (size, total) = if single { (PEOPLE, people) } else { (VILLAGES, i64::try_from(villages.len()).unwrap_or(0)) };
    let pager = Pager::of(params.page(), size, total, |page| link(&region.query(), &params.fact, page));
    let skip = usize::try_from(pager.from - 1).unwrap_or(0);
    let shown: Vec<Village> = if single {
        let (skip, take) = (skip, usize::try_from(PEOPLE).unwrap_or(0));
        villages.iter().map(|v| village(opened, v, &filter, &columns, (skip, take))).collect::<Result<_, _>>()?
    } else {
        let on_page = villages.iter().skip(skip).take(usize::try_from(VILLAGES).unwrap_or(0));
        on_page.map(|v| village(opened, v, &filter, &columns, (0, PEOPLE_OF_VILLAGE))).collect::<Result<_, _>>()?
    };
    let places = items::places(&desk, region, &villages, |scope| link(scope, &params.fact, 1));
    let open: i64 = villages.iter().map(|v| v.open).sum();
    let weights: Vec<Weight> = facts
        .iter()
        .map(|(key, n)| Weight {
            label: desk.label("person", key),
            supplier: supplier(&desk, key),
            href: link(&region.query(), key, 1),
            n: *n,
            current: chosen == Some(key),
        })
        .collect();
    Ok(View {
        headline: desk.voice.say("ask-title", &[("people", people.into()), ("n", open.into())]),
        sub: desk.voice.word("ask-sub"),
        export: Export::new("all", "/d/work/ask/export.xlsx", &[("scope", &region.query()), ("fact", &params.fact)]),
        tabs: items::tabs(&desk, &counts, region, Some(Kind::Ask)),
        chips: chips(&desk, &facts, chosen, |fact| link(&region.query(), fact, 1)),
        facts: columns.iter().map(|key| desk.label("person", key)).collect(),
        villages: shown,
        pager,
        people,
        weights_max: weights.iter().map(|w| w.n).max().unwrap_or(1),
        weights,
        where_label: items::level_below(&desk, region),
        places_max: places.iter().map(|p| p.n).max().unwrap_or(1),
        places,
    })
}

/// Facts by how many people lack them, most first.
fn by_weight(by_fact: &[VillageCount]) -> Vec<(String, i64)> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for count in by_fact {
        if let Some(fact) = &count.fact {
            *sums.entry(fact).or_default() += count.open;
        }
    }
    let mut facts: Vec<(String, i64)> = sums.into_iter().map(|(key, n)| (key.to_owned(), n)).collect();
    facts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    facts
}

fn chips(desk: &Desk<'_>, facts: &[(String, i64)], chosen: Option<&str>, link: impl Fn(&str) -> String) -> Vec<Chip> {
    let all = Chip { label: desk.voice.word("work-all"), n: None, href: link(""), current: chosen.is_none() };
    let each = facts.iter().take(FACTS).map(|(key, n)| Chip {
        label: desk.label("person", key),
        n: Some(*n),
        href: link(key),
        current: chosen == Some(key),
    });
    std::iter::once(all).chain(each).collect()
}

fn supplier(desk: &Desk<'_>, key: &str) -> String {
    let department = desk.fact(key).and_then(|fact| desk.pack.dictionary.department(&fact.supplier));
    department.map(|d| desk.voice.of(&d.name).to_owned()).unwrap_or_default()
}

fn village(
    opened: &Opened<'_>,
    count: &VillageCount,
    filter: &Filter,
    columns: &[String],
    (skip, take): (usize, usize),
) -> Result<Village, Problem> {
    let desk = opened.desk;
    let filter = Filter { scope: worklist::Scope(Some(count.village)), fact: None, ..filter.clone() };
    // The head of a village stands on the pages of everything above it; what follows is read when it is asked for.
    let people = opened.ask(|session| match (skip, take) {
        (0, PEOPLE_OF_VILLAGE) => opened.published.lacking((count.village, columns), || {
            let mut people = lacking(session, &filter, columns)?;
            people.truncate(PEOPLE_OF_VILLAGE);
            Ok(people)
        }),
        _ => lacking(session, &filter, columns).map(Arc::new),
    })?;
    Ok(Village {
        name: desk.where_is(count.village),
        href: desk.is_ours(count.village).then(|| address("/d/work/ask", &[("scope", &count.village.to_string())])),
        answers: (desk.is_ours(count.village)
            && count.village.level() == DivisionLevel::Community
            && opened.holds("fact.answer"))
        .then(|| super::answer::href(count.village)),
        n: count.people,
        rows: people.iter().skip(skip).take(take).map(|(person, facts)| row(&desk, *person, facts, columns)).collect(),
    })
}

/// People of whom one of the facts is missing, with all that is missing of them, those with most first.
fn lacking(
    session: &mut Session,
    filter: &Filter,
    columns: &[String],
) -> Result<Vec<(PersonId, Vec<String>)>, WorklistError> {
    let mut missing: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for item in worklist::page(session, filter)? {
        missing.entry(item.wanted.person).or_default().extend(item.wanted.fact.as_deref().map(str::to_owned));
    }
    let mut people: Vec<(PersonId, Vec<String>)> =
        missing.into_iter().filter(|(_, facts)| facts.iter().any(|fact| columns.contains(fact))).collect();
    people.sort_by_key(|(person, facts)| (std::cmp::Reverse(facts.len()), *person));
    Ok(people)
}

fn row(desk: &Desk<'_>, person: PersonId, facts: &[String], columns: &[String]) -> Row {
    let undecided = desk.row(person).map(|row| {
        let rules = desk.pack.rules.iter().filter(|rule| rule.entity == "person" && rule.kind() != "group");
        let rules = rules.filter(|rule| desk.found.rule(&rule.id).is_some_and(|f| f.outcome(row) == Outcome::Unknown));
        rules.map(|rule| desk.voice.of(&rule.label)).collect::<Vec<_>>()
    });
    let undecided = undecided.unwrap_or_default();
    let said = |labels: &[&str]| match labels {
        [a, b, c, _, ..] => {
            let args =
                [("first", desk.voice.join(&[a, b, c]).into()), ("n", i64::try_from(labels.len()).unwrap_or(0).into())];
            desk.voice.say("and-more", &args)
        }
        few => desk.voice.join(few),
    };
    let classes = || facts.iter().map(|fact| desk.label("person", fact)).collect::<Vec<_>>();
    Row {
        person: desk.person(person),
        cells: columns.iter().map(|column| facts.contains(column)).collect(),
        decides: if undecided.is_empty() { desk.voice.join(&classes()) } else { said(&undecided) },
    }
}
