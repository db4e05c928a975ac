//! Every name that points at something must find it, and every day in force must have its parameters.

use std::collections::BTreeSet;

use crate::fault::PackFault;
use crate::model::{Benefit, Count, Detail, Pack, Position, Rule, TargetValue};
use crate::value::ValueType;

/// Faults of names that point nowhere. When parts of the files could not be read (`whole` is false) what they
/// hold may be missing for that reason alone, and the search is left for the next run.
pub(crate) fn references(pack: &Pack, whole: bool) -> Vec<PackFault> {
    let mut search = Search { pack, faults: Vec::new() };
    search.parameters();
    if whole {
        search.dictionary();
        search.rules();
        search.queues();
        search.indicators();
        search.clauses();
        search.cases();
        search.portal();
    }
    search.faults
}

struct Search<'a> {
    pack: &'a Pack,
    faults: Vec<PackFault>,
}

impl Search<'_> {
    fn push(&mut self, at: &Position, code: &'static str, message: String, remedy: &str) {
        self.faults.push(PackFault::at(at, code, message, remedy));
    }

    /// From the first day in force to the last a value must be in force, gaps within are found on reading.
    fn parameters(&mut self) {
        let pack = self.pack;
        for parameter in &pack.parameters {
            let Some((first, last)) = parameter.values.first().zip(parameter.values.last()) else {
                let message = format!("parameter `{}` has no value", parameter.id);
                self.push(&parameter.at, "parameter_without_value", message, "add values = [{ from, value, source }]");
                continue;
            };
            if first.from > pack.in_force_from {
                let message = format!(
                    "parameter `{}` has no value from {}, when the pack comes into force, to {}",
                    parameter.id, pack.in_force_from, first.from
                );
                self.push(&first.at, "parameter_gap", message, "add an earlier value, or correct `from`");
            }
            if let Some(until) = last.until.filter(|until| pack.in_force_until.is_none_or(|end| *until < end)) {
                let message = format!("parameter `{}` has no value after {until}", parameter.id);
                self.push(&last.at, "parameter_gap", message, "remove `until`, or add the value that follows");
            }
        }
    }

    fn dictionary(&mut self) {
        let pack = self.pack;
        for fact in pack.dictionary.iter() {
            if !fact.supplier.is_empty() && pack.dictionary.department(&fact.supplier).is_none() {
                let message = format!("fact `{}`: there is no department `{}`", fact.key, fact.supplier);
                self.push(&fact.at, "unknown_department", message, "add it as [[department]] or correct the name");
            }
            let mut seen = BTreeSet::new();
            for code in &fact.codes {
                if !seen.insert(&code.value) {
                    let message = format!("code `{}` of `{}` stands twice", code.value, fact.key);
                    self.push(&code.at, "duplicate_code", message, "keep one");
                }
                if fact.value_type == ValueType::Int && code.value.parse::<i64>().is_err() {
                    let message = format!("code `{}` of `{}` is not a whole number", code.value, fact.key);
                    self.push(&code.at, "wrong_type", message, "write a number, or make the fact a text");
                }
            }
            if let Some(from) = &fact.from_division
                && pack.dictionary.get("division", &from.take).is_none_or(|taken| taken.value_type != fact.value_type)
            {
                let message = format!("fact `{}`: divisions have no fact `{}` of its type", fact.key, from.take);
                self.push(&from.at, "unknown_fact", message, "name a fact of entity division with the same type");
            }
            if let Some(months) = fact.from_statements.as_ref().and_then(|s| s.validity_months.as_ref()) {
                self.parameter(months, &fact.at);
            }
        }
    }

    fn rules(&mut self) {
        let pack = self.pack;
        for rule in &pack.rules {
            if rule.clauses.is_empty() {
                let message = format!("{} `{}` names no clause", rule.kind(), rule.id);
                self.push(&rule.at, "missing_clause", message, "add clauses = [\"…\"]: every element cites its clause");
            }
            self.cited(&rule.clauses, &rule.at);
            self.entity(&rule.entity, &rule.at);
            if let Detail::Visit(visit) = &rule.detail {
                self.count(&visit.times);
                if let Some(key) = &visit.last_fact
                    && pack.dictionary.get(&rule.entity, key).is_none_or(|f| f.value_type != ValueType::Date)
                {
                    let message = format!("visit `{}`: `{key}` is not a date of the dictionary", rule.id);
                    self.push(&rule.at, "unknown_fact", message, "name the fact that holds the last visit's date");
                }
            }
            if let Some(days) = rule.benefit().and_then(|b| b.due_days.as_ref()) {
                self.count(days);
            }
            if let Some(benefit) = rule.benefit() {
                self.process(rule, benefit);
            }
        }
    }

    /// Papers, the fact an award gives, steps with their clauses.
    fn process(&mut self, rule: &Rule, benefit: &Benefit) {
        let pack = self.pack;
        let ty = |key: &str| pack.dictionary.get("person", key).map(|fact| fact.value_type);
        for paper in &benefit.opens {
            if let Some(key) = paper.fact.as_ref().filter(|key| ty(key) != Some(ValueType::Bool)) {
                let message = format!("benefit `{}`: `{key}` is no yes-or-no fact of a person", rule.id);
                self.push(&paper.at, "unknown_fact", message, "name the fact that is true once the paper was seen");
            }
        }
        let Some(process) = &benefit.process else { return };
        let is_given = |key: &String| matches!(ty(key), Some(ValueType::Bool | ValueType::Date));
        if let Some(key) = process.records.as_ref().filter(|key| !is_given(key)) {
            let message = format!("benefit `{}`: `{key}` is neither a yes-or-no fact nor a date of a person", rule.id);
            self.push(&process.at, "unknown_fact", message, "name the fact that `served` reads");
        }
        for step in &process.steps {
            self.cited(&step.clauses, &step.at);
            if let Some(days) = &step.working_days {
                self.count(days);
            }
            if process.step(&step.id).is_some_and(|first| first.at != step.at) {
                let message = format!("benefit `{}` has two steps `{}`", rule.id, step.id);
                self.push(&step.at, "duplicate_id", message, "keep one");
            }
        }
    }

    fn queues(&mut self) {
        let pack = self.pack;
        for queue in &pack.queues {
            self.cited(&queue.clauses, &queue.at);
            if let Some(of) = &queue.of {
                let found =
                    of.split_once(':').is_some_and(|(kind, id)| pack.rule(id).is_some_and(|r| r.kind() == kind));
                if !found {
                    let message = format!("queue `{}` orders `{of}`, which does not exist", queue.id);
                    self.push(
                        &queue.at,
                        "dangling_reference",
                        message,
                        "write for example of = \"benefit:meal_delivery\"",
                    );
                }
            }
            let mut before = None;
            for rank in &queue.order {
                if before.is_some_and(|b| rank.rank <= b) {
                    let message = format!("rank {} of queue `{}` does not follow the one above", rank.rank, queue.id);
                    self.push(&rank.at, "out_of_order", message, "number the ranks upwards: the first match wins");
                }
                before = Some(rank.rank);
            }
        }
    }

    fn indicators(&mut self) {
        let pack = self.pack;
        for indicator in &pack.indicators {
            if indicator.clauses.is_empty() {
                let message = format!("indicator `{}` names no clause", indicator.id);
                self.push(&indicator.at, "missing_clause", message, "add clauses = [\"…\"]");
            }
            self.cited(&indicator.clauses, &indicator.at);
            self.entity(&indicator.entity, &indicator.at);
            if let Some(days) = &indicator.due_soon_days {
                self.count(days);
            }
            if let Some(TargetValue::Parameter(id)) = indicator.target.as_ref().and_then(|t| t.value.as_ref()) {
                self.parameter(id, &indicator.at);
            }
        }
    }

    fn clauses(&mut self) {
        let pack = self.pack;
        for clause in &pack.clauses {
            for element in &clause.implemented_by {
                let id = element.id.as_str();
                let found = match element.kind.as_str() {
                    "group" | "benefit" | "visit" | "reminder" | "standard" => {
                        pack.rule(id).is_some_and(|r| r.kind() == element.kind)
                    }
                    "queue" => pack.queue(id).is_some(),
                    "indicator" => pack.indicator(id).is_some(),
                    "parameter" => pack.parameter(id).is_some(),
                    "source" => pack.sources.iter().any(|s| s.id == id),
                    "service" => pack.services.iter().any(|s| s.id == id),
                    "scale" => pack.scales.iter().any(|s| s == id),
                    "pack" => matches!(id, "document" | "population" | "divisions"),
                    _ => false,
                };
                if !found {
                    let message =
                        format!("clause {} is implemented by `{}:{id}`, which does not exist", clause.id, element.kind);
                    self.push(
                        &element.at,
                        "dangling_reference",
                        message,
                        "correct the kind and id, or add the element",
                    );
                }
            }
        }
        for parameter in &pack.parameters {
            self.cited(parameter.clause.as_slice(), &parameter.at);
        }
    }

    /// Cases speak of days on which the pack is in force.
    fn cases(&mut self) {
        let pack = self.pack;
        for case in &pack.cases {
            if case.as_of < pack.in_force_from || pack.in_force_until.is_some_and(|last| case.as_of > last) {
                let message = format!("case `{}`: the pack is not in force on {}", case.name, case.as_of);
                self.push(&case.at, "out_of_range", message, "choose a day on which it is");
            }
        }
    }

    /// What the public pages name: facts of people, clauses, indicators, parameters.
    fn portal(&mut self) {
        let pack = self.pack;
        for phone in &pack.portal.phones {
            self.cited(phone.clause.as_slice(), &phone.at);
        }
        for id in &pack.portal.publishing.indicators {
            if pack.indicator(id).is_none() {
                let message = format!("there is no indicator `{id}`");
                self.push(&pack.portal.publishing.at, "dangling_reference", message, "correct the id");
            }
        }
        if let Some(least) = &pack.portal.publishing.small_cell {
            self.count(least);
        }
        if let Some(rule) = &pack.portal.consultation {
            self.count(&rule.days);
        }
        for tile in &pack.portal.tiles {
            if pack.rule(&tile.id).is_none() && !pack.services.iter().any(|service| service.id == tile.id) {
                let message = format!("there is no service, benefit or visit `{}`", tile.id);
                self.push(&tile.at, "dangling_reference", message, "correct the id or remove the line");
            }
        }
    }

    fn cited(&mut self, clauses: &[String], at: &Position) {
        for id in clauses {
            if self.pack.clause(id).is_none() {
                let message = format!("there is no clause `{id}`");
                self.push(at, "unknown_clause", message, "correct the id or add the clause to clauses.toml");
            }
        }
    }

    fn entity(&mut self, entity: &str, at: &Position) {
        if !self.pack.dictionary.entities().contains(&entity) {
            let message = format!("the dictionary has no table `{entity}`");
            self.push(at, "unknown_entity", message, "use one of those named in facts.toml");
        }
    }

    fn count(&mut self, count: &Count) {
        if let Count::Parameter(id, at) = count {
            self.parameter(id, at);
        }
    }

    fn parameter(&mut self, id: &str, at: &Position) {
        if self.pack.parameter(id).is_none() {
            let message = format!("there is no parameter `{id}`");
            self.push(at, "unknown_parameter", message, "correct the id or add it below parameters/");
        }
    }
}
