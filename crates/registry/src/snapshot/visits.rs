//! Visits: the last of each kind as facts of the person, and the recent ones as a table.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, PersonId};
use policy::column::{Column, ColumnBuilder, Table, TableBuilder};
use policy::model::{Dictionary, Fact};
use policy::value::{Value, ValueType, date_of};
use store::Session;

use super::known::Known;
use super::source_table::{Rows, days};
use crate::RegistryError;

/// The columns of facts taken from visits, and the visits since `since`.
pub(super) fn load(
    session: &mut Session,
    known: &Known,
    dictionary: &Dictionary,
    rows: &Rows,
    (since, as_of): (Date, Date),
) -> Result<(BTreeMap<String, Column>, Table), RegistryError> {
    let facts: Vec<(&Fact, &[String], bool)> = dictionary
        .of("person")
        .filter_map(|f| f.from_events.as_ref().map(|e| (f, e.kinds.as_slice(), e.take != "first")))
        .collect();
    let mut found: Vec<Vec<i32>> = facts.iter().map(|_| vec![i32::MIN; rows.ids.len()]).collect();
    let columns: Vec<(String, ValueType)> = dictionary.of("visit").map(|f| (f.key.clone(), f.value_type)).collect();
    let mut recent: Vec<(i64, i64, String, Date, String)> = Vec::new();
    // Visits that rows of merged or linked entries report: the same one may stand under the person already.
    let mut of_others: BTreeSet<i64> = BTreeSet::new();
    session.query_each(include_str!("../../sql/visit_until.sql"), &[as_of.into()], |row| {
        let person = row.int(1)?;
        let taken_back = row.opt_int(6)?.is_some_and(|list| known.lists.contains_key(&list));
        let counts = !taken_back && known.lists.contains_key(&row.int(5)?);
        let Some(at) = rows.row(person).filter(|_| counts) else { return Ok(()) };
        let (kind, day) = (row.text(2)?, days(row.text(3)?).unwrap_or(i32::MIN));
        for ((_, kinds, last), column) in facts.iter().zip(&mut found) {
            if kinds.iter().any(|k| k == kind) {
                let slot = &mut column[at];
                let newer = *slot == i32::MIN || if *last { day > *slot } else { day < *slot };
                if newer {
                    *slot = day;
                }
            }
        }
        let on = date_of(day);
        if on >= since {
            let visit = row.int(0)?;
            if rows.ids[at] != person {
                of_others.insert(visit);
            }
            recent.push((visit, rows.ids[at], kind.to_owned(), on, row.text(4)?.to_owned()));
        }
        Ok::<_, RegistryError>(())
    })?;
    count_once(&mut recent, &of_others);
    let mut of_people = BTreeMap::new();
    for ((fact, ..), days) in facts.iter().zip(found) {
        let mut column = ColumnBuilder::new(ValueType::Date);
        column.resize(days.len());
        for (row, day) in days.into_iter().enumerate().filter(|(_, day)| *day != i32::MIN) {
            column.set(row, &Value::Date(date_of(day))).expect("a date column");
        }
        of_people.insert(fact.key.clone(), column.finish());
    }
    Ok((of_people, table(columns, recent)))
}

/// One visit of a person, though two of their entries report it.
fn count_once(visits: &mut Vec<(i64, i64, String, Date, String)>, of_others: &BTreeSet<i64>) {
    if of_others.is_empty() {
        return;
    }
    let people: BTreeSet<i64> = visits.iter().filter(|v| of_others.contains(&v.0)).map(|v| v.1).collect();
    let mut seen = BTreeSet::new();
    let mut again = BTreeSet::new();
    let theirs = visits.iter().filter(|v| people.contains(&v.1));
    let (others, own): (Vec<_>, Vec<_>) = theirs.partition(|v| of_others.contains(&v.0));
    for (visit, person, kind, on, _) in own.into_iter().chain(others) {
        if !seen.insert((*person, kind.clone(), *on)) && of_others.contains(visit) {
            again.insert(*visit);
        }
    }
    visits.retain(|visit| !again.contains(&visit.0));
}

fn table(columns: Vec<(String, ValueType)>, visits: Vec<(i64, i64, String, Date, String)>) -> Table {
    let mut builder = TableBuilder::with_ids("visit", columns, visits.iter().map(|v| v.0).collect());
    let fields = ["person_id", "kind", "on", "by"].map(|key| builder.field(key));
    for (row, (_, person, kind, on, by)) in visits.iter().enumerate() {
        let values = [
            Value::text(&PersonId(*person).to_string()),
            Value::text(kind),
            Value::Date(*on),
            if by.is_empty() { Value::Null } else { Value::text(by) },
        ];
        for (field, value) in fields.iter().zip(&values) {
            if let Some(field) = field {
                builder.set(row, *field, value).expect("the visit table's columns have these types");
            }
        }
    }
    builder.finish()
}
