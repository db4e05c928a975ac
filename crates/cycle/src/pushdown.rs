//! The pack's own SQL inside the database: the snapshot is copied into a temporary table, one SELECT answers every rule about
//! people, and what it says takes the place of the engine's answers. The two must agree on every row.
//!
//! What no database is asked for stays the engine's: the parts of conditions that explanations need, places in queues,
//! days, other entities, and the few rules that look inside a division. The same statement runs on whatever speaks
//! PostgreSQL's protocol.

use std::sync::Arc;

use kernel::Date;
use policy::column::{Bits, Column, Population, Table};
use policy::sql::{self, Answer};
use policy::value::{Value, ValueType, pow10};
use policy::{Determinations, Program, RuleOutcome, Truth};
use store::{Dialect, Row, Session, ValueRef};

use crate::CycleFault;
use crate::summary::InDatabase;

const ENTITY: &str = "person";

/// Answers the rules about people inside the database and puts the answers into `found`.
///
/// # Errors
/// `Engines` when a row is answered otherwise than by the engine: nothing may hang on who computes. Those of the store.
pub fn answer(
    session: &mut Session,
    program: &Program,
    population: &Population,
    found: &mut Determinations,
    as_of: Date,
) -> Result<InDatabase, CycleFault> {
    let Some(table) = population.table(ENTITY) else { return Ok(InDatabase::default()) };
    let dialect = match session.dialect() {
        Dialect::Sqlite => sql::Dialect::Sqlite,
        Dialect::Postgres => sql::Dialect::Postgres,
    };
    let answers = sql::answers(program, ENTITY, as_of);
    let told = session.transaction(|tx| {
        tx.exec_batch(&sql::create_table(program, dialect, ENTITY, as_of))?;
        fill(tx, program, table, as_of)?;
        if let Some(analyze) = sql::analyze_table(dialect, ENTITY) {
            tx.exec_batch(&analyze)?;
        }
        let told = ask(tx, &sql::print(program, dialect, as_of), table, &answers, found)?;
        tx.exec_batch(&sql::drop_table(dialect, ENTITY))?;
        Ok::<_, CycleFault>(told)
    })?;
    take(told, &answers, found);
    let of_people = program.rules(ENTITY);
    let left_out = of_people.filter(|id| !answers.iter().any(|answer| &*answer.rule == *id)).map(str::to_owned);
    Ok(InDatabase { people: table.rows() as u64, rules: answers.len() as u64, left_out: left_out.collect() })
}

/// Copies the facts that the statement reads.
fn fill(tx: &mut Session, program: &Program, table: &Table, as_of: Date) -> Result<(), CycleFault> {
    let facts = sql::columns(program, ENTITY, as_of);
    let id = sql::id_of(ENTITY);
    let names: Vec<&str> = std::iter::once(id.as_str()).chain(facts.iter().map(|(key, _)| key.as_str())).collect();
    let columns: Vec<Option<&Column>> = facts.iter().map(|(key, ty)| held(table, key, *ty)).collect();
    tx.bulk_insert_with(ENTITY, &names, |sink| {
        let mut texts: Vec<String> = vec![String::new(); columns.len()];
        for (row, id) in table.ids().iter().enumerate() {
            let values: Vec<Value> = columns.iter().map(|c| c.map_or(Value::Null, |c| c.get(row))).collect();
            for (text, value) in texts.iter_mut().zip(&values) {
                if let Value::Date(day) = value {
                    *text = day.to_string();
                }
            }
            let cells = values.iter().zip(&texts).map(|(value, text)| cell(value, text));
            let cells: Vec<ValueRef<'_>> = std::iter::once(ValueRef::Int(*id)).chain(cells).collect();
            sink.push(&cells)?;
        }
        Ok::<_, CycleFault>(())
    })?;
    Ok(())
}

/// The column of a fact; one of another type counts as absent, as it does for the engine.
fn held<'t>(table: &'t Table, key: &str, ty: ValueType) -> Option<&'t Column> {
    let whole = |ty| matches!(ty, ValueType::Int | ValueType::Fen);
    table.column(key).filter(|column| column.ty() == ty || whole(column.ty()) && whole(ty))
}

fn cell<'v>(value: &'v Value, date: &'v str) -> ValueRef<'v> {
    match value {
        Value::Null => ValueRef::Null,
        Value::Bool(yes) => ValueRef::Int(i64::from(*yes)),
        Value::Int(n) | Value::Fen(n) => ValueRef::Int(*n),
        #[expect(clippy::cast_precision_loss, reason = "rounded back to units by the statement")]
        Value::Decimal { units, scale } => ValueRef::Real(*units as f64 / pow10(*scale) as f64),
        Value::Float(x) => ValueRef::Real(*x),
        Value::Date(_) => ValueRef::Text(date),
        Value::Text(text) => ValueRef::Text(text),
    }
}

/// Where each rule is met and known, as the database says.
type Told = Vec<(Bits, Bits)>;

fn ask(
    tx: &mut Session,
    statement: &str,
    table: &Table,
    answers: &[Answer],
    found: &Determinations,
) -> Result<Told, CycleFault> {
    let rows = table.rows();
    let rules: Vec<&RuleOutcome> = answers.iter().filter_map(|answer| found.rule(&answer.rule)).collect();
    let mut told: Told = answers.iter().map(|_| (Bits::filled(rows, false), Bits::filled(rows, false))).collect();
    let (mut at, mut differ) = (0_usize, vec![0_u64; answers.len()]);
    tx.query_each(statement, &[], |line| {
        let row = if table.ids().get(at) == Some(&line.int(0)?) { Some(at) } else { table.row_of(line.int(0)?) };
        let row = row.ok_or(CycleFault::Damaged { what: "the answer of the database" })?;
        at += 1;
        let mut column = 1;
        for (place, (answer, rule)) in answers.iter().zip(&rules).enumerate() {
            let outcome = line.opt_bool(column)?;
            column += 1;
            if let Some(met) = outcome {
                told[place].0.set(row, met);
                told[place].1.set(row, true);
            }
            let mut same = outcome == engine_says(rule, row);
            if let Some(ty) = answer.amount {
                same &= same_amount(line, column, ty, &rule.amount(row))?;
                column += 1;
            }
            differ[place] += u64::from(!same);
        }
        Ok::<_, CycleFault>(())
    })?;
    if at != rows {
        return Err(CycleFault::Engines { rule: "person".to_owned(), rows: rows.abs_diff(at) as u64 });
    }
    match answers.iter().zip(differ).find(|(_, rows)| *rows > 0) {
        Some((answer, rows)) => Err(CycleFault::Engines { rule: answer.rule.to_string(), rows }),
        None => Ok(told),
    }
}

fn engine_says(rule: &RuleOutcome, row: usize) -> Option<bool> {
    rule.outcome.known.get(row).then(|| rule.outcome.yes.get(row))
}

fn same_amount(line: &Row<'_>, column: usize, ty: ValueType, amount: &Value) -> Result<bool, CycleFault> {
    Ok(match (ty, amount) {
        (_, Value::Null) => line.get(column)? == ValueRef::Null,
        (ValueType::Decimal(_) | ValueType::Float, amount) => line.opt_real(column)? == amount.as_float(),
        (_, amount) => line.opt_int(column)? == amount.as_units(),
    })
}

/// The database's answers in place of the engine's.
fn take(told: Told, answers: &[Answer], found: &mut Determinations) {
    for ((yes, known), answer) in told.into_iter().zip(answers) {
        if let Some(rule) = found.rules.iter_mut().find(|rule| rule.id == answer.rule) {
            rule.outcome = Truth { yes: Arc::new(yes), known: Arc::new(known) };
        }
    }
}
