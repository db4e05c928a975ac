//! Indicators about people as one SELECT: by village, how many rows count and out of how many.
//!
//! `Program::gathered` adds the villages up for the divisions above them, as the engine would.

use std::fmt::Write as _;
use std::sync::Arc;

use super::layers::Layers;
use super::{Apart, Dialect, with};
use crate::engine::Dates;
use crate::expr::Expr;
use crate::program::{IndicatorSpec, MeasureSpec, Program};
use crate::value::{ValueType, pow10};

/// Where a person lies: residence, else hukou.
const HOMES: [&str; 2] = ["residence_division", "hukou_division"];

/// The statement and what it measures.
///
/// A row is a village of one installation: whose it is where `within` was given, the village's code (null: not known), how many
/// rows were read there and how many of them are of different people, then for each indicator whole numbers `counted`, `untold` and `unknown`,
/// and numbers `numerator` and `denominator` (0 where the numerator stands alone).
#[derive(Clone, Debug)]
pub struct Sums {
    pub sql: String,
    pub indicators: Vec<Arc<str>>,
}

/// The wanted indicators that speak of people and need nothing from inside a division.
///
/// `within` names the column that tells several installations' rows apart.
#[must_use]
pub fn sums(program: &Program, dialect: Dialect, wanted: &[&str], dates: Dates, within: Option<&str>) -> Sums {
    let apart = Apart { within, carried: &HOMES };
    let layers = Layers::empty(program, dialect, "person", dates, apart);
    let mut columns = Vec::new();
    let mut indicators = Vec::new();
    for spec in program.indicators.iter().filter(|spec| wanted.contains(&&*spec.id) && spec.entity == "person") {
        let filter = program.filter(spec);
        if !exprs(spec).chain([&filter]).all(|expr| layers.can_say(expr)) {
            continue;
        }
        let counted = layers.column_of(&filter);
        let numerator = Share::of(&layers, dialect, &spec.numerator, &counted);
        let denominator = spec.denominator.as_ref().map(|measure| Share::of(&layers, dialect, measure, &counted));
        let missing = [Some(&numerator), denominator.as_ref()].into_iter().flatten().filter_map(|s| s.missing.clone());
        let missing = missing.reduce(|a, b| format!("{a} OR {b}")).unwrap_or_else(|| "FALSE".to_owned());
        columns.push(format!("COUNT(CASE WHEN {counted} THEN 1 END)"));
        columns.push(format!("COUNT(CASE WHEN {counted} AND ({missing}) THEN 1 END)"));
        columns.push(format!("COUNT(CASE WHEN {counted} IS NULL OR {counted} AND ({missing}) THEN 1 END)"));
        let float = dialect.type_name(ValueType::Float);
        columns.push(format!("CAST({} AS {float})", numerator.sum));
        columns.push(format!("CAST({} AS {float})", denominator.map_or_else(|| "0".to_owned(), |d| d.sum)));
        indicators.push(Arc::clone(&spec.id));
    }
    let home = format!("COALESCE(\"{}\", \"{}\")", HOMES[0], HOMES[1]);
    let (mut sql, last) = with(&layers, dialect, "person", dates.as_of);
    let within: Vec<_> = within.map(super::quoted).into_iter().collect();
    let mut outputs = within.clone();
    outputs.push(format!("{home} AS \"home\""));
    outputs.push("COUNT(*) AS \"rows\"".to_owned());
    outputs.push(format!("COUNT(DISTINCT {}) AS \"people\"", super::quoted(&super::id_column("person"))));
    let _ = write!(sql, "\nSELECT {}", outputs.join(", "));
    for (number, column) in columns.iter().enumerate() {
        let _ = write!(sql, ",\n  {column} AS \"c{number}\"");
    }
    let by: Vec<_> = within.into_iter().chain([home]).collect();
    let _ = write!(sql, "\nFROM s{last}\nGROUP BY {}", by.join(", "));
    Sums { sql, indicators }
}

fn exprs(spec: &IndicatorSpec) -> impl Iterator<Item = &Expr> {
    [Some(&spec.numerator), spec.denominator.as_ref()].into_iter().flatten().filter_map(MeasureSpec::expr)
}

/// A numerator or denominator over the rows that are counted.
struct Share {
    sum: String,
    /// When a row's share is not known.
    missing: Option<String>,
}

impl Share {
    fn of(layers: &Layers<'_>, dialect: Dialect, measure: &MeasureSpec, counted: &str) -> Self {
        match measure {
            MeasureSpec::Rows => Self { sum: format!("COUNT(CASE WHEN {counted} THEN 1 END)"), missing: None },
            MeasureSpec::Count(expr) => {
                let own = layers.column_of(expr);
                let sum = format!("COUNT(CASE WHEN {counted} AND {own} THEN 1 END)");
                Self { sum, missing: Some(format!("{own} IS NULL")) }
            }
            MeasureSpec::Sum(expr) => {
                let own = layers.column_of(expr);
                let sum = format!("COALESCE(SUM(CASE WHEN {counted} THEN {own} END), 0)");
                // Units are added exactly; what they are units of comes last.
                let sum = match expr.ty {
                    Some(ValueType::Decimal(scale)) => {
                        format!("CAST({sum} AS {}) / {}", dialect.type_name(ValueType::Float), pow10(scale))
                    }
                    _ => sum,
                };
                Self { sum, missing: Some(format!("{own} IS NULL")) }
            }
        }
    }
}
