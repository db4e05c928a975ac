//! indicators.toml: what is counted, against which target, by when.

use kernel::DivisionLevel;
use toml::de::DeValue;

use super::Loading;
use super::clauses::deadline;
use super::reader::{Fields, Item, one_of};
use crate::model::{Denominator, Indicator, Measure, Period, SqlText, Target, TargetOp, TargetValue};

const PERIODS: [(&str, Period); 5] = [
    ("day", Period::Day),
    ("last_month", Period::LastMonth),
    ("last_quarter", Period::LastQuarter),
    ("last_year", Period::LastYear),
    ("cumulative", Period::Cumulative),
];

const LEVELS: [(&str, DivisionLevel); 5] = [
    ("province", DivisionLevel::Province),
    ("prefecture", DivisionLevel::Prefecture),
    ("county", DivisionLevel::County),
    ("township", DivisionLevel::Township),
    ("community", DivisionLevel::Community),
];

const OPS: [(&str, TargetOp); 7] = [
    (">=", TargetOp::AtLeast),
    ("<=", TargetOp::AtMost),
    (">", TargetOp::MoreThan),
    ("<", TargetOp::LessThan),
    ("=", TargetOp::Equal),
    ("rise", TargetOp::Rise),
    ("fall", TargetOp::Fall),
];

impl Loading {
    pub(super) fn indicators(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("indicator") {
            let Some(indicator) = item.fields("[[indicator]]").map(indicator) else { continue };
            match self.pack.indicator(&indicator.id) {
                Some(first) => self.twice("indicator", &indicator.id, &indicator.at, &first.at),
                None => self.pack.indicators.push(indicator),
            }
        }
    }
}

fn indicator(mut fields: Fields<'_>) -> Indicator {
    // Some figures are only to be known: the plan sets no target for them.
    let wanted = fields.opt("target");
    let none_stated =
        wanted.is_some_and(|item| matches!(item.value.get_ref(), DeValue::String(t) if t == "none_stated"));
    let wanted = wanted.filter(|_| !none_stated);
    let levels = fields.need("levels").map(|i| i.list()).unwrap_or_default();
    let indicator = Indicator {
        id: fields.text("id"),
        label: fields.label("label"),
        summary: fields.opt_label("summary"),
        clauses: fields.texts("clauses"),
        entity: fields.text("entity"),
        filter: fields.opt("where").and_then(|i| i.sql()),
        numerator: numerator(&mut fields),
        denominator: denominator(&mut fields),
        unit: fields.text("unit"),
        target: wanted.and_then(target),
        deadline: fields.opt("deadline").and_then(deadline),
        period: fields.word("period", &PERIODS).unwrap_or(Period::Day),
        cumulative_from: fields.opt("cumulative_from").and_then(|i| i.date()),
        levels: levels.into_iter().filter_map(|item| one_of(item, &LEVELS)).collect(),
        due_soon_days: fields.opt("due_soon_days").and_then(|i| i.count()),
        on_track: fields.opt_text("on_track"),
        to_confirm: fields.opt("to_confirm").and_then(|i| i.boolean()).unwrap_or(false),
        note: fields.opt_label("note"),
        at: fields.at(),
    };
    if indicator.target.is_none() && !none_stated {
        fields.fault(
            "missing_target",
            format!("indicator `{}` has no target", indicator.id),
            "add target = { op, value }, or target = \"none_stated\"",
        );
    }
    if indicator.deadline.is_none() {
        let message = format!("indicator `{}` has no deadline", indicator.id);
        fields.fault("missing_deadline", message, "add deadline = DATE, or deadline = \"none_stated\"");
    }
    fields.finish();
    indicator
}

fn numerator(fields: &mut Fields<'_>) -> Measure {
    let (count, sum) = (fields.opt("numerator"), fields.opt("numerator_sum"));
    match (count, sum) {
        (Some(item), None) => Measure::Count(item.sql().unwrap_or_default()),
        (None, Some(item)) => Measure::Sum(item.sql().unwrap_or_default()),
        _ => {
            let remedy = "give one of numerator (a condition) and numerator_sum (a number)";
            fields.fault("wrong_numerator", "an indicator has exactly one numerator", remedy);
            Measure::Count(SqlText::default())
        }
    }
}

fn denominator(fields: &mut Fields<'_>) -> Denominator {
    let (word, sum) = (fields.opt("denominator"), fields.opt("denominator_sum"));
    match (word, sum) {
        (None, None) => Denominator::Rows,
        (Some(item), None) => {
            let alone = one_of(item, &[("none", true), ("rows", false)]).unwrap_or(false);
            if alone { Denominator::None } else { Denominator::Rows }
        }
        (None, Some(item)) => Denominator::Sum(item.sql().unwrap_or_default()),
        (Some(item), Some(_)) => {
            item.fault("wrong_denominator", "an indicator has one denominator", "keep denominator or denominator_sum");
            Denominator::Rows
        }
    }
}

fn target(item: Item<'_>) -> Option<Target> {
    let mut inner = item.fields("target")?;
    let op = inner.word("op", &OPS);
    let value = inner.opt("value").and_then(|item| match item.value.get_ref() {
        DeValue::String(id) => Some(TargetValue::Parameter(id.to_string())),
        _ => item.number().map(TargetValue::Number),
    });
    let base = inner.opt_text("base");
    inner.finish();
    let op = op?;
    let relative = matches!(op, TargetOp::Rise | TargetOp::Fall);
    if relative && base.is_none() {
        item.fault("missing_key", format!("`{}` needs `base`", op.sign()), "add base = \"previous_period\"");
    } else if !relative && value.is_none() {
        item.fault("missing_key", format!("`{}` needs `value`", op.sign()), "add value = …");
    }
    Some(Target { op, value, base, at: item.at() })
}
