//! The lake against folders on disk.

mod duckdb;
mod format;
mod publishing;
mod roundtrip;

use std::path::{Path, PathBuf};

use kernel::{Bilingual, Date, parse_date};
use policy::column::{Bits, Population, Sparse, Table, TableBuilder};
use policy::model::{Dictionary, Fact, Position, Sensitivity};
use policy::value::{Value, ValueType};

use crate::{Amount, LakeFault, Outcomes, RuleOutcome, Snapshot, Staged, Written, write};

const PERSON: [(&str, ValueType, Sensitivity); 10] = [
    ("name", ValueType::Text, Sensitivity::Identity),
    ("person_id", ValueType::Text, Sensitivity::Class),
    ("sex", ValueType::Text, Sensitivity::Class),
    ("birth_date", ValueType::Date, Sensitivity::Class),
    ("residence_division", ValueType::Text, Sensitivity::Class),
    ("low_income_allowance", ValueType::Bool, Sensitivity::Class),
    ("children_count", ValueType::Int, Sensitivity::Class),
    ("pension", ValueType::Fen, Sensitivity::Class),
    ("share", ValueType::Decimal(3), Sensitivity::Class),
    ("ability_total", ValueType::Int, Sensitivity::Answers),
];

const PLACE: [(&str, ValueType, Sensitivity); 4] = [
    ("place_id", ValueType::Text, Sensitivity::Open),
    ("division", ValueType::Text, Sensitivity::Open),
    ("lon", ValueType::Float, Sensitivity::Open),
    ("beds", ValueType::Int, Sensitivity::Open),
];

const VISIT: [(&str, ValueType, Sensitivity); 2] =
    [("person_id", ValueType::Text, Sensitivity::Class), ("on", ValueType::Date, Sensitivity::Class)];

fn dictionary() -> Dictionary {
    let mut dictionary = Dictionary::default();
    for (entity, facts) in [("person", &PERSON[..]), ("place", &PLACE[..]), ("visit", &VISIT[..])] {
        for (key, value_type, sensitivity) in facts {
            let fact = Fact {
                key: (*key).to_owned(),
                entity: entity.to_owned(),
                value_type: *value_type,
                unit: None,
                label: Bilingual { zh: "事实".to_owned(), en: "a fact".to_owned() },
                seal: "安".to_owned(),
                supplier: "public_security".to_owned(),
                sensitivity: *sensitivity,
                absent: None,
                null_values: Vec::new(),
                codes: Vec::new(),
                derive: None,
                from_events: None,
                from_statements: None,
                from_division: None,
                standard: None,
                null_means: None,
                note: None,
                at: Position::default(),
            };
            dictionary.push(fact).expect("each key once");
        }
    }
    dictionary
}

fn columns(facts: &[(&'static str, ValueType, Sensitivity)]) -> Vec<(&'static str, ValueType)> {
    facts.iter().map(|(key, ty, _)| (*key, *ty)).collect()
}

fn d(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// `count` people over two counties, each fact now and then unknown, among them one nobody knows a home of.
fn people(count: i64) -> Table {
    let mut columns = columns(&PERSON);
    columns.push(("shoe_size", ValueType::Int));
    let mut builder = TableBuilder::new("person", columns);
    for id in 1..=count {
        let known = |every: i64, value: Value| if id % every == 0 { Value::Null } else { value };
        let township = id * 7 % 5;
        let home = format!("6530{:02}{:03}{:03}", id % 2 * 21 + 1, township, 200 + id * 13 % 9);
        let facts = [
            ("name", Value::text("买买提·吐尔逊")),
            ("sex", Value::text(if id % 2 == 0 { "1" } else { "2" })),
            (
                "birth_date",
                known(11, Value::Date(d("1940-03-05") + chrono::Days::new((id * 37 % 9000).unsigned_abs()))),
            ),
            ("residence_division", if id == 5 { Value::Null } else { Value::text(&home) }),
            ("low_income_allowance", known(3, Value::Bool(id % 4 == 0))),
            ("children_count", known(7, Value::Int(id % 6))),
            ("pension", known(5, Value::Fen(id * 12_345 % 900_000))),
            ("share", known(2, Value::Decimal { units: id * 17 % 1000 - 500, scale: 3 })),
            ("ability_total", Value::Int(63)),
            ("shoe_size", Value::Int(38)),
        ];
        builder.push_row(id, &facts).unwrap();
    }
    builder.finish()
}

fn population(count: i64) -> Population {
    let mut places = TableBuilder::new("place", columns(&PLACE));
    for (id, code, division, lon) in
        [(9, "W1", "653001001200", 76.1), (4, "W2", "653022", 75.9), (7, "W3", "6530", 0.1)]
    {
        let facts = [
            ("place_id", Value::text(code)),
            ("division", Value::text(division)),
            ("lon", Value::Float(lon)),
            ("beds", Value::Int(id * 100)),
        ];
        places.push_row(id, &facts).unwrap();
    }
    let mut visits = TableBuilder::new("visit", columns(&VISIT));
    for (id, person) in [(1, "P00000002"), (2, "P00000003")] {
        visits.push_row(id, &[("person_id", Value::text(person)), ("on", Value::Date(d("2026-11-02")))]).unwrap();
    }
    Population::new([people(count), places.finish(), visits.finish()])
}

fn publish(population: &Population, outcomes: &[Outcomes<'_>], lake: &Path) -> Result<Written, LakeFault> {
    with_snapshot(population, outcomes, |snapshot| write(snapshot, lake))
}

fn stage(population: &Population, lake: &Path) -> Result<Staged, LakeFault> {
    with_snapshot(population, &[], |snapshot| crate::stage(snapshot, lake))
}

fn with_snapshot<T>(population: &Population, outcomes: &[Outcomes<'_>], work: impl FnOnce(&Snapshot<'_>) -> T) -> T {
    let dictionary = dictionary();
    let as_of = d("2026-11-20");
    work(&Snapshot { as_of, pack_id: "test", pack_version: "1", dictionary: &dictionary, population, outcomes })
}

/// Every file below `folder`, by path, with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn relative(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(folder).into_iter().map(|(path, bytes)| (path.strip_prefix(folder).unwrap().to_owned(), bytes)).collect()
}

/// Met for even ids, unknown for every seventh.
fn some_outcomes(rows: usize) -> (Bits, Bits) {
    let known = Bits::from_bools((1..=rows).map(|id| id % 7 != 0));
    (Bits::from_bools((1..=rows).map(|id| id % 2 == 0)).and(&known), known)
}

/// The pensions of those who meet it.
fn paid(population: &Population, met: &Bits) -> Sparse {
    Sparse::of(population.table("person").and_then(|table| table.column("pension")).unwrap(), met)
}

fn as_outcomes<'a>(met: &'a Bits, known: &'a Bits, paid: &'a Sparse) -> Vec<Outcomes<'a>> {
    let rule = |rule, amount| RuleOutcome { rule, met, known, amount };
    let rules = vec![
        rule("institution_aid", Some(Amount::Each(paid))),
        rule("oldest_old", Some(Amount::Same(&Value::Fen(20_050)))),
        rule("living_alone", None),
    ];
    vec![Outcomes { entity: "person", rules }]
}
