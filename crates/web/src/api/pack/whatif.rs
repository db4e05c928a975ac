//! A draft against the plan in force: who gains, who loses, what it costs, where. Nothing is kept.

use axum::Json;
use axum::extract::State;
use cycle::{CostChange, Effect as Kind, RuleEffect};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::Division;
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::policy::draft;
use crate::state::AppState;

/// Files of the pack in force with other texts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    #[schemars(length(min = 1, max = 60))]
    files: Vec<File>,
}

/// One file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DraftFile")]
struct File {
    /// Bare name, such as `classes.toml`.
    #[schemars(length(min = 6, max = 80), regex(pattern = "^[A-Za-z0-9_-]+\\.toml$"))]
    name: String,
    #[schemars(length(max = 400000))]
    text: String,
}

/// What would change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WhatIf {
    before: String,
    after: String,
    people_affected: u64,
    /// Of all benefits with an amount.
    yearly_cost: Option<Cost>,
    rules: Vec<Effect>,
}

/// Fen a year.
#[derive(Debug, Serialize, JsonSchema)]
struct Cost {
    before_fen: i64,
    after_fen: i64,
}

/// One rule's share.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleEffect")]
struct Effect {
    rule: String,
    label: String,
    kind: String,
    /// `added`, `removed`, `changed`.
    effect: &'static str,
    met_before: u64,
    met_after: u64,
    unknown_before: u64,
    unknown_after: u64,
    gains: u64,
    losses: u64,
    yearly_cost: Option<Cost>,
    townships: Vec<Township>,
}

/// In one township.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TownshipEffect")]
struct Township {
    division: Division,
    gains: u64,
    losses: u64,
    yearly_cost: Option<Cost>,
}

impl From<CostChange> for Cost {
    fn from(cost: CostChange) -> Self {
        Self { before_fen: cost.before.0, after_fen: cost.after.0 }
    }
}

/// `POST /api/v1/pack/what-if`
pub async fn try_out(
    State(app): State<AppState>,
    ask: Ask,
    Given(given): Given<Draft>,
) -> Result<Json<WhatIf>, Problem> {
    let files: Vec<draft::Received> = given.files.into_iter().map(|file| (file.name, file.text)).collect();
    let found = app.open_night(&ask, move |opened| {
        draft::check(&files)?;
        let pack = draft::uploaded(opened.app.places(), &files)?.map_err(|faults| {
            let at = |fault: &policy::PackFault| format!("{}:{}:{}", fault.file, fault.line, fault.column);
            let said = |fault: &policy::PackFault| format!("{} — {}", fault.message, fault.remedy);
            Problem::Invalid(faults.iter().map(|f| FieldFault { field: at(f), cause: said(f) }).collect())
        })?;
        let found = cycle::whatif(&opened.published.world, &pack).map_err(|_| Problem::Unreadable)?;
        Ok(WhatIf {
            before: found.before,
            after: found.after,
            people_affected: found.people_affected,
            yearly_cost: found.yearly_cost.map(Into::into),
            rules: found.rules.iter().map(|rule| effect(&opened.desk, rule)).collect(),
        })
    });
    found.await.map(Json)
}

fn effect(desk: &Desk<'_>, rule: &RuleEffect) -> Effect {
    Effect {
        rule: rule.rule.clone(),
        label: desk.voice.of(&rule.label).to_owned(),
        kind: rule.kind.clone(),
        effect: match rule.effect {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed | Kind::Same => "changed",
        },
        met_before: rule.met_before,
        met_after: rule.met_after,
        unknown_before: rule.unknown_before,
        unknown_after: rule.unknown_after,
        gains: rule.gains,
        losses: rule.losses,
        yearly_cost: rule.yearly_cost.map(Into::into),
        townships: rule
            .townships
            .iter()
            .map(|line| Township {
                division: Division::of(desk, line.township),
                gains: line.gains,
                losses: line.losses,
                yearly_cost: line.yearly_cost.map(Into::into),
            })
            .collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<WhatIf>("pack-whatif").takes::<Draft>()
}
