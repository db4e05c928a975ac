//! How ids, dates and codes are written, for the document; and parts that several answers hold.

use kernel::{DivisionCode, PersonId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::desk::Desk;

macro_rules! texts {
    ($($(#[doc = $says:literal])+ $name:ident, $pattern:literal, $example:literal;)+) => {$(
        $(#[doc = $says])+
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": concat!($($says),+).trim(),
                    "pattern": $pattern,
                    "examples": [$example],
                })
            }
        }
    )+};
}

texts! {
    /// A person's number on the platform.
    PersonNumber, "^P[0-9]{8,}$", "P00000012";
    /// A received file of a departmental list.
    ListNumber, "^L[0-9]{8,}$", "L00000003";
    /// A thing to do that the night found.
    WorkItemNumber, "^W[0-9]{8,}$", "W00000100";
    /// A place.
    PlaceNumber, "^F[0-9]{8,}$", "F00000001";
    /// Evidence that a duty was done.
    ReportNumber, "^D[0-9]{8,}$", "D00000001";
    /// An account.
    UserNumber, "^U[0-9]{8,}$", "U00000001";
    /// A local day, `YYYY-MM-DD`.
    Day, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-11-20";
    /// A month, `YYYY-MM`.
    Month, "^[0-9]{4}-[0-9]{2}$", "2026-11";
    /// A moment in UTC (RFC 3339).
    Moment, "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", "2026-11-20T16:00:00Z";
    /// A division: 4, 6, 9 or 12 digits (GB/T 2260).
    Code, "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", "653001";
}

/// A place of the region.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Division {
    #[schemars(with = "Code")]
    pub code: String,
    /// In the language asked for.
    pub name: String,
}

impl Division {
    /// With the name a page would give it.
    pub fn of(desk: &Desk<'_>, code: DivisionCode) -> Self {
        Self { code: code.to_string(), name: desk.where_is(code) }
    }
}

/// A person as lists name them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonRef {
    #[schemars(with = "PersonNumber")]
    pub id: String,
    /// Masked.
    pub name: String,
    /// Full years on the night.
    pub age: Option<i64>,
}

impl PersonRef {
    pub fn of(desk: &Desk<'_>, person: PersonId) -> Self {
        Self { id: person.to_string(), name: desk.masked_name(person), age: desk.age(person) }
    }
}

/// A label with its code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named {
    pub id: String,
    /// In the language asked for.
    pub label: String,
}

/// A count as JSON has it.
pub fn count(n: impl TryInto<u64>) -> u64 {
    n.try_into().unwrap_or(0)
}
