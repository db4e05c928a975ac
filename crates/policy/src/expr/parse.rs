//! From SQL text to typed expressions, with every fault at its place.

use std::sync::Arc;

use sqlparser::ast::{self, BinaryOperator, Spanned, UnaryOperator};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Span, Token};

use super::typing::{ArithFault, arith, cast, unify_all};
use super::{Arith, Comparison, Expr, Node};
use crate::PackFault;
use crate::model::SqlText;
use crate::value::{ValueType, days_of};

/// What names stand for where an expression stands.
pub trait Names {
    /// A fact of an entity.
    ///
    /// # Errors
    /// Why the name can't be used and what to do.
    fn fact(&self, entity: &str, key: &str) -> Result<(usize, ValueType), NameFault>;
    /// A parameter.
    ///
    /// # Errors
    /// As for a fact; also when it has no value on the day the pack comes into force.
    fn parameter(&self, id: &str) -> Result<(usize, ValueType), NameFault>;
    /// Index, kind and entity of a rule, and the type of its amount when it has one.
    fn rule(&self, id: &str) -> Option<NamedRule<'_>>;
    /// When a benefit counts as received already; none when it does not say.
    fn served(&self, id: &str) -> Option<&SqlText>;
    /// Whether `period_start()` and `period_end()` mean something here.
    fn has_period(&self) -> bool;
}

/// Why a name can't be used.
#[derive(Clone, Debug)]
pub struct NameFault {
    pub code: &'static str,
    pub message: String,
    pub remedy: String,
}

/// A rule as other expressions see it.
#[derive(Clone, Copy, Debug)]
pub struct NamedRule<'a> {
    pub index: usize,
    pub kind: &'static str,
    pub entity: &'a str,
    /// Type of what it pays; none when it pays nothing.
    pub amount: Option<ValueType>,
}

/// Reads and types an expression over the rows of `entity`. Every fault found is added; none is returned then.
pub fn parse(text: &SqlText, entity: &str, names: &dyn Names, faults: &mut Vec<PackFault>) -> Option<Expr> {
    let before = faults.len();
    let tree = read(text, faults)?;
    let mut reader = Reader { text, names, faults, entity: entity.to_owned(), within: None };
    let expr = reader.expr(&tree);
    if faults.len() > before { None } else { expr }
}

fn read(text: &SqlText, faults: &mut Vec<PackFault>) -> Option<ast::Expr> {
    let outcome = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(60).try_with_sql(&text.text).and_then(|p| {
        let mut parser = p;
        let expr = parser.parse_expr()?;
        let rest = parser.peek_token();
        Ok((expr, (rest.token != Token::EOF).then_some(rest)))
    });
    match outcome {
        Ok((expr, None)) => Some(expr),
        Ok((_, Some(rest))) => {
            let at = text.at_line_column(rest.span.start.line, rest.span.start.column);
            let message = format!("the expression goes on after its end, at `{}`", rest.token);
            faults.push(PackFault::at(&at, "syntax", message, "join conditions with AND or OR"));
            None
        }
        Err(error) => {
            let words = error.to_string();
            let (cause, place) = words.split_once(" at Line: ").unwrap_or((&words, ""));
            let mut numbers = place.split(", Column: ").map(|n| n.trim().parse::<u64>().unwrap_or(1));
            let at = text.at_line_column(numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
            let cause = cause.trim_start_matches("sql parser error: ").to_owned();
            faults.push(PackFault::at(&at, "syntax", cause, "write one SQL expression"));
            None
        }
    }
}

/// One walk over a parsed expression.
pub(super) struct Reader<'a> {
    text: &'a SqlText,
    pub(super) names: &'a dyn Names,
    faults: &'a mut Vec<PackFault>,
    pub(super) entity: String,
    /// The aggregate this stands in.
    pub(super) within: Option<&'static str>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, span: Span, code: &'static str, message: String, remedy: &str) {
        let at = if span.start.line == 0 {
            self.text.start()
        } else {
            self.text.at_line_column(span.start.line, span.start.column)
        };
        self.faults.push(PackFault::at(&at, code, message, remedy));
    }

    /// The typed expression; none when a fault was found (and added) in it.
    pub(super) fn expr(&mut self, tree: &ast::Expr) -> Option<Expr> {
        match tree {
            ast::Expr::Nested(inner) => self.expr(inner),
            ast::Expr::Identifier(name) => self.fact(name),
            ast::Expr::Value(value) => self.literal(value),
            ast::Expr::TypedString(typed) if typed.data_type == ast::DataType::Date => self.date(&typed.value),
            ast::Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Some(Expr::bool(Node::Not(Box::new(self.condition(expr)?))))
            }
            ast::Expr::UnaryOp { op: UnaryOperator::Minus, expr } => self.negative(expr),
            ast::Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.expr(expr),
            ast::Expr::BinaryOp { left, op, right } => self.binary(tree, left, op, right),
            ast::Expr::Between { expr, negated, low, high } => {
                let (x, low, high) = self.three(expr, low, high)?;
                let (low, high) = (
                    self.compare(tree.span(), Comparison::GreaterOrEqual, x.clone(), low)?,
                    self.compare(tree.span(), Comparison::LessOrEqual, x, high)?,
                );
                Some(negate(*negated, Expr::bool(Node::And(vec![low, high]))))
            }
            ast::Expr::InList { expr, list, negated } => {
                let x = self.expr(expr);
                let list: Vec<_> = list.iter().map(|item| self.expr(item)).collect();
                let items = x.into_iter().chain(list.into_iter().collect::<Option<Vec<_>>>()?).collect();
                let mut items = self.same_type(tree.span(), items)?;
                let x = Box::new(items.remove(0));
                Some(negate(*negated, Expr::bool(Node::In(x, items))))
            }
            ast::Expr::IsNull(a) | ast::Expr::IsUnknown(a) => Some(Expr::bool(Node::IsNull(Box::new(self.expr(a)?)))),
            ast::Expr::IsNotNull(a) | ast::Expr::IsNotUnknown(a) => {
                Some(negate(true, Expr::bool(Node::IsNull(Box::new(self.expr(a)?)))))
            }
            ast::Expr::IsTrue(a) => self.is(true, false, a),
            ast::Expr::IsNotTrue(a) => self.is(true, true, a),
            ast::Expr::IsFalse(a) => self.is(false, false, a),
            ast::Expr::IsNotFalse(a) => self.is(false, true, a),
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(tree.span(), operand.as_deref(), conditions, else_result.as_deref())
            }
            ast::Expr::Function(call) => self.call(call),
            other => {
                let message = format!("`{other}` is not part of the rule language");
                self.fault(other.span(), "not_in_language", message, "docs/guides/packs.md lists what can be written");
                None
            }
        }
    }

    /// A condition written elsewhere in the pack, about the same entity.
    pub(super) fn condition_elsewhere(&mut self, text: &SqlText) -> Option<Expr> {
        let tree = read(text, self.faults)?;
        let (entity, within) = (self.entity.clone(), self.within);
        Reader { text, names: self.names, faults: self.faults, entity, within }.condition(&tree)
    }

    /// An expression that must be a condition.
    pub(super) fn condition(&mut self, tree: &ast::Expr) -> Option<Expr> {
        let expr = self.expr(tree)?;
        match expr.ty {
            Some(ValueType::Bool) | None => Some(cast(expr, ValueType::Bool)),
            Some(ty) => {
                self.fault(tree.span(), "wrong_type", format!("expected a condition, found {ty}"), "compare it");
                None
            }
        }
    }

    fn fact(&mut self, name: &ast::Ident) -> Option<Expr> {
        match self.names.fact(&self.entity, &name.value) {
            Ok((index, ty)) => Some(Expr::new(Node::Fact(index), ty)),
            Err(fault) => {
                self.fault(name.span, fault.code, fault.message, &fault.remedy);
                None
            }
        }
    }

    fn literal(&mut self, value: &ast::ValueWithSpan) -> Option<Expr> {
        Some(match &value.value {
            ast::Value::Null => Expr { node: Node::Null, ty: None },
            ast::Value::Boolean(b) => Expr::bool(Node::Bool(*b)),
            ast::Value::SingleQuotedString(text) => Expr::new(Node::Text(Arc::from(text.as_str())), ValueType::Text),
            ast::Value::Number(digits, _) => match number(digits) {
                Some(expr) => expr,
                None => {
                    let message = format!("the number {digits} does not fit");
                    self.fault(value.span, "wrong_number", message, "at most 18 digits, 9 of them after the point");
                    return None;
                }
            },
            other => {
                let message = format!("`{other}` is not a value of the rule language");
                self.fault(value.span, "not_in_language", message, "write a number, 'text', DATE '…', TRUE or NULL");
                return None;
            }
        })
    }

    fn date(&mut self, value: &ast::ValueWithSpan) -> Option<Expr> {
        let text = value.value.clone().into_string().unwrap_or_default();
        match kernel::parse_date(&text) {
            Ok(date) => Some(Expr::new(Node::Whole(days_of(date).into()), ValueType::Date)),
            Err(fault) => {
                self.fault(value.span, "wrong_date", format!("'{text}': {fault}"), "write DATE '2026-11-20'");
                None
            }
        }
    }

    fn negative(&mut self, tree: &ast::Expr) -> Option<Expr> {
        let expr = self.expr(tree)?;
        match (&expr.node, expr.ty) {
            (Node::Whole(n), Some(ty)) if ty.is_numeric() => Some(Expr::new(Node::Whole(-n), ty)),
            (Node::Float(x), _) => Some(Expr::new(Node::Float(-x), ValueType::Float)),
            _ => {
                let zero = Expr::new(Node::Whole(0), ValueType::Int);
                self.arith(tree.span(), Arith::Subtract, zero, expr)
            }
        }
    }

    fn binary(&mut self, tree: &ast::Expr, l: &ast::Expr, op: &BinaryOperator, r: &ast::Expr) -> Option<Expr> {
        let comparison = match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let (a, b) = (self.condition(l), self.condition(r));
                return Some(joined(matches!(op, BinaryOperator::And), a?, b?));
            }
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            _ => {
                let op = match op {
                    BinaryOperator::Plus => Arith::Add,
                    BinaryOperator::Minus => Arith::Subtract,
                    BinaryOperator::Multiply => Arith::Multiply,
                    BinaryOperator::Divide => Arith::Divide,
                    other => {
                        let message = format!("the operator {other} is not part of the rule language");
                        self.fault(tree.span(), "not_in_language", message, "use = <> < <= > >= + - * /");
                        return None;
                    }
                };
                let (a, b) = (self.expr(l), self.expr(r));
                return self.arith(tree.span(), op, a?, b?);
            }
        };
        let (a, b) = (self.expr(l), self.expr(r));
        self.compare(tree.span(), comparison, a?, b?)
    }

    pub(super) fn arith(&mut self, span: Span, op: Arith, a: Expr, b: Expr) -> Option<Expr> {
        let types = format!("{} and {}", name(&a), name(&b));
        let (message, remedy) = match arith(op, a, b) {
            Ok(expr) => return Some(expr),
            Err(ArithFault::NotNumbers) => {
                (format!("can't calculate with {types}"), "dates: days_between, months_between, add_days, add_months")
            }
            Err(ArithFault::MoneyTimesMoney) => {
                ("money can't be multiplied with money".to_owned(), "multiply money with a number or a rate")
            }
            Err(ArithFault::TooManyPlaces) => {
                ("the product has more than 9 places".to_owned(), "round a factor first: round_half_up(x, 2)")
            }
        };
        self.fault(span, "wrong_type", message, remedy);
        None
    }

    pub(super) fn compare(&mut self, span: Span, op: Comparison, a: Expr, b: Expr) -> Option<Expr> {
        let mut both = self.same_type(span, vec![a, b])?;
        let (b, a) = (both.pop()?, both.pop()?);
        let ordered = !matches!(op, Comparison::Equal | Comparison::NotEqual);
        if ordered && a.ty == Some(ValueType::Bool) {
            self.fault(span, "wrong_type", "conditions have no order".into(), "use = or <>, or AND, OR, NOT");
            return None;
        }
        Some(Expr::bool(Node::Compare(op, Box::new(a), Box::new(b))))
    }

    /// The operands brought to their common type.
    pub(super) fn same_type(&mut self, span: Span, items: Vec<Expr>) -> Option<Vec<Expr>> {
        match unify_all(&items) {
            Ok(Some(ty)) => Some(items.into_iter().map(|item| cast(item, ty)).collect()),
            Ok(None) => {
                self.fault(span, "wrong_type", "only NULLs stand here".into(), "give a value whose type is known");
                None
            }
            Err((a, b)) => {
                let message = format!("{a} and {b} don't go together");
                self.fault(span, "wrong_type", message, "compare and combine values of one type");
                None
            }
        }
    }

    fn is(&mut self, value: bool, negated: bool, tree: &ast::Expr) -> Option<Expr> {
        let condition = self.condition(tree)?;
        Some(negate(negated, Expr::bool(Node::Is(value, Box::new(condition)))))
    }

    fn three(&mut self, a: &ast::Expr, b: &ast::Expr, c: &ast::Expr) -> Option<(Expr, Expr, Expr)> {
        let (a, b, c) = (self.expr(a), self.expr(b), self.expr(c));
        Some((a?, b?, c?))
    }

    fn case(
        &mut self,
        span: Span,
        operand: Option<&ast::Expr>,
        arms: &[ast::CaseWhen],
        otherwise: Option<&ast::Expr>,
    ) -> Option<Expr> {
        let operand = match operand {
            Some(tree) => Some(self.expr(tree)?),
            None => None,
        };
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for arm in arms {
            conditions.push(match &operand {
                None => self.condition(&arm.condition),
                Some(x) => {
                    let value = self.expr(&arm.condition);
                    value.and_then(|v| self.compare(arm.condition.span(), Comparison::Equal, x.clone(), v))
                }
            });
            results.push(self.expr(&arm.result));
        }
        let has_else = otherwise.is_some();
        results.extend(otherwise.map(|tree| self.expr(tree)));
        let conditions: Vec<_> = conditions.into_iter().collect::<Option<_>>()?;
        let mut results = self.same_type(span, results.into_iter().collect::<Option<_>>()?)?;
        let otherwise = if has_else { results.pop().map(Box::new) } else { None };
        let ty = results.first()?.ty?;
        Some(Expr::new(Node::Case(conditions.into_iter().zip(results).collect(), otherwise), ty))
    }
}

/// AND or OR, with operands of the same kind taken in.
fn joined(and: bool, a: Expr, b: Expr) -> Expr {
    let mut all = Vec::new();
    for side in [a, b] {
        match side.node {
            Node::And(inner) if and => all.extend(inner),
            Node::Or(inner) if !and => all.extend(inner),
            _ => all.push(side),
        }
    }
    Expr::bool(if and { Node::And(all) } else { Node::Or(all) })
}

fn negate(negated: bool, expr: Expr) -> Expr {
    if negated { Expr::bool(Node::Not(Box::new(expr))) } else { expr }
}

pub(super) fn name(expr: &Expr) -> &'static str {
    expr.ty.map_or("null", ValueType::name)
}

/// A whole number, a decimal with as many places as are written, or with an exponent a float.
fn number(digits: &str) -> Option<Expr> {
    if digits.contains(['e', 'E']) {
        let x: f64 = digits.parse().ok()?;
        return x.is_finite().then_some(Expr::new(Node::Float(x), ValueType::Float));
    }
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = u8::try_from(places.len()).ok().filter(|scale| *scale <= super::typing::MAX_SCALE)?;
    let units = format!("{whole}{places}").parse().ok()?;
    let ty = if places.is_empty() { ValueType::Int } else { ValueType::Decimal(scale) };
    Some(Expr::new(Node::Whole(units), ty))
}
