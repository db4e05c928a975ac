//! One rule: the parts of its condition as the pack writes them, its figures, the facts it reads.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::RuleLine;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::policy::rules::{facts_read, figures};
use crate::state::AppState;

/// A rule in full.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule {
    #[serde(flatten)]
    rule: RuleLine,
    parts: Vec<Part>,
    parameters: Vec<Figure>,
    /// Facts of the dictionary it reads.
    facts: Vec<String>,
    /// Documents to bring.
    bring: Vec<String>,
    apply_to: Option<String>,
}

/// One part of the condition; all must hold.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RulePart")]
struct Part {
    id: String,
    label: String,
    sql: String,
}

/// A figure it uses.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleFigure")]
struct Figure {
    id: String,
    label: String,
    /// In words.
    value: String,
    to_confirm: bool,
}

/// `GET /api/v1/pack/rules/{rule}`
pub async fn one(State(app): State<AppState>, ask: Ask, Path(id): Path<String>) -> Result<Json<Rule>, Problem> {
    let shown = app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let rule = desk.pack.rule(&id).ok_or(Problem::NotFound)?;
        let benefit = rule.benefit();
        Ok(Rule {
            rule: RuleLine::of(&desk, rule),
            parts: rule
                .parts
                .iter()
                .map(|part| Part {
                    id: part.id.clone(),
                    label: desk.voice.of(&part.label).to_owned(),
                    sql: part.when.text.trim().to_owned(),
                })
                .collect(),
            parameters: figures(&desk, rule)
                .into_iter()
                .map(|figure| Figure {
                    id: figure.id,
                    label: figure.label,
                    value: figure.value,
                    to_confirm: figure.to_confirm,
                })
                .collect(),
            facts: facts_read(&desk, rule),
            bring: benefit
                .map(|b| b.opens.iter().map(|o| desk.voice.of(&o.label).to_owned()).collect())
                .unwrap_or_default(),
            apply_to: benefit.and_then(|b| b.apply_to.as_ref()).map(|place| desk.voice.of(place).to_owned()),
        })
    });
    shown.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Rule>("pack-rule")
}
