//! Expressions: standard SQL read by `sqlparser`, typed against the dictionary, reduced to few kinds of nodes.
//!
//! What the nodes mean is written once, here; the column engine, the row evaluator and the SQL printer follow it.
//! - Every value may be null. A comparison, a calculation, LEAST or GREATEST with a null is null.
//! - AND, OR, NOT, `household_any` and `household_all` are Kleene's.
//! - Whole numbers (int, fen, decimal units) beyond 64 bits are null; a division by zero is null; a division gives
//!   a float. Halves round away from zero, `round_down` towards zero.
//! - A condition of CASE that is null is passed over.

mod calls;
mod parse;
mod typing;

use std::sync::Arc;

use crate::value::ValueType;

pub use parse::{NameFault, NamedRule, Names, parse};
pub use typing::fit;

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub node: Node,
    /// None only for a bare NULL whose type nothing tells.
    pub ty: Option<ValueType>,
}

/// What is computed. Operands of one node have one representation: bits, whole numbers, floats or texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    /// An int, fen, units of a decimal, or days since 1970-01-01.
    Whole(i64),
    Float(f64),
    Text(Arc<str>),
    /// Index into the program's facts.
    Fact(usize),
    /// Index into the program's parameters.
    Param(usize),
    Today(Today),
    /// Outcome of a rule.
    Rule(usize),
    /// What a benefit pays: nothing when not met, unknown when the rule is.
    Amount(usize),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Equal to one of the items; null as the OR of the comparisons.
    In(Box<Expr>, Vec<Expr>),
    IsNull(Box<Expr>),
    /// `IS TRUE`, `IS FALSE`: never null.
    Is(bool, Box<Expr>),
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    Coalesce(Vec<Expr>),
    Least(Vec<Expr>),
    Greatest(Vec<Expr>),
    Arith(Arith, Box<Expr>, Box<Expr>),
    /// Whole units of 10^-scale as a float.
    ToFloat(Box<Expr>, u8),
    /// Units times 10^n.
    ScaleUp(Box<Expr>, u8),
    Round(Rounding, Box<Expr>),
    Date(DateCall, Vec<Expr>),
    StartsWith(Box<Expr>, Arc<str>),
    /// Inside one of the pack's divisions.
    InDivisions(Box<Expr>),
    Household(Fold, Box<Expr>),
    /// Over the rows of another entity that lie inside this division.
    Inside(Inside, Fold, Box<Expr>),
}

/// Dates that come with the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Today {
    AsOf,
    PeriodStart,
    PeriodEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arith {
    Add,
    Subtract,
    Multiply,
    /// Floats only.
    Divide,
}

/// Rounding to a whole number of units of 10^-digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// From whole units, dropping so many places.
    WholeHalfUp(u8),
    WholeDown(u8),
    /// From a float, to so many places.
    FloatHalfUp(u8),
    FloatDown(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateCall {
    DaysBetween,
    MonthsBetween,
    YearsBetween,
    AddDays,
    AddMonths,
    MonthStart,
    MonthEnd,
    YearStart,
    YearEnd,
}

/// How the members' values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// Members for whom a condition holds; null when one is null.
    Count,
    /// Null when one is null.
    Sum,
    Min,
    Max,
    /// Kleene.
    Any,
    All,
}

/// Whose rows are gathered inside a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Inside {
    Places,
    Persons,
}

impl Inside {
    #[must_use]
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Places => "place",
            Self::Persons => "person",
        }
    }
}

/// How values of a type are held while computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repr {
    Bits,
    Whole,
    Float,
    Text,
}

impl Repr {
    #[must_use]
    pub const fn of(ty: ValueType) -> Self {
        match ty {
            ValueType::Bool => Self::Bits,
            ValueType::Int | ValueType::Fen | ValueType::Decimal(_) | ValueType::Date => Self::Whole,
            ValueType::Float => Self::Float,
            ValueType::Text => Self::Text,
        }
    }
}

impl Comparison {
    /// Whether an ordering satisfies it.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The same comparison with its sides exchanged.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// As written in SQL.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Expr {
    #[must_use]
    pub const fn new(node: Node, ty: ValueType) -> Self {
        Self { node, ty: Some(ty) }
    }

    #[must_use]
    pub const fn bool(node: Node) -> Self {
        Self::new(node, ValueType::Bool)
    }

    /// The representation; a bare null is held as bits.
    #[must_use]
    pub fn repr(&self) -> Repr {
        self.ty.map_or(Repr::Bits, Repr::of)
    }

    /// Direct operands.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Null | Node::Bool(_) | Node::Whole(_) | Node::Float(_) | Node::Text(_) => vec![],
            Node::Fact(_) | Node::Param(_) | Node::Today(_) | Node::Rule(_) | Node::Amount(_) => vec![],
            Node::Not(a) | Node::IsNull(a) | Node::Is(_, a) | Node::ToFloat(a, _) | Node::ScaleUp(a, _) => vec![a],
            Node::Round(_, a) | Node::StartsWith(a, _) | Node::InDivisions(a) => vec![a],
            Node::Household(_, a) | Node::Inside(_, _, a) => vec![a],
            Node::Compare(_, a, b) | Node::Arith(_, a, b) => vec![a, b],
            Node::And(all) | Node::Or(all) | Node::Coalesce(all) | Node::Least(all) | Node::Greatest(all) => {
                all.iter().collect()
            }
            Node::Date(_, all) => all.iter().collect(),
            Node::In(x, items) => std::iter::once(&**x).chain(items).collect(),
            Node::Case(branches, otherwise) => {
                let branches = branches.iter().flat_map(|(when, then)| [when, then]);
                branches.chain(otherwise.as_deref()).collect()
            }
        }
    }

    /// This node and everything below, but not what facts and rules stand for.
    pub fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        for child in self.children() {
            child.each(visit);
        }
    }
}
