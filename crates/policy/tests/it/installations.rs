//! Rows of several installations in one table: each numbers its people and households alike, and nothing mixes.

use kernel::{Bilingual, DivisionLevel, Divisions};
use policy::column::{Population, Table, TableBuilder};
use policy::model::{Denominator, Indicator, Measure, Pack, Period, Position, SqlText};
use policy::sql::{Apart, Dialect, print_apart, sums};
use policy::value::{Value, ValueType};
use policy::{Dates, Program, VillageSum};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::packs::{as_of, empty, rule};

const LAKES: [&str; 2] = ["north", "south"];
const FIELDS: [(&str, ValueType); 5] = [
    ("household_id", ValueType::Text),
    ("residence_division", ValueType::Text),
    ("age", ValueType::Int),
    ("poor", ValueType::Bool),
    ("income", ValueType::Fen),
];
const DIVISIONS: &str = "code,name,kind,settlement\n6530,Region,prefecture,\n653001,North,county,\n653022,South,county,\n\
                         653001001,Street,subdistrict,\n653022100,Village,township,\n";

/// Household 1 has someone poor in the north and nobody in the south; of household 2 the south does not know.
fn people(lake: &str) -> Table {
    let poor = |who: Option<bool>| who.map_or(Value::Null, Value::Bool);
    let rows = match lake {
        "north" => [
            ("1", "653001001001", 70, poor(Some(false)), 100),
            ("1", "653001001001", 40, poor(Some(true)), 0),
            ("2", "653001001002", 65, poor(Some(false)), 250),
        ],
        _ => [
            ("1", "653022100200", 70, poor(Some(false)), 30),
            ("1", "653022100200", 80, poor(Some(false)), 40),
            ("2", "653022100201", 65, poor(None), 50),
        ],
    };
    let mut table = TableBuilder::new("person", FIELDS);
    for (id, (household, home, age, poor, income)) in rows.into_iter().enumerate() {
        let values = [Value::text(household), Value::text(home), Value::Int(age), poor, Value::Fen(income)];
        let facts: Vec<_> = FIELDS.iter().map(|(key, _)| *key).zip(values).collect();
        table.push_row(i64::try_from(id).expect("few"), &facts).expect("values of the types");
    }
    table.finish()
}

fn pack() -> Pack {
    let mut pack = empty();
    pack.divisions = Divisions::from_csv(DIVISIONS).unwrap_or_else(|faults| panic!("{faults:?}"));
    pack.rules = vec![
        rule("beside_poverty", &[("p", "age >= 60 AND household_any(poor)")], None),
        rule("share", &[("p", "age >= 60")], Some("household_sum(income)")),
    ];
    let indicator = |id: &str, numerator, denominator| Indicator {
        id: id.to_owned(),
        label: Bilingual::default(),
        summary: None,
        clauses: vec![],
        entity: "person".to_owned(),
        filter: Some(SqlText::new("age >= 60")),
        numerator,
        denominator,
        unit: "percent".to_owned(),
        target: None,
        deadline: None,
        period: Period::Day,
        cumulative_from: None,
        levels: vec![DivisionLevel::Prefecture, DivisionLevel::County, DivisionLevel::Township],
        due_soon_days: None,
        on_track: None,
        to_confirm: false,
        note: None,
        at: Position::default(),
    };
    pack.indicators = vec![
        indicator("COUNT", Measure::Count(SqlText::new("rule(beside_poverty)")), Denominator::Rows),
        indicator("SUM", Measure::Sum(SqlText::new("income")), Denominator::Sum(SqlText::new("age"))),
        indicator("ALONE", Measure::Count(SqlText::new("poor")), Denominator::None),
    ];
    pack
}

/// Everyone in one table, as the printed statements read it.
fn database() -> Connection {
    let database = Connection::open_in_memory().expect("a database in memory");
    let facts = empty().dictionary.of("person").map(|fact| format!(", \"{}\"", fact.key)).collect::<String>();
    database.execute_batch(&format!("CREATE TABLE person (lake, person_id{facts})")).expect("the table is made");
    for lake in LAKES {
        let table = people(lake);
        for row in 0..table.rows() {
            let values = FIELDS.map(|(key, _)| match table.get(row, key) {
                Value::Null => "NULL".to_owned(),
                Value::Bool(yes) => i32::from(yes).to_string(),
                Value::Fen(fen) => fen.to_string(),
                Value::Text(text) => format!("'{text}'"),
                other => other.to_string(),
            });
            let keys = FIELDS.map(|(key, _)| key).join(", ");
            let insert = format!("INSERT INTO person (lake, person_id, {keys}) VALUES ('{lake}', {row}, ");
            database.execute_batch(&format!("{insert}{})", values.join(", "))).expect("inserted");
        }
    }
    database
}

/// Rows as text; none for null.
fn asked(database: &Connection, sql: &str) -> Vec<Vec<Option<String>>> {
    let mut statement = database.prepare(sql).unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let width = statement.column_count();
    let cell = |value: ValueRef<'_>| match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(x) => Some(x.to_string()),
        other => Some(other.as_str().expect("text").to_owned()),
    };
    let rows = statement.query_map([], |row| (0..width).map(|at| row.get_ref(at).map(cell)).collect());
    rows.and_then(Iterator::collect).unwrap_or_else(|e| panic!("{e}\n{sql}"))
}

fn program(pack: &Pack) -> Program {
    Program::compile(pack).unwrap_or_else(|faults| panic!("{}", faults[0]))
}

#[test]
fn households_stay_within_their_installation() {
    let apart = Apart { within: Some("lake"), carried: &["residence_division"] };
    let rows = asked(&database(), &print_apart(&program(&pack()), Dialect::Sqlite, as_of(), apart));
    let short: Vec<_> = rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("?")).collect::<Vec<_>>().join(" "))
        .collect();
    // Lake, home, id, beside_poverty, share, its amount.
    assert_eq!(
        short,
        [
            "north 653001001001 0 1 1 100",
            "north 653001001001 1 0 0 0",
            "north 653001001002 2 0 1 250",
            "south 653022100200 0 0 1 70",
            "south 653022100200 1 0 1 70",
            "south 653022100201 2 ? 1 50",
        ]
    );
}

#[test]
fn villages_add_up_to_what_the_engine_measures() {
    let (pack, database) = (pack(), database());
    let program = program(&pack);
    let asking = sums(&program, Dialect::Sqlite, &["COUNT", "SUM", "ALONE"], Dates::on(as_of()), Some("lake"));
    assert_eq!(asking.indicators.iter().map(|id| &**id).collect::<Vec<_>>(), ["COUNT", "SUM", "ALONE"]);
    let rows = asked(&database, &asking.sql);
    let counts: Vec<_> = rows.iter().map(|row| [row[2].as_deref(), row[3].as_deref()]).collect();
    assert_eq!(counts, [[Some("2"); 2], [Some("1"); 2], [Some("2"); 2], [Some("1"); 2]]);
    for lake in LAKES {
        let population = Population::new([people(lake)]);
        for (number, id) in asking.indicators.iter().enumerate() {
            let sum = |row: &[Option<String>]| {
                let cell = |at: usize| row[4 + number * 5 + at].as_deref().expect("no sum is null");
                let [counted, untold, unknown] = [0, 1, 2].map(|at| cell(at).parse().expect("a count"));
                let [numerator, denominator] = [3, 4].map(|at| cell(at).parse().expect("a number"));
                VillageSum { counted, untold, unknown, numerator, denominator }
            };
            let own = rows.iter().filter(|row| row[0].as_deref() == Some(lake));
            let villages: Vec<_> =
                own.map(|row| (row[1].as_deref().and_then(|code| code.parse().ok()), sum(row))).collect();
            assert_eq!(villages.len(), 2, "two villages in the {lake}");
            let measured = program.measure(&population, id, as_of(), (as_of(), as_of())).expect("the pack has it");
            assert_eq!(program.gathered(id, &villages), Some(measured.lines), "{id} in the {lake}");
        }
    }
}

#[test]
fn what_looks_inside_a_division_is_left_out() {
    let mut pack = pack();
    pack.indicators[0].entity = "division".to_owned();
    pack.indicators[0].filter = None;
    pack.indicators[0].numerator = Measure::Count(SqlText::new("TRUE"));
    let asking = sums(&program(&pack), Dialect::Sqlite, &["COUNT", "ALONE"], Dates::on(as_of()), None);
    assert_eq!(asking.indicators.iter().map(|id| &**id).collect::<Vec<_>>(), ["ALONE"]);
}
