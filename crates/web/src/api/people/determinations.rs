//! Every rule of the plan for one person: met, not met, or unknown because a named fact is missing.

use axum::Json;
use axum::extract::{Path, State};
use policy::explain::{Reason as Part, RuleAnswer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reached;
use crate::api::Asked;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, PersonNumber};
use crate::api::value::FactValue;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::state::AppState;

/// Which answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only rules of this kind.
    kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RuleKind")]
enum Kind {
    Group,
    Benefit,
    Visit,
    Reminder,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Benefit => "benefit",
            Self::Visit => "visit",
            Self::Reminder => "reminder",
        }
    }
}

/// One rule's answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Determination {
    rule: String,
    /// `group`, `benefit`, `visit`, `reminder`.
    kind: &'static str,
    label: String,
    outcome: Outcome,
    /// What it pays; null: nothing, or not known.
    amount_fen: Option<i64>,
    /// `month`, `year`, `once`.
    per: Option<String>,
    /// Whether they receive it already; null: the rule does not say how to tell.
    served: Option<Outcome>,
    /// From which day it ends when it is no longer met.
    #[schemars(with = "Option<Day>")]
    stop_from: Option<String>,
    /// Facts that are not known and could still change the answer.
    missing: Vec<String>,
    clauses: Vec<String>,
    reasons: Vec<Reason>,
}

/// One part of a rule's condition.
#[derive(Debug, Serialize, JsonSchema)]
struct Reason {
    id: String,
    label: String,
    outcome: Outcome,
    /// What it read of the person.
    facts: Vec<FactValue>,
    /// What it read of those who live with them.
    household: Vec<Member>,
    missing: Vec<String>,
}

/// One of the household.
#[derive(Debug, Serialize, JsonSchema)]
struct Member {
    #[schemars(with = "PersonNumber")]
    id: String,
    facts: Vec<FactValue>,
}

/// Three values everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Met,
    NotMet,
    Unknown,
}

impl From<policy::Outcome> for Outcome {
    fn from(outcome: policy::Outcome) -> Self {
        match outcome {
            policy::Outcome::Met => Self::Met,
            policy::Outcome::NotMet => Self::NotMet,
            policy::Outcome::Unknown => Self::Unknown,
        }
    }
}

/// `GET /api/v1/people/{person}/determinations`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<Vec<Determination>>, Problem> {
    let answers = app.open_night(&ask, move |opened| {
        let person = reached(opened, "person.see", &asked)?;
        let answers = opened.published.world.explain(person).ok_or(Problem::NotFound)?;
        let wanted = answers.iter().filter(|answer| query.kind.is_none_or(|kind| kind.name() == answer.kind));
        Ok(wanted.map(|answer| determination(&opened.desk, answer)).collect())
    });
    answers.await.map(Json)
}

/// A rule's answer in the reader's language.
pub fn determination(desk: &Desk<'_>, answer: &RuleAnswer) -> Determination {
    let benefit = desk.pack.rule(&answer.rule).and_then(|rule| rule.benefit());
    Determination {
        rule: answer.rule.to_string(),
        kind: answer.kind,
        label: desk.voice.of(&answer.label).to_owned(),
        outcome: answer.outcome.into(),
        amount_fen: answer.amount.as_ref().and_then(policy::value::Value::as_units),
        per: benefit.and_then(|benefit| benefit.per.clone()),
        served: answer.served.map(Into::into),
        stop_from: answer.stop_from.map(|day| day.to_string()),
        missing: answer.missing.clone(),
        clauses: answer.clauses.clone(),
        reasons: answer.reasons.iter().map(|part| reason(desk, part)).collect(),
    }
}

fn reason(desk: &Desk<'_>, part: &Part) -> Reason {
    let facts = |facts: &[(String, policy::value::Value)]| {
        facts.iter().map(|(key, value)| FactValue::of(desk, "person", key, value)).collect()
    };
    Reason {
        id: part.id.to_string(),
        label: desk.voice.of(&part.label).to_owned(),
        outcome: part.outcome.into(),
        facts: facts(&part.facts),
        household: part
            .members
            .iter()
            .map(|member| Member { id: kernel::PersonId(member.id).to_string(), facts: facts(&member.facts) })
            .collect(),
        missing: part.missing.clone(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Determination>>("people-determinations").query::<Query>()
}
