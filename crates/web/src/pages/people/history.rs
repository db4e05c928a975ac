//! What changed for a person, newest first: visits, and facts that began or ended.

use std::collections::BTreeMap;

use chrono::Datelike;
use kernel::Date;
use policy::model::Sensitivity;
use serde::Serialize;

use super::known::Known;

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

/// Events shown; older ones stay in the facts themselves.
const EVENTS: usize = 40;

/// The timeline, month by month, with what was done to matters.
#[must_use]
pub fn months(known: &Known<'_>, matters: Vec<(Date, Event)>) -> Vec<Month> {
    let mut events = matters;
    events.extend(visits(known));
    events.extend(changes(known));
    events.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.title.cmp(&b.1.title)));
    let mut months: Vec<(i32, u32, Month)> = Vec::new();
    for (date, event) in events.into_iter().take(EVENTS) {
        let (year, month) = (date.year(), date.month());
        if months.last().is_none_or(|last| (last.0, last.1) != (year, month)) {
            let said = date.format("%Y-%m").to_string();
            months.push((year, month, Month { month: said, events: Vec::new() }));
        }
        if let Some((_, _, last)) = months.last_mut() {
            last.events.push(event);
        }
    }
    months.into_iter().map(|(_, _, month)| month).collect()
}

fn visits(known: &Known<'_>) -> Vec<(Date, Event)> {
    let desk = known.desk;
    known
        .visits
        .iter()
        .filter(|visit| visit.on <= known.as_of)
        .map(|visit| {
            let kind = desk.visit_kind(&visit.kind);
            let event = Event {
                date: visit.on.to_string(),
                day: visit.on.format("%m-%d").to_string(),
                glyph: "访".into(),
                title: desk.voice.say("person-history-visit", &[("kind", kind.into())]),
                detail: String::new(),
                source: source(known, &visit.source, visit.list_date, visit.row),
            };
            (visit.on, event)
        })
        .collect()
}

/// Values that follow another of the same source; the first word of a source is no change.
fn changes(known: &Known<'_>) -> Vec<(Date, Event)> {
    let desk = known.desk;
    let mut by_voice: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, line) in known.lines.iter().enumerate() {
        if matches!(line.sensitivity, Sensitivity::Class | Sensitivity::Open) {
            by_voice.entry((&line.key, &line.source)).or_default().push(at);
        }
    }
    let mut events = Vec::new();
    for ((key, _), mut lines) in by_voice {
        lines.sort_by_key(|at| (known.lines[*at].valid_from, known.lines[*at].list));
        for pair in lines.windows(2) {
            let (old, new) = (&known.lines[pair[0]], &known.lines[pair[1]]);
            if old.value == new.value || new.valid_from > known.as_of {
                continue;
            }
            let said = |line: &registry::snapshot::FactLine| {
                desk.value("person", key, &line.value).unwrap_or_else(|| desk.voice.word("not-known"))
            };
            let args = [("old", said(old).into()), ("value", said(new).into())];
            let event = Event {
                date: new.valid_from.to_string(),
                day: new.valid_from.format("%m-%d").to_string(),
                glyph: desk.fact(key).map_or_else(|| "算".to_owned(), |fact| fact.seal.clone()),
                title: desk.label("person", key),
                detail: desk.voice.say("person-history-from-to", &args),
                source: source(known, &new.source, new.list_date, new.row),
            };
            events.push((new.valid_from, event));
        }
    }
    events
}

fn source(known: &Known<'_>, source: &str, date: Date, row: u64) -> String {
    let label = known.source_label(source);
    let args = [("list", label.into()), ("date", date.to_string().into()), ("row", row.into())];
    match row {
        0 => known.desk.voice.say("person-history-absent", &args),
        _ => known.desk.voice.say("person-history-source", &args),
    }
}
