//! Runs a pack's cases through the engine: what was expected, and whether every part was shown from both sides.

use std::collections::{BTreeMap, BTreeSet};

use crate::column::{Population, TableBuilder, TableFault};
use crate::explain::RuleAnswer;
use crate::fault::PackFault;
use crate::measure::{IndicatorLine, IndicatorTable};
use crate::model::{Case, CaseFact, Dictionary, Expected, Measured, Outcome, Pack, Sensitivity};
use crate::program::Program;
use crate::value::Value;

/// What running the cases showed.
#[derive(Debug, Default)]
pub(crate) struct CaseRun {
    pub faults: Vec<PackFault>,
    pub passed: usize,
}

/// Outcomes a part was seen with, by rule and part id.
type Seen = BTreeMap<(String, String), BTreeSet<Outcome>>;

pub(crate) fn run(pack: &Pack, program: &Program) -> CaseRun {
    let mut run = CaseRun::default();
    let mut seen = Seen::new();
    for case in &pack.cases {
        let before = run.faults.len();
        match population(case, &pack.dictionary) {
            Ok(population) => {
                let answers = program.explain(&population, None, &case.entity, 0, case.as_of);
                let answers: BTreeMap<_, _> = answers.iter().map(|a| (a.rule.to_string(), a)).collect();
                compare(case, pack, &answers, &mut run.faults);
                measures(case, pack, program, &population, &mut run.faults);
                note(case, &answers, &mut seen);
            }
            Err(fault) => {
                let remedy = "correct the fact's value or entity";
                run.faults.push(PackFault::at(&case.at, "wrong_type", fault.to_string(), remedy));
            }
        }
        run.passed += usize::from(run.faults.len() == before);
    }
    run.faults.extend(one_sided(pack, &seen));
    run
}

/// The case's row as row 0 of its entity's table, the others after it; every other table is empty.
fn population(case: &Case, dictionary: &Dictionary) -> Result<Population, TableFault> {
    let mut tables = Vec::new();
    for entity in dictionary.entities() {
        let keys = dictionary.of(entity).filter(|f| f.sensitivity != Sensitivity::Identity);
        let mut builder = TableBuilder::new(entity, keys.map(|f| (f.key.as_str(), f.value_type)));
        let own = (case.entity == entity).then_some(&case.facts);
        let others = case.others.iter().filter(|o| o.entity == entity).map(|o| &o.facts);
        let shares_household = entity == "person" && builder.field("household_id").is_some() && !case.others.is_empty();
        let household = own.and_then(|facts| find(facts, "household_id")).unwrap_or(Value::text("case"));
        for (row, facts) in own.into_iter().chain(others).enumerate() {
            let mut values: Vec<_> = facts.iter().map(|f| (f.key.as_str(), f.value.clone())).collect();
            if shares_household && find(facts, "household_id").is_none() {
                values.push(("household_id", household.clone()));
            }
            builder.push_row(i64::try_from(row).unwrap_or(i64::MAX), &values)?;
        }
        tables.push(builder.finish());
    }
    Ok(Population::new(tables))
}

fn find(facts: &[CaseFact], key: &str) -> Option<Value> {
    facts.iter().find(|f| f.key == key).map(|f| f.value.clone())
}

fn compare(case: &Case, pack: &Pack, answers: &BTreeMap<String, &RuleAnswer>, faults: &mut Vec<PackFault>) {
    let mut differs = |expected: &crate::model::Position, what: String| {
        let message = format!("case `{}`: {what}", case.name);
        faults.push(PackFault::at(expected, "case_failed", message, "correct the rule, or the case if it is mistaken"));
    };
    for expected in &case.expect {
        let Some(answer) = answer(case, pack, expected, answers, &mut differs) else { continue };
        if answer.outcome != expected.value {
            let (wanted, found) = (expected.value.name(), answer.outcome.name());
            differs(&expected.at, format!("{} is {found}, expected {wanted}{}", expected.rule, why(answer)));
        }
    }
    for expected in &case.amount {
        let Some(answer) = answer(case, pack, expected, answers, &mut differs) else { continue };
        let paid = answer.amount.as_ref().and_then(Value::as_units);
        let unknown = answer.amount.as_ref().is_none_or(Value::is_null);
        if paid != expected.value || (expected.value.is_none() && !unknown) {
            let text = |amount: Option<i64>| amount.map_or("unknown".to_owned(), |fen| format!("{fen} fen"));
            differs(&expected.at, format!("{} pays {}, expected {}", expected.rule, text(paid), text(expected.value)));
        }
    }
    for expected in &case.missing {
        let Some(answer) = answer(case, pack, expected, answers, &mut differs) else { continue };
        let wanted: BTreeSet<String> = expected.value.iter().cloned().collect();
        let found: BTreeSet<String> = answer.missing.iter().map(ToString::to_string).collect();
        if wanted != found {
            let list = |keys: &BTreeSet<String>| keys.iter().cloned().collect::<Vec<_>>().join(", ");
            differs(&expected.at, format!("{} lacks [{}], expected [{}]", expected.rule, list(&found), list(&wanted)));
        }
    }
}

/// Compares what indicators count; one of a past month or year is counted as of that period's last day.
fn measures(case: &Case, pack: &Pack, program: &Program, population: &Population, faults: &mut Vec<PackFault>) {
    for expected in &case.measure {
        let mut differs = |what: String| {
            let message = format!("case `{}`: {what}", case.name);
            let remedy = "correct the indicator, or the case if it is mistaken";
            faults.push(PackFault::at(&expected.at, "case_failed", message, remedy));
        };
        let period = pack.indicator(&expected.rule).map(|indicator| indicator.period_on(case.as_of));
        let table = period.and_then(|period| program.measure(population, &expected.rule, period.1, period));
        let Some(table) = table else {
            differs(format!("there is no indicator `{}`", expected.rule));
            continue;
        };
        let found = total(pack, &table);
        if found != expected.value {
            differs(format!("{} counts {}, expected {}", expected.rule, figures(found), figures(expected.value)));
        }
    }
}

/// The figures of the plan's own divisions, or of the uppermost the indicator knows.
fn total(pack: &Pack, table: &IndicatorTable) -> Measured {
    let own = |line: &&IndicatorLine| pack.roots.contains(&line.division);
    let top = table.lines.first().map(|line| line.division.level());
    let has_own = table.lines.iter().any(|line| own(&line));
    let lines = table.lines.iter().filter(|l| if has_own { own(l) } else { Some(l.division.level()) == top });
    let mut sum = Measured { numerator: 0.0, denominator: None, unknown: 0 };
    for line in lines {
        sum.numerator += line.numerator;
        sum.unknown += line.unknown;
        if let Some(denominator) = line.denominator {
            sum.denominator = Some(sum.denominator.unwrap_or(0.0) + denominator);
        }
    }
    sum
}

fn figures(measured: Measured) -> String {
    let denominator = measured.denominator.map(|d| format!(" of {d}")).unwrap_or_default();
    format!("{}{denominator} ({} unknown)", measured.numerator, measured.unknown)
}

fn answer<'a, T>(
    case: &Case,
    pack: &Pack,
    expected: &Expected<T>,
    answers: &BTreeMap<String, &'a RuleAnswer>,
    differs: &mut impl FnMut(&crate::model::Position, String),
) -> Option<&'a RuleAnswer> {
    let answer = answers.get(&expected.rule).copied();
    if answer.is_none() {
        let what = match pack.rule(&expected.rule) {
            Some(rule) => format!("`{}` speaks of {}, the case of {}", expected.rule, rule.entity, case.entity),
            None => format!("there is no rule `{}`", expected.rule),
        };
        differs(&expected.at, what);
    }
    answer
}

/// The parts that decided against, to help find what is wrong.
fn why(answer: &RuleAnswer) -> String {
    let list = |outcome: Outcome, words: &str| {
        let ids: Vec<_> = answer.reasons.iter().filter(|r| r.outcome == outcome).map(|r| r.id.to_string()).collect();
        if ids.is_empty() { String::new() } else { format!("; {words}: {}", ids.join(", ")) }
    };
    list(Outcome::NotMet, "fails") + &list(Outcome::Unknown, "unknown")
}

/// Remembers the outcomes of the parts of the rules a case speaks about.
fn note(case: &Case, answers: &BTreeMap<String, &RuleAnswer>, seen: &mut Seen) {
    for answer in case.expect.iter().filter_map(|e| answers.get(&e.rule)) {
        for reason in &answer.reasons {
            let key = (answer.rule.to_string(), reason.id.to_string());
            seen.entry(key).or_default().insert(reason.outcome);
        }
    }
}

/// Parts that no case shows holding, or none failing. The population's parts count once for all rules.
fn one_sided(pack: &Pack, seen: &Seen) -> Vec<PackFault> {
    let shown: BTreeSet<&str> = pack.cases.iter().flat_map(|c| &c.expect).map(|e| e.rule.as_str()).collect();
    let mut faults = Vec::new();
    for rule in pack.rules.iter().filter(|rule| shown.contains(rule.id.as_str()) && pack.is_own(&rule.at)) {
        for part in &rule.parts {
            let outcomes = seen.get(&(rule.id.clone(), part.id.clone()));
            for (outcome, word) in [(Outcome::Met, "holding"), (Outcome::NotMet, "failing")] {
                if !outcomes.is_some_and(|o| o.contains(&outcome)) {
                    faults.push(PackFault::at(
                        &part.at,
                        "part_not_shown",
                        format!("no case of {} `{}` shows part `{}` {word}", rule.kind(), rule.id, part.id),
                        "add a case on that side of its threshold or date",
                    ));
                }
            }
        }
    }
    for part in pack.population.iter().filter(|_| !shown.is_empty()) {
        let failing = seen.iter().any(|((_, id), outcomes)| *id == part.id && outcomes.contains(&Outcome::NotMet));
        if !failing {
            let message = format!("no case shows part `{}` of the population failing", part.id);
            faults.push(PackFault::at(&part.at, "part_not_shown", message, "add a case of someone it leaves out"));
        }
    }
    faults
}
