//! A generated pack: population parts, parameters with two dates, groups, and benefits with amounts of every type.

use kernel::{Bilingual, Date, parse_date};
use policy::model::{
    Benefit, Detail, Fact, Pack, Parameter, ParameterValue, Part, Position, Rule, Sensitivity, SqlText,
};
use policy::value::{Value, ValueType};

use crate::dice::Dice;
use crate::expressions::{Scope, condition, money, whole};
use crate::people::FACTS;

pub fn as_of() -> Date {
    parse_date("2026-11-20").expect("a day")
}

/// A pack without rules over the generated people's facts.
pub fn empty() -> Pack {
    let mut pack = Pack {
        id: "generated".to_owned(),
        roots: vec!["6530".parse().expect("a code")],
        in_force_from: parse_date("2024-11-07").expect("a day"),
        population: vec![
            part("alive", "death_date IS NULL OR death_date > as_of()"),
            part("resident", "in_divisions(COALESCE(residence_division, hukou_division))"),
        ],
        ..Pack::default()
    };
    for (key, ty) in FACTS {
        let derive = (*key == "age").then(|| SqlText::new("years_between(birth_date, as_of())"));
        pack.dictionary.push(fact("person", key, *ty, derive)).expect("keys differ");
    }
    pack.parameters = vec![
        parameter("old", ValueType::Int, Value::Int(60), Value::Int(63)),
        parameter("grant", ValueType::Fen, Value::Fen(250_000), Value::Fen(300_050)),
        parameter(
            "part",
            ValueType::Decimal(2),
            Value::Decimal { units: 33, scale: 2 },
            Value::Decimal { units: 35, scale: 2 },
        ),
    ];
    pack
}

/// A pack of generated rules, each able to refer to those before it.
pub fn generated(dice: &mut Dice, rules: usize) -> Pack {
    let mut pack = empty();
    let mut scope = Scope { groups: vec![], benefits: vec![], in_household: false };
    for index in 0..rules {
        let parts: Vec<_> =
            (0..dice.below(3) + 1).map(|at| part(&format!("p{at}"), &condition(dice, &mut scope, 3))).collect();
        let parts = parts.iter().map(|p| (p.id.as_str(), p.when.text.as_str())).collect::<Vec<_>>();
        let id = format!("rule_{index}");
        let amount = match dice.below(3) {
            0 => None,
            1 => Some(money(dice, &mut scope, 3)),
            _ => Some(whole(dice, &mut scope, 3)),
        };
        pack.rules.push(rule(&id, &parts, amount.as_deref()));
        if amount.is_some() && dice.chance(60) {
            scope.benefits.push(id.clone());
        }
        scope.groups.push(id);
    }
    pack
}

/// A group, or with an amount a benefit.
pub fn rule(id: &str, parts: &[(&str, &str)], amount: Option<&str>) -> Rule {
    let benefit = |text: &str| Benefit {
        kind: "cash".to_owned(),
        amount: Some(SqlText::new(text)),
        per: None,
        served: None,
        stop_from: None,
        opens: vec![],
        apply_to: None,
        due_days: None,
        process: None,
    };
    Rule {
        id: id.to_owned(),
        entity: "person".to_owned(),
        label: label(id),
        summary: label(id),
        clauses: vec![],
        parts: parts.iter().map(|(id, when)| part(id, when)).collect(),
        detail: amount.map_or(Detail::Group, |text| Detail::Benefit(benefit(text))),
        at: Position::default(),
    }
}

fn part(id: &str, when: &str) -> Part {
    Part { id: id.to_owned(), when: SqlText::new(when), label: label(id), hides_unknown: None, at: Position::default() }
}

fn parameter(id: &str, value_type: ValueType, before: Value, since: Value) -> Parameter {
    let value = |from: &str, value| ParameterValue {
        from: parse_date(from).expect("a day"),
        value,
        source: label(""),
        until: None,
        at: Position::default(),
    };
    Parameter {
        id: id.to_owned(),
        value_type,
        unit: None,
        label: label(id),
        clause: None,
        to_confirm: false,
        note: None,
        values: vec![value("2020-01-01", before), value("2026-11-20", since)],
        at: Position::default(),
    }
}

pub fn fact(entity: &str, key: &str, value_type: ValueType, derive: Option<SqlText>) -> Fact {
    Fact {
        key: key.to_owned(),
        entity: entity.to_owned(),
        value_type,
        unit: None,
        label: label(key),
        seal: String::new(),
        supplier: String::new(),
        sensitivity: Sensitivity::Class,
        absent: None,
        null_values: vec![],
        null_means: None,
        codes: vec![],
        derive,
        from_events: None,
        from_statements: None,
        from_division: None,
        standard: None,
        note: None,
        at: Position::default(),
    }
}

fn label(text: &str) -> Bilingual {
    Bilingual { zh: text.to_owned(), en: text.to_owned() }
}
