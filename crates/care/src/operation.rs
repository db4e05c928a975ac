//! What a phone sends: one thing done, with the id and the time the phone gave it.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::OperationId;

/// One thing done. `at` by the device's clock; `seq` counts on the device.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: OperationId,
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub body: Body,
}

/// As it is written. Unknown fields are refused: what is not read would be lost without a word.
#[derive(Deserialize)]
struct Written {
    id: String,
    seq: i64,
    at: DateTime<Utc>,
    #[serde(flatten)]
    body: Body,
}

/// What was done.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Body {
    Visit(VisitGiven),
    Edit(EditGiven),
    Decide(DecideGiven),
    Assess(SheetGiven),
    Settle(SettleGiven),
    Agree(AgreeGiven),
}

impl Body {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Visit(_) => "visit",
            Self::Edit(_) => "edit",
            Self::Decide(_) => "decide",
            Self::Assess(_) => "assess",
            Self::Settle(_) => "settle",
            Self::Agree(_) => "agree",
        }
    }
}

/// A visit as recorded.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VisitGiven {
    pub person: String,
    pub visit_kind: String,
    pub began_at: DateTime<Utc>,
    pub met: bool,
    #[serde(default)]
    pub not_met: Option<String>,
    #[serde(default)]
    pub checks: BTreeMap<String, CheckGiven>,
    #[serde(default)]
    pub helps: Vec<String>,
    #[serde(default)]
    pub needs: Vec<NeedGiven>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub confirm: Option<String>,
    #[serde(default)]
    pub attachments: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckGiven {
    pub state: CheckState,
    #[serde(default)]
    pub signs: Vec<String>,
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    Ok,
    Mind,
    Bad,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NeedGiven {
    pub need: String,
    /// Whether the person wants it applied for.
    pub wants: bool,
}

/// A field of a person changed. `base`: the operation whose value stood there.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EditGiven {
    pub person: String,
    pub field: String,
    #[serde(default)]
    pub base: Option<String>,
    pub value: serde_json::Value,
}

/// Which of several values of a field is right.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DecideGiven {
    pub person: String,
    pub field: String,
    /// The operation whose value stays.
    pub keep: String,
}

/// What one assessor answered, alone.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SheetGiven {
    pub person: String,
    pub answers: Answers,
    /// By item: how it is known.
    #[serde(default)]
    pub known_by: BTreeMap<String, Vec<String>>,
    /// By item: a sentence.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    #[serde(default)]
    pub informant: Option<String>,
    /// The assessor's own hand.
    pub signature: String,
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// What the scale reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    pub items: BTreeMap<String, i64>,
    #[serde(default)]
    pub coma: bool,
    #[serde(default)]
    pub diagnoses: Vec<String>,
    #[serde(default)]
    pub events: BTreeMap<String, u32>,
}

/// What one of the two proposes where they differ: the answers as a whole, and why.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SettleGiven {
    pub assessment: i64,
    pub answers: Answers,
    pub reason: String,
}

/// The other agrees to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeGiven {
    pub assessment: i64,
    /// The operation that proposed it.
    pub proposal: String,
}

/// Why something written is no operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// As it came, where it came.
    pub id: Option<String>,
    pub cause: String,
}

impl Operation {
    /// # Errors
    /// `Unreadable`; the cause names fields, never values.
    pub fn read(written: &serde_json::Value) -> Result<Self, Unreadable> {
        let id = written.get("id").and_then(|id| id.as_str()).map(str::to_owned);
        let fault = |cause: &str| Unreadable { id: id.clone().filter(|id| id.len() <= 64), cause: cause.to_owned() };
        // No database keeps a text with a zero byte, and one such text must not hold up what comes behind it.
        if holds_zero(written) {
            return Err(fault("zero"));
        }
        let read = Written::deserialize(written).map_err(|e| fault(field_of(&e.to_string())))?;
        let parsed = read.id.parse().map_err(|_| fault("id"))?;
        if !is_of_our_time(read.at) {
            return Err(fault("at"));
        }
        if matches!(&read.body, Body::Visit(visit) if !is_of_our_time(visit.began_at)) {
            return Err(fault("began_at"));
        }
        Ok(Self { id: parsed, seq: read.seq, at: read.at, body: read.body })
    }
}

/// Beyond these years a time can't be written so that it reads back.
fn is_of_our_time(at: DateTime<Utc>) -> bool {
    (1970..2200).contains(&at.year())
}

fn holds_zero(written: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object, String};
    match written {
        String(text) => text.contains('\0'),
        Array(all) => all.iter().any(holds_zero),
        Object(all) => all.iter().any(|(name, value)| name.contains('\0') || holds_zero(value)),
        _ => false,
    }
}

/// The field a message of the reader names; its text may quote what was written.
fn field_of(message: &str) -> &str {
    message.split('`').nth(1).filter(|name| name.len() <= 40).unwrap_or("shape")
}
