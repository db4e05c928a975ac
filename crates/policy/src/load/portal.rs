//! portal.toml: phones, questions of the check, what is published, how long drafts are open for comments.

use super::Loading;
use super::reader::{Fields, Item};
use crate::model::{Answering, Choice, ConsultationRule, Phone, Publishing, Question, Setting, Tile};

impl Loading {
    pub(super) fn portal(&mut self, fields: &mut Fields<'_>) {
        if let Some(owner) = fields.opt_label("owner") {
            self.pack.portal.owner = Some(owner);
        }
        for item in fields.items("phone") {
            let Some(mut inner) = item.fields("[[phone]]") else { continue };
            let phone = Phone {
                role: inner
                    .word("role", &[("emergency", "emergency"), ("hotline", "hotline")])
                    .unwrap_or_default()
                    .into(),
                number: inner.text("number"),
                label: inner.label("label"),
                note: inner.opt_label("note"),
                clause: inner.opt_text("clause"),
                at: inner.at(),
            };
            inner.finish();
            self.pack.portal.phones.push(phone);
        }
        for item in fields.items("question") {
            let Some(question) = item.fields("[[question]]").map(question) else { continue };
            match self.pack.portal.question(&question.id) {
                Some(first) => self.twice("question", &question.id, &question.at, &first.at),
                None => self.pack.portal.questions.push(question),
            }
        }
        if let Some(mut inner) = fields.opt("tiles").and_then(|i| i.fields("[tiles]")) {
            for (id, at, value) in inner.entries() {
                let character = value.text().unwrap_or_default();
                if character.chars().count() != 1 {
                    value.fault("wrong_tile", "a tile is one character", "write one character");
                }
                self.pack.portal.tiles.push(Tile { id, character, at });
            }
        }
        if let Some(mut inner) = fields.opt("publishing").and_then(|i| i.fields("[publishing]")) {
            self.pack.portal.publishing = Publishing {
                indicators: inner.texts("indicators"),
                small_cell: inner.opt("small_cell").and_then(|i| i.count()),
                childcare_kinds: inner.texts("childcare_kinds"),
                at: inner.at(),
            };
            inner.finish();
        }
        if let Some(mut inner) = fields.opt("consultation").and_then(|i| i.fields("[consultation]")) {
            let (days, at) = (inner.need("days").and_then(|i| i.count()), inner.at());
            inner.finish();
            self.pack.portal.consultation = days.map(|days| ConsultationRule { days, at });
        }
    }
}

fn question(mut fields: Fields<'_>) -> Question {
    let choices = fields.items("choices");
    let (age, division) = (fields.opt_text("age"), fields.opt_text("division"));
    let given = usize::from(!choices.is_empty()) + usize::from(age.is_some()) + usize::from(division.is_some());
    if given != 1 {
        fields.fault(
            "wrong_question",
            "a question has choices, or asks an age, or asks a division",
            "give one of: choices = [ … ], age = \"birth_date\", division = \"residence_division\"",
        );
    }
    let answering = match (age, division) {
        (Some(fact), _) => Answering::Age { fact },
        (None, Some(fact)) => Answering::Division { fact },
        (None, None) => Answering::Choices(choices.into_iter().filter_map(choice).collect()),
    };
    let question = Question {
        id: fields.text("id"),
        ask: fields.label("ask"),
        hint: fields.opt_label("hint"),
        label: fields.label("label"),
        answering,
        at: fields.at(),
    };
    fields.finish();
    question
}

fn choice(item: Item<'_>) -> Option<Choice> {
    let mut inner = item.fields("a choice")?;
    let choice =
        Choice { id: inner.text("id"), label: inner.own_label(), sets: settings(&mut inner, "sets"), at: item.at() };
    inner.finish();
    Some(choice)
}

fn settings(fields: &mut Fields<'_>, key: &'static str) -> Vec<Setting> {
    let Some(mut inner) = fields.opt(key).and_then(|i| i.fields(key)) else { return Vec::new() };
    let entries = inner.entries().into_iter();
    entries.filter_map(|(fact, at, value)| Some(Setting { fact, value: value.sql()?, at })).collect()
}
