//! The same rules over the same people in a database, row by row against the engine.

use std::fmt::Write as _;

use policy::column::{Population, Table};
use policy::model::Outcome;
use policy::sql::{Dialect, columns, print};
use policy::value::{Value, ValueType};
use policy::{Determinations, Program, RuleOutcome};
use postgres::{NoTls, SimpleQueryMessage};
use rusqlite::types::ValueRef;

use crate::packs::as_of;

/// One answer of a database, as text; none for null.
pub type Cell = Option<String>;

/// Runs the printed SELECT on an SQLite database in memory.
pub fn on_sqlite(program: &Program, population: &Population, found: &Determinations) {
    let connection = rusqlite::Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch(&table_sql(program, person(population), Dialect::Sqlite)).expect("the table is made");
    let sql = print(program, Dialect::Sqlite, as_of());
    let mut statement = connection.prepare(&sql).unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|at| row.get_ref(at).map(cell)).collect());
    let rows: Vec<Vec<Cell>> = rows.and_then(Iterator::collect).unwrap_or_else(|e| panic!("{e}\n{sql}"));
    compare(program, found, &rows, Dialect::Sqlite);
}

/// Runs it on a fresh database of the throw-away PostgreSQL server, when there is one.
pub fn on_postgres(program: &Program, population: &Population, found: &Determinations) {
    let Some(server) = testkit::require_postgres() else { return };
    let url = server.fresh_database();
    let store::DatabaseUrl::Postgres(address) = &url else { panic!("a server's address") };
    let mut client = postgres::Client::connect(address, NoTls).expect("the server is up");
    client.batch_execute(&table_sql(program, person(population), Dialect::Postgres)).expect("the table is made");
    let sql = print(program, Dialect::Postgres, as_of());
    let answer = client.simple_query(&sql).unwrap_or_else(|e| panic!("{e:?}\n{sql}"));
    let row = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
        _ => None,
    };
    let rows: Vec<Vec<Cell>> = answer.iter().filter_map(row).collect();
    compare(program, found, &rows, Dialect::Postgres);
    drop(client);
    server.drop_database(&url);
}

fn person(population: &Population) -> &Table {
    population.table("person").expect("people were generated")
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(x) => Some(x.to_string()),
        other => Some(other.as_str().expect("answers are text").to_owned()),
    }
}

/// Statements that make and fill the table `person`.
fn table_sql(program: &Program, table: &Table, dialect: Dialect) -> String {
    let mut facts = columns(program, "person", as_of());
    if !facts.iter().any(|(key, _)| key == "household_id") {
        facts.push(("household_id".to_owned(), ValueType::Text));
    }
    let declared: Vec<_> = facts.iter().map(|(key, ty)| format!("\"{key}\" {}", type_name(dialect, *ty))).collect();
    let mut sql = format!("CREATE TABLE person (person_id BIGINT PRIMARY KEY, {});\n", declared.join(", "));
    for row in 0..table.rows() {
        let values: Vec<_> = facts.iter().map(|(key, _)| literal(dialect, &table.get(row, key))).collect();
        let _ = writeln!(sql, "INSERT INTO person VALUES ({}, {});", table.ids()[row], values.join(", "));
    }
    sql
}

fn type_name(dialect: Dialect, ty: ValueType) -> &'static str {
    match ty {
        ValueType::Bool if dialect == Dialect::Sqlite => "INTEGER",
        ValueType::Bool => "BOOLEAN",
        ValueType::Int | ValueType::Fen => "BIGINT",
        ValueType::Decimal(_) => "NUMERIC",
        ValueType::Float => "DOUBLE PRECISION",
        ValueType::Date if dialect == Dialect::Sqlite => "TEXT",
        ValueType::Date => "DATE",
        ValueType::Text => "TEXT",
    }
}

fn literal(dialect: Dialect, value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(b) if dialect == Dialect::Sqlite => i32::from(*b).to_string(),
        Value::Date(_) | Value::Text(_) => format!("'{}'", value.to_string().replace('\'', "''")),
        other => other.to_string(),
    }
}

/// Fails at the first row where a database answers otherwise than the engine.
///
/// `rows` in order of ids: the id, then for each rule its outcome and, when it pays, its amount.
pub fn compare(program: &Program, found: &Determinations, rows: &[Vec<Cell>], dialect: Dialect) {
    let count = found.rules.first().map_or(0, |rule| rule.outcome.yes.len());
    assert_eq!(rows.len(), count, "{dialect:?} answered for every row");
    for (row, cells) in rows.iter().enumerate() {
        let mut cells = cells[1..].iter();
        for rule in found.rules.iter().filter(|rule| rule.entity == "person") {
            let outcome = cells.next().expect("a cell per rule");
            let expected = outcome_text(rule, row);
            let told = outcome.as_deref().map(|text| if matches!(text, "t" | "1") { "met" } else { "not_met" });
            assert_eq!(told, expected, "{dialect:?}: {} of row {row}\n{}", rule.id, print(program, dialect, as_of()));
            if rule.paid.is_some() {
                let cell = cells.next().expect("a cell per amount");
                let amount = rule.amount(row);
                let expected = (!amount.is_null()).then(|| amount.to_string());
                assert_eq!(*cell, expected, "{dialect:?}: amount of {} of row {row}", rule.id);
            }
        }
    }
}

fn outcome_text(rule: &RuleOutcome, row: usize) -> Option<&'static str> {
    match rule.outcome(row) {
        Outcome::Unknown => None,
        known => Some(known.name()),
    }
}
