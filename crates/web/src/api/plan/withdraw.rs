//! Takes evidence of a duty back; it stays on record.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use kernel::DutyReportId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::plan::evidence::take_back;
use crate::state::AppState;

/// Why it counts no more.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    #[schemars(length(min = 1, max = 1000))]
    reason: String,
    /// Who withdraws, where nobody signs in.
    #[serde(default)]
    #[schemars(length(max = 60))]
    by: String,
}

/// `POST /api/v1/plan/duties/{clause}/reports/{report}/withdrawal`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path((_, report)): Path<(String, String)>,
    Given(given): Given<Withdrawal>,
) -> Result<StatusCode, Problem> {
    let report: DutyReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let by = crate::pages::linkage::queue::decider(&ask, &given.by);
    app.open_night(&ask, move |opened| {
        take_back(opened, report, &given.reason, &by)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

pub fn doc() -> Doc {
    Doc::silent("plan-withdraw").takes::<Withdrawal>().once().refuses(&["conflict"])
}
