//! Generated people: nulls, thresholds, leap days, ends of months, people without a household.

use policy::column::{Population, Table, TableBuilder};
use policy::value::{Value, ValueType, date_of, days_of};

use crate::dice::Dice;

/// Facts by key and type. `age` is derived; now and then it is given.
pub const FACTS: &[(&str, ValueType)] = &[
    ("household_id", ValueType::Text),
    ("birth_date", ValueType::Date),
    ("death_date", ValueType::Date),
    ("moved_on", ValueType::Date),
    ("age", ValueType::Int),
    ("grade", ValueType::Int),
    ("score", ValueType::Int),
    ("far", ValueType::Int),
    ("income", ValueType::Fen),
    ("pension", ValueType::Fen),
    ("rate", ValueType::Decimal(2)),
    ("share", ValueType::Decimal(3)),
    ("area", ValueType::Float),
    ("distance", ValueType::Float),
    ("rural", ValueType::Bool),
    ("poor", ValueType::Bool),
    ("sex", ValueType::Text),
    ("kind", ValueType::Text),
    ("residence_division", ValueType::Text),
    ("hukou_division", ValueType::Text),
];

const TEXTS: &[&str] = &["", "1", "2", "10", "9", "a", "B", "é", "牧场", "牧", "it's", "Z z"];
const DIVISIONS: &[&str] =
    &["653001001001", "653022100200", "653024001002", "653001001001", "653001500498", "653022001001"];
const DAYS: &[&str] = &[
    "1964-02-29",
    "1966-11-19",
    "1966-11-20",
    "1966-11-21",
    "1946-11-20",
    "2000-02-29",
    "2023-02-28",
    "2024-02-29",
    "2024-03-31",
    "2025-12-31",
    "2026-01-01",
    "2026-01-31",
    "2026-05-20",
    "2026-10-20",
    "2026-10-21",
    "2026-11-20",
    "2026-11-30",
    "1900-01-01",
    "0001-01-01",
    "9999-12-31",
];

/// A table of people; the same for the same dice. `beyond` puts in numbers whose sums leave 64 bits, and days at the
/// ends of the calendar.
fn people(dice: &mut Dice, rows: usize, beyond: bool) -> Table {
    let mut builder = TableBuilder::new("person", FACTS.iter().copied());
    let homes = i64::try_from(rows / 3 + 1).expect("few rows");
    for id in 0..rows {
        let values: Vec<_> = FACTS.iter().map(|(key, ty)| (*key, value(dice, key, *ty, homes, beyond))).collect();
        builder.push_row(i64::try_from(id).expect("few rows"), &values).expect("generated for the column");
    }
    builder.finish()
}

pub fn population(dice: &mut Dice, rows: usize, beyond: bool) -> Population {
    Population::new([people(dice, rows, beyond)])
}

fn value(dice: &mut Dice, key: &str, ty: ValueType, homes: i64, beyond: bool) -> Value {
    let nulls = if key == "age" || key == "death_date" { 80 } else { 18 };
    if dice.chance(nulls) {
        return Value::Null;
    }
    match (key, ty) {
        ("far" | "score" | "income", ty) if beyond && dice.chance(40) => {
            let far = [i64::MAX, i64::MIN + 1, i64::MAX - 1, i64::MAX / 2 + 1, 3_037_000_500, -1][dice.below(6)];
            if ty == ValueType::Fen { Value::Fen(far) } else { Value::Int(far) }
        }
        ("birth_date", _) if beyond && dice.chance(20) => {
            Value::Date(kernel::parse_date(dice.pick(&DAYS[18..])).expect("a day"))
        }
        ("household_id", _) => Value::text(&format!("H{}", dice.between(0, homes))),
        ("residence_division" | "hukou_division", _) => Value::text(dice.pick(DIVISIONS)),
        ("grade", _) => Value::Int(dice.between(0, 5)),
        ("age", _) => Value::Int(dice.between(0, 105)),
        ("far", _) => Value::Int(dice.between(-1_000_000_000_000, 1_000_000_000_000)),
        (_, ValueType::Int) => Value::Int(dice.between(-300, 300)),
        (_, ValueType::Fen) => Value::Fen(dice.between(0, 40) * 25_000 + dice.between(-1, 1)),
        (_, ValueType::Decimal(scale)) => Value::Decimal { units: dice.between(-2500, 2500), scale },
        #[expect(clippy::cast_precision_loss, reason = "quarters of small numbers are exact")]
        (_, ValueType::Float) => Value::Float(dice.between(-400, 400) as f64 / 4.0),
        (_, ValueType::Bool) => Value::Bool(dice.chance(50)),
        (_, ValueType::Text) => Value::text(dice.pick(TEXTS)),
        (_, ValueType::Date) => Value::Date(day(dice)),
    }
}

fn day(dice: &mut Dice) -> kernel::Date {
    if dice.chance(30) {
        let near = days_of(kernel::parse_date("2026-11-20").expect("a day"));
        return date_of(near - i32::try_from(dice.between(-400, 40_000)).expect("within the range"));
    }
    // The ends of the calendar stay out of sums that would leave it in some databases.
    kernel::parse_date(dice.pick(&DAYS[..18])).expect("a day")
}
