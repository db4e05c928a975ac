//! Faults of expressions: all at once, each where it stands.

use policy::Program;
use policy::model::Pack;

use crate::packs::{empty, rule};

/// Code and column of every fault of one condition.
fn faults(condition: &str) -> Vec<(&'static str, u32)> {
    let mut pack = empty();
    pack.rules = vec![rule("x", &[("p", condition)], None)];
    codes(&pack)
}

fn codes(pack: &Pack) -> Vec<(&'static str, u32)> {
    match Program::compile(pack) {
        Ok(_) => vec![],
        Err(faults) => faults.iter().map(|fault| (fault.code, fault.column)).collect(),
    }
}

#[test]
fn each_fault_has_a_code() {
    for (condition, code) in [
        ("agee > 3", "unknown_key"),
        ("age > 'x'", "wrong_type"),
        ("age", "wrong_type"),
        ("rural > poor", "wrong_type"),
        ("birth_date - moved_on > 3", "wrong_type"),
        ("income * pension > 3", "wrong_type"),
        ("group(nobody)", "unknown_rule"),
        ("amount(x) > 3", "unknown_rule"),
        ("param(none) > 3", "unknown_parameter"),
        ("year(birth_date) = 3", "unknown_function"),
        ("days_between(birth_date) = 3", "wrong_arity"),
        ("birth_date = DATE '2026-02-30'", "wrong_date"),
        ("rate = 1.0123456789", "wrong_number"),
        ("sex LIKE 'a%'", "not_in_language"),
        ("grade = (SELECT 1)", "not_in_language"),
        ("grade = 3 3", "syntax"),
        ("grade = ", "syntax"),
        ("household_any(household_any(poor))", "nested_aggregate"),
        ("places_count(TRUE) > 0", "wrong_entity"),
        ("birth_date < period_end()", "not_in_language"),
        ("group(x)", "cycle"),
        ("NULL = NULL", "wrong_type"),
        ("CASE WHEN poor THEN 1 ELSE 'a' END = 1", "wrong_type"),
        ("COUNT(*) > 1", "not_in_language"),
    ] {
        let found: Vec<_> = faults(condition).into_iter().map(|(code, _)| code).collect();
        assert!(
            found.contains(&code) || (code == "not_in_language" && found == ["unknown_function"]),
            "{condition}: {found:?}"
        );
    }
}

#[test]
fn all_faults_come_at_once() {
    let mut pack = empty();
    pack.rules = vec![
        rule("a", &[("p", "agee > 3 AND sexx = '1'"), ("q", "rural > 1")], Some("incom")),
        rule("b", &[("p", "group(c)")], None),
        rule("c", &[("p", "group(b)")], None),
        rule("d", &[("p", "TRUE")], Some("rate")),
    ];
    let codes: Vec<_> = codes(&pack).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "unknown_key").count(), 3, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "wrong_type").count(), 2, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "cycle").count(), 1, "{codes:?}");
}

#[test]
fn a_parameter_needs_a_value_when_the_pack_begins() {
    let mut pack = empty();
    pack.in_force_from = kernel::parse_date("2019-12-31").expect("a day");
    pack.rules = vec![rule("x", &[("p", "age > param(old)")], None)];
    assert_eq!(codes(&pack).first().map(|(code, _)| *code), Some("missing_parameter_date"));
}

#[test]
fn amounts_may_build_on_one_another_but_not_in_a_circle() {
    let mut pack = empty();
    pack.rules = vec![
        rule("sum", &[("p", "TRUE")], Some("amount(one) + amount(two)")),
        rule("one", &[("p", "TRUE")], Some("param(grant)")),
        rule("two", &[("p", "TRUE")], Some("amount(one) * 2")),
    ];
    assert_eq!(codes(&pack), []);
    pack.rules[1] = rule("one", &[("p", "TRUE")], Some("amount(sum)"));
    assert!(codes(&pack).iter().any(|(code, _)| *code == "cycle"));
}
