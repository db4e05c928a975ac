//! What the rules found for the people of one lake, gathered row by row, and written as a county writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use kernel::Date;
use policy::Pack;
use policy::column::{Bits, Column, ColumnBuilder, Population, Sparse, Table};
use policy::sql::Answer;
use policy::value::{Value, ValueType, pow10};

use crate::cells::Cells;
use crate::told::fault;

/// Where a person lies; these columns come after the id's lake and before the id.
pub const HOMES: [&str; 2] = ["residence_division", "hukou_division"];

/// The answers for one lake.
pub struct Gathered {
    ids: Vec<i64>,
    homes: [ColumnBuilder; 2],
    rules: Vec<Gathering>,
}

struct Gathering {
    answer: Answer,
    yes: Bits,
    known: Bits,
    amount: Option<(ValueType, ColumnBuilder)>,
}

impl Gathered {
    pub fn new(answers: &[Answer]) -> Self {
        let rule = |answer: &Answer| Gathering {
            answer: answer.clone(),
            yes: Bits::filled(0, false),
            known: Bits::filled(0, false),
            amount: answer.amount.map(|ty| (ty, ColumnBuilder::new(ty))),
        };
        let homes = HOMES.map(|_| ColumnBuilder::new(ValueType::Text));
        Self { ids: Vec::new(), homes, rules: answers.iter().map(rule).collect() }
    }

    pub fn people(&self) -> usize {
        self.ids.len()
    }

    /// Takes a row of `policy::sql::print_apart`: lake, homes, id, then the answers.
    pub fn push(&mut self, cells: &Cells<'_>, row: usize) -> Result<()> {
        for (number, home) in self.homes.iter_mut().enumerate() {
            home.push(&cells.text(1 + number, row)?.map_or(Value::Null, Value::text))?;
        }
        let mut column = 1 + HOMES.len();
        let id = cells.whole(column, row)?.context("an answer without a person")?;
        if self.ids.last().is_some_and(|last| *last >= id) {
            return Err(fault(
                format!("{id} 号回答了两次，或顺序乱了"),
                format!("person {id} is told twice, or out of order"),
            ));
        }
        self.ids.push(id);
        for rule in &mut self.rules {
            column += 1;
            let outcome = cells.bool(column, row)?;
            rule.yes.push(outcome == Some(true));
            rule.known.push(outcome.is_some());
            if let Some((ty, amounts)) = &mut rule.amount {
                column += 1;
                let amount = if outcome == Some(true) { amount(cells, column, row, *ty)? } else { Value::Null };
                amounts.push(&amount)?;
            }
        }
        Ok(())
    }

    /// Publishes the day below `place`, a file for each county.
    pub fn write(self, pack: &Pack, as_of: Date, place: &Path) -> Result<()> {
        let homes = HOMES.map(str::to_owned).into_iter().zip(self.homes.map(ColumnBuilder::finish));
        let table = Table::new("person", self.ids, homes.collect::<BTreeMap<_, _>>())?;
        let population = Population::new([table]);
        let rules: Vec<_> = self.rules.into_iter().map(Found::from).collect();
        let outcomes = lake::Outcomes { entity: "person", rules: rules.iter().map(Found::outcome).collect() };
        let snapshot = lake::Snapshot {
            as_of,
            pack_id: &pack.id,
            pack_version: &pack.version,
            dictionary: &pack.dictionary,
            population: &population,
            outcomes: &[outcomes],
        };
        lake::write_outcomes_of_day(&snapshot, place)?;
        Ok(())
    }
}

struct Found {
    rule: std::sync::Arc<str>,
    yes: Bits,
    known: Bits,
    amount: Option<Sparse>,
}

impl From<Gathering> for Found {
    fn from(rule: Gathering) -> Self {
        let paid = |(_, amounts): (ValueType, ColumnBuilder)| -> Sparse {
            let column: Column = amounts.finish();
            Sparse::of(&column, &rule.yes)
        };
        Self { amount: rule.amount.map(paid), rule: rule.answer.rule, yes: rule.yes, known: rule.known }
    }
}

impl Found {
    fn outcome(&self) -> lake::RuleOutcome<'_> {
        let amount = self.amount.as_ref().map(lake::Amount::Each);
        lake::RuleOutcome { rule: &self.rule, met: &self.yes, known: &self.known, amount }
    }
}

fn amount(cells: &Cells<'_>, column: usize, row: usize, ty: ValueType) -> Result<Value> {
    Ok(match ty {
        ValueType::Float => cells.float(column, row)?.map_or(Value::Null, Value::Float),
        // The statement says a decimal as a number; its units are whole.
        ValueType::Decimal(scale) => cells.float(column, row)?.map_or(Value::Null, |number| {
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "rounded to units")]
            let units = (number * pow10(scale) as f64).round() as i64;
            Value::Decimal { units, scale }
        }),
        ValueType::Int => cells.whole(column, row)?.map_or(Value::Null, Value::Int),
        _ => cells.whole(column, row)?.map_or(Value::Null, Value::Fen),
    })
}
