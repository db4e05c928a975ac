//! clauses.toml: every obligation of the plan and its state.

use kernel::Bilingual;
use toml::de::DeValue;

use super::Loading;
use super::reader::{Fields, Item};
use crate::model::{Awaits, Clause, ClauseState, Deadline, ElementRef};

const STATES: [(&str, ClauseState); 3] =
    [("implemented", ClauseState::Implemented), ("duty", ClauseState::Duty), ("awaiting", ClauseState::Awaiting)];

impl Loading {
    pub(super) fn clauses(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("clause") {
            let Some(clause) = item.fields("[[clause]]").map(clause) else { continue };
            match self.pack.clause(&clause.id) {
                Some(first) => self.twice("clause", &clause.id, &clause.at, &first.at),
                None => self.pack.clauses.push(clause),
            }
        }
    }
}

fn clause(mut fields: Fields<'_>) -> Clause {
    let clause = Clause {
        id: fields.text("id"),
        title: fields.label("title"),
        summary: fields.label("summary"),
        section: fields.opt("section").and_then(|i| i.words()),
        responsible: labels(&mut fields, "responsible"),
        deadline: fields.opt("deadline").and_then(deadline),
        state: fields.word("state", &STATES).unwrap_or(ClauseState::Awaiting),
        kind: fields.text("kind"),
        implemented_by: fields.items("implemented_by").into_iter().filter_map(element).collect(),
        awaits: fields.opt("awaits").and_then(awaits),
        evidence: fields.opt("evidence").and_then(|i| i.words()),
        document_anchor: fields.opt_text("document_anchor"),
        note: fields.opt_label("note"),
        at: fields.at(),
    };
    fields.finish();
    clause
}

fn labels(fields: &mut Fields<'_>, key: &'static str) -> Vec<Bilingual> {
    fields.items(key).iter().filter_map(Item::label).collect()
}

/// A date, `"none_stated"`, or words in both languages for what recurs.
pub(super) fn deadline(item: Item<'_>) -> Option<Deadline> {
    match item.value.get_ref() {
        DeValue::String(text) if text == "none_stated" => Some(Deadline::NoneStated),
        DeValue::Table(_) => item.label().map(Deadline::Recurring),
        _ => item.date().map(Deadline::On),
    }
}

fn element(item: Item<'_>) -> Option<ElementRef> {
    let text = item.text()?;
    let Some((kind, id)) = text.split_once(':').filter(|(kind, id)| !kind.is_empty() && !id.is_empty()) else {
        item.fault("wrong_reference", format!("`{text}` is not kind:id"), "write for example \"group:at_risk\"");
        return None;
    };
    Some(ElementRef { kind: kind.to_owned(), id: id.to_owned(), at: item.at() })
}

fn awaits(item: Item<'_>) -> Option<Awaits> {
    let mut inner = item.fields("awaits")?;
    let awaits = Awaits { capability: inner.text("capability"), label: inner.own_label(), at: item.at() };
    inner.finish();
    Some(awaits)
}
