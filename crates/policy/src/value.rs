//! Values of facts and expressions, and their types.

use std::sync::Arc;

use kernel::Date;

/// What a fact or an expression can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    Bool,
    Int,
    /// Money in whole fen.
    Fen,
    /// An exact number with this many decimals.
    Decimal(u8),
    Float,
    Date,
    Text,
}

/// One value; `Null` is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Fen(i64),
    Decimal { units: i128, scale: u8 },
    Float(f64),
    Date(Date),
    Text(Arc<str>),
}
