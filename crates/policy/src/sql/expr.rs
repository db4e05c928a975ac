//! One expression as SQL text over the columns of a layer.

use super::{Dialect, dates};
use crate::expr::{Arith, Expr, Fold, Node, Repr, Rounding};
use crate::value::{ValueType, pow10};

/// What facts, rules, amounts and household figures are called in the layer.
pub trait Columns {
    /// The column of a fact, rule, amount or figure.
    fn column(&self, expr: &Expr) -> String;
    /// The value of an expression that is the same for all rows.
    fn constant(&self, expr: &Expr) -> Option<Expr>;
    fn dialect(&self) -> Dialect;
    fn roots(&self) -> Vec<String>;
}

/// The text of an expression, in parentheses where needed.
pub fn text(columns: &dyn Columns, expr: &Expr) -> String {
    let dialect = columns.dialect();
    let of = |expr: &Expr| text(columns, expr);
    let each = |all: &[Expr]| all.iter().map(of).collect::<Vec<_>>();
    if let Some(constant) = columns.constant(expr) {
        return literal(dialect, &constant);
    }
    match &expr.node {
        Node::Null | Node::Bool(_) | Node::Whole(_) | Node::Float(_) | Node::Text(_) => literal(dialect, expr),
        Node::Fact(_) | Node::Rule(_) | Node::Amount(_) | Node::Household(..) => columns.column(expr),
        Node::Param(_) | Node::Today(_) | Node::Inside(..) => null(dialect, expr.ty),
        Node::Not(a) => format!("(NOT {})", of(a)),
        Node::And(all) if all.is_empty() => "TRUE".to_owned(),
        Node::Or(all) if all.is_empty() => "FALSE".to_owned(),
        Node::And(all) => format!("({})", each(all).join(" AND ")),
        Node::Or(all) => format!("({})", each(all).join(" OR ")),
        Node::Compare(op, a, b) => format!("({} {} {})", of(a), op.sign(), of(b)),
        Node::In(x, items) => format!("({} IN ({}))", of(x), each(items).join(", ")),
        Node::IsNull(a) => format!("({} IS NULL)", of(a)),
        Node::Is(true, a) => format!("({} IS TRUE)", of(a)),
        Node::Is(false, a) => format!("({} IS FALSE)", of(a)),
        Node::Case(arms, otherwise) => {
            let arms = arms.iter().map(|(when, then)| format!("WHEN {} THEN {}", of(when), of(then)));
            let otherwise = otherwise.as_deref().map_or_else(|| null(dialect, expr.ty), of);
            format!("(CASE {} ELSE {otherwise} END)", arms.collect::<Vec<_>>().join(" "))
        }
        Node::Coalesce(all) => match all.as_slice() {
            [one] => of(one),
            _ => format!("COALESCE({})", each(all).join(", ")),
        },
        Node::Least(all) => extreme("LEAST", &each(all)),
        Node::Greatest(all) => extreme("GREATEST", &each(all)),
        Node::Arith(Arith::Divide, a, b) => format!("({} / NULLIF({}, {}))", of(a), of(b), float(dialect, 0.0)),
        Node::Arith(op, a, b) => {
            let sign = match op {
                Arith::Add => "+",
                Arith::Subtract => "-",
                Arith::Multiply | Arith::Divide => "*",
            };
            format!("({} {sign} {})", wide(dialect, of(a)), wide(dialect, of(b)))
        }
        Node::ToFloat(a, scale) => {
            let wide = format!("CAST({} AS {})", of(a), dialect.type_name(ValueType::Float));
            match scale {
                0 => wide,
                #[expect(clippy::cast_precision_loss, reason = "at most 10^9")]
                scale => format!("({wide} / {})", float(dialect, pow10(*scale) as f64)),
            }
        }
        Node::ScaleUp(a, by) => format!("({} * {})", wide(dialect, of(a)), pow10(*by)),
        Node::Round(rounding, a) => rounded(dialect, *rounding, &of(a)),
        Node::Date(which, args) => dates::call(dialect, *which, &each(args)),
        Node::StartsWith(a, prefix) => starts_with(&of(a), prefix),
        Node::InDivisions(a) => {
            let a = of(a);
            let any: Vec<_> = columns.roots().iter().map(|root| starts_with(&a, root)).collect();
            match any.as_slice() {
                [] => format!("(CASE WHEN {a} IS NOT NULL THEN FALSE END)"),
                _ => format!("({})", any.join(" OR ")),
            }
        }
    }
}

/// A household figure over the rows that share `household`; null when a member's value is. Each sum over the
/// household is a column of its own, which `window` names, over a column `value`: DataFusion loses sums over what it
/// can simplify. Where several installations share the table, `within` is the column that tells them apart.
pub fn figure(
    dialect: Dialect,
    fold: Fold,
    arg: &Expr,
    value: &str,
    within: Option<&str>,
    window: impl Fn(String) -> String,
) -> String {
    let by = within.map_or_else(String::new, |within| format!("{within}, "));
    let over = |aggregate: String| window(format!("{aggregate} OVER (PARTITION BY {by}\"household\")"));
    let (all, known) = (over("COUNT(*)".to_owned()), over(format!("COUNT({value})")));
    let whole = dialect.type_name(ValueType::Int);
    let when_known = |figure: String| format!("(CASE WHEN {all} = {known} THEN {figure} END)");
    match fold {
        Fold::Count => when_known(over(format!("COUNT(CASE WHEN {value} THEN 1 END)"))),
        Fold::Sum if arg.repr() == Repr::Float => when_known(over(format!("SUM({value})"))),
        Fold::Sum => when_known(format!("CAST({} AS {whole})", over(format!("SUM({value})")))),
        Fold::Min => when_known(over(format!("MIN({value})"))),
        Fold::Max => when_known(over(format!("MAX({value})"))),
        Fold::Any | Fold::All => {
            let (decides, tested) = if fold == Fold::Any { ("TRUE", "") } else { ("FALSE", "NOT ") };
            let other = if fold == Fold::Any { "FALSE" } else { "TRUE" };
            let deciding = over(format!("COUNT(CASE WHEN {tested}{value} THEN 1 END)"));
            format!("(CASE WHEN {deciding} > 0 THEN {decides} WHEN {all} = {known} THEN {other} END)")
        }
    }
}

/// Null when an operand is: databases differ, so it is written out.
fn extreme(function: &str, all: &[String]) -> String {
    let nulls: Vec<_> = all.iter().map(|one| format!("{one} IS NULL")).collect();
    let better = if function == "LEAST" { "<" } else { ">" };
    match all {
        [one] => one.clone(),
        [a, b] => format!("(CASE WHEN {} THEN NULL WHEN {b} {better} {a} THEN {b} ELSE {a} END)", nulls.join(" OR ")),
        _ => {
            let rest = extreme(function, &all[1..]);
            extreme(function, &[all[0].clone(), rest])
        }
    }
}

fn rounded(dialect: Dialect, rounding: Rounding, a: &str) -> String {
    match rounding {
        Rounding::WholeHalfUp(drop) | Rounding::WholeDown(drop) => {
            let unit = pow10(drop);
            let half = if matches!(rounding, Rounding::WholeHalfUp(_)) { unit / 2 } else { 0 };
            format!("(CASE WHEN {a} < 0 THEN -((-{a} + {half}) / {unit}) ELSE ({a} + {half}) / {unit} END)")
        }
        Rounding::FloatHalfUp(digits) | Rounding::FloatDown(digits) => {
            #[expect(clippy::cast_precision_loss, reason = "at most 10^9")]
            let scaled = match digits {
                0 => format!("ABS({a})"),
                digits => format!("(ABS({a}) * {})", float(dialect, pow10(digits) as f64)),
            };
            let half = if matches!(rounding, Rounding::FloatHalfUp(_)) { 0.5 } else { 0.0 };
            let sum = format!("{scaled} + {}", float(dialect, half));
            let away = match dialect {
                Dialect::Sqlite => format!("CAST({sum} AS INTEGER)"),
                Dialect::Postgres | Dialect::Datafusion => format!("CAST(FLOOR({sum}) AS BIGINT)"),
            };
            let fits = format!("{scaled} < {}", float(dialect, 9_007_199_254_740_992.0));
            format!("(CASE WHEN {fits} THEN CASE WHEN {a} < {} THEN -{away} ELSE {away} END END)", float(dialect, 0.0))
        }
    }
}

fn starts_with(a: &str, prefix: &str) -> String {
    format!("(SUBSTR({a}, 1, {}) = {})", prefix.chars().count(), quoted_text(prefix))
}

fn literal(dialect: Dialect, expr: &Expr) -> String {
    match &expr.node {
        Node::Bool(true) => "TRUE".to_owned(),
        Node::Bool(false) => "FALSE".to_owned(),
        Node::Whole(n) => n.to_string(),
        Node::Float(x) => float(dialect, *x),
        Node::Text(text) => quoted_text(text),
        _ => null(dialect, expr.ty),
    }
}

fn null(dialect: Dialect, ty: Option<ValueType>) -> String {
    format!("CAST(NULL AS {})", dialect.type_name(ty.unwrap_or(ValueType::Bool)))
}

fn quoted_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A float that stays one: databases read `0.1` as a decimal.
fn float(dialect: Dialect, x: f64) -> String {
    match dialect {
        Dialect::Sqlite => format!("{x:?}"),
        Dialect::Postgres | Dialect::Datafusion => format!("CAST({x:?} AS {})", dialect.type_name(ValueType::Float)),
    }
}

/// A written number as wide as the columns, so that a product of two does not overflow.
fn wide(dialect: Dialect, text: String) -> String {
    if dialect != Dialect::Sqlite && text.parse::<i64>().is_ok() { format!("CAST({text} AS BIGINT)") } else { text }
}
