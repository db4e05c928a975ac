//! The packs of this repository over generated people: every rule on every engine.

use policy::column::{Population, Table, TableBuilder};
use policy::model::{Fact, Pack, Sensitivity};
use policy::value::{Value, ValueType, date_of, days_of};
use policy::{Determinations, Program};

use crate::compare::{on_postgres, on_sqlite};
use crate::datafusion::on_datafusion;
use crate::dice::Dice;
use crate::packs::as_of;

fn trial(rows: usize) -> (Program, Population, Determinations) {
    let pack = policy::load(&testkit::repository().join("packs"), "kizilsu-2024")
        .unwrap_or_else(|faults| panic!("{} faults, first {}", faults.len(), faults[0]));
    let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let population = Population::new([people(&pack, &mut Dice::new(2024), rows)]);
    let found = program.run(&population, as_of());
    (program, population, found)
}

/// People with facts of the dictionary's types: codes where it lists them, numbers and days about the thresholds.
fn people(pack: &Pack, dice: &mut Dice, rows: usize) -> Table {
    let facts: Vec<_> = pack.dictionary.of("person").filter(|f| f.sensitivity != Sensitivity::Identity).collect();
    let mut builder = TableBuilder::new("person", facts.iter().map(|f| (f.key.as_str(), f.value_type)));
    for id in 0..rows {
        let values: Vec<_> = facts.iter().map(|fact| (fact.key.as_str(), value(dice, fact, rows))).collect();
        builder.push_row(i64::try_from(id).expect("few rows"), &values).expect("values of the fact's type");
    }
    builder.finish()
}

fn value(dice: &mut Dice, fact: &Fact, rows: usize) -> Value {
    let nulls = if fact.derive.is_some() || fact.key == "death_date" { 85 } else { 12 };
    if dice.chance(nulls) {
        return Value::Null;
    }
    match fact.value_type {
        ValueType::Bool => Value::Bool(dice.chance(50)),
        ValueType::Int => Value::Int(if dice.chance(80) { dice.between(0, 6) } else { dice.between(55, 85) }),
        ValueType::Fen => Value::Fen(dice.between(0, 1_000_000)),
        ValueType::Decimal(scale) => Value::Decimal { units: dice.between(-1000, 1000), scale },
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        ValueType::Float => Value::Float(dice.between(0, 4000) as f64 / 8.0),
        ValueType::Date => {
            let years = [0, 60, 65, 80][if fact.key == "birth_date" { dice.below(4) } else { 0 }];
            let near = days_of(as_of()) - years * 1461 / 4;
            Value::Date(date_of(near - i32::try_from(dice.between(-3, 400)).expect("small")))
        }
        ValueType::Text if fact.key == "household_id" => {
            Value::text(&format!("H{}", dice.between(0, i64::try_from(rows / 3).expect("few"))))
        }
        ValueType::Text if !fact.codes.is_empty() => Value::text(&fact.codes[dice.below(fact.codes.len())].value),
        ValueType::Text => Value::text(dice.pick(&["653001001001", "653022100200", "650102001001", "urban", "rural"])),
    }
}

#[test]
fn kizilsu_is_answered_alike_by_single_rows_sqlite_and_datafusion() {
    let (program, population, found) = trial(600);
    for row in 0..600 {
        for (answer, rule) in program.explain(&population, None, "person", row, as_of()).iter().zip(&found.rules) {
            assert_eq!(answer.outcome, rule.outcome(row), "{} of row {row}", rule.id);
        }
    }
    for rule in found.rules.iter().filter(|rule| rule.entity == "person") {
        assert!(rule.outcome.no().count_ones() > 0, "{} is failed by someone", rule.id);
    }
    on_sqlite(&program, &population, &found);
    on_datafusion(&program, &population, &found);
}

#[test]
fn kizilsu_is_answered_alike_by_postgres() {
    let (program, population, found) = trial(300);
    on_postgres(&program, &population, &found);
}

/// A population of the facts that an indicator is said to read gives what all facts give.
#[test]
fn indicators_read_no_fact_but_those_that_are_named() {
    let (mut counted, mut left_out) = (0, 0);
    for id in ["kizilsu-2024", "chaoyang-2021", "daxing-2022", "rizhao-2018", "elder-child-2025"] {
        let pack =
            policy::load(&testkit::repository().join("packs"), id).unwrap_or_else(|faults| panic!("{}", faults[0]));
        let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
        let all = people(&pack, &mut Dice::new(7), 4_000);
        let whole = Population::new([all.clone()]);
        for indicator in pack.indicators.iter().filter(|indicator| indicator.entity == "person") {
            let read = program.facts_measured(&pack, [indicator.id.as_str()]);
            let is_read = |key: &str| read.contains(&("person".to_owned(), key.to_owned()));
            let columns = all.columns().iter().filter(|(key, _)| is_read(key));
            let columns = columns.map(|(key, column)| (key.clone(), column.clone())).collect();
            let some =
                Population::new([Table::new("person", all.ids().to_vec(), columns).expect("columns of a table")]);
            let period = indicator.period_on(as_of());
            let [one, other] = [&whole, &some].map(|population| {
                let table = program.measure(population, &indicator.id, as_of(), period).expect("of the pack");
                (table.lines, table.numerator, table.rows, table.unknown, table.divisions)
            });
            assert_eq!(one, other, "{id} {}", indicator.id);
            counted += one.1.count_ones();
            left_out += all.columns().len() - some.table("person").expect("is there").columns().len();
        }
    }
    assert!(counted > 100 && left_out > 100, "{counted} counted, {left_out} facts left out");
}
