//! One indicator in one division in words: value, target, gap, state, chart.

use kernel::DivisionCode;
use performance::{Measured, State};
use policy::model::{Denominator, Indicator, TargetOp, TargetValue};

use crate::desk::Desk;
use crate::frame::{Bullet, figures};
use crate::parts::Mood;

/// What can be said of one value.
#[derive(Clone, Debug)]
pub struct Line {
    pub label: String,
    /// `96.4`, or a dash.
    pub value: String,
    pub unit: String,
    pub bullet: Bullet,
    /// `100%`, or what else the plan asks for.
    pub target: String,
    pub hit: bool,
    /// What is still missing, in people or places where they are counted.
    pub gap: String,
    pub counts: String,
    pub state: Mood,
    /// `96.4%, 438 short`.
    pub sentence: String,
}

/// The division the plan speaks for.
#[must_use]
pub fn whole(desk: &Desk<'_>) -> Option<DivisionCode> {
    desk.pack.roots.first().copied()
}

/// One indicator in one division; none when it is not measured there.
#[must_use]
pub fn line(desk: &Desk<'_>, id: &str, division: DivisionCode) -> Option<Line> {
    let indicator = desk.pack.indicator(id)?;
    let measured = desk.judged(id, division)?;
    let label = desk.voice.of(&indicator.label).to_owned();
    let unit = desk.unit(&indicator.unit);
    let mut bullet = bullet(desk, indicator, Some(measured));
    if !has_target(desk, indicator, division) {
        bullet.target = None;
        let state = match &indicator.target {
            Some(_) => Mood::new("mute", desk.voice.word("ind-state-share")),
            None => Mood::new("mute", mood(desk, measured).text),
        };
        let value = measured.value.map_or_else(|| "—".to_owned(), figures::measure);
        let none = String::from("—");
        let counts = counts(indicator, measured);
        let sentence = format!("{value}{unit}");
        return Some(Line {
            label,
            value,
            unit,
            bullet,
            target: none.clone(),
            hit: true,
            gap: none,
            counts,
            state,
            sentence,
        });
    }
    let value = measured.value.map_or_else(|| "—".to_owned(), figures::measure);
    let gap = gap(desk, indicator, measured);
    let sentence = match measured.value {
        Some(_) => desk
            .voice
            .say("plan-measure-said", &[("value", format!("{value}{unit}").into()), ("gap", gap.clone().into())]),
        None => gap.clone(),
    };
    Some(Line {
        value,
        unit,
        target: target_said(desk, indicator),
        hit: measured.state == State::Met,
        gap,
        counts: counts(indicator, measured),
        state: mood(desk, measured),
        sentence,
        bullet,
        label,
    })
}

/// Whether there is a target and it speaks of this division: a sum without a denominator is asked of the whole only.
#[must_use]
pub fn has_target(desk: &Desk<'_>, indicator: &Indicator, division: DivisionCode) -> bool {
    indicator.target.is_some() && (indicator.denominator != Denominator::None || whole(desk) == Some(division))
}

/// The figure the pack asks for, in the indicator's unit.
#[must_use]
pub fn target(desk: &Desk<'_>, indicator: &Indicator) -> Option<f64> {
    match indicator.target.as_ref()?.value.as_ref()? {
        TargetValue::Number(n) => Some(*n),
        TargetValue::Parameter(id) => {
            desk.pack.parameter(id).and_then(|p| desk.parameter_value(p)).and_then(|v| v.value.as_float())
        }
    }
}

/// The target in words.
#[must_use]
pub fn target_said(desk: &Desk<'_>, indicator: &Indicator) -> String {
    let unit = desk.unit(&indicator.unit);
    let Some(wanted) = &indicator.target else { return "—".into() };
    match (wanted.op, target(desk, indicator)) {
        (TargetOp::Rise | TargetOp::Fall, _) => desk.voice.word("today-target-rise"),
        (_, Some(n)) => format!("{}{unit}", figures::measure(n)),
        (_, None) => "—".into(),
    }
}

/// The chart; an indicator that stands alone runs to a round figure above its target.
#[must_use]
pub fn bullet(desk: &Desk<'_>, indicator: &Indicator, measured: Option<&Measured>) -> Bullet {
    let value = measured.and_then(|m| m.value);
    let op = indicator.target.as_ref().map(|t| t.op);
    let base = measured.and_then(|m| m.base);
    let rises = matches!(op, Some(TargetOp::Rise | TargetOp::Fall));
    let goal = if rises { base } else { target(desk, indicator) };
    let max =
        if indicator.unit == "percent" { 100.0 } else { [value, goal].into_iter().flatten().fold(1.0, f64::max) * 1.1 };
    Bullet {
        label: desk.voice.of(&indicator.label).to_owned(),
        value,
        target: goal,
        previous: if rises { None } else { base },
        min: 0.0,
        max,
        low: matches!(op, Some(TargetOp::AtMost | TargetOp::LessThan | TargetOp::Fall)),
        unit: desk.unit(&indicator.unit),
    }
}

/// How many rows or units are missing to the target.
#[must_use]
pub fn short(desk: &Desk<'_>, indicator: &Indicator, measured: &Measured) -> Option<f64> {
    let (target, value) = (target(desk, indicator)?, measured.value?);
    if measured.state == State::Met {
        return Some(0.0);
    }
    match (&indicator.denominator, measured.numerator, measured.denominator) {
        (Denominator::None, Some(numerator), _) => Some((target - numerator).max(0.0)),
        (_, Some(numerator), Some(denominator)) if indicator.unit == "percent" => {
            Some((denominator * target / 100.0 - numerator).ceil().max(0.0))
        }
        _ => Some((target - value).abs()),
    }
}

/// So many people, places or units.
#[must_use]
pub fn counted(desk: &Desk<'_>, indicator: &Indicator, n: f64) -> String {
    match indicator.entity.as_str() {
        "person" => desk.voice.say("people-n", &[("n", n.into())]),
        "place" | "division" => desk.voice.say("places-n", &[("n", n.into())]),
        _ => format!("{}{}", figures::grouped(n), desk.unit(&indicator.unit)),
    }
}

fn gap(desk: &Desk<'_>, indicator: &Indicator, measured: &Measured) -> String {
    if measured.value.is_none() {
        return desk.voice.word("today-gap-none");
    }
    if measured.state == State::Met {
        return desk.voice.word("today-hit");
    }
    match short(desk, indicator, measured) {
        None => mood(desk, measured).text,
        Some(n) => {
            let args = [("n", n.into())];
            match indicator.entity.as_str() {
                "person" => desk.voice.say("today-gap-people", &args),
                "place" | "division" => desk.voice.say("today-gap-places", &args),
                _ => desk.voice.say("today-gap-n", &args),
            }
        }
    }
}

fn counts(indicator: &Indicator, measured: &Measured) -> String {
    let said = |n: Option<f64>| n.map_or_else(|| "—".to_owned(), figures::grouped);
    match indicator.denominator {
        Denominator::None => said(measured.numerator),
        _ => format!("{} / {}", said(measured.numerator), said(measured.denominator)),
    }
}

/// Glyph and words of the judged state.
#[must_use]
pub fn mood(desk: &Desk<'_>, measured: &Measured) -> Mood {
    let kind = match measured.state {
        State::Met => "ok",
        State::OnTrack => "info",
        State::Behind | State::DueSoon => "warn",
        State::Overdue => "danger",
        State::NoData | State::NoBase | State::NoTarget => "q",
    };
    let days = measured.since.map_or(0, |since| (desk.as_of - since).num_days() + 1);
    Mood::new(kind, desk.voice.say(&format!("ind-state-{}", measured.state.name()), &[("n", days.into())]))
}
