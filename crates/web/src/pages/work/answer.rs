//! A village's missing facts as a sheet to fill in: printed for the doorstep, or typed for many people at once.
//!
//! Each answer enters the register of answers with who and when; the question it answers closes. What contradicts a
//! list is shown at once.

use std::collections::BTreeMap;
use std::error::Error;

use axum::extract::{Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Date, DivisionCode, DivisionLevel, PersonId, parse_date};
use policy::value::{Value, ValueType};
use registry::acts::{Act, Registers, Says};
use serde::Serialize;
use serde_json::json;
use worklist::{Filter, Kind};

use super::items;
use super::list::Params;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Pager, PersonRef, address};
use crate::state::AppState;

/// The register that answers enter.
pub const ANSWERS: &str = "own_answers";

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub village: String,
    pub code: String,
    pub action: String,
    pub back: String,
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub asked_on: String,
    pub today: String,
    /// Names the sheet, so that sending it twice enters it once.
    pub sheet: String,
    pub saved: Option<String>,
    pub faults: Vec<FieldFault>,
    pub contradictions: Vec<Contradiction>,
    /// Facts that a department has to supply.
    pub elsewhere: Vec<String>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    pub key: String,
    pub label: String,
    pub hint: String,
}

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub person: PersonRef,
    pub cells: Vec<Option<Cell>>,
}

/// One question about one person: `yes_no`, `number`, `date` or `choice`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    pub name: String,
    pub label: String,
    pub kind: &'static str,
    pub options: Vec<(String, String)>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub value: String,
    pub fault: Option<String>,
}

/// An answer that a list contradicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    pub person: PersonRef,
    pub label: String,
    pub answered: String,
    pub said: String,
    pub used: String,
}

const PEOPLE: usize = 40;
const ITEMS: i64 = 4_000;

/// The village's page of questions.
#[must_use]
pub fn href(code: DivisionCode) -> String {
    format!("/d/villages/{code}/answers")
}

/// What was typed, by field: `sheet`, `asked_on`, and `P00000012.fact` for each answer.
pub type Typed = BTreeMap<String, String>;

/// What a sheet that was sent came to.
#[derive(Default)]
pub struct Sent {
    typed: Typed,
    /// By the name of the field.
    pub faults: Vec<(String, FieldFault)>,
    pub saved: usize,
    pub contradictions: Vec<Contradiction>,
}

/// `GET /d/villages/{code}/answers`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(code): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let code: DivisionCode = code.parse().map_err(|_| Problem::NotFound)?;
    app.night_page(ask, "work/answers.html", move |ask, opened| {
        let code = village(opened, code)?;
        let view = view(opened, code, params.page(), Sent::default())?;
        Ok((shell(ask, opened, code), view))
    })
    .await
}

/// `POST /d/villages/{code}/answers`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(code): Path<String>,
    Query(params): Query<Params>,
    RawForm(bytes): RawForm,
) -> Result<Response, Problem> {
    let code: DivisionCode = code.parse().map_err(|_| Problem::NotFound)?;
    let typed: Typed = form_urlencoded::parse(&bytes).into_owned().collect();
    let sent = app
        .open_night(&ask, move |opened| {
            village(opened, code)?;
            enter(opened, code, typed)
        })
        .await?;
    let refused = !sent.faults.is_empty();
    let mut response = app
        .night_page(ask, "work/answers.html", move |ask, opened| {
            let view = view(opened, code, params.page(), sent)?;
            Ok((shell(ask, opened, code), view))
        })
        .await?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The village or community that the questions are about.
///
/// # Errors
/// `NotFound` for anything else.
pub fn village(opened: &Opened<'_>, code: DivisionCode) -> Result<DivisionCode, Problem> {
    if code.level() != DivisionLevel::Community || !opened.desk.is_ours(code) {
        return Err(Problem::NotFound);
    }
    Ok(code)
}

fn shell(ask: &Ask, opened: &Opened<'_>, code: DivisionCode) -> crate::frame::Shell {
    let desk = opened.desk;
    let place = address("/d/work/ask", &[("scope", &code.to_string())]);
    ask.shell(Rail::Work, desk.voice.word("answers-title"))
        .via(desk.voice.word("work-ask"), "/d/work/ask")
        .via(desk.place(code), place)
}

/// What may be asked here, in the order of the register's columns.
fn askable(opened: &Opened<'_>) -> Vec<String> {
    let source = opened.published.world.catalogue.own(ANSWERS);
    source.map(|source| source.facts().map(|fact| fact.key.clone()).collect()).unwrap_or_default()
}

/// Missing facts by person, those with most first.
fn missing(opened: &Opened<'_>, code: DivisionCode) -> Result<Vec<(PersonId, Vec<String>)>, Problem> {
    let filter =
        Filter { kind: Kind::Ask, scope: worklist::Scope(Some(code)), rule: None, fact: None, limit: ITEMS, offset: 0 };
    let mut by_person: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for item in opened.ask(|session| worklist::page(session, &filter))? {
        by_person.entry(item.wanted.person).or_default().extend(item.wanted.fact.as_deref().map(str::to_owned));
    }
    // A visitor answers for those in their own care.
    let mut people: Vec<_> =
        by_person.into_iter().filter(|(person, _)| opened.demand("fact.answer", *person).is_ok()).collect();
    people.sort_by_key(|(person, facts)| (std::cmp::Reverse(facts.len()), *person));
    Ok(people)
}

fn view(opened: &Opened<'_>, code: DivisionCode, page: i64, sent: Sent) -> Result<View, Problem> {
    let desk = opened.desk;
    let today = opened.app.clock().today();
    let all = missing(opened, code)?;
    let here = askable(opened);
    let mut elsewhere: Vec<&str> = all.iter().flat_map(|(_, facts)| facts).map(String::as_str).collect();
    elsewhere.retain(|fact| !here.iter().any(|key| key == fact));
    elsewhere.sort_unstable();
    elsewhere.dedup();
    // Someone whose answers were refused stays on the sheet.
    let people: Vec<_> = all
        .iter()
        .map(|(person, facts)| (*person, facts.iter().filter(|f| here.contains(f)).collect::<Vec<_>>()))
        .filter(|(_, facts)| !facts.is_empty())
        .collect();
    let columns: Vec<&String> = here.iter().filter(|key| people.iter().any(|(_, facts)| facts.contains(key))).collect();
    let total = i64::try_from(people.len()).unwrap_or(0);
    let pager = Pager::of(page, i64::try_from(PEOPLE).unwrap_or(1), total, |page| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(&href(code), &[("page", &page)])
    });
    let skip = usize::try_from((pager.from - 1).max(0)).unwrap_or(0);
    let rows = people.iter().skip(skip).take(PEOPLE).map(|(person, facts)| Row {
        person: desk.person(*person),
        cells: columns
            .iter()
            .map(|key| facts.contains(key).then(|| cell(opened, *person, key, &sent)).flatten())
            .collect(),
    });
    let numbered = if page > 1 { page.to_string() } else { String::new() };
    let n = i64::try_from(sent.saved).unwrap_or(0);
    let name = sent.typed.get("sheet").cloned().filter(|_| !sent.faults.is_empty()).unwrap_or_else(new_sheet);
    Ok(View {
        headline: desk.voice.say("answers-headline", &[("village", desk.place(code).into()), ("n", total.into())]),
        sub: desk.voice.word("answers-sub"),
        village: desk.where_is(code),
        code: code.to_string(),
        action: address(&href(code), &[("page", &numbered)]),
        back: address(&items::href(Kind::Ask), &[("scope", &code.to_string())]),
        heads: columns
            .iter()
            .map(|key| Head {
                key: (*key).clone(),
                label: desk.label("person", key),
                hint: desk
                    .fact(key)
                    .and_then(|fact| fact.note.as_ref())
                    .map(|note| desk.voice.of(note).to_owned())
                    .unwrap_or_default(),
            })
            .collect(),
        rows: rows.collect(),
        pager,
        asked_on: sent.typed.get("asked_on").cloned().unwrap_or_else(|| today.to_string()),
        today: today.to_string(),
        sheet: name,
        saved: (n > 0).then(|| desk.voice.say("answers-saved", &[("n", n.into())])),
        faults: sent.faults.iter().map(|(_, fault)| fault.clone()).collect(),
        contradictions: sent.contradictions,
        elsewhere: elsewhere.into_iter().map(|key| elsewhere_said(opened, key)).collect(),
    })
}

/// A fact and the department that has to supply it.
fn elsewhere_said(opened: &Opened<'_>, key: &str) -> String {
    let desk = opened.desk;
    let supplier = desk.fact(key).and_then(|fact| desk.pack.dictionary.department(&fact.supplier));
    let who = supplier.map(|department| desk.voice.of(&department.name).to_owned()).unwrap_or_default();
    desk.voice.say("answers-elsewhere-one", &[("fact", desk.label("person", key).into()), ("who", who.into())])
}

/// A name that no other sheet has.
#[must_use]
pub fn new_sheet() -> String {
    let mut bytes = [0; 12];
    accounts::Entropy::fill(&accounts::SystemEntropy, &mut bytes);
    // Letters alone: nothing on a page looks like somebody's number.
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(b'a' + nibble)).collect()
}

#[must_use]
pub fn field(person: PersonId, key: &str) -> String {
    format!("{person}.{key}")
}

fn cell(opened: &Opened<'_>, person: PersonId, key: &str, sent: &Sent) -> Option<Cell> {
    let desk = opened.desk;
    let fact = desk.fact(key)?;
    let column = opened.published.world.catalogue.own(ANSWERS)?.column_of(key)?;
    let name = field(person, key);
    let (kind, options) = match fact.value_type {
        _ if !fact.codes.is_empty() => {
            let codes = fact.codes.iter().filter(|code| !fact.null_values.contains(&code.value));
            ("choice", codes.map(|code| (code.value.clone(), desk.voice.of(&code.label).to_owned())).collect())
        }
        ValueType::Bool => {
            let said = |key: &str| desk.voice.word(key);
            ("choice", vec![("1".to_owned(), said("yes")), ("0".to_owned(), said("no"))])
        }
        ValueType::Date => ("date", Vec::new()),
        ValueType::Int => ("number", Vec::new()),
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "limits of whole numbers")]
    let whole = |limit: Option<f64>| limit.map(|limit| limit as i64);
    Some(Cell {
        label: format!("{} {}", desk.masked_name(person), desk.label("person", key)),
        kind,
        options,
        min: whole(column.min),
        max: whole(column.max),
        value: sent.typed.get(&name).cloned().unwrap_or_default(),
        fault: sent.faults.iter().find(|(at, _)| *at == name).map(|(_, fault)| fault.cause.clone()),
        name,
    })
}

/// Reads a value as it was typed; none: it is no such value.
fn read(ty: ValueType, typed: &str) -> Option<Value> {
    let typed = typed.trim();
    Some(match ty {
        ValueType::Bool => Value::Bool(match typed {
            "1" => true,
            "0" => false,
            _ => return None,
        }),
        ValueType::Int => Value::Int(typed.parse().ok()?),
        ValueType::Date => Value::Date(parse_date(typed).ok()?),
        ValueType::Text => Value::text(typed),
        _ => return None,
    })
}

/// Enters everything that was filled in, or nothing and says what is wrong.
///
/// # Errors
/// `Unreadable` without a sheet, `NotAllowed` for anyone out of reach; those of the database.
pub fn enter(opened: &Opened<'_>, code: DivisionCode, typed: Typed) -> Result<Sent, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let (today, at, actor) = (opened.app.clock().today(), opened.app.clock().now(), opened.viewer.actor());
    let mut sent = Sent::default();
    let asked_on = typed.get("asked_on").map_or(Ok(today), |text| parse_date(text.trim()));
    let asked_on: Date = match asked_on {
        Ok(on) if on <= today => on,
        _ => {
            let cause = desk.voice.word("answers-fault-day");
            sent.faults.push(("asked_on".into(), FieldFault { field: "asked_on".into(), cause }));
            today
        }
    };
    let sheet = typed.get("sheet").filter(|name| !name.is_empty() && name.len() <= 40).cloned();
    let sheet = sheet.ok_or(Problem::Unreadable)?;
    let mut answers: Vec<(PersonId, String, Value)> = Vec::new();
    for (name, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let Some((person, key)) = name.split_once('.') else { continue };
        let Ok(person) = person.parse::<PersonId>() else { continue };
        let Some(fact) = desk.fact(key) else { continue };
        opened.demand("fact.answer", person)?;
        match read(fact.value_type, text) {
            Some(value) => answers.push((person, key.to_owned(), value)),
            None => sent.faults.push((name.clone(), wrong(opened, person, key, "answers-fault-value"))),
        }
    }
    let registers = Registers { keys: opened.keys(), catalogue: &world.catalogue, dictionary: &world.pack.dictionary };
    if sent.faults.is_empty() && !answers.is_empty() {
        let done = opened.try_ask(|session| {
            Ok(session.transaction(|tx| -> Result<(), Undo> {
                let mut faults = Vec::new();
                for (person, key, value) in &answers {
                    let facts = [(key.as_str(), value.clone())];
                    let name = format!("answers/{sheet}/{}", field(*person, key));
                    let act = Act {
                        source: ANSWERS,
                        person: *person,
                        key: &name,
                        actor: &actor,
                        on: today,
                        at,
                        says: Says::Facts { facts: &facts, from: asked_on, until: None },
                        corrects: None,
                    };
                    match registers.record(tx, &act) {
                        Ok(_) => {}
                        Err(registry::RegistryError::Act(wrong)) => {
                            let said: Vec<String> =
                                wrong.iter().map(|fault| desk.voice.of(&fault.said()).to_owned()).collect();
                            faults.push((field(*person, key), said.join("；")));
                        }
                        Err(other) => return Err(other.into()),
                    }
                    let asked = (Kind::Ask, "", *person, Some(key.as_str()));
                    worklist::close(tx, asked, today, "answered")?;
                }
                if !faults.is_empty() {
                    return Err(Undo::Refused(faults));
                }
                let keys: Vec<&str> = answers.iter().map(|(_, key, _)| key.as_str()).collect();
                let detail = json!({ "answers": answers.len(), "facts": keys, "sheet": sheet, "asked_on": asked_on });
                let entry = store::audit::Entry {
                    at,
                    actor: &actor,
                    action: "fact.answer",
                    subject: &code.to_string(),
                    detail: &detail,
                };
                store::audit::append(tx, opened.keys(), &entry)?;
                Ok(())
            }))
        })?;
        match done {
            Ok(()) => {
                opened.published.work_changed();
                sent.saved = answers.len();
                sent.contradictions = contradictions(opened, &answers, today)?;
            }
            Err(Undo::Refused(faults)) => {
                for (name, cause) in faults {
                    let Some((person, key)) = name.split_once('.') else { continue };
                    let person = person.parse().unwrap_or(PersonId(0));
                    let fault = FieldFault { cause, ..wrong(opened, person, key, "answers-fault-value") };
                    sent.faults.push((name.clone(), fault));
                }
            }
            Err(Undo::Fault(cause)) => return Err(Problem::internal(cause)),
        }
    }
    sent.typed = if sent.faults.is_empty() { BTreeMap::new() } else { typed };
    Ok(sent)
}

/// Why the transaction was rolled back.
enum Undo {
    Fault(Box<dyn Error + Send + Sync>),
    Refused(Vec<(String, String)>),
}

impl<E: Error + Send + Sync + 'static> From<E> for Undo {
    fn from(fault: E) -> Self {
        Self::Fault(fault.into())
    }
}

fn wrong(opened: &Opened<'_>, person: PersonId, key: &str, word: &str) -> FieldFault {
    let desk = opened.desk;
    let args = [("name", desk.masked_name(person).into()), ("fact", desk.label("person", key).into())];
    FieldFault { field: field(person, key), cause: desk.voice.say(word, &args) }
}

/// Answers on which some other source in force says something else.
fn contradictions(
    opened: &Opened<'_>,
    answers: &[(PersonId, String, Value)],
    today: Date,
) -> Result<Vec<Contradiction>, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let mut found = Vec::new();
    let mut of_person: BTreeMap<PersonId, Vec<(&str, &Value)>> = BTreeMap::new();
    for (person, key, value) in answers {
        of_person.entry(*person).or_default().push((key, value));
    }
    for (person, answered) in of_person {
        let Some(now) = opened.ask(|session| world.now(session, opened.keys(), person, today))? else { continue };
        for (key, value) in answered {
            let disputed = now.lines.iter().filter(|line| line.key == key && line.disputed);
            let others: Vec<_> = disputed.filter(|line| line.source != ANSWERS && line.value != *value).collect();
            let said = |value: &Value| desk.value("person", key, value).unwrap_or_else(|| desk.voice.word("not-known"));
            if let Some(other) = others.first() {
                let label = |source: &str| {
                    let known = world.catalogue.get(source);
                    known.map(|s| desk.voice.of(&s.label).to_owned()).unwrap_or_default()
                };
                let current = now.lines.iter().find(|line| line.key == key && line.current);
                found.push(Contradiction {
                    person: desk.person(person),
                    label: desk.label("person", key),
                    answered: said(value),
                    said: format!("{} {}", label(&other.source), said(&other.value)),
                    used: current.map(|line| said(&line.value)).unwrap_or_default(),
                });
            }
        }
    }
    Ok(found)
}
