//! One pair: both sides, what speaks for and against one person, what other lists say, and the decision.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::PersonId;
use registry::linking::{self, Beside, OpenPair, Other};
use registry::snapshot::{self, FactLine, Moment, Subject};
use serde::Serialize;

use super::index::{Decided, Row, decided_today, percent, rows};
use super::journal::{MergeLine, merge_line, merges};
use super::queue::{self, Chosen};
use super::sides::{self, Field};
use super::{Bit, Line, bits, line, state};
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::{Rail, mask};
use crate::opened::Opened;
use crate::pages::lists;
use crate::pages::people::facts::{Kin, family};
use crate::parts::{Mood, PersonRef, Stamp};
use crate::state::AppState;

/// Rows of the queue beside the pair, and how many of them come before it.
const BESIDE: usize = 9;
const BEFORE: usize = 3;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub queue: Vec<Near>,
    pub left: i64,
    pub all: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub percent: i64,
    /// Where asking begins and linking by itself, in percent.
    pub ask: i64,
    pub link: Option<i64>,
    pub person: Side,
    pub other: Side,
    /// The names of both, the differing characters marked.
    pub names: [Vec<Bit>; 2],
    pub fields: Vec<Field>,
    pub most: f64,
    pub total: String,
    pub moved: Vec<String>,
    pub others: Vec<Choice>,
    pub says: Vec<Says>,
    pub households: Vec<Household>,
    pub effects: Vec<Mood>,
    pub open: bool,
    pub state: Mood,
    pub history: Vec<Line>,
    pub undo: bool,
    pub undone: bool,
    pub merge: Option<MergeLine>,
    pub done: Option<Decided>,
    pub form: Form,
}

/// A pair of the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Near {
    pub row: Row,
    pub current: bool,
}

/// Who or what stands on one side.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    pub title: String,
    pub stamp: Option<Stamp>,
    pub note: String,
    pub href: Option<String>,
    pub number: String,
}

/// Another person the row may be about.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub href: String,
    pub person: PersonRef,
    pub percent: i64,
}

/// What one list says of the person.
#[derive(Clone, Debug, Serialize)]
pub struct Says {
    pub source: String,
    pub stamp: Option<Stamp>,
    pub said: Vec<(String, String)>,
    pub who: String,
}

/// The family of one side.
#[derive(Clone, Debug, Serialize)]
pub struct Household {
    pub title: String,
    pub people: Vec<Kin>,
}

/// The decision as typed so far.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    pub action: String,
    pub undo: String,
    pub verdict: String,
    pub by: String,
    pub reason: String,
    pub reasons: Vec<String>,
    pub faults: Vec<FieldFault>,
    pub money: bool,
}

/// `GET /d/linkage/{pair}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pair: i64 = pair.parse().map_err(|_| Problem::NotFound)?;
    let form = Form { by: queue::reviewer(&headers), ..Form::default() };
    page(app, ask, pair, chosen, form).await
}

/// The page, with the decision as it was typed when it was refused.
///
/// # Errors
/// `NotFound`; those of the database and of the keys.
pub async fn page(app: AppState, ask: Ask, pair: i64, chosen: Chosen, form: Form) -> Result<Response, Problem> {
    app.night_page(ask, "linkage/show.html", move |ask, opened| {
        let view = view(opened, pair, &chosen, form)?;
        let voice = opened.desk.voice;
        let shell = ask
            .shell(Rail::Linkage, voice.say("linkage-pair", &[("n", pair.to_string().into())]))
            .via(voice.word("rail-linkage"), chosen.keep("/d/linkage", &[]));
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, id: i64, chosen: &Chosen, mut form: Form) -> Result<View, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let given = (&*world.catalogue, &world.divisions);
    let seen = opened.ask(|session| linking::beside(session, opened.keys(), given, id))?.ok_or(Problem::NotFound)?;
    queue::demand(opened, "link.review", &seen.pair)?;
    let queue = queue::open(opened, chosen)?;
    let at = queue.iter().position(|open| open.pair.id == id);
    let today = decided_today(opened)?;
    let open = seen.pair.state == linking::State::Open;
    let rules = cycle::linking(opened.app.packs(), &world.catalogue).map_err(Problem::internal)?;
    let source = seen.row.as_ref().map_or("", |row| row.source.as_str());
    let (link, ask) = rules.thresholds(source);
    let (link, ask) = if seen.row.is_some() {
        (link.map(percent), percent(ask))
    } else {
        (None, percent(rules.decisions.ask_same_person))
    };
    let total: f64 = seen.fields.iter().map(|field| field.bits).sum();
    let pair_at = |step: isize| {
        // From a pair that is not in the queue, the next is its first.
        let at = match at {
            Some(at) => at.checked_add_signed(step)?,
            None if step > 0 => 0,
            None => return None,
        };
        queue.get(at).map(|open| chosen.pair(open.pair.id))
    };
    let merge = merge_of(opened, id)?;
    form.action = chosen.pair(id);
    form.undo = chosen.keep(&format!("{}/undo", super::href(id)), &[]);
    form.money = matches!(seen.pair.other, Other::Person(_)) && money(opened, &seen);
    form.reasons = reasons(opened, &seen);
    let (left, right) = (i64::try_from(queue.len()).unwrap_or(0), i64::try_from(today).unwrap_or(0));
    Ok(View {
        headline: desk.voice.word(if seen.row.is_some() { "linkage-ask-row" } else { "linkage-ask-people" }),
        sub: desk.voice.say("linkage-progress", &[("left", left.into()), ("today", right.into())]),
        queue: near(opened, chosen, &queue, at)?,
        left,
        all: chosen.keep("/d/linkage", &[]),
        previous: pair_at(-1),
        next: pair_at(1),
        percent: percent(seen.pair.probability),
        ask,
        link,
        person: person_side(opened, seen.people.0, "linkage-known"),
        other: other_side(opened, &seen)?,
        names: names(&seen),
        fields: sides::fields(&desk, &seen),
        most: sides::MOST_BITS,
        total: sides::weight(total),
        moved: moved(opened, &seen),
        others: seen
            .others
            .iter()
            .filter(|other| queue::reaches(&desk, other))
            .map(|other| Choice {
                href: chosen.pair(other.id),
                person: desk.person(other.person),
                percent: percent(other.probability),
            })
            .collect(),
        says: says(opened, &seen)?,
        households: households(opened, &seen)?,
        effects: effects(opened, &seen, form.money),
        open,
        state: state(&desk, seen.pair.state),
        history: seen.said.iter().rev().map(|said| line(&desk, said)).collect(),
        undo: seen.pair.state.is_decided(),
        undone: seen.pair.state == linking::State::Undone,
        merge,
        done: done(opened, chosen)?,
        form,
    })
}

/// The rows of the queue around the pair.
fn near(opened: &Opened<'_>, chosen: &Chosen, queue: &[OpenPair], at: Option<usize>) -> Result<Vec<Near>, Problem> {
    let from = at.unwrap_or(0).saturating_sub(BEFORE).min(queue.len().saturating_sub(BESIDE));
    let shown: Vec<&OpenPair> = queue.iter().skip(from).take(BESIDE).collect();
    let rows = rows(opened, chosen, &shown)?.into_iter().enumerate();
    Ok(rows.map(|(place, row)| Near { row, current: at == Some(from + place) }).collect())
}

fn names(seen: &Beside) -> [Vec<Bit>; 2] {
    let name = seen.fields.iter().find(|field| field.field == "name");
    name.map_or_else(Default::default, |field| [bits(&field.person), bits(&field.other)])
}

fn person_side(opened: &Opened<'_>, person: PersonId, title: &str) -> Side {
    let desk = opened.desk;
    let age = desk.age(person).map(|n| desk.voice.say("years-old", &[("n", n.into())]));
    let said: Vec<String> =
        age.into_iter().chain([desk.home_said(person)].into_iter().filter(|h| !h.is_empty())).collect();
    Side {
        title: desk.voice.word(title),
        stamp: desk.supplier_stamp("person", "residence_division"),
        note: desk.voice.join(&said),
        href: Some(crate::desk::Desk::person_href(person)),
        number: person.to_string(),
    }
}

fn other_side(opened: &Opened<'_>, seen: &Beside) -> Result<Side, Problem> {
    let desk = opened.desk;
    Ok(match (&seen.row, seen.people.1) {
        (Some(place), _) => {
            let source = opened.published.world.catalogue.get(&place.source);
            let label = source.map_or_else(|| place.source.clone(), |s| desk.voice.of(&s.label).to_owned());
            let args =
                [("row", i64::try_from(place.row).unwrap_or(0).into()), ("day", desk.day(place.list_date).into())];
            Side {
                title: desk.voice.word("linkage-row"),
                stamp: source.and_then(|s| desk.stamp(&s.department, None, Some(place.list_date), false)),
                note: format!("{label} {}", desk.voice.say("linkage-row-at", &args)),
                href: lists::show::href(opened, place.list)?,
                number: String::new(),
            }
        }
        (None, Some(other)) => person_side(opened, other, "linkage-known-too"),
        (None, None) => Side {
            title: desk.voice.word("linkage-row-gone"),
            stamp: None,
            note: String::new(),
            href: None,
            number: String::new(),
        },
    })
}

fn moved(opened: &Opened<'_>, seen: &Beside) -> Vec<String> {
    let desk = opened.desk;
    let told = |moved: &linking::Moved| {
        let args = [
            ("field", desk.label("person", &moved.field).into()),
            ("before", sides::level(&desk, &moved.before).into()),
            ("now", sides::level(&desk, &moved.now).into()),
        ];
        desk.voice.say("linkage-moved", &args)
    };
    seen.pair.moved.iter().map(told).collect()
}

/// Reasons that the comparison itself gives, to be picked rather than typed.
fn reasons(opened: &Opened<'_>, seen: &Beside) -> Vec<String> {
    let desk = opened.desk;
    let fields = sides::fields(&desk, seen);
    let named = |kinds: &[&str]| -> Vec<String> {
        let of = fields.iter().filter(|field| kinds.contains(&field.mood.kind));
        of.map(|field| {
            desk.voice.say(
                "linkage-reason-field",
                &[("field", field.label.as_str().into()), ("how", field.mood.text.as_str().into())],
            )
        })
        .collect()
    };
    let (like, unlike) = (named(&["eq", "near"]), named(&["ne", "near"]));
    let mut reasons: Vec<String> =
        [like, unlike].iter().filter(|r| !r.is_empty()).map(|r| desk.voice.join(r)).collect();
    reasons.extend(
        ["linkage-reason-asked", "linkage-reason-called", "linkage-reason-visit"].map(|key| desk.voice.word(key)),
    );
    reasons
}

/// What the lists say of who the person is, the newest line of each list in force.
fn says(opened: &Opened<'_>, seen: &Beside) -> Result<Vec<Says>, Problem> {
    let mut all = Vec::new();
    let people: Vec<PersonId> = std::iter::once(seen.people.0).chain(seen.people.1).collect();
    for person in &people {
        let who = if people.len() > 1 { person.to_string() } else { String::new() };
        all.extend(says_of(opened, *person, &who)?);
    }
    Ok(all)
}

/// What lists say of who someone is.
const IDENTITY: [&str; 5] = ["name", "birth_date", "residence_division", "phone", "address"];

fn says_of(opened: &Opened<'_>, person: PersonId, who: &str) -> Result<Vec<Says>, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let lines = opened.ask(|session| {
        let about = (&*world.catalogue, &*world.pack);
        snapshot::facts_of(session, opened.keys(), about, Subject::Person(person), &Moment::on(desk.as_of))
    })?;
    let mut sources: Vec<&str> = lines.iter().filter(|l| l.in_force && !l.absent).map(|l| l.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut says = Vec::new();
    for source in sources {
        let of = |key: &str| lines.iter().find(|l| l.source == source && l.in_force && !l.absent && l.key == key);
        let said = IDENTITY
            .iter()
            .filter_map(|key| of(key).and_then(|line| Some((desk.label("person", key), told(opened, line)?))));
        let said: Vec<(String, String)> = said.collect();
        let known = world.catalogue.get(source);
        let on = lines.iter().filter(|l| l.source == source && l.in_force).map(|l| l.list_date).max();
        says.push(Says {
            source: queue::source_label(opened, source),
            stamp: known.and_then(|s| desk.stamp(&s.department, None, on, false)),
            said,
            who: who.to_owned(),
        });
    }
    Ok(says)
}

fn told(opened: &Opened<'_>, line: &FactLine) -> Option<String> {
    let text = line.value.as_text();
    Some(match line.key.as_str() {
        "name" => mask::name(text?),
        "phone" => mask::phone(text?),
        "address" => opened.desk.voice.word("masked"),
        key => opened.desk.value("person", key, &line.value)?,
    })
}

fn households(opened: &Opened<'_>, seen: &Beside) -> Result<Vec<Household>, Problem> {
    let desk = opened.desk;
    let mut all = Vec::new();
    for person in std::iter::once(seen.people.0).chain(seen.people.1) {
        let Some(row) = desk.row(person) else { continue };
        let people = family(opened, person, row)?;
        let title = desk.voice.say("linkage-household", &[("who", person.to_string().into())]);
        all.push(Household { title, people: people.into_iter().take(8).collect() });
    }
    Ok(all)
}

/// What follows from "the same person".
fn effects(opened: &Opened<'_>, seen: &Beside, money: bool) -> Vec<Mood> {
    let voice = opened.desk.voice;
    let mut effects = Vec::new();
    if seen.row.is_some() {
        effects.push(Mood::new("ok", voice.word("linkage-effect-facts")));
        effects.push(Mood::new("info", voice.word("linkage-effect-again")));
    } else {
        effects.push(Mood::new("ok", voice.word("linkage-effect-merge")));
        effects.push(Mood::new("info", voice.word("linkage-effect-number")));
        if money {
            effects.push(Mood::new("warn", voice.word("linkage-effect-money")));
        }
    }
    effects.push(Mood::new("info", voice.word("linkage-effect-night")));
    effects.push(Mood::new("mute", voice.word("linkage-effect-undo")));
    effects
}

/// Whether two people have to agree, as far as the night knows; what lists say is looked up when it is decided.
#[must_use]
pub fn money(opened: &Opened<'_>, seen: &Beside) -> bool {
    let people = std::iter::once(seen.people.0).chain(seen.people.1);
    people.into_iter().any(|person| opened.published.world.money_hangs_on(person))
}

fn merge_of(opened: &Opened<'_>, pair: i64) -> Result<Option<MergeLine>, Problem> {
    let merges = merges(opened)?;
    Ok(merges.iter().rev().find(|merge| merge.pair == Some(pair)).map(|merge| merge_line(opened, merge)))
}

/// What was decided a moment ago.
fn done(opened: &Opened<'_>, chosen: &Chosen) -> Result<Option<Decided>, Problem> {
    let Ok(id) = chosen.done.parse::<i64>() else { return Ok(None) };
    let Some(pair) = opened.ask(|session| linking::pair(session, id))? else { return Ok(None) };
    if !queue::reaches(&opened.desk, &pair) {
        return Ok(None);
    }
    let said = opened.ask(|session| linking::said(session, id))?;
    Ok(said.last().map(|said| Decided {
        href: chosen.pair(id),
        what: opened.desk.masked_name(pair.person),
        line: line(&opened.desk, said),
    }))
}
