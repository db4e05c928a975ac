//! Correcting one cell of a waiting row: the row is read again at once, and taken or kept with its new faults.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ListId;
use registry::ingest::{IngestOptions, Ingester};
use registry::quarantine::{self, Correction};
use serde::Deserialize;

use super::show::{Params, Refused, demand_scope, page};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Cell {
    pub column: String,
    pub value: String,
}

/// `POST /d/lists/{list}/rows/{id}`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path((list, id)): Path<(String, i64)>,
    Form(cell): Form<Cell>,
) -> Result<Response, Problem> {
    let list: ListId = list.parse().map_err(|_| Problem::NotFound)?;
    let column = cell.column.clone();
    let done = app.open_night(&ask, move |opened| correct(opened, list, id, cell)).await?;
    match done {
        Done::Taken(row) => Ok(Redirect::to(&ask.href(&format!("/d/lists/{list}?saved={row}"))).into_response()),
        Done::Still(why) => {
            let refused = Refused { id, column, why };
            page(app, ask, list, Params::default(), Some(refused)).await
        }
    }
}

/// What a correction came to.
pub enum Done {
    /// The row, as the office counts.
    Taken(u64),
    /// Why the row still waits.
    Still(String),
}

/// Puts a new value into a waiting row and reads it again.
///
/// # Errors
/// `NotFound` when it does not wait in this list, `Conflict` when it does no longer.
pub fn correct(opened: &Opened<'_>, list: ListId, id: i64, cell: Cell) -> Result<Done, Problem> {
    let world = &opened.published.world;
    let whole =
        opened.try_ask(|session| quarantine::whole(session, opened.keys(), id).map_err(|_| Problem::NotFound))?;
    if whole.line.list != list {
        return Err(Problem::NotFound);
    }
    let report = super::show::report(opened, "row.correct", list)?;
    // Rows that belong nowhere are for those who answer for the whole region.
    demand_scope(opened, "row.correct", whole.line.division)?;
    let source = world.catalogue.get(&report.source).ok_or(Problem::NotFound)?;
    // The fault names the column as the catalogue does; the file may have written one of its aliases.
    let described = source.columns.iter().find(|column| column.name == cell.column);
    let written = whole.names.iter().find(|name| {
        **name == cell.column || described.is_some_and(|column| column.aliases.iter().any(|alias| alias == *name))
    });
    let name = written.cloned().ok_or(Problem::NotFound)?;
    let clock = opened.app.clock();
    let options = IngestOptions { at: clock.now(), actor: opened.viewer.actor(), ..IngestOptions::on(clock.today()) };
    let region = &world.pack.roots;
    let mut ingester =
        Ingester::new(opened.app.database(), opened.keys(), &world.catalogue, &world.pack.divisions, region);
    let row = whole.line.row;
    let correction = Correction { row, cells: BTreeMap::from([(name, cell.value)]) };
    let corrected = ingester.correct(list, vec![correction], &options).map_err(Problem::internal)?;
    if corrected.taken > 0 {
        return Ok(Done::Taken(row));
    }
    let voice = opened.desk.voice;
    let mut causes: Vec<&str> = corrected.faults.iter().map(|fault| voice.of(&fault.cause)).collect();
    causes.dedup();
    if causes.is_empty() { Err(Problem::Conflict) } else { Ok(Done::Still(voice.join(&causes))) }
}
