//! Is it alive, and may requests be sent to it? For a service manager or a balancer; tells nothing of anybody.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::edge::Problem;
use crate::state::AppState;

#[derive(Serialize)]
struct Ready {
    ready: bool,
    stopping: bool,
    /// Whether the database answers.
    database: bool,
    /// The day the published night speaks of.
    night: Option<String>,
    /// Hours since it was published.
    night_hours: Option<i64>,
}

/// `GET /health/live`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /health/ready`: the database answers, a night is published and nobody asked it to stop.
pub async fn ready(State(app): State<AppState>) -> Response {
    let stopping = app.watch().is_stopping();
    let asked = app.work(|app| {
        app.session()?.query("SELECT 1", &[]).map_err(Problem::internal)?;
        let night = app.published().ok().map(|published| {
            let night = &published.world.night;
            let hours = super::metrics::age(app, &night.published_at).map(|age| age.num_hours());
            (night.as_of.to_string(), hours)
        });
        Ok(night)
    });
    let asked = asked.await;
    let database = asked.is_ok();
    let (night, night_hours) = asked.ok().flatten().unzip();
    let ready = database && night.is_some() && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = Ready { ready, stopping, database, night, night_hours: night_hours.flatten() };
    (status, Json(body)).into_response()
}
