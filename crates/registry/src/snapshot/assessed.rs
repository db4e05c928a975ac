//! Facts of which a person has several: the newest one that was made by a day and still valid on it counts.

use std::collections::BTreeMap;

use chrono::{Days, Months};
use kernel::Date;
use policy::Pack;
use policy::column::{Column, ColumnBuilder};
use policy::model::{Fact, FromStatements};
use policy::value::{Value, ValueType, date_of};
use store::Keys;

use super::source_table::{Assessed, days, open_text, value_of};
use crate::RegistryError;
use crate::ingest::layout::{Layout, values};
use crate::rows::SEPARATOR;

/// Fills the columns of `facts`, all of which come from these statements.
pub(super) fn columns(
    pack: &Pack,
    keys: &Keys,
    layouts: &[Layout],
    assessed: &[&Assessed],
    facts: &[&Fact],
    (rows, as_of): (usize, Date),
    date_column: impl Fn(&str) -> Option<Column>,
) -> Result<BTreeMap<String, Column>, RegistryError> {
    let mut by_row: BTreeMap<u32, Vec<&Assessed>> = BTreeMap::new();
    for one in assessed {
        by_row.entry(one.row).or_default().push(one);
    }
    let mut opened: BTreeMap<i64, String> = BTreeMap::new();
    let mut done = BTreeMap::new();
    for fact in facts {
        let Some(from) = &fact.from_statements else { continue };
        let mut column = ColumnBuilder::new(fact.value_type);
        column.resize(rows);
        let at = if from.valid_at == "as_of" { None } else { date_column(&from.valid_at) };
        for (row, statements) in &by_row {
            let row = *row as usize;
            let day = match &at {
                None if from.valid_at == "as_of" => Some(as_of),
                None => None,
                Some(column) => column.get(row).as_date(),
            };
            let Some(day) = day else { continue };
            let newest = statements
                .iter()
                .filter_map(|a| Some((validity(pack, layouts, from, a)?, *a)))
                .filter(|((on, until), _)| *on <= day && until.is_none_or(|until| day <= until))
                .max_by_key(|((on, _), a)| (*on, a.statement));
            let Some(((_, until), assessed)) = newest else { continue };
            let value = if from.until.as_ref() == Some(&from.value) {
                until.map(Value::Date)
            } else {
                value(keys, layouts, &from.value, assessed, fact.value_type, &mut opened)?
            };
            if let Some(value) = value {
                // A value of another type than the fact's stays unknown.
                let _ = column.set(row, &value);
            }
        }
        done.insert(fact.key.clone(), column.finish());
    }
    Ok(done)
}

/// When it was made and its last valid day; none when its date is not known.
fn validity(
    pack: &Pack,
    layouts: &[Layout],
    from: &FromStatements,
    assessed: &Assessed,
) -> Option<(Date, Option<Date>)> {
    let date = |key: &Option<String>| {
        let form = plain_form(layouts, assessed, key.as_deref()?)?;
        days(form).map(date_of)
    };
    let on = date(&from.on)?;
    let until = date(&from.until).or_else(|| {
        let parameter = pack.parameter(from.validity_months.as_deref()?)?;
        let months = parameter.on(on).or_else(|| parameter.values.first())?.value.as_units()?;
        let end = on.checked_add_months(Months::new(u32::try_from(months).ok()?))?;
        end.checked_sub_days(Days::new(1))
    });
    Some((on, until))
}

fn value(
    keys: &Keys,
    layouts: &[Layout],
    key: &str,
    assessed: &Assessed,
    ty: ValueType,
    opened: &mut BTreeMap<i64, String>,
) -> Result<Option<Value>, RegistryError> {
    if let Some(form) = plain_form(layouts, assessed, key) {
        return Ok(value_of(ty, form));
    }
    let Some(at) = layouts[assessed.layout].sealed.iter().position(|k| k == key) else { return Ok(None) };
    let Some(blob) = &assessed.sealed else { return Ok(None) };
    if let std::collections::btree_map::Entry::Vacant(slot) = opened.entry(assessed.statement) {
        slot.insert(open_text(keys, assessed.statement, blob)?);
    }
    let text = opened.get(&assessed.statement).map_or("", String::as_str);
    Ok(text.split(SEPARATOR).nth(at).and_then(|form| value_of(ty, form)))
}

fn plain_form<'a>(layouts: &[Layout], assessed: &'a Assessed, key: &str) -> Option<&'a str> {
    let at = layouts[assessed.layout].plain.iter().position(|k| k == key)?;
    values(&assessed.payload).nth(at)
}
