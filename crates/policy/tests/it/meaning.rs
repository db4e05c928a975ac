//! What answers say: reasons, missing facts, households, the dead, amounts.

use policy::column::{Population, TableBuilder};
use policy::model::{Outcome, Pack};
use policy::value::Value;
use policy::{Program, RuleAnswer};

use crate::packs::{as_of, empty, rule};
use crate::people::FACTS;

/// Id, parts and amount of a rule.
type Written<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);

fn pack(rules: &[Written<'_>]) -> Pack {
    let mut pack = empty();
    pack.population.truncate(1);
    pack.rules = rules.iter().map(|(id, parts, amount)| rule(id, parts, *amount)).collect();
    pack
}

fn population(people: &[&[(&str, Value)]]) -> Population {
    let mut builder = TableBuilder::new("person", FACTS.iter().copied());
    for (id, facts) in people.iter().enumerate() {
        builder.push_row(i64::try_from(id).expect("few"), facts).expect("facts of the dictionary");
    }
    Population::new([builder.finish()])
}

/// Answers of the first person.
fn answers(pack: &Pack, people: &[&[(&str, Value)]]) -> Vec<RuleAnswer> {
    let program = Program::compile(pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let population = population(people);
    let found = program.run(&population, as_of());
    let answers = program.explain(&population, None, "person", 0, as_of());
    assert_eq!(answers, program.explain(&population, Some(&found), "person", 0, as_of()));
    for (answer, rule) in answers.iter().zip(&found.rules) {
        assert_eq!(answer.outcome, rule.outcome(0), "{}", answer.rule);
    }
    answers
}

/// Outcome and missing facts of one condition for one person.
fn asked(condition: &str, people: &[&[(&str, Value)]]) -> (Outcome, Vec<String>) {
    let answer = answers(&pack(&[("x", &[("p", condition)], None)]), people).remove(0);
    (answer.outcome, answer.missing)
}

fn unknown(missing: &[&str]) -> (Outcome, Vec<String>) {
    (Outcome::Unknown, missing.iter().map(ToString::to_string).collect())
}

#[test]
fn only_what_could_change_the_outcome_is_missing() {
    let nothing: &[(&str, Value)] = &[];
    let rural: &[(&str, Value)] = &[("rural", Value::Bool(true))];
    let cases: [(&str, &[(&str, Value)], _); 18] = [
        ("rural AND poor", rural, unknown(&["poor"])),
        ("NOT rural AND poor", rural, (Outcome::NotMet, vec![])),
        ("rural OR poor", rural, (Outcome::Met, vec![])),
        ("(NOT rural AND sex = '1') OR poor", rural, unknown(&["poor"])),
        ("age >= 60", nothing, unknown(&["birth_date"])),
        ("age >= 60", &[("age", Value::Int(60))], (Outcome::Met, vec![])),
        ("COALESCE(poor, rural)", nothing, unknown(&["poor", "rural"])),
        ("COALESCE(poor, FALSE)", nothing, (Outcome::NotMet, vec![])),
        ("CASE WHEN rural THEN poor ELSE grade = 1 END", rural, unknown(&["poor"])),
        ("CASE WHEN rural THEN poor ELSE grade = 1 END", nothing, unknown(&["grade", "rural"])),
        ("CASE WHEN rural THEN TRUE ELSE FALSE END", nothing, (Outcome::NotMet, vec![])),
        ("income + pension > 10", &[("income", Value::Fen(5))], unknown(&["pension"])),
        ("score / 0 > 1", &[("score", Value::Int(5))], unknown(&[])),
        ("sex IN ('1', '2')", nothing, unknown(&["sex"])),
        ("grade BETWEEN score AND 3", &[("grade", Value::Int(4))], (Outcome::NotMet, vec![])),
        ("grade BETWEEN score AND 3", &[("grade", Value::Int(2))], unknown(&["score"])),
        ("poor IS NULL", nothing, (Outcome::Met, vec![])),
        ("poor IS NOT TRUE", nothing, (Outcome::Met, vec![])),
    ];
    for (condition, facts, expected) in cases {
        assert_eq!(asked(condition, &[facts]), expected, "{condition}");
    }
}

#[test]
fn one_false_part_leaves_nothing_to_ask() {
    let parts: &[(&str, &str)] = &[("a", "poor"), ("b", "rural"), ("c", "grade > 3")];
    let pack = pack(&[("x", parts, None)]);
    let answer = answers(&pack, &[&[("rural", Value::Bool(false))]]).remove(0);
    assert_eq!((answer.outcome, answer.missing.len()), (Outcome::NotMet, 0));
    let outcomes: Vec<_> = answer.reasons.iter().map(|r| (&*r.id, r.outcome)).collect();
    assert_eq!(
        outcomes,
        [("alive", Outcome::Met), ("a", Outcome::Unknown), ("b", Outcome::NotMet), ("c", Outcome::Unknown)]
    );
    assert_eq!(answer.reasons[1].missing, ["poor"]);
}

#[test]
fn groups_are_traced_to_the_facts_behind_them() {
    let pack = pack(&[
        ("old", &[("p", "age >= param(old)")], None),
        ("both", &[("p", "group(old) AND poor"), ("q", "rural")], None),
    ]);
    let both = answers(&pack, &[&[("rural", Value::Bool(true))]]).remove(1);
    assert_eq!(both.missing, ["birth_date", "poor"]);
    let read: Vec<_> = both.reasons[1].facts.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(read, ["age", "poor"]);
    let program = Program::compile(&pack).expect("sound");
    assert_eq!(program.base_facts("person", "age"), ["birth_date"]);
}

#[test]
fn what_is_asked_of_a_household_is_told_by_member() {
    let pack = pack(&[("x", &[("p", "rural AND household_any(poor)")], None)]);
    let home = ("household_id", Value::text("H"));
    let me: &[(&str, Value)] = &[home.clone(), ("rural", Value::Bool(true)), ("poor", Value::Bool(false))];
    let other: &[(&str, Value)] = &[home, ("poor", Value::Bool(true))];
    let stranger: &[(&str, Value)] = &[("household_id", Value::text("G")), ("poor", Value::Bool(true))];
    let answer = answers(&pack, &[me, other, stranger]).remove(0);
    let reason = &answer.reasons[1];
    assert_eq!(reason.facts, [("rural".to_owned(), Value::Bool(true))], "the row's own facts stay apart");
    let told: Vec<_> = reason.members.iter().map(|m| (m.id, m.facts[0].1.clone())).collect();
    assert_eq!(told, [(0, Value::Bool(false)), (1, Value::Bool(true))]);
}

#[test]
fn the_dead_meet_nothing_and_owe_no_answer() {
    let day = |text| Value::Date(kernel::parse_date(text).expect("a day"));
    let pack = pack(&[("x", &[("p", "poor")], Some("param(grant)"))]);
    let answer = answers(&pack, &[&[("death_date", day("2026-11-20"))]]).remove(0);
    assert_eq!((answer.outcome, answer.reasons[0].outcome), (Outcome::NotMet, Outcome::NotMet));
    assert_eq!(&*answer.reasons[0].id, "alive");
    assert!(answer.missing.is_empty());
    assert_eq!(answer.amount, Some(Value::Fen(0)));
    let alive = answers(&pack, &[&[("death_date", day("2026-11-21")), ("poor", Value::Bool(true))]]).remove(0);
    assert_eq!((alive.outcome, alive.amount), (Outcome::Met, Some(Value::Fen(300_050))));
}

#[test]
fn a_household_is_null_when_a_member_is_but_any_and_all_are_kleene() {
    let home = ("household_id", Value::text("H"));
    let me: &[(&str, Value)] = &[home.clone(), ("income", Value::Fen(10)), ("poor", Value::Bool(true))];
    let other: &[(&str, Value)] = &[home];
    let stranger: &[(&str, Value)] = &[("poor", Value::Bool(false))];
    let people = [me, other, stranger];
    for (condition, expected) in [
        ("household_count(TRUE) = 2", (Outcome::Met, vec![])),
        ("household_count(poor) >= 1", unknown(&["poor"])),
        ("household_any(poor)", (Outcome::Met, vec![])),
        ("household_all(poor)", unknown(&["poor"])),
        ("household_all(NOT poor)", (Outcome::NotMet, vec![])),
        ("household_sum(income) > 0", unknown(&["income"])),
        ("household_sum(COALESCE(income, 0)) = 10", (Outcome::Met, vec![])),
        ("household_min(income) / household_count(TRUE) > 0", unknown(&["income"])),
    ] {
        assert_eq!(asked(condition, &people), expected, "{condition}");
    }
    let alone: [&[(&str, Value)]; 2] = [&[], &[]];
    assert_eq!(asked("household_count(TRUE) = 1", &alone), (Outcome::Met, vec![]));
}

#[test]
fn money_and_rates_round_as_written() {
    let facts: &[(&str, Value)] = &[("income", Value::Fen(333)), ("rate", Value::Decimal { units: 150, scale: 2 })];
    for (amount, fen) in [
        ("round_half_up(income * rate)", 500),
        ("round_down(income * rate)", 499),
        ("round_half_up(income / 2)", 167),
        ("round_half_up(-income / 2)", -167),
        ("round_half_up(income * 0.1)", 33),
        ("LEAST(income, 100) * 2", 200),
        ("CASE WHEN income > 300 THEN param(grant) ELSE 0 END", 300_050),
    ] {
        let pack = pack(&[("x", &[("p", "TRUE")], Some(amount))]);
        assert_eq!(answers(&pack, &[facts]).remove(0).amount, Some(Value::Fen(fen)), "{amount}");
    }
    let lost = pack(&[("x", &[("p", "TRUE")], Some("pension"))]);
    assert_eq!(answers(&lost, &[facts]).remove(0).amount, Some(Value::Null));
}
