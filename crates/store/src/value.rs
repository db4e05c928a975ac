//! The five kinds of value that cross into the database, the same on both.
//!
//! Dates are ISO text, truth is 0/1, money is whole fen: the database never converts.

use kernel::{Date, Fen, ListId, PersonId, PlaceId, RunId, StatementId, UserId, WorkItemId};

/// An owned value to bind or a value read.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// A borrowed value, for bulk loading without an allocation per cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Value {
    /// The same value, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Int(*n),
            Self::Real(x) => ValueRef::Real(*x),
            Self::Text(t) => ValueRef::Text(t),
            Self::Blob(b) => ValueRef::Blob(b),
        }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl ValueRef<'_> {
    /// The same value, owned.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Int(n) => Value::Int(n),
            ValueRef::Real(x) => Value::Real(x),
            ValueRef::Text(t) => Value::Text(t.to_owned()),
            ValueRef::Blob(b) => Value::Blob(b.to_vec()),
        }
    }

    /// The kind's name, for errors: never the value itself.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            ValueRef::Null => "null",
            ValueRef::Int(_) => "an integer",
            ValueRef::Real(_) => "a real",
            ValueRef::Text(_) => "a text",
            ValueRef::Blob(_) => "a blob",
        }
    }

    /// Whether both databases can hold it: no NUL byte in a text, no not-a-number.
    pub(crate) fn is_storable(self) -> bool {
        match self {
            ValueRef::Text(t) => !t.as_bytes().contains(&0),
            ValueRef::Real(x) => !x.is_nan(),
            _ => true,
        }
    }
}

macro_rules! from_with {
    ($($source:ty => |$v:ident| $make:expr),+ $(,)?) => {
        $(impl From<$source> for Value {
            fn from($v: $source) -> Self {
                $make
            }
        })+
    };
}

from_with! {
    i64 => |v| Self::Int(v),
    i32 => |v| Self::Int(i64::from(v)),
    u32 => |v| Self::Int(i64::from(v)),
    u16 => |v| Self::Int(i64::from(v)),
    u8 => |v| Self::Int(i64::from(v)),
    bool => |v| Self::Int(i64::from(v)),
    f64 => |v| Self::Real(v),
    &str => |v| Self::Text(v.to_owned()),
    &String => |v| Self::Text(v.clone()),
    String => |v| Self::Text(v),
    &[u8] => |v| Self::Blob(v.to_vec()),
    Vec<u8> => |v| Self::Blob(v),
    Date => |v| Self::Text(v.to_string()),
    Fen => |v| Self::Int(v.0),
    PersonId => |v| Self::Int(v.0),
    PlaceId => |v| Self::Int(v.0),
    ListId => |v| Self::Int(v.0),
    StatementId => |v| Self::Int(v.0),
    RunId => |v| Self::Int(v.0),
    WorkItemId => |v| Self::Int(v.0),
    UserId => |v| Self::Int(v.0),
    ValueRef<'_> => |v| v.to_value(),
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(value: &'a Value) -> Self {
        value.as_ref()
    }
}

impl From<i64> for ValueRef<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for ValueRef<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<bool> for ValueRef<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a str> for ValueRef<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for ValueRef<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<ValueRef<'a>>> From<Option<T>> for ValueRef<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
