//! Values of facts, parameters and expressions, and their types.
//!
//! Money is whole fen, a decimal is a whole number of units with its scale in the type, dates are local days.
//! Nothing here knows a rule, a table or a file.

use std::fmt;
use std::sync::Arc;

use kernel::Date;

/// The type of a fact, a parameter or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    Bool,
    Int,
    Fen,
    /// Whole units of 10^-scale; 0 ≤ scale ≤ 9.
    Decimal(u8),
    Float,
    Date,
    Text,
}

/// One value; `Null` means "not known".
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Fen(i64),
    Decimal { units: i64, scale: u8 },
    Float(f64),
    Date(Date),
    Text(Arc<str>),
}

/// A value of another type than its column, fact or parameter declares. Says nothing of the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a value of type {expected}, found {found}")]
pub struct WrongType {
    pub expected: ValueType,
    pub found: &'static str,
}

impl ValueType {
    /// The name used in packs: `bool`, `int`, `fen`, `decimal`, `float`, `date`, `text`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Fen => "fen",
            Self::Decimal(_) => "decimal",
            Self::Float => "float",
            Self::Date => "date",
            Self::Text => "text",
        }
    }

    /// Whether values of this type can be added and multiplied.
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Int | Self::Fen | Self::Decimal(_) | Self::Float)
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Its type; none for null.
    #[must_use]
    pub const fn ty(&self) -> Option<ValueType> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => ValueType::Bool,
            Self::Int(_) => ValueType::Int,
            Self::Fen(_) => ValueType::Fen,
            Self::Decimal { scale, .. } => ValueType::Decimal(*scale),
            Self::Float(_) => ValueType::Float,
            Self::Date(_) => ValueType::Date,
            Self::Text(_) => ValueType::Text,
        })
    }

    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(b) = self { Some(*b) } else { None }
    }

    #[must_use]
    pub const fn as_date(&self) -> Option<Date> {
        if let Self::Date(d) = self { Some(*d) } else { None }
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(t) = self { Some(t) } else { None }
    }

    /// Whole units of an int, fen or decimal (10^-scale of the type).
    #[must_use]
    pub const fn as_units(&self) -> Option<i64> {
        match self {
            Self::Int(n) | Self::Fen(n) | Self::Decimal { units: n, .. } => Some(*n),
            _ => None,
        }
    }

    /// Any numeric value as a float.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a float is asked for")]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(n) | Self::Fen(n) => Some(*n as f64),
            Self::Decimal { units, scale } => Some(*units as f64 / pow10(*scale) as f64),
            Self::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// What the type is called in a message that must not show the value.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self.ty() {
            Some(ty) => ty.name(),
            None => "null",
        }
    }
}

impl fmt::Display for Value {
    /// Plain text: ISO dates, decimals with their places, `null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) | Self::Fen(n) => write!(f, "{n}"),
            Self::Decimal { units, scale: 0 } => write!(f, "{units}"),
            Self::Decimal { units, scale } => {
                let (unit, sign) = (pow10(*scale).unsigned_abs(), if *units < 0 { "-" } else { "" });
                let (whole, part) = (units.unsigned_abs() / unit, units.unsigned_abs() % unit);
                write!(f, "{sign}{whole}.{part:0width$}", width = usize::from(*scale))
            }
            Self::Float(x) => write!(f, "{x}"),
            Self::Date(d) => write!(f, "{d}"),
            Self::Text(t) => f.write_str(t),
        }
    }
}

/// 10^scale; scales run from 0 to 18.
#[must_use]
pub const fn pow10(scale: u8) -> i64 {
    10_i64.pow(scale as u32)
}

/// Days since 1970-01-01.
#[must_use]
pub fn days_of(date: Date) -> i32 {
    date.to_epoch_days()
}

/// The date of a number of days since 1970-01-01; days beyond the calendar stop at its ends.
#[must_use]
pub fn date_of(days: i32) -> Date {
    Date::from_epoch_days(days).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_their_places() {
        assert_eq!(Value::Decimal { units: -5, scale: 2 }.to_string(), "-0.05");
        assert_eq!(Value::Decimal { units: 1234, scale: 3 }.to_string(), "1.234");
        assert_eq!(Value::Decimal { units: 7, scale: 0 }.to_string(), "7");
    }

    #[test]
    fn days_count_from_1970() {
        let leap = kernel::parse_date("2000-02-29").expect("a day");
        assert_eq!(days_of(leap), 11_016);
        assert_eq!(date_of(11_016), leap);
        assert_eq!(days_of(kernel::parse_date("1970-01-01").expect("a day")), 0);
    }
}
