//! Files an application for someone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use benefits::{About, Filing};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Application, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::people::reached;
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::matters::{grounds, new::village};
use crate::state::AppState;

/// What is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// The benefit's id in the pack.
    #[schemars(length(min = 1, max = 80))]
    rule: String,
    /// Papers seen, by their place in the pack's list, from 0.
    #[serde(default)]
    #[schemars(length(max = 20))]
    papers: Vec<u8>,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
}

/// `POST /api/v1/people/{person}/applications`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
    Given(new): Given<NewApplication>,
) -> Result<(StatusCode, Json<Application>), Problem> {
    let made = app.open_night(&ask, move |opened| {
        let person = reached(opened, "application.file", &asked)?;
        if opened.desk.pack.rule(&new.rule).and_then(|rule| rule.benefit()).is_none() {
            return Err(Problem::Invalid(vec![FieldFault { field: "rule".into(), cause: String::new() }]));
        }
        let grounds = grounds(opened, person, &new.rule)?;
        let village = village(&opened.desk, person).ok_or(Problem::NotFound)?;
        let papers: Vec<usize> = new.papers.iter().map(|paper| usize::from(*paper)).collect();
        act(opened, |office, tx, by| {
            let about = About { person, rule: &new.rule, village };
            office.file(tx, &about, by, &Filing { papers: &papers, words: &new.words, grounds })
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

pub fn doc() -> Doc {
    Doc::of::<Application>("applications-file").takes::<NewApplication>().makes().refuses(&["conflict"])
}
