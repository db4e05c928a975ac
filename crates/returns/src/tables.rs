//! The four tables of a return, made from a county's part of the lake and its measured indicators.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::{Date, DivisionCode, DivisionLevel};
use performance::Measured;
use policy::column::{Bits, Column, Population, Table, TableBuilder};
use policy::value::{Value, ValueType};
use policy::{Pack, Program};
use store::Keys;

use crate::protect::{Cells, told};
use crate::{Agreement, ReturnError};

/// A table's name in a return, which is its file's name too.
pub(crate) const RULES: &str = "return_rule";
pub(crate) const INDICATORS: &str = "return_indicator";
pub(crate) const PEOPLE: &str = "return_person";
pub(crate) const PLACES: &str = "return_place";

/// The columns of the tables that hold counts.
pub(crate) const RULE_COLUMNS: [(&str, ValueType); 5] = [
    ("rule", ValueType::Text),
    ("division", ValueType::Text),
    ("met", ValueType::Int),
    ("not_met", ValueType::Int),
    ("unknown", ValueType::Int),
];
pub(crate) const INDICATOR_COLUMNS: [(&str, ValueType); 9] = [
    ("indicator", ValueType::Text),
    ("division", ValueType::Text),
    ("period_start", ValueType::Date),
    ("period_end", ValueType::Date),
    ("numerator", ValueType::Float),
    ("denominator", ValueType::Float),
    ("value", ValueType::Float),
    ("unknown", ValueType::Int),
    ("state", ValueType::Text),
];
/// How people are named outside their county.
pub(crate) const PSEUDONYM: &str = "person";

/// The state of an indicator whose figures are too small to be told.
pub(crate) const TOO_SMALL: &str = "small";

/// A county's part of a day.
pub(crate) struct County<'c> {
    pub code: DivisionCode,
    pub pack: &'c Pack,
    people: Table,
    outcomes: Table,
    places: Option<Table>,
    /// People the rules speak of.
    scope: Bits,
    /// Where each lives, as far as the township.
    townships: Vec<Option<DivisionCode>>,
}

impl<'c> County<'c> {
    pub fn read(
        lake: &Path,
        (code, as_of): (DivisionCode, Date),
        pack: &'c Pack,
        program: &Program,
    ) -> Result<Self, ReturnError> {
        let folder = lake.join(format!("as_of={as_of}")).join(format!("county={code}"));
        let file = |name: &str| -> Option<Vec<PathBuf>> {
            let path = folder.join(format!("{name}.parquet"));
            path.is_file().then(|| vec![path])
        };
        let (Some(person), Some(determination)) = (file("person"), file("determination")) else {
            return Err(ReturnError::NoDay { county: code, as_of });
        };
        let people = lake::read_table("person", &person)?;
        let outcomes = lake::read_table("person", &determination)?;
        let places = file("place").map(|path| lake::read_table("place", &path)).transpose()?;
        let found = program.run(&Population::new([people.clone()]), as_of);
        let everyone = Bits::filled(people.rows(), true);
        let scope = found.population.iter().fold(everyone, |scope, (_, truth)| scope.and(&truth.yes));
        let home = |row: usize| {
            let of = |key| people.column(key).and_then(|c: &Column| c.text(row)).and_then(|t| t.parse().ok());
            let home: Option<DivisionCode> = of("residence_division").or_else(|| of("hukou_division"));
            home.and_then(|home| home.at(DivisionLevel::Township)).filter(|township| code.contains(*township))
        };
        let townships = (0..people.rows()).map(home).collect();
        Ok(Self { code, pack, people, outcomes, places, scope, townships })
    }

    /// How many people meet each rule, by township and for the county.
    pub fn rules(&self, least: i64) -> Table {
        let mut table = Building::new(RULES, &RULE_COLUMNS);
        for rule in self.pack.rules.iter().filter(|rule| rule.entity == "person") {
            let Some(outcome) = self.outcomes.column(&rule.id) else { continue };
            let (mut total, mut by_township) = ([0; 3], BTreeMap::<DivisionCode, Cells>::new());
            for row in self.scope.ones() {
                let cell = match outcome.get(row) {
                    Value::Bool(true) => 0,
                    Value::Bool(false) => 1,
                    _ => 2,
                };
                total[cell] += 1;
                if let Some(township) = self.townships[row] {
                    by_township.entry(township).or_default()[cell] += 1;
                }
            }
            let lines: Vec<Cells> = by_township.values().copied().collect();
            let (total_told, told) = told(&total, &lines, least);
            let all = std::iter::once((self.code, total, total_told));
            let townships = by_township.into_iter().zip(told).map(|((code, cells), told)| (code, cells, told));
            for (division, cells, told) in all.chain(townships) {
                let count = |at: usize| if told { Value::Int(cells[at]) } else { Value::Null };
                table.push(&[Value::text(&rule.id), Value::text(&division.to_string()), count(0), count(1), count(2)]);
            }
        }
        table.finish()
    }

    /// Indicators of the county and its townships.
    pub fn indicators(&self, measured: &[Measured], least: i64) -> Table {
        let mut table = Building::new(INDICATORS, &INDICATOR_COLUMNS);
        for indicator in &self.pack.indicators {
            let lines: Vec<&Measured> = measured
                .iter()
                .filter(|m| m.indicator == indicator.id && self.code.contains(m.division))
                .filter(|m| m.division.level() <= DivisionLevel::Township)
                .collect();
            let told =
                if indicator.entity == "person" { told_of(&lines, self.code, least) } else { vec![true; lines.len()] };
            for (line, told) in lines.into_iter().zip(told) {
                let figure = |x: Option<f64>| x.filter(|_| told).map_or(Value::Null, Value::Float);
                table.push(&[
                    Value::text(&line.indicator),
                    Value::text(&line.division.to_string()),
                    Value::Date(line.period_start),
                    Value::Date(line.period_end),
                    figure(line.numerator),
                    figure(line.denominator),
                    figure(line.value),
                    if told { Value::Int(line.unknown) } else { Value::Null },
                    Value::text(if told { line.state.name() } else { TOO_SMALL }),
                ]);
            }
        }
        table.finish()
    }

    /// People in scope who meet at least one rule, with the agreed facts, in the order of their pseudonyms.
    pub fn people(&self, agreement: &Agreement, keys: &Keys) -> Table {
        let facts: Vec<(&str, ValueType)> = self.facts("person", &agreement.person_facts);
        let mut columns = vec![(PSEUDONYM, ValueType::Text)];
        columns.extend(&facts);
        let name = |row: usize| {
            let own = format!("{} {}", self.code, self.people.ids()[row]);
            hex::encode(&keys.blind("return", &own)[..16])
        };
        let rules = self.pack.rules.iter().filter(|rule| rule.entity == "person");
        let outcomes: Vec<&Column> = rules.filter_map(|rule| self.outcomes.column(&rule.id)).collect();
        let concerned = |row: &usize| outcomes.iter().any(|outcome| outcome.get(*row) == Value::Bool(true));
        let mut rows: Vec<(String, usize)> = self.scope.ones().filter(concerned).map(|row| (name(row), row)).collect();
        rows.sort_unstable();
        let mut table = Building::new(PEOPLE, &columns);
        for (name, row) in rows {
            let told = facts.iter().map(|(key, _)| self.people.get(row, key));
            table.push(&std::iter::once(Value::text(&name)).chain(told).collect::<Vec<_>>());
        }
        table.finish()
    }

    /// The register of places.
    pub fn places(&self, agreement: &Agreement) -> Table {
        let facts = self.facts("place", &agreement.place_facts);
        let mut table = Building::new(PLACES, &facts);
        if let Some(places) = &self.places {
            for row in 0..places.rows() {
                table.push(&facts.iter().map(|(key, _)| places.get(row, key)).collect::<Vec<_>>());
            }
        }
        table.finish()
    }

    fn facts<'a>(&self, entity: &str, keys: &'a [String]) -> Vec<(&'a str, ValueType)> {
        let ty = |key: &String| self.pack.dictionary.get(entity, key).map(|fact| fact.value_type);
        keys.iter().filter_map(|key| Some((key.as_str(), ty(key)?))).collect()
    }
}

/// Which lines of an indicator of people may be told: those who count, those who don't, those not known.
fn told_of(lines: &[&Measured], county: DivisionCode, least: i64) -> Vec<bool> {
    #[expect(clippy::cast_possible_truncation, reason = "counts of people")]
    let whole = |x: Option<f64>| x.unwrap_or(0.0).round() as i64;
    let cells = |m: &Measured| -> Cells {
        let counted = whole(m.numerator);
        [counted, m.denominator.map_or(0, |all| (whole(Some(all)) - counted).abs()), m.unknown]
    };
    let below: Vec<Cells> = lines.iter().filter(|m| m.division != county).map(|m| cells(m)).collect();
    let total = lines.iter().find(|m| m.division == county).map(|m| cells(m));
    // An indicator told for townships only has their sum for its total.
    let sum = || std::array::from_fn(|at| below.iter().map(|cells| cells[at]).sum());
    let (total_told, told) = told(&total.unwrap_or_else(sum), &below, least);
    let mut told = told.into_iter();
    lines.iter().map(|m| if m.division == county { total_told } else { told.next().unwrap_or(false) }).collect()
}

/// A table filled row by row; its ids are the rows' numbers.
struct Building {
    builder: TableBuilder,
    keys: Vec<String>,
    rows: i64,
}

impl Building {
    fn new(entity: &str, columns: &[(&str, ValueType)]) -> Self {
        let builder = TableBuilder::new(entity, columns.iter().copied());
        Self { builder, keys: columns.iter().map(|(key, _)| (*key).to_owned()).collect(), rows: 0 }
    }

    fn push(&mut self, values: &[Value]) {
        let row = self.builder.push_row(self.rows, &[]).expect("a row without values fits");
        self.rows += 1;
        for (key, value) in self.keys.iter().zip(values) {
            if let Some(field) = self.builder.field(key) {
                // A value of another type than the dictionary's stays unknown, as in the snapshot itself.
                let _ = self.builder.set(row, field, value);
            }
        }
    }

    fn finish(self) -> Table {
        self.builder.finish()
    }
}
