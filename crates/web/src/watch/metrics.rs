//! Figures for Prometheus, by a listener of their own on this machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use worklist::Scope;

use crate::edge::Problem;
use crate::state::AppState;

/// `GET /metrics`
pub async fn metrics(State(app): State<AppState>) -> Response {
    let mut out = String::new();
    app.watch().requests.write(&mut out);
    let more = app.work(|app| {
        let mut more = String::new();
        pool(app, &mut more);
        night(app, &mut more);
        queues(app, &mut more)?;
        Ok(more)
    });
    match more.await {
        Ok(more) => out.push_str(&more),
        Err(_) => out.push_str(&gauge("yilian_database_up", "Whether the database answers.", "", 0.0)),
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response()
}

fn pool(app: &AppState, out: &mut String) {
    let pool = app.database().pool();
    let help = "Connections to the database.";
    out.push_str(&gauge("yilian_database_connections", help, "state=\"open\"", count(pool.open)));
    line(out, "yilian_database_connections", "state=\"idle\"", count(pool.idle));
    out.push_str(&gauge("yilian_database_connections_most", "Connections at most.", "", count(pool.most)));
}

/// How long ago a stored moment was.
pub(super) fn age(app: &AppState, at: &str) -> Option<TimeDelta> {
    let at: DateTime<Utc> = at.parse().ok()?;
    Some(app.clock().now() - at)
}

fn night(app: &AppState, out: &mut String) {
    let Ok(published) = app.published() else {
        out.push_str(&gauge("yilian_night_published", "Whether a night is published.", "", 0.0));
        return;
    };
    let world = &published.world;
    out.push_str(&gauge("yilian_night_published", "Whether a night is published.", "", 1.0));
    #[expect(clippy::cast_precision_loss, reason = "seconds of years at most")]
    if let Some(age) = age(app, &world.night.published_at) {
        let help = "Time since the night was published.";
        out.push_str(&gauge("yilian_night_age_seconds", help, "", age.num_seconds() as f64));
    }
    let help = "1: lists came in after the night was run.";
    out.push_str(&gauge("yilian_lists_since_night", help, "", f64::from(u8::from(world.lists_since))));
}

fn queues(app: &AppState, out: &mut String) -> Result<(), Problem> {
    let mut session = app.session()?;
    let counts = worklist::counts(&mut session, Scope(None), app.clock().today()).map_err(Problem::internal)?;
    let mut by_kind: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for one in &counts {
        let sum = by_kind.entry(one.kind.name()).or_default();
        sum.0 += one.open;
        sum.1 += one.overdue;
    }
    out.push_str(&head("yilian_work_items", "Open work items."));
    for (kind, (open, overdue)) in by_kind {
        line(out, "yilian_work_items", &format!("kind=\"{kind}\",state=\"open\""), whole(open));
        line(out, "yilian_work_items", &format!("kind=\"{kind}\",state=\"overdue\""), whole(overdue));
    }
    out.push_str(&head("yilian_jobs", "Background jobs."));
    for (state, n) in store::jobs::counts(&mut session).map_err(Problem::internal)? {
        line(out, "yilian_jobs", &format!("state=\"{state}\""), whole(n));
    }
    out.push_str(&gauge("yilian_database_up", "Whether the database answers.", "", 1.0));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn whole(n: i64) -> f64 {
    n as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of connections")]
fn count(n: usize) -> f64 {
    n as f64
}

fn head(name: &str, help: &str) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n")
}

fn gauge(name: &str, help: &str, labels: &str, value: f64) -> String {
    let mut out = head(name, help);
    line(&mut out, name, labels, value);
    out
}

fn line(out: &mut String, name: &str, labels: &str, value: f64) {
    let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(out, "{name}{labels} {value}");
}
