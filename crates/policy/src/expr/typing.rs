//! Which types go together, and the conversions that bring operands to one representation.

use super::{Arith, Expr, Node};
use crate::value::{ValueType, pow10};

/// Most places a decimal may have.
pub const MAX_SCALE: u8 = 9;

/// The type to which both can be brought without loss; none when they can't.
pub fn unify(a: ValueType, b: ValueType) -> Option<ValueType> {
    use ValueType::{Decimal, Fen, Float, Int};
    Some(match (a, b) {
        _ if a == b => a,
        (Float, other) | (other, Float) if other.is_numeric() => Float,
        (Decimal(a), Decimal(b)) => Decimal(if a > b { a } else { b }),
        (Decimal(scale), Int | Fen) | (Int | Fen, Decimal(scale)) => Decimal(scale),
        (Int, Fen) | (Fen, Int) => Fen,
        _ => return None,
    })
}

/// The one type of several operands, nulls taking the others'.
///
/// Errors: the first type that does not go with those before it.
pub fn unify_all(items: &[Expr]) -> Result<Option<ValueType>, (ValueType, ValueType)> {
    let mut common = None;
    for ty in items.iter().filter_map(|item| item.ty) {
        common = Some(match common {
            None => ty,
            Some(so_far) => unify(so_far, ty).ok_or((so_far, ty))?,
        });
    }
    Ok(common)
}

/// The expression as a value of `ty`, which its type unifies to.
pub fn cast(expr: Expr, ty: ValueType) -> Expr {
    let Some(from) = expr.ty else { return Expr::new(expr.node, ty) };
    if from == ty {
        return expr;
    }
    match ty {
        ValueType::Float => to_float(expr, from),
        ValueType::Decimal(scale) => scale_up(expr, scale - scale_of(from), ty),
        _ => Expr::new(expr.node, ty),
    }
}

/// The expression as a value of exactly `ty`, when its type becomes that without loss.
pub fn fit(expr: Expr, ty: ValueType) -> Option<Expr> {
    let fits = expr.ty.is_none_or(|own| unify(own, ty) == Some(ty) || (own, ty) == (ValueType::Fen, ValueType::Int));
    fits.then(|| if expr.ty == Some(ValueType::Fen) && ty == ValueType::Int { expr } else { cast(expr, ty) })
}

/// Places after the point.
pub const fn scale_of(ty: ValueType) -> u8 {
    if let ValueType::Decimal(scale) = ty { scale } else { 0 }
}

fn to_float(expr: Expr, from: ValueType) -> Expr {
    let scale = scale_of(from);
    if let Node::Whole(units) = expr.node {
        #[expect(clippy::cast_precision_loss, reason = "a float is asked for; both sides of the quotient are exact")]
        return Expr::new(Node::Float(units as f64 / pow10(scale) as f64), ValueType::Float);
    }
    Expr::new(Node::ToFloat(Box::new(expr), scale), ValueType::Float)
}

fn scale_up(expr: Expr, by: u8, ty: ValueType) -> Expr {
    match expr.node {
        node if by == 0 => Expr::new(node, ty),
        Node::Whole(units) if units.checked_mul(pow10(by)).is_some() => Expr::new(Node::Whole(units * pow10(by)), ty),
        _ => Expr::new(Node::ScaleUp(Box::new(expr), by), ty),
    }
}

/// Why two operands can't be calculated with.
pub enum ArithFault {
    NotNumbers,
    MoneyTimesMoney,
    TooManyPlaces,
}

/// A calculation with its operands brought to one representation.
pub fn arith(op: Arith, a: Expr, b: Expr) -> Result<Expr, ArithFault> {
    use ValueType::{Decimal, Fen, Float, Int};
    let (Some(ta), Some(tb)) = (a.ty.or(b.ty), b.ty.or(a.ty)) else { return Err(ArithFault::NotNumbers) };
    if !ta.is_numeric() || !tb.is_numeric() {
        return Err(ArithFault::NotNumbers);
    }
    let (a, b) = (cast(a, ta), cast(b, tb));
    let build = |a, b, ty| Ok(Expr::new(Node::Arith(op, Box::new(a), Box::new(b)), ty));
    match op {
        Arith::Divide => build(cast(a, Float), cast(b, Float), Float),
        Arith::Add | Arith::Subtract => {
            let ty = unify(ta, tb).ok_or(ArithFault::NotNumbers)?;
            build(cast(a, ty), cast(b, ty), ty)
        }
        Arith::Multiply => match (ta, tb) {
            (Float, _) | (_, Float) => build(cast(a, Float), cast(b, Float), Float),
            (Fen, Fen) => Err(ArithFault::MoneyTimesMoney),
            (Int, Int) => build(a, b, Int),
            (Fen, Int) | (Int, Fen) => build(a, b, Fen),
            _ => {
                let scale = scale_of(ta) + scale_of(tb);
                if scale > MAX_SCALE { Err(ArithFault::TooManyPlaces) } else { build(a, b, Decimal(scale)) }
            }
        },
    }
}
