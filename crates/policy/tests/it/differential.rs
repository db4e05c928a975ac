//! The engine against explanations, SQLite and PostgreSQL.

use policy::column::{Population, TableBuilder};
use policy::model::{Outcome, Pack};
use policy::value::{Value, ValueType, date_of, days_of};
use policy::{Determinations, Program};

use crate::compare::{on_postgres, on_sqlite};
use crate::datafusion::on_datafusion;
use crate::dice::Dice;
use crate::packs::{as_of, empty, generated, rule};
use crate::people::population;

const SEEDS: std::ops::Range<u64> = 0..24;
const RULES: usize = 12;
/// More than a block of the engine.
const ROWS: usize = 150;

struct Trial {
    program: Program,
    population: Population,
    found: Determinations,
}

fn trial(seed: u64, rows: usize, beyond: bool) -> Trial {
    let mut dice = Dice::new(seed);
    let pack = generated(&mut dice, RULES);
    let program = compiled(&pack);
    let population = population(&mut dice, rows, beyond);
    let found = program.run(&population, as_of());
    Trial { program, population, found }
}

fn compiled(pack: &Pack) -> Program {
    Program::compile(pack).unwrap_or_else(|faults| {
        let parts = pack.rules.iter().flat_map(|rule| &rule.parts).map(|part| part.when.text.as_str());
        panic!("{}\nin\n{}", faults[0], parts.collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn columns_and_single_rows_agree() {
    for seed in 0..60 {
        // Across the border of a block now and then.
        let rows = if seed % 10 == 0 { 2 * 2048 + 77 } else { 130 };
        let Trial { program, population, found } = trial(seed, rows, seed % 2 == 1);
        for row in (0..rows).step_by(if rows > 200 { 23 } else { 1 }) {
            let answers = program.explain(&population, None, "person", row, as_of());
            for (answer, rule) in answers.iter().zip(&found.rules) {
                assert_eq!(answer.outcome, rule.outcome(row), "seed {seed} row {row} {}", rule.id);
                let scope = found.population.len();
                for (reason, (id, truth)) in answer.reasons[scope..].iter().zip(&rule.parts) {
                    assert_eq!((&reason.id, reason.outcome), (id, truth.outcome(row)), "seed {seed} row {row}");
                }
                let amount = answer.amount.clone().unwrap_or(Value::Null);
                assert_eq!(amount, rule.amount(row), "seed {seed} row {row} amount of {}", rule.id);
                let unknown = answer.outcome == Outcome::Unknown;
                assert!(unknown || answer.missing.is_empty(), "seed {seed} row {row}: nothing is missing");
            }
        }
    }
}

/// When there are as many rows as days between them, date functions are looked up instead of computed.
#[test]
fn looked_up_dates_are_the_computed_ones() {
    let mut pack = empty();
    for (at, call) in [
        "years_between(birth_date, as_of())",
        "years_between(as_of(), birth_date)",
        "months_between(birth_date, DATE '1964-02-29')",
        "days_between(birth_date, month_end(birth_date))",
        "days_between(birth_date, add_months(birth_date, 1))",
        "days_between(year_start(birth_date), year_end(birth_date))",
    ]
    .iter()
    .enumerate()
    {
        pack.rules.push(rule(&format!("r{at}"), &[("p", "birth_date IS NOT NULL")], Some(call)));
    }
    pack.population.clear();
    let program = compiled(&pack);
    let first = days_of(kernel::parse_date("1963-11-01").expect("a day"));
    let mut builder = TableBuilder::new("person", [("birth_date", ValueType::Date)]);
    for row in 0..1500 {
        let day = if row % 7 == 0 { Value::Null } else { Value::Date(date_of(first + row)) };
        builder.push_row(row.into(), &[("birth_date", day)]).expect("a date");
    }
    let population = Population::new([builder.finish()]);
    let found = program.run(&population, as_of());
    for row in 0..1500 {
        for (answer, rule) in program.explain(&population, None, "person", row, as_of()).iter().zip(&found.rules) {
            assert_eq!(answer.amount, Some(rule.amount(row)), "{} of row {row}", rule.id);
        }
    }
    on_sqlite(&program, &population, &found);
}

#[test]
fn generated_rules_give_every_answer() {
    let (mut met, mut not_met, mut unknown, mut paid) = (0, 0, 0, 0);
    for seed in SEEDS {
        for rule in trial(seed, ROWS, false).found.rules {
            met += rule.outcome.yes.count_ones();
            not_met += rule.outcome.no().count_ones();
            unknown += rule.outcome.unknown().count_ones();
            paid += (0..ROWS).filter(|row| rule.amount(*row).as_units().is_some_and(|fen| fen != 0)).count();
        }
    }
    eprintln!("met {met}, not met {not_met}, unknown {unknown}, paid {paid}");
    assert!(met > 1000 && not_met > 1000 && unknown > 1000 && paid > 1000);
}

#[test]
fn sqlite_answers_alike() {
    for seed in SEEDS {
        let Trial { program, population, found } = trial(seed, ROWS, false);
        on_sqlite(&program, &population, &found);
    }
}

#[test]
fn postgres_answers_alike() {
    for seed in SEEDS {
        let Trial { program, population, found } = trial(seed, ROWS, false);
        on_postgres(&program, &population, &found);
    }
}

#[test]
fn datafusion_answers_alike() {
    for seed in 0..6 {
        let Trial { program, population, found } = trial(seed, ROWS, false);
        on_datafusion(&program, &population, &found);
    }
}
