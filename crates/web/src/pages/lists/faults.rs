//! The fault report of a list as XLSX, values masked: what is wrong where, and what to do.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::ListId;

use crate::edge::{Ask, Problem};
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// `GET /d/lists/{list}/faults.xlsx`
pub async fn download(State(app): State<AppState>, ask: Ask, Path(list): Path<String>) -> Result<Response, Problem> {
    let list: ListId = list.parse().map_err(|_| Problem::NotFound)?;
    app.open_night(&ask, move |opened| {
        super::show::report(opened, "row.correct", list)?;
        let voice = opened.desk.voice;
        let held = super::show::held(opened, list)?;
        let heads =
            ["faults-row", "faults-column", "faults-value", "col-why", "faults-remedy"].map(|key| voice.word(key));
        let faults = held.iter().flat_map(|line| &line.faults);
        let rows = faults.map(|fault| {
            vec![
                Cell::from(fault.row),
                Cell::from(fault.column.as_str()),
                Cell::from(fault.value.as_str()),
                Cell::from(voice.of(&fault.cause)),
                Cell::from(voice.of(&fault.remedy)),
            ]
        });
        let sheet = Sheet {
            title: format!("{list}"),
            note: std::iter::once(voice.word("faults-note"))
                .chain(opened.desk.cut_said())
                .collect::<Vec<_>>()
                .join(" "),
            heads: heads.to_vec(),
            rows: rows.collect(),
        };
        sheet.response(&format!("faults-{list}.xlsx"))
    })
    .await
}
