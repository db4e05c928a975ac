//! groups.toml, benefits.toml, visits.toml, reminders.toml, standards.toml, queues.toml and the service catalogue.

use kernel::Bilingual;

use super::Loading;
use super::reader::{Fields, Item};
use crate::model::{
    Benefit, Count, Detail, Paper, Part, Process, Queue, Rank, Reminder, Rule, Service, SqlText, Standard, Step, Visit,
};

impl Loading {
    /// Reads one of the five rule files, named `groups.toml` and so on.
    pub(super) fn rules(&mut self, file: &str, fields: &mut Fields<'_>) {
        let (key, read): (_, fn(&mut Fields<'_>) -> Detail) = match file {
            "benefits.toml" => ("benefit", benefit),
            "visits.toml" => ("visit", visit),
            "reminders.toml" => ("reminder", reminder),
            "standards.toml" => ("standard", standard),
            _ => ("group", |_| Detail::Group),
        };
        for item in fields.items(key) {
            let Some(mut inner) = item.fields(format!("[[{key}]]")) else { continue };
            let id = inner.text("id");
            let entity = if key == "standard" || key == "group" { inner.opt_text("entity") } else { None }
                .unwrap_or("person".into());
            let rule = Rule {
                entity,
                label: inner.label("label"),
                summary: summary(&mut inner),
                clauses: inner.texts("clauses"),
                parts: self.parts(&mut inner, &format!("{key} `{id}`")),
                detail: read(&mut inner),
                at: inner.at(),
                id,
            };
            inner.finish();
            match self.pack.rule(&rule.id) {
                Some(first) => self.twice("rule", &rule.id, &rule.at, &first.at),
                None => self.pack.rules.push(rule),
            }
        }
    }

    /// `parts` of a table: at least one, each with its own id.
    pub(super) fn parts(&self, fields: &mut Fields<'_>, whose: &str) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let items = fields.need("parts").map(|i| i.list()).unwrap_or_default();
        for item in items {
            let Some(mut inner) = item.fields(format!("a part of {whose}")) else { continue };
            let part = Part {
                id: inner.text("id"),
                when: sql(&mut inner, "when"),
                label: inner.own_label(),
                hides_unknown: inner.opt("hides_unknown").and_then(|i| i.words()),
                at: item.at(),
            };
            inner.finish();
            match parts.iter().find(|p| p.id == part.id) {
                Some(first) => self.twice("part", &part.id, &part.at, &first.at),
                None => parts.push(part),
            }
        }
        parts
    }

    pub(super) fn queues(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("queue") {
            let Some(mut inner) = item.fields("[[queue]]") else { continue };
            let queue = Queue {
                id: inner.text("id"),
                label: inner.label("label"),
                clauses: inner.texts("clauses"),
                of: inner.opt_text("of"),
                order: inner.items("order").into_iter().filter_map(rank).collect(),
                at: inner.at(),
            };
            inner.finish();
            match self.pack.queue(&queue.id) {
                Some(first) => self.twice("queue", &queue.id, &queue.at, &first.at),
                None => self.pack.queues.push(queue),
            }
        }
    }

    pub(super) fn services(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("service") {
            let Some(mut inner) = item.fields("[[service]]") else { continue };
            let service = Service {
                id: inner.text("id"),
                label: inner.label("label"),
                group: inner.opt_text("group"),
                unit: inner.opt("unit").and_then(|i| i.words()),
                deliverers: inner.texts("deliverers"),
                note: inner.opt_label("note"),
                at: inner.at(),
            };
            inner.finish();
            match self.pack.services.iter().find(|s| s.id == service.id) {
                Some(first) => self.twice("service", &service.id, &service.at, &first.at),
                None => self.pack.services.push(service),
            }
        }
    }
}

fn rank(item: Item<'_>) -> Option<Rank> {
    let mut inner = item.fields("a rank")?;
    let rank = Rank {
        rank: inner.need("rank").and_then(|i| i.integer()).unwrap_or(0),
        when: sql(&mut inner, "when"),
        label: inner.own_label(),
        at: item.at(),
    };
    inner.finish();
    Some(rank)
}

/// The summary; a rule without one is summed up by nothing but its label.
fn summary(fields: &mut Fields<'_>) -> Bilingual {
    fields.opt_label("summary").unwrap_or_default()
}

fn sql(fields: &mut Fields<'_>, key: &'static str) -> SqlText {
    fields.need(key).and_then(|i| i.sql()).unwrap_or_default()
}

fn opt_sql(fields: &mut Fields<'_>, key: &'static str) -> Option<SqlText> {
    fields.opt(key)?.sql()
}

fn benefit(fields: &mut Fields<'_>) -> Detail {
    let kinds = [("cash", "cash"), ("service", "service"), ("in_kind", "in_kind")];
    let pers = [("month", "month"), ("quarter", "quarter"), ("year", "year"), ("once", "once")];
    let opens = fields.items("opens");
    Detail::Benefit(Benefit {
        kind: fields.word("kind", &kinds).unwrap_or_default().to_owned(),
        amount: opt_sql(fields, "amount"),
        per: fields.opt_word("per", &pers).map(str::to_owned),
        served: opt_sql(fields, "served"),
        stop_from: opt_sql(fields, "stop_from"),
        opens: opens.into_iter().filter_map(paper).collect(),
        apply_to: fields.opt_label("apply_to"),
        due_days: fields.opt("due_days").and_then(|i| i.count()),
        process: fields.opt("process").and_then(process),
    })
}

fn paper(item: Item<'_>) -> Option<Paper> {
    let mut inner = item.fields("a document to bring")?;
    let paper = Paper { label: inner.own_label(), fact: inner.opt_text("fact"), at: item.at() };
    inner.finish();
    Some(paper)
}

fn process(item: Item<'_>) -> Option<Process> {
    let mut inner = item.fields("process")?;
    let process = Process {
        records: inner.opt_text("records"),
        decided_by: inner.label("decided_by"),
        appeal: inner.opt_label("appeal"),
        steps: inner.items("steps").into_iter().filter_map(step).collect(),
        at: item.at(),
    };
    inner.finish();
    Some(process)
}

fn step(item: Item<'_>) -> Option<Step> {
    let mut inner = item.fields("a step")?;
    let words = Process::STEPS.map(|id| (id, id));
    let step = Step {
        id: inner.word("step", &words).unwrap_or_default().to_owned(),
        working_days: inner.opt("working_days").and_then(|i| i.count()),
        clauses: inner.texts("clauses"),
        note: inner.opt_label("note"),
        at: item.at(),
    };
    inner.finish();
    Some(step)
}

fn visit(fields: &mut Fields<'_>) -> Detail {
    let everies = [("month", "month"), ("quarter", "quarter"), ("year", "year")];
    let kinds = fields.need("kinds").map(|i| i.list()).unwrap_or_default();
    Detail::Visit(Visit {
        kinds: kinds.iter().filter_map(Item::text).collect(),
        every: fields.word("every", &everies).unwrap_or_default().to_owned(),
        times: fields.need("times").and_then(|i| i.count()).unwrap_or(Count::Number(1)),
        last_fact: fields.opt_text("last_fact"),
    })
}

fn reminder(fields: &mut Fields<'_>) -> Detail {
    Detail::Reminder(Reminder { due: sql(fields, "due") })
}

fn standard(fields: &mut Fields<'_>) -> Detail {
    fields.need("entity");
    Detail::Standard(Standard { applies: opt_sql(fields, "applies") })
}
