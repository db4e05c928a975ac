//! Places, housing projects, training and divisions as tables.

use std::collections::HashMap;

use kernel::Divisions;
use policy::column::{Table, TableBuilder};
use policy::model::Dictionary;
use policy::value::{Value, ValueType};
use store::{Keys, Session};

use super::known::Known;
use super::merge::Voices;
use super::present::{EVERYONE, presence};
use super::source_table::{Reading, Rows, SourceTable};
use crate::RegistryError;
use crate::ingest::layout::Layout;
use crate::sources::{Catalogue, Entity};

/// The table of an entity: everything of which a statement is in force.
pub(super) fn load(
    session: &mut Session,
    keys: &Keys,
    (catalogue, dictionary): (&Catalogue, &Dictionary),
    known: &Known,
    layouts: &[Layout],
    entity: &str,
) -> Result<Table, RegistryError> {
    let mut present = Vec::new();
    for layout in layouts.iter().filter(|l| l.entity == entity) {
        presence(session, known, layout, EVERYONE, &mut present)?;
    }
    present.sort_unstable();
    present.dedup();
    let rows = Rows::new(present, &crate::linking::Aliases::default());
    let mut tables = Vec::new();
    for source in catalogue.of(&Entity::Thing(entity.to_owned())) {
        let mut table = SourceTable::new(source, &rows, &[], |_| true);
        table.read(session, Reading { keys, known, rows: &rows, layouts }, None)?;
        tables.push(table);
    }
    let facts: Vec<_> = dictionary.of(entity).filter(|f| f.derive.is_none()).collect();
    let mut builder =
        TableBuilder::with_ids(entity, facts.iter().map(|f| (f.key.clone(), f.value_type)), rows.ids.clone());
    for fact in &facts {
        let column = Voices::take(&mut tables, &fact.key).merge(&tables, |_, _| ());
        if let (Some(column), Some(field)) = (column, builder.field(&fact.key)) {
            *builder.column_mut(field) = column;
        }
    }
    Ok(builder.finish())
}

/// The division table with what lists say of divisions.
pub(super) fn divisions(
    session: &mut Session,
    keys: &Keys,
    (catalogue, dictionary): (&Catalogue, &Dictionary),
    known: &Known,
    layouts: &[Layout],
    divisions: &Divisions,
) -> Result<Table, RegistryError> {
    let said = load(session, keys, (catalogue, dictionary), known, layouts, "division")?;
    let facts: Vec<_> = dictionary.of("division").filter(|f| f.derive.is_none()).collect();
    let ids = divisions.iter().map(|d| d.code.to_string().parse().unwrap_or(0)).collect();
    let mut builder = TableBuilder::with_ids("division", facts.iter().map(|f| (f.key.clone(), f.value_type)), ids);
    let code = |row| said.get(row, "code").as_text().map(|code| (code.to_owned(), row));
    // Of rows about one division the first counts: it is put in last.
    let said_rows: HashMap<String, usize> = (0..said.rows()).rev().filter_map(code).collect();
    for (row, division) in divisions.iter().enumerate() {
        let code = division.code.to_string();
        let said_row = said_rows.get(&code).copied();
        for fact in &facts {
            let optional = |text: Option<String>| text.map_or(Value::Null, |t| Value::text(&t));
            let value = match fact.key.as_str() {
                "code" => Value::text(&code),
                "name" => Value::text(&division.name),
                "kind" => Value::text(&division.kind),
                "level" => Value::text(division.code.level().name()),
                "parent" => optional(division.code.parent().map(|p| p.to_string())),
                "settlement" => optional(settlement(divisions, division.code)),
                key => said_row.map_or(Value::Null, |at| said.get(at, key)),
            };
            if let Some(field) = builder.field(&fact.key).filter(|_| fits(&value, fact.value_type)) {
                builder.set(row, field, &value).expect("the type was looked at");
            }
        }
    }
    Ok(builder.finish())
}

/// `urban` or `rural`.
pub(super) fn settlement(divisions: &Divisions, code: kernel::DivisionCode) -> Option<String> {
    divisions.settlement(code).map(|s| match s {
        kernel::Settlement::Urban => "urban".to_owned(),
        kernel::Settlement::Rural => "rural".to_owned(),
    })
}

fn fits(value: &Value, ty: ValueType) -> bool {
    value.ty().is_none_or(|own| own == ty)
}
