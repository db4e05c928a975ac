//! Indicators: values by division, and the rows behind them.

pub mod all;
pub mod rows;
pub mod show;

use kernel::DivisionCode;
use performance::{Measured, State};
use policy::model::Indicator;
use schemars::JsonSchema;
use serde::Serialize;

use super::shapes::{Day, Division};
use crate::desk::Desk;
use crate::pages::indicators::said;

/// An indicator's value in one division.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorValue")]
pub struct Value {
    indicator: String,
    label: String,
    unit: String,
    division: Division,
    #[schemars(with = "Day")]
    period_start: String,
    #[schemars(with = "Day")]
    period_end: String,
    numerator: Option<f64>,
    denominator: Option<f64>,
    /// Rows that could not be counted because a fact is missing.
    unknown: i64,
    /// Null: nothing to measure.
    value: Option<f64>,
    /// What the plan asks for; null: to be better than before, or nothing.
    target: Option<f64>,
    /// The value of the period it is compared with.
    base: Option<f64>,
    state: Judged,
    /// Since when it is overdue, or met.
    #[schemars(with = "Option<Day>")]
    since: Option<String>,
}

/// How it stands against its target.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Judged {
    Met,
    OnTrack,
    DueSoon,
    Behind,
    Overdue,
    NoData,
    NoBase,
    NoTarget,
}

impl From<State> for Judged {
    fn from(state: State) -> Self {
        match state {
            State::Met => Self::Met,
            State::OnTrack => Self::OnTrack,
            State::DueSoon => Self::DueSoon,
            State::Behind => Self::Behind,
            State::Overdue => Self::Overdue,
            State::NoData => Self::NoData,
            State::NoBase => Self::NoBase,
            State::NoTarget => Self::NoTarget,
        }
    }
}

impl Value {
    pub fn of(desk: &Desk<'_>, indicator: &Indicator, at: DivisionCode, measured: &Measured) -> Self {
        let asked = said::has_target(desk, indicator, at);
        Self {
            indicator: indicator.id.clone(),
            label: desk.voice.of(&indicator.label).to_owned(),
            unit: indicator.unit.clone(),
            division: Division::of(desk, at),
            period_start: measured.period_start.to_string(),
            period_end: measured.period_end.to_string(),
            numerator: measured.numerator,
            denominator: measured.denominator,
            unknown: measured.unknown,
            value: measured.value,
            target: said::target(desk, indicator).filter(|_| asked),
            base: measured.base,
            state: if asked { measured.state.into() } else { Judged::NoTarget },
            since: measured.since.map(|day| day.to_string()),
        }
    }
}
