//! Takes a list in, or says what taking it in would do.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Date;
use registry::ingest::{IngestOptions, Ingester, ListState};
use registry::reading::ListName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, List};
use crate::api::Asked;
use crate::api::doc::Doc;
use crate::api::shapes::Day;
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::pages::lists::show::source_label;
use crate::state::AppState;

/// Where lists are sent.
pub const PATH: &str = "/api/v1/lists";

/// A list of a prefecture has some ten megabytes.
pub const BYTES: usize = 64 * 1024 * 1024;

/// What the file is, and whether to keep it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// `SOURCE_DATE[_DIVISION].csv` or `.xlsx`, such as `low_income_2026-11-01.xlsx`.
    #[schemars(length(min = 5, max = 120), regex(pattern = "^[A-Za-z0-9_-]+\\.(csv|xlsx)$"))]
    file_name: String,
    /// Report what would happen and write nothing.
    #[serde(default)]
    dry_run: bool,
    /// The day it came in; today unless told.
    #[schemars(with = "Option<Day>")]
    received_on: Option<Date>,
}

/// What was done with it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Imported {
    list: List,
    /// The first faults in row order; all of them at the list's `faults`.
    faults: Vec<Fault>,
}

/// `POST /api/v1/lists`
pub async fn take(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
    request: Request,
) -> Result<Response, Problem> {
    let body = to_bytes(request.into_body(), BYTES).await.map_err(|_| Problem::TooLarge)?;
    let done = app.open_night(&ask, move |opened| import(opened, &query, &body)).await?;
    let written = matches!(done.1, ListState::Accepted | ListState::Held | ListState::Refused);
    let status = if written { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(done.0)).into_response())
}

fn import(opened: &Opened<'_>, query: &Query, body: &[u8]) -> Result<(Imported, ListState), Problem> {
    let world = &opened.published.world;
    let wrong = |cause: &str| FieldFault { field: "file_name".into(), cause: opened.desk.voice.word(cause) };
    let bare = Path::new(&query.file_name).file_name().is_some_and(|name| *name == *query.file_name);
    let named = ListName::of(Path::new(&query.file_name)).ok().filter(|_| bare && query.file_name.len() <= 120);
    let known = named.is_some_and(|name| world.catalogue.get(&name.source).is_some());
    if !known {
        return Err(Problem::Misasked(vec![wrong("api-fault-file-name")]));
    }
    let _lock = lock(opened)?;
    let folder = tempfile::tempdir().map_err(Problem::internal)?;
    let path = folder.path().join(&query.file_name);
    fs::write(&path, body).map_err(Problem::internal)?;
    let clock = opened.app.clock();
    let received_on = query.received_on.unwrap_or_else(|| clock.today());
    let how = IngestOptions {
        until: Some(received_on),
        dry_run: query.dry_run,
        at: clock.now(),
        actor: opened.viewer.actor(),
        ..IngestOptions::on(received_on)
    };
    let (database, keys) = (opened.app.database(), opened.keys());
    let mut ingester = Ingester::new(database, keys, &world.catalogue, &world.divisions, &world.pack.roots);
    let report = ingester.file(&path, &how).map_err(Problem::internal)?;
    let faults = report.faults.iter().map(|fault| Fault::of(&opened.desk, None, fault)).collect();
    let list = List::of(&opened.desk, source_label(opened, &report), &report);
    Ok((Imported { list, faults }, report.state))
}

/// Keeps off the home while a night or another import runs, as the commands do.
fn lock(opened: &Opened<'_>) -> Result<File, Problem> {
    let path = opened.app.places().lock();
    let file = File::create(path).map_err(Problem::internal)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Problem::Conflict),
        Err(TryLockError::Error(cause)) => Err(Problem::internal(cause)),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Imported>("lists-import")
        .query::<Query>()
        .takes_bytes(&["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
        .makes()
        .also(200)
        .refuses(&["conflict"])
}
