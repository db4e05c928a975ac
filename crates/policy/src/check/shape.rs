//! The shape of conditions: one labelled part says one thing, and nothing hides an unknown without saying why.

use sqlparser::ast::{BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use crate::fault::PackFault;
use crate::model::{Pack, Part, SqlText};

/// Faults of the shape of every part. Texts that are no SQL are the compiler's to report.
pub(crate) fn shapes(pack: &Pack) -> Vec<PackFault> {
    let rules = pack.rules.iter().flat_map(|rule| &rule.parts);
    pack.population.iter().chain(rules).flat_map(part).collect()
}

fn part(part: &Part) -> Vec<PackFault> {
    let mut faults = Vec::new();
    let Some(expr) = parse(&part.when) else { return faults };
    if let Expr::BinaryOp { op: BinaryOperator::And, right, .. } = bare(&expr) {
        faults.push(PackFault::at(
            &place(&part.when, right),
            "unsplit_and",
            format!("part `{}` says two things joined by AND", part.id),
            "make each its own part with its own label, so that the answer can say which of them fails",
        ));
    }
    if part.hides_unknown.is_none()
        && let Some(hidden) = hides(&expr)
    {
        faults.push(PackFault::at(
            &place(&part.when, hidden),
            "hidden_unknown",
            format!("part `{}` turns what is not known into an answer", part.id),
            "remove it, or say why with hides_unknown = { zh = \"…\", en = \"…\" }",
        ));
    }
    faults
}

fn parse(sql: &SqlText) -> Option<Expr> {
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(&sql.text).ok()?;
    parser.parse_expr().ok()
}

fn place(sql: &SqlText, expr: &Expr) -> crate::model::Position {
    let start = expr.span().start;
    if start.line == 0 { sql.start() } else { sql.at_line_column(start.line, start.column) }
}

fn bare(expr: &Expr) -> &Expr {
    if let Expr::Nested(inner) = expr { bare(inner) } else { expr }
}

/// The first place where null becomes true or false: COALESCE to a truth value, IS TRUE and its kin.
fn hides(expr: &Expr) -> Option<&Expr> {
    let here = match expr {
        Expr::IsTrue(_) | Expr::IsFalse(_) | Expr::IsNotTrue(_) | Expr::IsNotFalse(_) => true,
        Expr::Function(_) => function_arguments(expr).last().is_some_and(|last| is_truth(last)) && is_coalesce(expr),
        _ => false,
    };
    if here { Some(expr) } else { children(expr).into_iter().find_map(hides) }
}

fn is_coalesce(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("coalesce"))
}

fn is_truth(expr: &Expr) -> bool {
    matches!(bare(expr), Expr::Value(value) if matches!(value.value, Value::Boolean(_)))
}

fn function_arguments(expr: &Expr) -> Vec<&Expr> {
    let Expr::Function(function) = expr else { return Vec::new() };
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => Some(inner),
            _ => None,
        })
        .collect()
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::UnaryOp { expr, .. }
        | Expr::Nested(expr)
        | Expr::IsNull(expr)
        | Expr::IsNotNull(expr)
        | Expr::IsTrue(expr)
        | Expr::IsFalse(expr)
        | Expr::IsNotTrue(expr)
        | Expr::IsNotFalse(expr) => vec![expr],
        Expr::Between { expr, low, high, .. } => vec![expr, low, high],
        Expr::InList { expr, list, .. } => std::iter::once(expr.as_ref()).chain(list).collect(),
        Expr::Case { operand, conditions, else_result, .. } => operand
            .iter()
            .map(AsRef::as_ref)
            .chain(conditions.iter().flat_map(|when| [&when.condition, &when.result]))
            .chain(else_result.iter().map(AsRef::as_ref))
            .collect(),
        Expr::Function(_) => function_arguments(expr),
        _ => Vec::new(),
    }
}
