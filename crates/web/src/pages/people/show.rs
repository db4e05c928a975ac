//! One person: facts with their sources, conflicts, family, and what they are due and why.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::PersonId;
use policy::Outcome;
use policy::explain::RuleAnswer;
use policy::model::{Rule, Sensitivity};
use registry::snapshot::{self, FactLine, Moment, Subject, VisitLine};
use serde::Serialize;

use super::history;
use super::search::is_dead;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, mask};
use crate::opened::Opened;
use crate::pages::work::items;
use crate::parts::{Class, ClauseLink, Condition, FactShown, Mood, PersonRef, Stamp};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub face: String,
    pub name: String,
    pub sex_age: String,
    pub birth: Option<Line>,
    pub id_tail: String,
    pub number: String,
    pub classes: Vec<Class>,
    pub level: Option<Level>,
    pub dead: Option<String>,
    /// The answer in one sentence.
    pub answer: String,
    pub pack: String,
    pub facts: Vec<FactGroup>,
    pub family: Vec<Kin>,
    pub benefits: Vec<Entry>,
    pub visits: Vec<Entry>,
    pub groups: Vec<Entry>,
    pub work: Vec<Work>,
    pub conflicts: Vec<Conflict>,
    pub history: Vec<Month>,
}

/// Newest valid ability assessment.
#[derive(Clone, Debug, Serialize)]
pub struct Level {
    pub n: i64,
    pub label: String,
    pub spoken: String,
    pub note: String,
    pub stamp: Option<Stamp>,
}

/// Facts under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct FactGroup {
    pub title: String,
    pub facts: Vec<Line>,
    /// Labels of what is not known, joined.
    pub unknown: Option<String>,
}

/// One fact; none: not known.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub label: String,
    pub value: Option<String>,
    pub stamp: Option<Stamp>,
    pub conflict: bool,
}

/// A relative or member of the household.
#[derive(Clone, Debug, Serialize)]
pub struct Kin {
    pub relation: String,
    pub person: PersonRef,
    pub place: String,
}

/// One rule and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: String,
    pub label: String,
    pub summary: String,
    /// Amount or rhythm.
    pub what: String,
    pub state: Mood,
    pub open: bool,
    pub parts: Vec<Condition>,
    /// What to do next, or what would change the answer.
    pub next: Option<String>,
    pub clauses: Vec<ClauseLink>,
}

/// An open item of work.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    pub glyph: &'static str,
    pub title: String,
    pub href: String,
    pub why: String,
    pub due: Option<String>,
}

/// A fact on which sources differ.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    pub label: String,
    pub says: Vec<Says>,
    pub used: String,
    pub why: String,
}

/// What one source says.
#[derive(Clone, Debug, Serialize)]
pub struct Says {
    pub value: String,
    pub stamp: Option<Stamp>,
}

/// What happened in one month.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub month: String,
    pub events: Vec<Event>,
}

/// A change of a fact or a visit.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub date: String,
    pub day: String,
    pub glyph: String,
    pub title: String,
    pub detail: String,
    pub source: String,
}

/// `GET /d/people/{person}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.night_page(ask, "people/show.html", move |ask, opened| {
        let desk = opened.desk;
        let view = view(opened, person)?;
        let mut shell = ask.shell(Rail::People, view.name.clone()).via(desk.voice.word("rail-people"), "/d/people");
        let place = desk.home_said(person);
        if let (Some(home), false) = (desk.home(person), place.is_empty()) {
            shell = shell.via(place, items::village_href(home));
        }
        Ok((shell, view))
    })
    .await
}

/// What lists say of one person, for looking up the source of a fact.
pub struct Known<'k> {
    pub desk: Desk<'k>,
    pub lines: Vec<FactLine>,
    pub visits: Vec<VisitLine>,
    /// Sources whose newest list is out of date.
    stale: Vec<String>,
    opened: &'k Opened<'k>,
}

impl Known<'_> {
    /// The stamp of the line in force.
    fn stamp(&self, key: &str) -> Option<Stamp> {
        let line = self.lines.iter().find(|line| line.key == key && line.current);
        match line {
            Some(line) => self.stamp_of(line),
            None => self.desk.supplier_stamp("person", key),
        }
    }

    /// The stamp of one line: its department, the date of its list, dashed when the source's newest list is out of date.
    #[must_use]
    pub fn stamp_of(&self, line: &FactLine) -> Option<Stamp> {
        let source = self.opened.published.world.catalogue.get(&line.source)?;
        let stale = self.stale.contains(&source.id);
        let mut stamp = self.desk.stamp(&source.department, None, Some(line.list_date), stale)?;
        if line.row > 0 {
            let args = [("list", self.desk.voice.of(&source.label).into()), ("row", line.row.into())];
            stamp.spoken += &self.desk.voice.say("fact-row", &args);
        }
        Some(stamp)
    }

    /// What a list is called.
    #[must_use]
    pub fn source_label(&self, source: &str) -> String {
        let found = self.opened.published.world.catalogue.get(source);
        found.map_or_else(|| source.to_owned(), |s| self.desk.voice.of(&s.label).to_owned())
    }

    fn line(&self, key: &str, value: &policy::value::Value) -> Line {
        Line {
            label: self.desk.label("person", key),
            value: self.desk.value("person", key, value),
            stamp: if value.is_null() { None } else { self.stamp(key) },
            conflict: self.lines.iter().any(|line| line.key == key && line.disputed),
        }
    }
}

fn view(opened: &Opened<'_>, person: PersonId) -> Result<View, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let row = desk.row(person).ok_or(Problem::NotFound)?;
    let answers = world.explain(person).ok_or(Problem::NotFound)?;
    let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
    let lines = opened.ask(|session| {
        let about = (&*world.catalogue, &*world.pack);
        snapshot::facts_of(session, opened.keys(), about, Subject::Person(person), &Moment::on(desk.as_of))
    })?;
    let visits = opened.ask(|session| snapshot::visits_of(session, person))?;
    let stale = crate::pages::lists::index::out_of_date(opened)?;
    let known = Known { desk, lines, visits, stale, opened };
    let work = opened.ask(|session| worklist::of_person(session, person))?;
    let value = |key: &str| desk.people().map_or(policy::value::Value::Null, |table| table.get(row, key));
    let sex = desk.value("person", "sex", &value("sex"));
    let age = desk.age(person).map(|n| desk.voice.say("years-old", &[("n", n.into())]));
    let sex_age: Vec<String> = sex.into_iter().chain(age).collect();
    let dead = is_dead(&desk, row).then(|| value("death_date").to_string());
    Ok(View {
        face: desk.face(person),
        name: desk.masked_name(person),
        sex_age: desk.voice.join(&sex_age),
        birth: Some(known.line("birth_date", &value("birth_date"))).filter(|line| line.value.is_some()),
        id_tail: identity.as_ref().map_or_else(|| "—".into(), |who| mask::id_number(&who.id_number)),
        number: person.to_string(),
        classes: desk.classes(row),
        level: level(&known, &value),
        dead: dead.map(|date| desk.voice.say("person-dead-note", &[("date", date.into())])),
        answer: answer(&desk, &answers),
        pack: desk.plan_name(),
        facts: facts(&known, &value, identity.as_ref()),
        family: family(opened, person, row)?,
        benefits: entries(&known, &answers, "benefit"),
        visits: entries(&known, &answers, "visit"),
        groups: entries(&known, &answers, "group"),
        work: work
            .iter()
            .filter(|item| item.state == worklist::State::Open)
            .map(|item| Work {
                glyph: items::glyph(item.wanted.kind),
                title: items::what(&desk, item),
                href: items::href(item.wanted.kind) + &format!("?scope={}", item.wanted.village),
                why: items::why(&desk, item),
                due: item.wanted.due_on.map(|due| items::time_left(&desk, due)),
            })
            .collect(),
        conflicts: conflicts(&known),
        history: history::months(&known),
    })
}

fn level(known: &Known<'_>, value: &impl Fn(&str) -> policy::value::Value) -> Option<Level> {
    let desk = known.desk;
    let n = value("ability_level").as_units()?;
    let args = [("n", n.into())];
    let dates = [
        ("on", value("ability_assessed_on").to_string().into()),
        ("until", value("ability_valid_until").to_string().into()),
    ];
    Some(Level {
        n,
        label: desk
            .value("person", "ability_level", &value("ability_level"))
            .filter(|said| said.parse::<i64>().is_err())
            .unwrap_or_else(|| desk.voice.say("person-level", &args)),
        spoken: desk.voice.say("person-level-spoken", &args),
        note: desk.voice.say("person-level-until", &dates),
        stamp: known.stamp("ability_level"),
    })
}

/// What someone is due in one sentence.
fn answer(desk: &Desk<'_>, answers: &[RuleAnswer]) -> String {
    let count = |kind: &str, outcome: Outcome| {
        i64::try_from(answers.iter().filter(|a| a.kind == kind && a.outcome == outcome).count()).unwrap_or(0)
    };
    let (met, unknown, visits) =
        (count("benefit", Outcome::Met), count("benefit", Outcome::Unknown), count("visit", Outcome::Met));
    let mut said = match met {
        0 => desk.voice.word("person-title-none"),
        n => desk.voice.say("person-title-met", &[("n", n.into())]),
    };
    if unknown > 0 {
        said += &desk.voice.say("person-title-unknown", &[("n", unknown.into())]);
    }
    if visits > 0 {
        said += &desk.voice.say("person-title-visits", &[("n", visits.into())]);
    }
    said
}

/// Under which heading a fact stands, by its supplier.
fn heading(supplier: &str) -> &'static str {
    match supplier {
        "public_security" => "identity",
        "survey" | "visits" | "township" => "living",
        "health" | "assessment" | "disability_federation" | "medical_insurance" => "care",
        "civil_affairs" | "institutions" | "human_resources" | "housing" => "support",
        _ => "other",
    }
}

fn facts(
    known: &Known<'_>,
    value: &impl Fn(&str) -> policy::value::Value,
    identity: Option<&registry::people::Identity>,
) -> Vec<FactGroup> {
    let desk = known.desk;
    let mut groups = Vec::new();
    for group in ["identity", "living", "care", "support", "other"] {
        let of_group = desk.pack.dictionary.of("person").filter(|fact| {
            heading(&fact.supplier) == group
                && fact.derive.is_none()
                && fact.key != "person_id"
                && fact.key != "birth_date"
                && fact.sensitivity != Sensitivity::Identity
        });
        let mut facts: Vec<Line> = of_group.map(|fact| known.line(&fact.key, &value(&fact.key))).collect();
        if group == "identity"
            && let Some(who) = identity.filter(|who| !who.phone.is_empty())
        {
            facts.push(Line {
                label: desk.label("person", "phone"),
                value: Some(mask::phone(&who.phone)),
                stamp: known.stamp("phone"),
                conflict: false,
            });
        }
        let (known, unknown): (Vec<Line>, Vec<Line>) = facts.into_iter().partition(|line| line.value.is_some());
        let unknown: Vec<String> = unknown.into_iter().map(|line| line.label).collect();
        if !known.is_empty() || !unknown.is_empty() {
            groups.push(FactGroup {
                title: desk.voice.word(&format!("person-group-{group}")),
                facts: known,
                unknown: (!unknown.is_empty()).then(|| desk.voice.join(&unknown)),
            });
        }
    }
    groups
}

fn family(opened: &Opened<'_>, person: PersonId, row: usize) -> Result<Vec<Kin>, Problem> {
    let desk = opened.desk;
    let relations = opened.ask(|session| registry::people::kin_of(session, opened.keys(), person))?;
    let mut family: Vec<Kin> = relations
        .iter()
        .map(|kin| Kin {
            relation: desk.voice.word(&format!("relation-{}", relation(&kin.relation))),
            person: match kin.person.filter(|other| desk.row(*other).is_some()) {
                Some(other) => desk.person(other),
                None => PersonRef { href: None, name: mask::name(&kin.name), age: None },
            },
            place: kin.person.map(|other| desk.home_said(other)).unwrap_or_default(),
        })
        .collect();
    let named: Vec<PersonId> = relations.iter().filter_map(|kin| kin.person).collect();
    if let Some(table) = desk.people()
        && !table.get(row, "household_id").is_null()
    {
        let others = table.households().with(row).iter().map(|other| PersonId(table.ids()[*other as usize]));
        family.extend(others.filter(|other| *other != person && !named.contains(other)).take(12).map(|other| Kin {
            relation: desk.voice.word("relation-household"),
            person: desk.person(other),
            place: String::new(),
        }));
    }
    Ok(family)
}

fn relation(word: &str) -> &str {
    match word {
        "spouse" | "child" | "grandchild" | "parent" | "grandparent" | "sibling" => word,
        _ => "other",
    }
}

/// Rules of a kind: what is met or open stands first and is unfolded where something has to be done.
fn entries(known: &Known<'_>, answers: &[RuleAnswer], kind: &str) -> Vec<Entry> {
    let mut entries: Vec<(u8, Entry)> = answers
        .iter()
        .filter(|answer| answer.kind == kind)
        .filter_map(|answer| {
            let rule = known.desk.pack.rule(&answer.rule)?;
            let order = match answer.outcome {
                Outcome::Met => 0,
                Outcome::Unknown => 1,
                Outcome::NotMet => 2,
            };
            Some((order, entry(known, rule, answer)))
        })
        .collect();
    entries.sort_by_key(|(order, _)| *order);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn entry(known: &Known<'_>, rule: &Rule, answer: &RuleAnswer) -> Entry {
    let desk = known.desk;
    let amount = answer.amount.as_ref().and_then(policy::value::Value::as_units);
    // The population's parts are shown only where they decide.
    let own: Vec<_> = answer
        .reasons
        .iter()
        .filter(|reason| rule.parts.iter().any(|part| *part.id == *reason.id) || reason.outcome != Outcome::Met)
        .cloned()
        .collect();
    let parts = desk.conditions("person", &own, |key| {
        let line = known.lines.iter().find(|line| line.key == key && line.current)?;
        Some(FactShown {
            label: desk.label("person", key),
            value: desk.value("person", key, &line.value)?,
            stamp: known.stamp_of(line),
        })
    });
    Entry {
        id: rule.id.clone(),
        label: desk.voice.of(&rule.label).to_owned(),
        summary: desk.voice.of(&rule.summary).to_owned(),
        what: desk.rhythm(rule, amount),
        state: state(desk, rule, answer),
        open: rule.kind() != "group" && answer.outcome != Outcome::NotMet,
        next: next(desk, rule, answer),
        parts,
        clauses: desk.clause_links(&answer.clauses),
    }
}

fn state(desk: Desk<'_>, rule: &Rule, answer: &RuleAnswer) -> Mood {
    let word = |key: &str| desk.voice.word(key);
    match (rule.kind(), answer.outcome) {
        (_, Outcome::Unknown) => Mood::new("q", word("person-state-unknown")),
        ("group", Outcome::Met) => Mood::new("ok", word("person-state-in")),
        ("group", Outcome::NotMet) => Mood::new("no", word("person-state-out")),
        ("visit", Outcome::Met) => Mood::new("info", word("person-state-due")),
        ("visit", Outcome::NotMet) => Mood::new("no", word("person-state-not-due")),
        (_, Outcome::Met) if answer.served == Some(Outcome::Met) => Mood::new("ok", word("person-state-served")),
        (_, Outcome::Met) => Mood::new("warn", word("person-state-unserved")),
        (_, Outcome::NotMet) if answer.served == Some(Outcome::Met) => Mood::new("danger", word("person-state-stop")),
        (_, Outcome::NotMet) => Mood::new("no", word("person-state-not_met")),
    }
}

/// What to do, or what would change the answer.
fn next(desk: Desk<'_>, rule: &Rule, answer: &RuleAnswer) -> Option<String> {
    match answer.outcome {
        Outcome::Unknown => {
            let facts = desk.labels("person", &answer.missing);
            (!answer.missing.is_empty()).then(|| desk.voice.say("person-next-unknown", &[("facts", facts.into())]))
        }
        Outcome::Met if answer.served != Some(Outcome::Met) => {
            let benefit = rule.benefit()?;
            let place = desk.voice.of(benefit.apply_to.as_ref()?).to_owned();
            let bring: Vec<&str> = benefit.opens.iter().map(|o| desk.voice.of(o)).collect();
            Some(match bring.is_empty() {
                true => desk.voice.say("person-next-where", &[("where", place.into())]),
                false => {
                    let args = [("bring", desk.voice.join(&bring).into()), ("where", place.into())];
                    desk.voice.say("person-next-unserved", &args)
                }
            })
        }
        Outcome::Met => None,
        Outcome::NotMet => {
            let failed = answer.reasons.iter().filter(|reason| reason.outcome == Outcome::NotMet);
            let failed: Vec<&str> = failed.map(|reason| desk.voice.of(&reason.label)).collect();
            let quoted = desk.voice.join(&failed);
            (rule.kind() != "group").then(|| desk.voice.say("person-next-not_met", &[("parts", quoted.into())]))
        }
    }
}

/// Facts on which sources in force differ; other spellings of the name are said without showing them.
fn conflicts(known: &Known<'_>) -> Vec<Conflict> {
    let desk = known.desk;
    let mut keys: Vec<&str> = known.lines.iter().filter(|l| l.disputed).map(|l| l.key.as_str()).collect();
    keys.dedup();
    keys.into_iter()
        .map(|key| {
            let said: Vec<&FactLine> = known.lines.iter().filter(|l| l.key == key && l.disputed).collect();
            let value = |line: &FactLine| match line.sensitivity {
                Sensitivity::Identity => line.value.as_text().map(mask::name),
                _ => desk.value("person", key, &line.value),
            };
            let value = |line: &FactLine| value(line).unwrap_or_else(|| desk.voice.word("not-known"));
            Conflict {
                label: desk.label("person", key),
                used: said.iter().find(|line| line.current).map(|line| value(line)).unwrap_or_default(),
                says: said.iter().map(|line| Says { value: value(line), stamp: known.stamp_of(line) }).collect(),
                why: desk.voice.word("person-used-precedence"),
            }
        })
        .collect()
}
