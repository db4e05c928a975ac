//! Indicators: what is counted, against which target, by when.

use kernel::{Bilingual, Date, DivisionLevel};

use super::{Count, Deadline, Position, SqlText};

#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    pub id: String,
    pub label: Bilingual,
    pub summary: Option<Bilingual>,
    pub clauses: Vec<String>,
    pub entity: String,
    /// Who or what is counted at all; none: every row (for persons: the pack's population).
    pub filter: Option<SqlText>,
    pub numerator: Measure,
    pub denominator: Denominator,
    /// `percent`, `count`, `square_metres`, …
    pub unit: String,
    pub target: Option<Target>,
    pub deadline: Option<Deadline>,
    pub period: Period,
    pub cumulative_from: Option<Date>,
    pub levels: Vec<DivisionLevel>,
    /// How many days before the deadline it is due soon.
    pub due_soon_days: Option<Count>,
    /// What `on track` means: the id of a parameter, or a condition.
    pub on_track: Option<String>,
    pub to_confirm: bool,
    pub note: Option<Bilingual>,
    pub at: Position,
}

/// A count of rows or a sum over rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    Count(SqlText),
    Sum(SqlText),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// The rows of `where`.
    Rows,
    Sum(SqlText),
    /// The numerator stands alone.
    None,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub op: TargetOp,
    /// In the indicator's unit; none for `rise`.
    pub value: Option<TargetValue>,
    /// For `rise` and `fall`: `previous_period`.
    pub base: Option<String>,
    pub at: Position,
}

/// The figure itself or the parameter that holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetValue {
    Number(f64),
    Parameter(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetOp {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Equal,
    Rise,
    Fall,
}

/// The stretch of time an indicator speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Day,
    /// The last complete month.
    LastMonth,
    LastQuarter,
    /// The last complete year.
    LastYear,
    Cumulative,
}

impl TargetOp {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::MoreThan => ">",
            Self::LessThan => "<",
            Self::Equal => "=",
            Self::Rise => "rise",
            Self::Fall => "fall",
        }
    }
}

impl Period {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::LastMonth => "last_month",
            Self::LastQuarter => "last_quarter",
            Self::LastYear => "last_year",
            Self::Cumulative => "cumulative",
        }
    }
}
