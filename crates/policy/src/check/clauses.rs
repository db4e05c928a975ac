//! Every clause has its state and what that state asks for; elements and clauses name each other.

use crate::fault::PackFault;
use crate::model::{Case, Clause, ClauseState, ElementRef, Pack};

/// What a clause may ask for, by the words of the clause inventory.
const KINDS: [&str; 13] = [
    "registry",
    "rule",
    "workflow",
    "indicator",
    "standard",
    "disclosure",
    "ledger",
    "plan",
    "device",
    "interoperability",
    "credit",
    "task",
    "admin",
];

/// Kinds that are purely administrative and may be tracked as a duty.
const ADMINISTRATIVE: [&str; 2] = ["admin", "task"];

/// For a kind, the elements one of which must carry an implemented clause of that kind.
const CARRIERS: [(&str, &[&str]); 3] = [
    ("rule", &["group", "benefit", "visit", "reminder", "queue", "standard", "scale"]),
    ("indicator", &["indicator"]),
    ("standard", &["standard", "indicator"]),
];

/// Faults of clauses and of citations that are not returned.
pub(crate) fn clauses(pack: &Pack) -> Vec<PackFault> {
    let mut faults = Vec::new();
    for clause in &pack.clauses {
        let kinds: Vec<_> = clause.kind.split([',', ';']).map(str::trim).collect();
        for kind in kinds.iter().filter(|kind| !KINDS.contains(kind)) {
            faults.push(PackFault::at(
                &clause.at,
                "unknown_word",
                format!("clause {}: `{kind}` is no kind of clause", clause.id),
                format!("use one of: {}", KINDS.join(", ")),
            ));
        }
        match clause.state {
            ClauseState::Implemented => implemented(pack, clause, &kinds, &mut faults),
            ClauseState::Duty => duty(clause, &kinds, &mut faults),
            ClauseState::Awaiting => {
                if clause.awaits.is_none() {
                    let remedy = "add awaits = { capability = \"…\", zh = \"…\", en = \"…\" }";
                    fault(clause, "missing_awaits", "awaits nothing that is named", remedy, &mut faults);
                }
            }
        }
    }
    faults.extend(unlisted(pack));
    faults
}

fn fault(clause: &Clause, code: &'static str, what: &str, remedy: &str, faults: &mut Vec<PackFault>) {
    faults.push(PackFault::at(&clause.at, code, format!("clause {} {what}", clause.id), remedy));
}

fn implemented(pack: &Pack, clause: &Clause, kinds: &[&str], faults: &mut Vec<PackFault>) {
    for (kind, carriers) in CARRIERS.iter().filter(|(kind, _)| kinds.contains(kind)) {
        if !clause.implemented_by.iter().any(|element| carriers.contains(&element.kind.as_str())) {
            let what = format!("asks for a {kind} and nothing of that kind implements it");
            let remedy = format!("name one of: {}; or call the clause awaiting", carriers.join(", "));
            fault(clause, "not_carried", &what, &remedy, faults);
        }
    }
    if clause.implemented_by.is_empty() {
        let remedy = "add implemented_by = [\"group:…\"], or call it a duty or awaiting";
        fault(clause, "not_implemented", "is called implemented and names nothing that does it", remedy, faults);
    }
    for element in &clause.implemented_by {
        if cites(pack, element).is_some_and(|cited| !cited.contains(&&clause.id)) {
            faults.push(PackFault::at(
                &element.at,
                "not_cited_back",
                format!("`{}:{}` does not cite clause {}", element.kind, element.id, clause.id),
                format!("add \"{}\" to its clauses, or remove it here", clause.id),
            ));
        }
        if needs_case(pack, element) && !has_case(pack, &element.id) {
            faults.push(PackFault::at(
                &element.at,
                "missing_case",
                format!("no case shows what `{}:{}` means", element.kind, element.id),
                "add cases on both sides of its thresholds and dates below cases/",
            ));
        }
    }
}

/// Rules and indicators mean what their cases show; those of a pack built on are shown by its own cases.
fn needs_case(pack: &Pack, element: &ElementRef) -> bool {
    let rule = pack.rule(&element.id).filter(|rule| rule.kind() == element.kind).map(|rule| &rule.at);
    let indicator = pack.indicator(&element.id).filter(|_| element.kind == "indicator").map(|indicator| &indicator.at);
    rule.or(indicator).is_some_and(|at| pack.is_own(at))
}

fn has_case(pack: &Pack, id: &str) -> bool {
    let names = |case: &Case| case.expect.iter().any(|e| e.rule == id) || case.measure.iter().any(|e| e.rule == id);
    pack.cases.iter().any(names)
}

fn duty(clause: &Clause, kinds: &[&str], faults: &mut Vec<PackFault>) {
    if let Some(kind) = kinds.iter().find(|kind| KINDS.contains(kind) && !ADMINISTRATIVE.contains(kind)) {
        let what = format!("asks for a {kind} and is called a duty");
        let remedy = "only administrative clauses are duties: implement it, or say what it is awaiting";
        fault(clause, "not_a_duty", &what, remedy, faults);
    }
    if clause.responsible.is_empty() {
        let remedy = "add responsible = [{ zh = \"…\", en = \"…\" }]";
        fault(clause, "duty_without_unit", "names no responsible unit", remedy, faults);
    }
    if clause.deadline.is_none() {
        let remedy = "add deadline = DATE, or deadline = \"none_stated\"";
        fault(clause, "missing_deadline", "has no deadline", remedy, faults);
    }
    if clause.evidence.is_none() {
        let remedy = "add evidence = { zh = \"…\", en = \"…\" }: what shows that it was done";
        fault(clause, "duty_without_evidence", "does not say what shows that it was done", remedy, faults);
    }
}

/// The clauses an element cites; none for elements that cannot cite (lists, scales, services, the pack itself).
fn cites<'a>(pack: &'a Pack, element: &ElementRef) -> Option<Vec<&'a String>> {
    let id = element.id.as_str();
    match element.kind.as_str() {
        "group" | "benefit" | "visit" | "reminder" | "standard" => pack.rule(id).map(|r| r.clauses.iter().collect()),
        "queue" => pack.queue(id).map(|q| q.clauses.iter().collect()),
        "indicator" => pack.indicator(id).map(|i| i.clauses.iter().collect()),
        "parameter" => pack.parameter(id).map(|p| p.clause.iter().collect()),
        _ => None,
    }
}

/// Elements that cite a clause which does not name them.
fn unlisted(pack: &Pack) -> Vec<PackFault> {
    let rules = pack.rules.iter().map(|r| (r.kind(), &r.id, &r.clauses, &r.at));
    let queues = pack.queues.iter().map(|q| ("queue", &q.id, &q.clauses, &q.at));
    let indicators = pack.indicators.iter().map(|i| ("indicator", &i.id, &i.clauses, &i.at));
    let mut faults = Vec::new();
    for (kind, id, cited, at) in rules.chain(queues).chain(indicators) {
        for clause in cited.iter().filter_map(|c| pack.clause(c)) {
            if !clause.implemented_by.iter().any(|e| e.kind == kind && e.id == *id) {
                faults.push(PackFault::at(
                    at,
                    "not_listed",
                    format!("{kind} `{id}` cites clause {}, which does not name it", clause.id),
                    format!("add \"{kind}:{id}\" to implemented_by of {}", clause.id),
                ));
            }
        }
    }
    faults
}
