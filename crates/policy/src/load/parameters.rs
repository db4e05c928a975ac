//! parameters/*.toml: every figure with its dates and sources. A pack may restate a parameter it builds on.

use kernel::Date;

use super::Loading;
use super::facts::value_type;
use super::reader::{Fields, Item};
use crate::model::{Parameter, ParameterValue};
use crate::value::ValueType;

impl Loading {
    pub(super) fn parameters(&mut self, fields: &mut Fields<'_>) {
        for item in fields.items("parameter") {
            let Some(mut inner) = item.fields("[[parameter]]") else { continue };
            let id = inner.text("id");
            let value_type = value_type(&mut inner);
            let parameter = Parameter {
                value_type: value_type.unwrap_or(ValueType::Int),
                unit: inner.opt_text("unit"),
                label: inner.label("label"),
                clause: inner.opt_text("clause"),
                to_confirm: inner.opt("to_confirm").and_then(|i| i.boolean()).unwrap_or(false),
                note: inner.opt_label("note"),
                values: values(inner.need("values"), value_type),
                at: inner.at(),
                id,
            };
            inner.finish();
            if value_type.is_none() {
                continue;
            }
            let own_folder = |file: &str| file.split('/').next().map(str::to_owned);
            match self.pack.parameters.iter().position(|p| p.id == parameter.id) {
                Some(i) if own_folder(&self.pack.parameters[i].at.file) == own_folder(&parameter.at.file) => {
                    self.twice("parameter", &parameter.id, &parameter.at, &self.pack.parameters[i].at);
                }
                Some(i) => self.pack.parameters[i] = parameter,
                None => self.pack.parameters.push(parameter),
            }
        }
    }
}

fn values(item: Option<Item<'_>>, value_type: Option<ValueType>) -> Vec<ParameterValue> {
    let mut values: Vec<ParameterValue> = Vec::new();
    for item in item.map(|i| i.list()).unwrap_or_default() {
        let Some(mut inner) = item.fields("a value") else { continue };
        let from = inner.need("from").and_then(|i| i.date());
        let until = inner.opt("until").and_then(|i| i.date());
        let value = inner.need("value").zip(value_type).and_then(|(i, t)| i.value(t));
        let source = inner.need("source").and_then(|i| i.words()).unwrap_or_default();
        inner.finish();
        let (Some(from), Some(value)) = (from, value) else { continue };
        if until.is_some_and(|last| last < from) {
            item.fault("out_of_order", "the value ends before it begins", "correct from or until");
        }
        if let Some(before) = values.last() {
            check_order(item, before, from);
        }
        values.push(ParameterValue { from, until, value, source, at: item.at() });
    }
    values
}

fn check_order(item: Item<'_>, before: &ParameterValue, from: Date) {
    if from <= before.from {
        let message = format!("the value from {from} follows the one from {}", before.from);
        item.fault("out_of_order", message, "order the values from oldest to newest, each day once");
    } else if before.until.is_some_and(|last| from <= last) {
        item.fault("out_of_order", "this value begins before the one above ends", "correct `until` above");
    } else if let Some(last) = before.until.filter(|last| last.succ_opt() != Some(from)) {
        let message = format!("no value is in force between {last} and {from}");
        item.fault("parameter_gap", message, "remove `until` above, or give the value for these days");
    }
}
