//! Every indicator over the populations it speaks of, judged against target and deadline.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode};
use performance::{Judgement, Measured, judge};
use policy::column::Population;
use policy::model::{Count, Deadline, Indicator, TargetOp, TargetValue};
use policy::{IndicatorTable, Pack, Program};
use store::Session;

use crate::CycleFault;

/// A ready table with the indicator it belongs to, or none where the pack has no such id.
pub fn table(program: &Program, indicator: &Indicator, population: &Population, as_of: Date) -> Option<IndicatorTable> {
    let period = indicator.period_on(as_of);
    program.measure(population, &indicator.id, indicator.population_day(as_of), period)
}

/// Values and states of one indicator in every division.
pub fn judged(
    session: &mut Session,
    pack: &Pack,
    indicator: &Indicator,
    table: &IndicatorTable,
    as_of: Date,
) -> Result<Vec<Measured>, CycleFault> {
    let op = indicator.target.as_ref().map(|t| t.op);
    let base = match op {
        Some(TargetOp::Rise | TargetOp::Fall) => earlier(session, pack, indicator, table, as_of)?,
        _ => BTreeMap::new(),
    };
    let target = target(pack, indicator, as_of);
    let by = Judgement {
        op,
        target,
        value: None,
        base: None,
        deadline: deadline(indicator),
        due_soon_days: indicator.due_soon_days.as_ref().and_then(|count| figure(pack, count, as_of)),
        on_track_from: on_track_from(pack, indicator, target, as_of),
    };
    let lines = table.lines.iter().map(|line| {
        // What nobody knows anything about is not nought.
        let heard = line.unknown == 0 || line.denominator.is_none_or(|d| d > 0.0);
        let value = line.ratio().filter(|_| heard).map(|ratio| scaled(indicator, ratio));
        let base = base.get(&line.division).copied();
        let (state, since) = judge(&Judgement { value, base, ..by }, as_of);
        Measured {
            indicator: indicator.id.clone(),
            division: line.division,
            period_start: table.period.0,
            period_end: table.period.1,
            numerator: Some(line.numerator),
            denominator: line.denominator,
            unknown: i64::try_from(line.unknown).unwrap_or(i64::MAX),
            value,
            base,
            state,
            since,
        }
    });
    Ok(lines.collect())
}

/// The target in the indicator's unit.
pub fn target(pack: &Pack, indicator: &Indicator, as_of: Date) -> Option<f64> {
    match indicator.target.as_ref()?.value.as_ref()? {
        TargetValue::Number(number) => Some(*number),
        TargetValue::Parameter(id) => pack.parameter(id)?.on(as_of)?.value.as_float(),
    }
}

/// The day by which the target has to be reached; none where the plan states none.
pub fn deadline(indicator: &Indicator) -> Option<Date> {
    if let Some(Deadline::On(day)) = &indicator.deadline { Some(*day) } else { None }
}

/// A ratio in the indicator's unit: percent are hundredths, other units as they are.
fn scaled(indicator: &Indicator, ratio: f64) -> f64 {
    let value = match indicator.unit.as_str() {
        "percent" => ratio * 100.0,
        "per_thousand" => ratio * 1_000.0,
        _ => ratio,
    };
    // Ten decimals: enough to tell any two counts apart, few enough to print the same everywhere.
    (value * 1e10).round() / 1e10
}

/// What the night that measured the earlier period found.
fn earlier(
    session: &mut Session,
    pack: &Pack,
    indicator: &Indicator,
    table: &IndicatorTable,
    as_of: Date,
) -> Result<BTreeMap<DivisionCode, f64>, CycleFault> {
    let Some(before) = table.period.0.pred_opt() else { return Ok(BTreeMap::new()) };
    Ok(performance::last_of_period(session, &pack.id, &indicator.id, as_of, before)?)
}

fn on_track_from(pack: &Pack, indicator: &Indicator, target: Option<f64>, as_of: Date) -> Option<f64> {
    let share = pack.parameter(indicator.on_track.as_deref()?)?.on(as_of)?.value.as_float()?;
    Some(target? * share / 100.0)
}

fn figure(pack: &Pack, count: &Count, as_of: Date) -> Option<i64> {
    match count {
        Count::Number(number) => Some(*number),
        Count::Parameter(id, _) => pack.parameter(id)?.on(as_of)?.value.as_units(),
    }
}
