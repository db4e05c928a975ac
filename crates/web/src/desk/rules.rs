//! Rules and clauses in words: conditions with their facts, links, glyphs.

use std::collections::BTreeSet;

use kernel::PersonId;
use policy::explain::{Member, Reason};
use policy::model::{Pack, Rule};

use super::Desk;
use crate::frame::figures;
use crate::parts::{ClauseLink, Condition, FactShown};

/// The character of a kind of element.
#[must_use]
pub fn glyph_of(kind: &str) -> &'static str {
    match kind {
        "group" => "组",
        "benefit" => "待",
        "visit" => "访",
        "reminder" => "提",
        "standard" => "标",
        "indicator" => "指",
        "source" => "册",
        "scale" => "尺",
        "queue" => "序",
        "pack" => "包",
        "service" => "服",
        _ => "数",
    }
}

/// Identifiers of an expression, each once, in order of mention; what stands in quotes is left out.
#[must_use]
pub fn every_word(sql: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (index, piece) in sql.split('\'').enumerate() {
        if index % 2 == 1 {
            continue;
        }
        for word in piece.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            if word.starts_with(|c: char| c.is_ascii_lowercase()) && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Groups that another group reads: the classes the plan gathers into one, as `at_risk` does.
#[must_use]
pub fn at_risk_groups(pack: &Pack) -> BTreeSet<String> {
    let groups: Vec<&str> = pack.rules_of("group").map(|rule| rule.id.as_str()).collect();
    let gathers = |rule: &&Rule| rule.id == "at_risk";
    pack.rules_of("group")
        .filter(gathers)
        .flat_map(|rule| rule.parts.iter().flat_map(|part| every_word(&part.when.text)))
        .filter(|word| groups.contains(word))
        .map(str::to_owned)
        .collect()
}

impl Desk<'_> {
    /// Clauses of the plan with the place where the plan page shows them.
    #[must_use]
    pub fn clause_links(&self, ids: &[String]) -> Vec<ClauseLink> {
        ids.iter()
            .map(|id| ClauseLink {
                id: id.clone(),
                title: self.pack.clause(id).map(|c| self.voice.of(&c.title).to_owned()).unwrap_or_default(),
                href: format!("/d/plan?at={id}#{id}"),
            })
            .collect()
    }

    /// The label of a rule, or its id.
    #[must_use]
    pub fn rule_label(&self, id: &str) -> String {
        self.pack.rule(id).map_or_else(|| id.to_owned(), |rule| self.voice.of(&rule.label).to_owned())
    }

    /// Amount or rhythm of a rule, empty when it has neither.
    #[must_use]
    pub fn rhythm(&self, rule: &Rule, amount: Option<i64>) -> String {
        if let Some(visit) = rule.visit() {
            return self.voice.word(&format!("rules-every-{}", visit.every));
        }
        let Some(fen) = amount.filter(|fen| *fen != 0) else { return String::new() };
        let args = [("amount", figures::yuan(fen).into())];
        match rule.benefit().and_then(|b| b.per.as_deref()) {
            Some("month") => self.voice.say("per-month", &args),
            Some("year") => self.voice.say("per-year", &args),
            Some("once") => self.voice.say("per-once", &args),
            _ => self.voice.say("yuan", &args),
        }
    }

    /// Parts of an answer with the facts they read; `stamp` gives the source of a person's fact.
    #[must_use]
    pub fn conditions(
        &self,
        entity: &str,
        reasons: &[Reason],
        stamp: impl Fn(&str) -> Option<FactShown>,
    ) -> Vec<Condition> {
        reasons
            .iter()
            .map(|reason| Condition {
                label: self.voice.of(&reason.label).to_owned(),
                outcome: reason.outcome.name(),
                facts: reason
                    .facts
                    .iter()
                    .filter_map(|(key, value)| stamp(key).or_else(|| self.shown(entity, key, value)))
                    .chain(reason.members.iter().flat_map(|member| self.of_member(entity, member)))
                    .collect(),
                missing: (!reason.missing.is_empty()).then(|| self.labels(entity, &reason.missing)),
            })
            .collect()
    }
}

impl Desk<'_> {
    /// What a condition on the household read of one of its members, named before each fact.
    fn of_member<'m>(&'m self, entity: &'m str, member: &'m Member) -> impl Iterator<Item = FactShown> + 'm {
        let name = self.person(PersonId(member.id)).name;
        let facts = member.facts.iter().filter_map(|(key, value)| self.shown(entity, key, value));
        facts.map(move |fact| FactShown { label: format!("{name} {}", fact.label), ..fact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes_are_no_identifiers() {
        assert_eq!(
            every_word("age >= param(older_age) AND kind = 'home' AND age < 90"),
            ["age", "param", "older_age", "kind"]
        );
    }
}
