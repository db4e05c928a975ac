//! What may be wrong with an act. All of it at once; no value is repeated.

use kernel::{Bilingual, DivisionCode};
use policy::model::Sensitivity;
use policy::value::Value;
use store::Session;

use super::{Act, Registers, Says, find, states_facts};
use crate::RegistryError;
use crate::sources::{Entity, Format, Source};

/// One thing wrong with an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActFault {
    NotAnOwnRegister(String),
    NoPerson,
    NoKey,
    /// The key names another act.
    KeyTaken,
    /// The act to be corrected or ended is not on record.
    NoAct,
    /// It has been taken back already.
    TakenBack,
    NothingSaid,
    /// The register holds no such fact.
    NotHere(String),
    WrongType(String),
    /// None of the fact's codes.
    NotACode(String),
    OutOfRange(String),
    /// Later than the day of recording.
    InTheFuture(String),
    /// The fact is needed here.
    Required(String),
    /// Ends before it begins.
    EndsBefore,
}

/// The register an act goes to.
///
/// # Errors
/// `Act` with every fault; those of the database.
pub(super) fn check<'c>(
    registers: &Registers<'c>,
    tx: &mut Session,
    act: &Act<'_>,
) -> Result<&'c Source, RegistryError> {
    let Some(source) = registers.catalogue.own(act.source) else {
        return Err(RegistryError::Act(vec![ActFault::NotAnOwnRegister(act.source.to_owned())]));
    };
    let mut faults = Vec::new();
    if act.key.is_empty() {
        faults.push(ActFault::NoKey);
    }
    if tx.query_opt(include_str!("../../sql/person_digest.sql"), &[act.person.0.into()])?.is_none() {
        faults.push(ActFault::NoPerson);
    }
    for key in act.corrects.into_iter().chain(ended(act)) {
        match find(tx, key)? {
            None => faults.push(ActFault::NoAct),
            Some(other) if other.is_taken_back => faults.push(ActFault::TakenBack),
            Some(other) if other.person != act.person.0 || other.source != act.source => faults.push(ActFault::NoAct),
            Some(_) => {}
        }
    }
    match &act.says {
        Says::Facts { facts, from, until } if states_facts(source) => {
            if facts.is_empty() {
                faults.push(ActFault::NothingSaid);
            }
            if until.is_some_and(|until| until <= *from) {
                faults.push(ActFault::EndsBefore);
            }
            for (key, value) in *facts {
                faults.extend(wrong(registers, source, act, key, value));
            }
            let by_fact = source.own.as_ref().is_some_and(|own| own.by_fact);
            for column in source.required().filter(|_| !by_fact) {
                let key = column.gives.first().map_or("", |g| g.name());
                if !facts.iter().any(|(k, _)| *k == key) {
                    faults.push(ActFault::Required(key.to_owned()));
                }
            }
        }
        Says::Visit { kind, on, by } if source.entity == Entity::Visit => {
            faults.extend(wrong(registers, source, act, "kind", &Value::text(kind)));
            faults.extend(wrong(registers, source, act, "on", &Value::Date(*on)));
            if !by.is_empty() {
                faults.extend(wrong(registers, source, act, "by", &Value::text(by)));
            }
        }
        Says::Facts { .. } | Says::Visit { .. } => faults.push(ActFault::NothingSaid),
        Says::Nothing if act.corrects.is_none() => faults.push(ActFault::NothingSaid),
        Says::Ends { .. } | Says::Nothing => {}
    }
    if faults.is_empty() { Ok(source) } else { Err(RegistryError::Act(faults)) }
}

fn ended<'a>(act: &Act<'a>) -> Option<&'a str> {
    if let Says::Ends { act, .. } = act.says { Some(act) } else { None }
}

/// What is wrong with one value.
fn wrong(registers: &Registers<'_>, source: &Source, act: &Act<'_>, key: &str, value: &Value) -> Option<ActFault> {
    let column = source.column_of(key);
    let fact = registers.dictionary.get(source.entity.name(), key);
    let (Some(column), Some(fact)) = (column, fact.filter(|f| f.sensitivity != Sensitivity::Identity)) else {
        return Some(ActFault::NotHere(key.to_owned()));
    };
    if value.ty() != Some(fact.value_type) {
        return Some(ActFault::WrongType(key.to_owned()));
    }
    let form = form(value);
    if !fact.codes.is_empty() && !fact.codes.iter().any(|code| code.value == form) {
        return Some(ActFault::NotACode(key.to_owned()));
    }
    if column.format == Format::Division && form.parse::<DivisionCode>().is_err() {
        return Some(ActFault::NotACode(key.to_owned()));
    }
    if value.as_date().is_some_and(|date| column.not_after_list && date > act.on) {
        return Some(ActFault::InTheFuture(key.to_owned()));
    }
    let number = value.as_float();
    let outside = |n: f64| column.min.is_some_and(|min| n < min) || column.max.is_some_and(|max| n > max);
    number.is_some_and(outside).then(|| ActFault::OutOfRange(key.to_owned()))
}

/// The form of a value in a statement.
#[must_use]
pub fn form(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(truth) => i64::from(*truth).to_string(),
        Value::Text(text) => text.replace(crate::rows::SEPARATOR, " "),
        other => other.to_string(),
    }
}

pub(super) fn said(fault: &ActFault) -> Bilingual {
    let (zh, en) = match fault {
        ActFault::NotAnOwnRegister(id) => {
            (format!("{id} 不是本平台的登记册"), format!("{id} is no register of the platform"))
        }
        ActFault::NoPerson => ("没有这个人".into(), "there is no such person".into()),
        ActFault::NoKey => ("没有给这次登记编号".into(), "the entry has no key".into()),
        ActFault::KeyTaken => {
            ("这个编号已经用在别的登记上，换一个".into(), "the key names another entry already; use a new one".into())
        }
        ActFault::NoAct => ("没有要更正的那次登记".into(), "the entry to be corrected is not on record".into()),
        ActFault::TakenBack => ("那次登记已经更正过了".into(), "that entry was corrected already".into()),
        ActFault::NothingSaid => ("什么都没有填".into(), "nothing is said".into()),
        ActFault::NotHere(key) => (format!("这里不登记 {key}"), format!("{key} is not entered here")),
        ActFault::WrongType(key) => (format!("{key} 填的不是这类值"), format!("{key} is of another type")),
        ActFault::NotACode(key) => (format!("{key} 要从给出的选项里选"), format!("{key}: choose one of the options")),
        ActFault::OutOfRange(key) => (format!("{key} 超出了可能的范围"), format!("{key} is out of range")),
        ActFault::InTheFuture(key) => (format!("{key} 不能晚于今天"), format!("{key} can't be later than today")),
        ActFault::Required(key) => (format!("还要填 {key}"), format!("{key} is needed")),
        ActFault::EndsBefore => ("结束日期早于开始日期".into(), "it ends before it begins".into()),
    };
    Bilingual { zh, en }
}
