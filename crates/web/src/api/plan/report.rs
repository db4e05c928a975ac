//! Records that a duty was done.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kernel::Date;
use performance::NewReport;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, ReportNumber};
use crate::edge::{Ask, Problem};
use crate::pages::plan::evidence::record;
use crate::state::AppState;

/// What was done. Of departments, not of people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDutyReport")]
pub struct Done {
    #[schemars(with = "Day")]
    done_on: Date,
    /// The unit or officer that did it.
    #[schemars(length(min = 1, max = 1000))]
    done_by: String,
    #[schemars(length(min = 1, max = 1000))]
    evidence: String,
    /// Where the evidence is kept: a file's name or number.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    file: String,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    note: String,
    /// Who reports, where nobody signs in.
    #[serde(default)]
    #[schemars(length(max = 60))]
    by: String,
}

/// Its number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DutyReportMade")]
pub struct Made {
    #[schemars(with = "ReportNumber")]
    id: String,
}

/// `POST /api/v1/plan/duties/{clause}/reports`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(clause): Path<String>,
    Given(done): Given<Done>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let by = crate::pages::linkage::queue::decider(&ask, &done.by);
    let made = app.open_night(&ask, move |opened| {
        let Done { done_on, done_by, evidence, file, note, .. } = done;
        let id = record(opened, &clause, &NewReport { done_on, done_by, evidence, file, note }, &by)?;
        Ok(Made { id: id.to_string() })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

pub fn doc() -> Doc {
    Doc::of::<Made>("plan-report").takes::<Done>().makes()
}
